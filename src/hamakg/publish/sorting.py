"""The order of dumps: lines of N-Triples by subject, property and value, in memory that does not grow with them.

What a store dumps is sorted in runs of a few megabytes. Where one run does not hold it, runs go to temporary files
(below ``TMPDIR``), and are merged as they are read again.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import chain, islice
from types import TracebackType
from typing import BinaryIO, Self

import pyoxigraph as ox

from hamakg.errors import HamakgError
from hamakg.rdf.iris import HAMA
from hamakg.rdf.terms import term

RUN_BYTES = 8 * 1024 * 1024
"""How much is sorted at a time; it takes some five times as much memory."""

LINES_AT_ONCE = 5_000

_MERGED_AT_ONCE = 64  # macOS lets a process open 256 files

# What comes first under a subject; then the ontology's own properties, then the others, by the alphabet.
_FIRST = ("rdf:type", "rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel")
_IRIS = tuple(term(name).value for name in _FIRST)
_OWN = b"<" + HAMA.encode()
_IRI_END = re.compile(rb'[^ "]*>')
_BLANK = re.compile(rb"_:|\S+ \S+ _:")


class _Marks(dict[bytes, bytes]):
    """A property behind the byte that ranks it. N-Triples has no control characters: the byte is taken out again."""

    def __missing__(self, prop: bytes) -> bytes:
        marked = self[prop] = b"%c%b" % (len(_IRIS) + 1, prop) if prop.startswith(_OWN) else prop
        return marked


_MARKED = _Marks({b"<%b>" % iri.encode(): b"%c<%b>" % (n, iri.encode()) for n, iri in enumerate(_IRIS, 1)})
_TERM = b"\x1f"  # before subject and value, so that an IRI there is told from text that looks like one
_MARKS = bytes(range(1, len(_IRIS) + 2)) + _TERM


class Sorter:
    """Takes N-Triples as a store dumps them, by ``write``, and gives the lines back in order.

    Lines with blank nodes are left out, and ``has_blank_nodes`` says that there were some: their names are chance.
    To be used as a context, which its temporary files end with.
    """

    def __init__(self) -> None:
        self.has_blank_nodes = False
        self._chunks: list[bytes] = []
        self._size = 0
        self._runs: list[list[BinaryIO]] = []  # those of one rank are of about one size
        self._last_run: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for run in chain.from_iterable(self._runs):
            run.close()

    def write(self, data: bytes) -> int:
        """Takes a piece of N-Triples, which may end within a line; the number of bytes taken, which is all."""
        self._chunks.append(data)
        self._size += len(data)
        if self._size >= RUN_BYTES:
            self._keep(_spilled(self._take()))
        return len(data)

    def flush(self) -> None:
        """Nothing: what a file has too."""

    def end(self) -> None:
        """Sorts what is left to sort; then ``has_blank_nodes`` is known."""
        self._last_run = self._take()

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Takes the triples of some more quads, also those with blank nodes, after the end."""
        lines = (f"{quad.triple} .\n".encode() for quad in quads)
        self._last_run = sorted([*self._last_run, *map(_marked, lines)])

    def pieces(self) -> Iterator[bytes]:
        """The lines in order, each once, some thousand at a time, up to the end of a subject; to be read once.

        They are marked: see :func:`remove_marks` and :func:`make_relative`.
        """
        lines = _once(merge(self._last_run, *chain.from_iterable(self._runs)) if self._runs else self._last_run)
        held: list[bytes] = []
        while piece := [*held, *islice(lines, LINES_AT_ONCE)]:
            subject, held = piece[-1][: piece[-1].index(b" ") + 1], []
            for line in lines:
                if not line.startswith(subject):
                    held = [line]
                    break
                piece.append(line)
            yield b"".join(piece)

    def _keep(self, run: BinaryIO, rank: int = 0) -> None:
        """Keeps a run with those of its rank; when these are many, they become one of the next."""
        if rank == len(self._runs):
            self._runs.append([])
        self._runs[rank].append(run)
        if len(self._runs[rank]) == _MERGED_AT_ONCE:
            runs, self._runs[rank] = self._runs[rank], []
            self._keep(_spilled(merge(*runs)), rank + 1)
            for merged in runs:
                merged.close()

    def _take(self) -> list[bytes]:
        """The whole lines that have come since the last time, marked and sorted."""
        data = b"".join(self._chunks)
        lines = data.splitlines(keepends=True)
        rest = lines.pop() if lines and not data.endswith(b"\n") else b""
        self._chunks, self._size = [rest], len(rest)
        return sorted(map(_marked, self._without_blank_nodes(lines) if b"_:" in data else lines))

    def _without_blank_nodes(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            if _BLANK.match(line):
                self.has_blank_nodes = True
            else:
                yield line


def sort_key(triple: ox.Triple) -> bytes:
    """A triple's line, marked: by it dumps sort, and triples that fit into memory can be sorted too."""
    return _marked(f"{triple} .\n".encode())


def remove_marks(lines: bytes) -> bytes:
    """N-Triples of marked lines."""
    return lines.translate(None, _MARKS)


def make_relative(lines: bytes, base: str) -> bytes:
    """The same, but for subjects and values below ``resource/`` and ``graph/``, whose IRIs become relative to the base.

    A path with a segment that begins with a dot stays whole: "." and ".." are special in a relative IRI (RFC 3986,
    section 5.2.4). Such paths are rare, and to look at each costs as much as all the rest of the search.
    """
    own = _TERM + b"<" + re.escape(base.encode()) + b"(?=resource/|graph/)"
    has_dots = any(map(_IRI_END.match, lines.split(b"/.")[1:]))
    return remove_marks(re.sub(own + rb"(?![^>]*/\.)" if has_dots else own, b"<", lines))


def has_blank_node(quad: ox.Quad) -> bool:
    """Whether its name of the subject, value or graph is chance."""
    return any(isinstance(term, ox.BlankNode) for term in quad)


def canonicalize_blank_nodes(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads that have blank nodes, these under names that depend on the content alone (RDFC-1.0)."""
    dataset = ox.Dataset(quad for quad in quads if has_blank_node(quad))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _marked(line: bytes) -> bytes:
    subject, prop, rest = line.split(b" ", 2)
    return b"%b%b %b %b%b" % (_TERM, subject, _MARKED[prop], _TERM, rest)


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines that come in order, without those that repeat the one before."""
    last = b""
    for line in lines:
        if line != last:
            yield line
            last = line


def _spilled(lines: Iterable[bytes]) -> BinaryIO:
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
