"""The file of decisions on links, under version control: read, replaced, and changed by several writers at a time.

With it a build without a network gives the same links, and no run proposes again what a person has rejected.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import get_ident

from hamakg.errors import HamakgError
from hamakg.link.sssom import SssomTable, amend_sssom, format_sssom, parse_sssom
from hamakg.model import EntityLink
from hamakg.rdf.iris import Iris

SHIPPED_DECISIONS = Path(__file__).with_name("decisions.sssom.tsv")
"""The decisions that come with the program: those on the seed articles, each with its evidence."""


def read_decisions(path: Path) -> list[EntityLink]:
    """Return the links of a file, in its order; an empty file has none.

    Raises HamakgError if the file cannot be read; see :func:`hamakg.link.sssom.parse_sssom`.
    """
    return list(_read_table(path).links.values())


def read_decisions_or_shipped(path: Path) -> list[EntityLink]:
    """Return the decisions that a review starts from: those of the file if it exists, or else the shipped ones."""
    return read_decisions(path if path.exists() else SHIPPED_DECISIONS)


def write_decisions(links: Iterable[EntityLink], path: Path, iris: Iris) -> None:
    """Replace the file by one with these links, sorted; if that fails, the file is unchanged."""
    _replace_file(path.resolve(), format_sssom(links, iris))


def change_decisions(path: Path, iris: Iris, change: Callable[[list[EntityLink]], list[EntityLink]]) -> None:
    """Replace the links of the file by what ``change`` makes of them; other writers wait, so that nothing is lost.

    A file that does not exist begins with the shipped decisions. Comments, additional columns and unchanged rows stay
    as they are. Raises HamakgError if the file cannot be read or written.
    """
    path = path.resolve()
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # not the file itself, which each change replaces by another
        table = _read_table(path) if path.exists() else None
        old = list(table.links.values()) if table else read_decisions(SHIPPED_DECISIONS)
        new = change(old)
        if new != old:
            _replace_file(path, amend_sssom(table, new, iris) if table else format_sssom(new, iris))
        elif not os.access(path.parent, os.W_OK):
            raise _cannot_write(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    finally:
        os.close(folder)


def require_writable(path: Path, iris: Iris) -> None:
    """Raise HamakgError now if a decision could not be written to the file later."""
    change_decisions(path, iris, lambda links: links)


def _read_table(path: Path) -> SssomTable:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HamakgError(f"the decisions {path} cannot be read: {error}") from error
    return parse_sssom(text, str(path))


def _replace_file(path: Path, text: str) -> None:
    """Write the text beside the file and rename it, so that a run that is cut off leaves the file as it was."""
    part = path.with_name(f"{path.name}.{os.getpid()}-{get_ident()}.part")
    try:
        part.write_text(text, "utf-8")
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> HamakgError:
    return HamakgError(f"the decisions {path} cannot be written: {error.strerror}")
