"""Prints errors, and gives the exit status of each."""

import traceback

import click

from hamakg.cli.terminal.control_characters import show_control_characters
from hamakg.errors import UsageError


def exit_status(error: Exception) -> int:
    """2 for wrong use, 1 for work that failed."""
    return 2 if isinstance(error, UsageError) else 1


def print_error(error: Exception, verbose: bool) -> None:
    """Print the error as one line on standard error, after its traceback if ``verbose``."""
    if verbose:
        traceback.print_exception(error)
    click.echo(f"hamakg: {show_control_characters(str(error))}", err=True)
