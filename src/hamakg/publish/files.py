"""Writes files completely or not at all, and beside each dump or table the files that explain it."""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from hamakg.errors import HamakgError
from hamakg.publish.attribution import format_attribution, read_credits, read_sources
from hamakg.publish.description import DumpFile, count_contents, describe_dataset
from hamakg.publish.dumps import FORMATS
from hamakg.publish.tables import TABLES, describe_csv
from hamakg.rdf.iris import Iris


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that an export wrote: how many statements, events or links are in it, and the files that explain it."""

    path: Path
    count: int
    unit: str
    companions: tuple[Path, ...] = ()


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Opens a file that appears only once it has been written completely; standard output if the path is None.

    Raises HamakgError if the file cannot be written.
    """
    if path is None:
        yield sys.stdout.buffer
        return
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    except OSError as error:
        raise HamakgError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def write_companions(
    path: Path, fmt: str, store: ox.Store, graphs: Sequence[str], *, selected: str, iris: Iris
) -> tuple[Path, ...]:
    """Writes the attribution and description of the dump or table at ``path`` beside it, and returns their paths.

    ``selected`` is the name of the selection that was exported.
    """
    articles = read_sources(store, graphs, iris)
    credits = read_credits(store, graphs, iris, for_table=fmt in TABLES)
    companions = {
        ".ATTRIBUTION.txt": format_attribution(articles, path.name, credits).encode(),
    }
    if fmt == "csv":
        companions["-metadata.json"] = describe_csv(path.name, articles, iris)
    if fmt in FORMATS:
        with path.open("rb") as dump:
            file = DumpFile(path.name, fmt, path.stat().st_size, hashlib.file_digest(dump, "sha256").hexdigest())
        companions[".void.ttl"] = describe_dataset(count_contents(store, graphs, iris), articles, file, selected, iris)
    by_path = {path.with_name(path.name + suffix): data for suffix, data in companions.items()}
    for companion, data in by_path.items():
        with open_output(companion) as out:
            out.write(data)
    return tuple(by_path)
