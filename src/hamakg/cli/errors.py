"""How errors are printed, and the exit status that each gives."""

import traceback
from dataclasses import dataclass

import click

from hamakg.errors import UsageError


@dataclass(slots=True)
class Run:
    """The options of ``hamakg`` itself, which hold for every command."""

    verbose: bool = False


def exit_status(error: Exception) -> int:
    """2 for wrong use, 1 for work that failed."""
    return 2 if isinstance(error, UsageError) else 1


def print_error(error: Exception, verbose: bool) -> None:
    """Print the error as one line on standard error, after its traceback if ``verbose``."""
    if verbose:
        traceback.print_exception(error)
    click.echo(f"hamakg: {error}", err=True)
