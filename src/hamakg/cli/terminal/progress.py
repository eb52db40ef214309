"""Shows progress on standard error, if that is a terminal: one line, which disappears when the work is done."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hamakg.cli.terminal.control_characters import show_control_characters
from hamakg.link.sources.batches import Batch

_TITLE_WIDTH = 40


class ArticleProgress:
    """The progress of a build: how many documents are done, and how many articles; a dump has thousands of them."""

    def __init__(self) -> None:
        """Prepare the line; nothing is shown yet."""
        self._bar = _make_bar()
        self._task = self._bar.add_task("Reading")
        self._articles = 0

    def track_documents(self, documents: Sequence[Path]) -> Iterator[Path]:
        """Yield the documents, and show how many of them are done."""
        self._bar.update(self._task, total=len(documents))
        with self._bar:
            for document in documents:
                yield document
                self._bar.advance(self._task)

    def count_article(self, title: str) -> None:
        """Show that one more article was read."""
        self._articles += 1
        shown = escape(show_control_characters(title[:_TITLE_WIDTH]))
        self._bar.update(self._task, description=f"{self._articles} read, last {shown}")


def track_batches(batches: Sequence[Batch]) -> Iterator[Batch]:
    """Yield the batches of questions to a service, and show how many of them are answered."""
    with _make_bar() as bar:
        task = bar.add_task("Asking", total=len(batches))
        for batch in batches:
            yield batch
            bar.advance(task)


def _make_bar() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
