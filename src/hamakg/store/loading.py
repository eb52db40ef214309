"""Loads dumps and many quads into an Oxigraph directory, with the engine's bulk loader."""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

import pyoxigraph as ox

from hamakg.errors import HamakgError

_CHUNK_BYTES = 1024 * 1024

_SEGMENT_LINES = 200_000
_SEGMENT_BYTES = 48 * 1024 * 1024
"""How many lines of N-Triples, and bytes, are loaded at a time."""

_FEWEST_SEGMENTS = 4
"""The engine merges four files at once; fewer would be left for a later writer to merge, who may have less time."""

_BATCH_QUADS = 400_000
_BATCH_CHARACTERS = 64_000_000
"""How many quads the bulk loader is given at a time, and how many characters of literals: it holds them in memory."""

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


def load_quads(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Adds quads with the bulk loader, which sorts them in memory and writes them to files of the store.

    They are loaded in batches, so the memory that this needs does not depend on how many there are.
    """
    remaining = iter(quads)
    while (first := next(remaining, None)) is not None:
        store.bulk_extend(take_quads(chain((first,), remaining), _BATCH_QUADS, _BATCH_CHARACTERS))


def load_lines(
    store: ox.Store, file: Path, graph: ox.NamedNode | ox.DefaultGraph, blank_lines: IO[bytes] | None = None
) -> None:
    """Loads the triples of a file in N-Triples into a graph, but writes lines with blank nodes to ``blank_lines``.

    The bulk loader gives a blank node another name each time. Raises SyntaxError or ValueError if a line is malformed.
    """
    with file.open("rb") as stream:
        for segment in _read_segments(stream, min(_SEGMENT_BYTES, file.stat().st_size // _FEWEST_SEGMENTS)):
            lines = segment.splitlines(keepends=True) if b"_:" in segment else []
            without = b"".join(line for line in lines if b"_:" not in line) if lines else segment
            store.bulk_load(without, ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=blank_lines is None)
            if blank_lines:
                blank_lines.writelines(line for line in lines if b"_:" in line)


def _read_segments(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Yields whole lines, about ``size`` bytes or as many lines as may be loaded at a time."""
    pieces, count = list[bytes](), 0
    for lines in _read_lines(stream):
        pieces.append(lines)
        count += lines.count(b"\n")
        if count >= _SEGMENT_LINES or sum(map(len, pieces)) >= size:
            yield b"".join(pieces)
            pieces, count = [], 0
    yield b"".join(pieces)


def _read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yields some megabytes of whole lines at a time; the last one may lack its end."""
    rest = b""
    while chunk := stream.read(_CHUNK_BYTES):
        whole, newline, rest = (rest + chunk).rpartition(b"\n")
        yield whole + newline
    if rest:
        yield rest


def take_quads(quads: Iterator[ox.Quad], count: int, characters: int) -> Iterator[ox.Quad]:
    """Takes at most ``count`` quads from the iterator, fewer if their literals have ``characters`` together."""
    for quad in quads:
        yield quad
        count -= 1
        if isinstance(quad.object, ox.Literal):
            characters -= len(quad.object.value)
        if count <= 0 or characters <= 0:
            return


def _strip_graphs(lines: BinaryIO) -> Iterator[bytes]:
    """Yields the lines without their graphs, some megabytes at a time. Raises ValueError for any other line."""
    before = 0
    for chunk in _read_lines(lines):
        if chunk and not chunk.endswith(b"\n"):
            raise ValueError(f"it breaks off in line {before + 1}")
        triples, count = _QUAD.subn(rb"\1 .", chunk)
        if count != triples.count(b"\n"):
            wrong = next(i for i, line in enumerate(chunk.split(b"\n")) if not _QUAD.fullmatch(line))
            raise ValueError(f"line {before + wrong + 1} is not a quad of a named graph, or has a blank node")
        before += count
        yield triples
