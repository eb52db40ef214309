"""Prints errors, and gives the exit status of each."""

import traceback

import click

from hamakg.cli.terminal.control_characters import show_control_characters
from hamakg.errors import UsageError

_LONGEST_LINE = 600


def exit_status(error: Exception) -> int:
    """2 for wrong use, 1 for work that failed."""
    return 2 if isinstance(error, UsageError) else 1


def print_error(error: Exception, verbose: bool) -> None:
    """Print the error as one line on standard error, after its traceback if ``verbose``."""
    if verbose:
        traceback.print_exception(error)
    click.echo(f"hamakg: {_make_line(str(error))}", err=True)


def _make_line(message: str) -> str:
    """The message as one line that changes no terminal, with the bytes of names that are not UTF-8 as they are.

    Messages quote names of files and titles of pages, which may contain anything and be of any length.
    """
    text = message.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = show_control_characters(text)
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
