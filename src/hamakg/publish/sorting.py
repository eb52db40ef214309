"""Sorts the triples of dumps, as lines of N-Triples by subject, property and value, in constant memory.

An external merge sort: a few megabytes are sorted at a time; when one such run does not hold everything, runs go to
temporary files (below ``TMPDIR``) and are merged when they are read. It stays hand-written because sorting is most of
the work of an export: sorting in an SQLite file took twice as long, and ``sort`` is not on every system.

Plain lines would not sort in the order that people want (type and labels first), so each line is marked with control
characters, which N-Triples never contains. The marks rank the properties, and are removed when the lines are written.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import chain, groupby, islice
from types import TracebackType
from typing import BinaryIO, Self

import pyoxigraph as ox

from hamakg.errors import HamakgError
from hamakg.rdf.iris import HAMA
from hamakg.rdf.terms import term

RUN_BYTES = 8 * 1024 * 1024
"""How much is sorted at a time; sorting takes some five times as much memory."""

LINES_AT_ONCE = 5_000

_MERGED_AT_ONCE = 64  # macOS lets a process open 256 files

# These come first under a subject; then the other properties, those of our ontology before the rest.
_FIRST = ("rdf:type", "rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel")
_OWN = b"<" + HAMA.encode()
_OWN_MARK = b"%c" % (len(_FIRST) + 1)
_IRI_END = re.compile(rb'[^ "]*>')
_BLANK_NODE = re.compile(rb"_:|\S+ \S+ _:")


class _MarkedProperties(dict[bytes, bytes]):
    """Each property with the mark before it by which it sorts; filled as properties come."""

    def __missing__(self, prop: bytes) -> bytes:
        marked = self[prop] = _OWN_MARK + prop if prop.startswith(_OWN) else prop
        return marked


_MARKED = _MarkedProperties(
    {prop: b"%c%b" % (rank, prop) for rank, prop in enumerate((str(term(name)).encode() for name in _FIRST), start=1)}
)
_NODE_MARK = b"\x1f"  # before subject and value: tells an IRI there from text that looks like one
_MARKS = bytes(range(1, len(_FIRST) + 2)) + _NODE_MARK


class Sorter:
    """A writable file for the N-Triples that a store dumps; gives the lines back in order.

    Lines with blank nodes are left out, since their names are arbitrary; ``has_blank_nodes`` tells whether there were
    any. Use it as a context manager: its temporary files are deleted at the end.
    """

    def __init__(self) -> None:
        self.has_blank_nodes = False
        self._pending: list[bytes] = []
        self._size = 0
        self._runs: list[list[BinaryIO]] = []  # by rank; the runs of one rank have about the same size
        self._last_run: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for run in chain.from_iterable(self._runs):
            run.close()

    def write(self, data: bytes) -> int:
        """Takes a piece of N-Triples, which may end within a line; returns its length, as files do."""
        self._pending.append(data)
        self._size += len(data)
        if self._size >= RUN_BYTES:
            self._add_run(_spill(self._sort_pending()))
        return len(data)

    def flush(self) -> None:
        """Does nothing; a store calls it, as on any file."""

    def finish(self) -> None:
        """Sorts the rest. To be called after the last ``write``; from then on ``has_blank_nodes`` is right."""
        self._last_run = self._sort_pending()

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Adds the triples of a few quads, which may have blank nodes. To be called after ``finish``."""
        lines = (f"{quad.triple} .\n".encode() for quad in quads)
        self._last_run = sorted([*self._last_run, *map(_add_marks, lines)])

    def read_pieces(self) -> Iterator[bytes]:
        """Yields the distinct lines in order, some thousand at a time; a piece ends with the last line of a subject.

        The lines are marked: see :func:`remove_marks` and :func:`make_relative`. They can be read once only.
        """
        lines = (line for line, _ in groupby(merge(self._last_run, *chain.from_iterable(self._runs))))
        held: list[bytes] = []
        while piece := [*held, *islice(lines, LINES_AT_ONCE)]:
            subject, held = piece[-1][: piece[-1].index(b" ") + 1], []
            for line in lines:
                if not line.startswith(subject):
                    held = [line]
                    break
                piece.append(line)
            yield b"".join(piece)

    def _add_run(self, run: BinaryIO, rank: int = 0) -> None:
        """Adds a run to its rank; once a rank is full, its runs are merged into one of the next rank."""
        if rank == len(self._runs):
            self._runs.append([])
        self._runs[rank].append(run)
        if len(self._runs[rank]) == _MERGED_AT_ONCE:
            runs, self._runs[rank] = self._runs[rank], []
            self._add_run(_spill(merge(*runs)), rank + 1)
            for merged in runs:
                merged.close()

    def _sort_pending(self) -> list[bytes]:
        """The whole lines that were written since the last call, marked and sorted."""
        data = b"".join(self._pending)
        lines = data.splitlines(keepends=True)
        rest = lines.pop() if lines and not data.endswith(b"\n") else b""
        self._pending, self._size = [rest], len(rest)
        if b"_:" in data:
            without = [line for line in lines if not _BLANK_NODE.match(line)]
            self.has_blank_nodes |= len(without) < len(lines)
            lines = without
        return sorted(map(_add_marks, lines))


def sort_key(triple: ox.Triple) -> bytes:
    """The marked line of a triple, by which dumps are sorted; for triples that fit into memory."""
    return _add_marks(f"{triple} .\n".encode())


def remove_marks(lines: bytes) -> bytes:
    """The marked lines as N-Triples."""
    return lines.translate(None, _MARKS)


def make_relative(lines: bytes, base: str) -> bytes:
    """The marked lines as N-Triples, with subjects and values below ``resource/`` and ``graph/`` relative to the base.

    An IRI with a path segment that begins with a dot stays absolute, since "." and ".." have a special meaning in a
    relative IRI (RFC 3986, section 5.2.4). Such IRIs are rare, and testing every line for them would double the time.
    """
    own = _NODE_MARK + b"<" + re.escape(base.encode()) + b"(?=resource/|graph/)"
    has_dots = any(map(_IRI_END.match, lines.split(b"/.")[1:]))
    return remove_marks(re.sub(own + rb"(?![^>]*/\.)" if has_dots else own, b"<", lines))


def has_blank_node(quad: ox.Quad) -> bool:
    """Whether the subject, value or graph of a quad is a blank node."""
    return any(isinstance(node, ox.BlankNode) for node in quad)


def canonicalize_blank_nodes(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads that have blank nodes, renamed by their content alone (https://www.w3.org/TR/rdf-canon/, RDFC-1.0)."""
    dataset = ox.Dataset(quad for quad in quads if has_blank_node(quad))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _add_marks(line: bytes) -> bytes:
    subject, prop, rest = line.split(b" ", 2)
    return b"%b%b %b %b%b" % (_NODE_MARK, subject, _MARKED[prop], _NODE_MARK, rest)


def _spill(lines: Iterable[bytes]) -> BinaryIO:
    """A temporary file with the lines, to be read from its beginning."""
    rest = iter(lines)
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as its Sorter
        while some := list(islice(rest, LINES_AT_ONCE)):
            file.write(b"".join(some))
        file.seek(0)
    except OSError as error:
        raise HamakgError(
            f"no room to sort in {tempfile.gettempdir()} ({error.strerror}); name a roomier folder in TMPDIR"
        ) from error
    return file
