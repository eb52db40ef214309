"""How far a command is: one line on standard error, if that is a terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hamakg.link.sources.batches import Batch


class Reading:
    """A line on standard error while documents pass, if that is a terminal: how many, and how many articles so far."""

    def __init__(self) -> None:
        self._bar = _bar()
        self._task = self._bar.add_task("Reading")
        self._articles = 0

    def documents(self, documents: Sequence[Path]) -> Iterator[Path]:
        """The documents as they are."""
        self._bar.update(self._task, total=len(documents))
        with self._bar:
            for document in documents:
                yield document
                self._bar.advance(self._task)

    def article(self, title: str) -> None:
        """One more article is read; a single dump has thousands."""
        self._articles += 1
        self._bar.update(self._task, description=f"{self._articles} read, last {escape(title[:40])}")


def asking(batches: Sequence[Batch]) -> Iterator[Batch]:
    """The batches as they are; a line on standard error, if that is a terminal, says how many were asked."""
    with _bar() as bar:
        task = bar.add_task("Asking", total=len(batches))
        for batch in batches:
            yield batch
            bar.advance(task)


def _bar() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
