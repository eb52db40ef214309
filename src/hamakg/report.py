"""The report of a build as JSON: an entry for each article, written while the build goes on."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from hamakg.errors import HamakgError
from hamakg.model import ArticleFacts, EntityKind


class ReportFile:
    """A report that is being written."""

    def __init__(self, file: TextIO) -> None:
        """Write the beginning of the report to the file."""
        self._file = file
        self._has_entries = False
        self._file.write('{"articles": [')

    def add(self, facts: ArticleFacts, outcome: str) -> None:
        """Add the entry of one article; the outcome is "new", "changed" or "unchanged"."""
        self._file.write((",\n" if self._has_entries else "\n") + _to_json(article_entry(facts, outcome)))
        self._has_entries = True

    def finish(self, skipped: Iterable[tuple[str, str]], failures: Iterable[str]) -> None:
        """Write the end: skipped pages (title and reason), and the messages about what could not be read."""
        pages = [{"title": title, "why": why} for title, why in skipped]
        self._file.write(f'\n],\n"skipped": {_to_json(pages)},\n"failures": {_to_json(list(failures))}}}\n')


@contextmanager
def open_report(path: Path | None) -> Iterator[ReportFile | None]:
    """Open the report at a path for writing; None gives None. Raises HamakgError when it cannot be written."""
    if path is None:
        yield None
        return
    try:
        with path.open("w", encoding="utf-8") as file:
            yield ReportFile(file)
    except OSError as error:
        raise HamakgError(f"the report {path} cannot be written ({error.strerror}); name another file") from error


def article_entry(facts: ArticleFacts, outcome: str) -> dict[str, Any]:
    """Return the entry of one article: how many facts of each kind it gave, and what was not understood.

    ``silent`` lists the sentences that have a word for an event but gave none, ``unclear`` the names from
    :func:`find_unclear_names`, ``templates`` the number of uses of each unknown template of the wikitext.
    """
    box, sentences = facts.infobox, {passage.id: passage.text for passage in facts.passages}
    return {
        "title": facts.article.title,
        "slug": facts.article.slug,
        "outcome": outcome,
        "facts": {
            "events": dict(sorted(Counter(event.type.value for event in facts.events).items())),
            "claims": len(box.claims) + len(facts.claims),
            "participations": len(box.participations),
            "commands": len(box.commands),
            "strengths": len(box.strengths),
            "casualties": len(box.casualties) + len(facts.casualties),
            "equipment losses": len(box.equipment),
        },
        "not understood": [{"where": piece.where, "text": piece.text} for piece in (*box.unread, *facts.unread)],
        "silent": [sentences[id_] for id_ in facts.silent],
        "unclear": find_unclear_names(facts),
        "templates": dict(facts.article.templates),
    }


def find_unclear_names(facts: ArticleFacts) -> list[str]:
    """Return the names of actors about which the article says nothing but that they act, sorted."""
    known = {entity.id for entity in facts.infobox.entities}
    return sorted(e.name for e in facts.entities if e.kind is EntityKind.ACTOR and e.id not in known)


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
