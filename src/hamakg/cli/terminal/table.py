"""Tables and lines of text on standard output."""

import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

_PIPE_WIDTH = 120
_WRAPPED_WIDTH = 40  # at least so wide must a column of long text be
_GAP = 2


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[str] = ()) -> None:
    """A table where it fits with no more than its widest column wrapped, else a record a row, a line a value."""
    rows, console = list(rows), _console()
    widths = [max(map(len, (name, *(row[i] for row in rows)))) for i, name in enumerate(columns)]
    widest = max(range(len(columns)), key=widths.__getitem__, default=0)
    print_line(f"{title}\n")
    if rows and sum(widths) - max(0, widths[widest] - _WRAPPED_WIDTH) + _GAP * len(columns) > console.width:
        _show_records(columns, rows)
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    for i, name in enumerate(columns):
        table.add_column(name, justify="right" if name in numeric else "left", no_wrap=i != widest, overflow="fold")
    for row in rows:
        table.add_row(*row)
    with console.capture() as drawn:
        console.print(table)
    print_line("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))


def _show_records(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    width = max(map(len, columns))
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            if value:
                print_line(f"  {name:<{width}}  {value}")
        print_line("")


def print_line(text: str) -> None:
    """Print the text as it is, however long, on standard output."""
    _console().print(text, soft_wrap=True)


def _console() -> Console:
    """Standard output, for text as it stands: brackets in an article's words are no mark-up."""
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)
