"""The options that several commands share, and those of ``hamakg`` itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from hamakg.settings import CONTACT, DOCUMENT_MEGABYTES, DOCUMENT_SECONDS, STORE
from hamakg.store import VersionedStore

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

TABLE = "table"
"""The output format for people, beside the formats for programs."""

FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(slots=True)
class GlobalOptions:
    """The options of ``hamakg`` itself, which hold for every command."""

    verbose: bool = False


store_option: Decorator = click.option(
    "--store",
    type=click.Path(path_type=Path),
    default=STORE,
    show_default=True,
    envvar="HAMAKG_STORE",
    show_envvar=True,
    metavar="DIR",
    callback=lambda _context, _option, path: VersionedStore(path),
    help="The folder of the store.",
)
"""``--store``; the command gets a VersionedStore, which opens nothing yet."""

contact_option: Decorator = click.option(
    "--contact",
    default=CONTACT,
    show_default=True,
    envvar="HAMAKG_CONTACT",
    show_envvar=True,
    metavar="TEXT",
    help="Your mail address or web page, for the User-Agent header.",
)

timeout_option: Decorator = click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=DOCUMENT_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="The processor time for one article; one of over 25,000 characters has more, in proportion.",
)

memory_option: Decorator = click.option(
    "--memory",
    type=click.IntRange(min=64),
    default=DOCUMENT_MEGABYTES,
    show_default=True,
    help="The megabytes of memory for one article (on Linux).",
)


def model_option(text: str) -> Decorator:
    """``--model``; the text says what the command uses the model for."""
    return click.option("--model", metavar="NAME", help=f"{text}  [default: the model installed with hamakg]")


def report_option(text: str) -> Decorator:
    """``--report``; the text says what the command writes to the file."""
    return click.option("--report", "report_path", type=FILE, metavar="FILE", help=text)


def decisions_option(text: str) -> Decorator:
    """``--decisions``; the text says what the command does with the file."""
    return click.option(
        "--decisions", type=FILE, envvar="HAMAKG_DECISIONS", show_envvar=True, metavar="FILE", help=text
    )
