"""What a build understood and what not, as JSON: one entry an article, written while the build goes on."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from hamakg.errors import HamakgError
from hamakg.model import ArticleFacts, EntityKind


class ReportFile:
    """A report that is being written."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._begun = False
        self._write('{"articles": [')

    def add(self, facts: ArticleFacts, outcome: str) -> None:
        """One article and what became of it ("new", "changed", "unchanged")."""
        self._write((",\n" if self._begun else "\n") + _json(article_entry(facts, outcome)))
        self._begun = True

    def end(self, skipped: Iterable[tuple[str, str]], failures: Iterable[str]) -> None:
        """Pages that gave no article (title and reason), and what could not be read; nothing comes after it."""
        pages = [{"title": title, "why": why} for title, why in skipped]
        self._write(f'\n],\n"skipped": {_json(pages)},\n"failures": {_json(list(failures))}}}\n')

    def _write(self, text: str) -> None:
        self._file.write(text)


@contextmanager
def report_file(path: Path | None) -> Iterator[ReportFile | None]:
    """The report to write to a path; None without one. Raises HamakgError where the file cannot be written."""
    if path is None:
        yield None
        return
    try:
        with path.open("w", encoding="utf-8") as file:
            yield ReportFile(file)
    except OSError as error:
        raise HamakgError(f"the report {path} cannot be written ({error.strerror}); name another file") from error


def article_entry(facts: ArticleFacts, outcome: str) -> dict[str, Any]:
    """The article with how much it says by kind, and what was not understood, in the order of the article.

    ``silent`` are the sentences that have a word for an event and gave none, ``unclear`` the names of which nothing is
    known but that they act, ``templates`` those of the wikitext that stand in no table.
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
        "silent": [sentences[ref] for ref in facts.silent],
        "unclear": unclear_names(facts),
        "templates": dict(facts.article.templates),
    }


def unclear_names(facts: ArticleFacts) -> list[str]:
    """The names of which nothing is known but that they act, in alphabetical order."""
    known = {entity.id for entity in facts.infobox.entities}
    return sorted(e.name for e in facts.entities if e.kind is EntityKind.ACTOR and e.id not in known)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
