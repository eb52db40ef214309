"""Prints tables and lines of text on standard output.

In a terminal a table uses its width and wraps cells; one that does not fit is shown as records, a value a line.
Elsewhere the layout is that of PIPE_WIDTH columns, without colours: the same answer gives the same text.

The widths of columns are computed here, because rich breaks words where it could widen a column, and has no records.
"""

import re
import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hamakg.cli.terminal.control_characters import show_control_characters
from hamakg.cli.terminal.style import find_style

PIPE_WIDTH = 120
_WIDE = 100  # in a terminal at least this wide, several columns of a table may wrap
_WRAPPED_WIDTH = 40  # least width of the column that wraps, where only one may
_LEAST_WIDTH = 8  # longer words may be broken; a table of narrower columns cannot be read
_GAP = 2
_CAMEL_CASE_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[str] = ()) -> None:
    """Print a table, or records where a table does not fit; ``numeric`` names the columns to align to the right."""
    cells, console = [[show_control_characters(text) for text in row] for row in rows], make_console()
    natural = [max(map(cell_len, (name, *(row[i] for row in cells)))) for i, name in enumerate(columns)]
    widths = _fit_columns(columns, cells, natural, console)
    print_line(f"{title}\n")
    if cells and widths is None:
        _show_records(columns, cells, console)
        return
    widths = widths or natural
    wrapped = sum(any(cell_len(text) > width for text, width in zip(row, widths, strict=True)) for row in cells)
    leading = int(console.is_terminal and 2 * wrapped > len(cells))  # a blank line between rows if most of them wrap
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False, leading=leading)
    for name, width in zip(columns, widths, strict=True):
        header = name if cell_len(name) <= width else "\n".join(_CAMEL_CASE_BREAK.split(name))
        table.add_column(header, width=width, justify="right" if name in numeric else "left", overflow="fold")
    for row in cells:
        table.add_row(*map(style_value, columns, row))
    _print_trimmed(table, console)
    print_line()


def print_line(text: str | Text = "") -> None:
    """Print the text in one line, however long it is."""
    make_console().print(show_control_characters(text) if isinstance(text, str) else text, soft_wrap=True)


def print_paragraph(text: str, indent: int) -> None:
    """Print an indented text: in a terminal with all its lines indented, elsewhere in one line."""
    console = make_console()
    if console.is_terminal:
        _print_trimmed(Padding.indent(Text(show_control_characters(text), overflow="fold"), indent), console)
    else:
        print_line(" " * indent + text)


def style_value(name: str, value: str) -> Text:
    """The value of the column or property of this name, coloured if it is a standing or a factuality."""
    return Text(show_control_characters(value), find_style(name, value))


def make_console() -> Console:
    """A console for standard output that takes text literally: brackets in an article's words are not markup."""
    is_terminal = sys.stdout.isatty()
    return Console(
        width=None if is_terminal else PIPE_WIDTH,
        force_terminal=is_terminal,
        markup=False,
        highlight=False,
        emoji=False,
    )


def _fit_columns(
    columns: Sequence[str], cells: Sequence[Sequence[str]], natural: list[int], console: Console
) -> list[int] | None:
    """Return the widths of the columns, or None if a table does not fit the console.

    Only the widest column may wrap, but in a wide terminal all of them may.
    """
    available = console.width - _GAP * (len(columns) - 1)
    widest = max(range(len(columns)), key=natural.__getitem__, default=0)
    widths = [min(width, _WRAPPED_WIDTH) if i == widest else width for i, width in enumerate(natural)]
    if sum(widths) > available and console.is_terminal and console.width >= _WIDE:
        texts = ((*_CAMEL_CASE_BREAK.split(name), *(row[i] for row in cells)) for i, name in enumerate(columns))
        widths = [max(map(_longest_word_width, column)) for column in texts]
        while sum(widths) > available and max(widths) > _LEAST_WIDTH:  # break the longest words
            widths[widths.index(max(widths))] -= 1
    if sum(widths) > available:
        return None
    while sum(widths) < available and widths != natural:  # widen the column whose longest cell takes the most lines
        lines = [full / width if width < full else 0 for full, width in zip(natural, widths, strict=True)]
        widths[lines.index(max(lines))] += 1
    return widths


def _longest_word_width(text: str) -> int:
    """The width of the longest word; of an id or address only its longest part counts, for it may be broken."""
    words = (part for word in text.split() for part in (re.split(r"[/-]", word) if "/" in word else [word]))
    return max(map(cell_len, words), default=0)


def _show_records(columns: Sequence[str], rows: Iterable[Sequence[str]], console: Console) -> None:
    """A record for each row, with a line for each value; in a terminal long values wrap beside their name."""
    name_width = max(map(len, columns))
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            if not value:
                continue
            if console.is_terminal:
                record = Table.grid(padding=(0, _GAP, 0, 0))
                record.add_column(width=name_width + _GAP)
                record.add_column(overflow="fold")
                record.add_row(f"  {name}", style_value(name, value))
                _print_trimmed(record, console)
            else:
                print_line(f"  {name:<{name_width}}  {value}")
        print_line()


def _print_trimmed(renderable: RenderableType, console: Console) -> None:
    with console.capture() as capture:
        console.print(renderable)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))
