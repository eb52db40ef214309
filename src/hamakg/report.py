"""The report of a build as JSON: an entry for each article, written while the build goes on."""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from hamakg.errors import HamakgError
from hamakg.model import ArticleFacts, EntityKind


class ReportFile:
    """A report that is being written. Its methods raise HamakgError when it cannot be."""

    def __init__(self, path: Path, file: IO[str], skipped: IO[str]) -> None:
        """Write the beginning of the report to the file; the other file keeps the skipped pages meanwhile."""
        self._path, self._file, self._skipped = path, file, skipped
        self._has_articles = self._has_skipped = False
        self._write(file, '{"articles": [')

    def add(self, facts: ArticleFacts, outcome: str) -> None:
        """Add the entry of one article; the outcome is "new", "changed" or "unchanged"."""
        self._write(self._file, (",\n" if self._has_articles else "\n") + _to_json(article_entry(facts, outcome)))
        self._has_articles = True

    def add_skipped(self, title: str, reason: str) -> None:
        """Add a page that is not read as an article."""
        self._write(self._skipped, (", " if self._has_skipped else "") + _to_json({"title": title, "why": reason}))
        self._has_skipped = True

    def finish(self, failures: Iterable[str]) -> None:
        """Write the end: the skipped pages, and the messages about what could not be read."""
        self._write(self._file, '\n],\n"skipped": [')
        with _reporting_errors(self._path):
            self._skipped.seek(0)
            shutil.copyfileobj(self._skipped, self._file)
        self._write(self._file, f'],\n"failures": {_to_json(list(failures))}}}\n')

    def _write(self, file: IO[str], text: str) -> None:
        with _reporting_errors(self._path):
            file.write(text)


@contextmanager
def open_report(path: Path | None) -> Iterator[ReportFile | None]:
    """Open the report at a path for writing; None gives None. Raises HamakgError when it cannot be written."""
    if path is None:
        yield None
        return
    # The name of a file that is not UTF-8 is written with the escapes that JSON has for its bytes.
    with _reporting_errors(path):
        file = path.open("w", encoding="utf-8", errors="backslashreplace")
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="backslashreplace") as skipped:
        try:
            yield ReportFile(path, file, skipped)
        except BaseException:
            with suppress(OSError):  # the first error is the one that says what is wrong
                file.close()
            raise
    with _reporting_errors(path):
        file.close()


@contextmanager
def _reporting_errors(path: Path) -> Iterator[None]:
    try:
        yield
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
