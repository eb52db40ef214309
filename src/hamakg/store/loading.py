"""A dump on disk becomes an Oxigraph directory, at the speed of the engine's bulk loader."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

import pyoxigraph as ox

from hamakg.errors import HamakgError

_CHUNK = 4 * 1024 * 1024
# A line as canonical N-Quads has it: https://www.w3.org/TR/n-quads/#canonical-quads. No blank nodes: those of the quads
# and those of the union would be others.
_QUAD = re.compile(
    rb"""^(<[^>\n]*>\ <[^>\n]*>\ (?:<[^>\n]*>|"(?:[^"\\\n]|\\.)*"(?:\^\^<[^>\n]*>|@\S+)?))\ <[^>\n]*>\ \.$""",
    re.MULTILINE | re.VERBOSE,
)


def load_dump(dump: Path, folder: Path) -> None:
    """Makes the folder an Oxigraph directory of the quads in a file of N-Quads, and of their union.

    The file is one that ``hamakg export`` or another program that writes canonical N-Quads made: all in
    named graphs, without blank nodes. Raises HamakgError for one that is not.
    """
    store = ox.Store(folder)
    try:
        with NamedTemporaryFile(dir=folder.parent, suffix=".nt") as triples, ThreadPoolExecutor(1) as beside:
            quads = beside.submit(store.bulk_load, path=dump, format=ox.RdfFormat.N_QUADS)
            with dump.open("rb") as lines:
                for chunk in _triples(lines):
                    triples.write(chunk)
            triples.flush()
            store.bulk_load(path=triples.name, format=ox.RdfFormat.N_TRIPLES, lenient=True)  # the quads are checked
            quads.result()
    except (SyntaxError, ValueError) as error:
        raise HamakgError(f"{dump} is no dump in canonical N-Quads: {error}") from error
    store.optimize()


def _triples(lines: BinaryIO) -> Iterator[bytes]:
    """The lines without the names of their graphs, some megabytes at a time. Raises ValueError for what is no quad."""
    before, rest = 0, b""
    while chunk := lines.read(_CHUNK):
        whole, newline, rest = (rest + chunk).rpartition(b"\n")
        triples, count = _QUAD.subn(rb"\1 .", whole + newline)
        if count != triples.count(b"\n"):
            wrong = next(i for i, line in enumerate(whole.split(b"\n")) if not _QUAD.fullmatch(line))
            raise ValueError(f"line {before + wrong + 1} is no quad of a named graph, or has a blank node")
        before += count
        yield triples
    if rest:
        raise ValueError(f"it breaks off in line {before + 1}")
