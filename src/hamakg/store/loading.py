"""Loads a dump into an Oxigraph directory, with the engine's bulk loader."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

import pyoxigraph as ox

from hamakg.errors import HamakgError

_CHUNK_BYTES = 4 * 1024 * 1024
# A line of canonical N-Quads (https://www.w3.org/TR/n-quads/#canonical-quads) in a named graph and without blank nodes:
# the quads and the union are loaded separately, and would get different blank nodes.
_QUAD = re.compile(
    rb"""^(<[^>\n]*>\ <[^>\n]*>\ (?:<[^>\n]*>|"(?:[^"\\\n]|\\.)*"(?:\^\^<[^>\n]*>|@\S+)?))\ <[^>\n]*>\ \.$""",
    re.MULTILINE | re.VERBOSE,
)


def load_dump(dump: Path, folder: Path) -> None:
    """Makes ``folder`` an Oxigraph directory with the quads of a dump and their union.

    The dump is in canonical N-Quads, as ``hamakg export`` writes it: all quads are in named graphs, and none has a
    blank node. Raises HamakgError if it is not.
    """
    store = ox.Store(folder)
    try:
        with NamedTemporaryFile(dir=folder.parent, suffix=".nt") as triples, ThreadPoolExecutor(1) as executor:
            quads = executor.submit(store.bulk_load, path=dump, format=ox.RdfFormat.N_QUADS)
            with dump.open("rb") as lines:
                for chunk in _strip_graphs(lines):
                    triples.write(chunk)
            triples.flush()
            store.bulk_load(
                path=triples.name, format=ox.RdfFormat.N_TRIPLES, lenient=True
            )  # lenient: the other load has checked them
            quads.result()
    except (SyntaxError, ValueError) as error:
        raise HamakgError(f"{dump} is not a dump in canonical N-Quads: {error}") from error
    store.optimize()


def _strip_graphs(lines: BinaryIO) -> Iterator[bytes]:
    """Yields the lines without their graphs, some megabytes at a time. Raises ValueError for any other line."""
    before, rest = 0, b""
    while chunk := lines.read(_CHUNK_BYTES):
        whole, newline, rest = (rest + chunk).rpartition(b"\n")
        triples, count = _QUAD.subn(rb"\1 .", whole + newline)
        if count != triples.count(b"\n"):
            wrong = next(i for i, line in enumerate(whole.split(b"\n")) if not _QUAD.fullmatch(line))
            raise ValueError(f"line {before + wrong + 1} is not a quad of a named graph, or has a blank node")
        before += count
        yield triples
    if rest:
        raise ValueError(f"it breaks off in line {before + 1}")
