"""Writes dumps: sorted, so that the same content gives the same bytes however it was built, and laid out to be read.

A dump is written graph by graph, and a graph in pieces of a few thousand triples, so that memory stays constant. Each
piece is serialized on its own, and so ends with the last triple of a subject.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from types import MappingProxyType
from typing import IO, BinaryIO, cast

import pyoxigraph as ox

from hamakg.errors import HamakgError, UsageError
from hamakg.publish.sorting import Sorter, canonicalize_blank_nodes, make_relative, remove_marks, sort_key
from hamakg.rdf.iris import PREFIXES, Iris

FORMATS = MappingProxyType(
    {
        "turtle": ox.RdfFormat.TURTLE,
        "nquads": ox.RdfFormat.N_QUADS,
        "trig": ox.RdfFormat.TRIG,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdfxml": ox.RdfFormat.RDF_XML,
    }
)
"""The formats by name. Each has a ``media_type``, a ``file_extension``, and ``supports_datasets`` for named graphs."""

# https://www.w3.org/TR/xml/#charsets, as UTF-8
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})


def write_dump(store: ox.Store, fmt: str, out: BinaryIO, graphs: Iterable[str], iris: Iris) -> int:
    """Writes the graphs of the store with these IRIs in a format of FORMATS, in constant memory.

    A format without named graphs gets the union of the graphs. Returns the number of statements written. Raises
    UsageError for an unknown format, HamakgError for text that the format cannot represent or if there is no disk space
    to sort.
    """
    if fmt not in FORMATS:
        raise UsageError(f"unknown format {fmt!r}; there are {', '.join(FORMATS)}")
    sorted_graphs = _SortedGraphs(store, sorted(graphs, key="{}>".format))  # in the order of "<IRI>"
    with_pieces = sorted_graphs.read_each() if FORMATS[fmt].supports_datasets else sorted_graphs.read_union()
    counts: list[int] = []
    counted = ((graph, _count_lines(pieces, counts)) for graph, pieces in with_pieces)
    for data in _lay_out(counted, _LAYOUTS[fmt], iris):
        out.write(data)
    return sum(counts)


def serialize_turtle(triples: Iterable[ox.Triple], iris: Iris, prefixes: Mapping[str, str]) -> bytes:
    """A Turtle document of the triples in this order, laid out like a dump. For triples that fit into memory."""
    return _format_turtle_head(iris, prefixes) + _format_triples(b"".join(map(sort_key, triples)), iris, prefixes)


def _count_lines(pieces: Iterable[bytes], counts: list[int]) -> Iterator[bytes]:
    """Yields the pieces, and adds the number of lines of each to ``counts``."""
    for piece in pieces:
        counts.append(piece.count(b"\n"))
        yield piece


# ---------------------------------------------------------------- sorted lines of N-Triples


class _SortedGraphs:
    """Reads graphs of a store as sorted lines, in pieces (see :meth:`Sorter.read_pieces`)."""

    def __init__(self, store: ox.Store, graphs: Sequence[str]) -> None:
        self._store = store
        self._graphs = [ox.NamedNode(graph) for graph in graphs]

    def read_each(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each graph by its IRI, with its pieces."""
        for graph in self._graphs:
            with Sorter() as sorter:
                self._fill_sorter(sorter, [graph])
                yield graph.value, sorter.read_pieces()

    def read_union(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """All graphs as one graph, which has no name, with its pieces."""
        with Sorter() as sorter:
            self._fill_sorter(sorter, self._graphs)
            yield "", sorter.read_pieces()

    def _fill_sorter(self, sorter: Sorter, graphs: Sequence[ox.NamedNode]) -> None:
        for graph in graphs:
            self._store.dump(cast(IO[bytes], sorter), format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        sorter.finish()
        if sorter.has_blank_nodes:
            sorter.add(quad for quad in self._with_blank_nodes if quad.graph_name in graphs)

    @cached_property
    def _with_blank_nodes(self) -> list[ox.Quad]:
        """The quads with blank nodes; of all graphs together, because graphs may share blank nodes."""
        quads = (self._store.quads_for_pattern(None, None, None, graph) for graph in self._graphs)
        return canonicalize_blank_nodes(chain.from_iterable(quads))


# ---------------------------------------------------------------- layout


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a format writes a piece of sorted lines (``body``), and what stands around and between pieces and graphs."""

    body: Callable[[bytes, str, Iris], bytes]
    head: Callable[[Iris], bytes] = lambda iris: b""
    tail: bytes = b""
    between: bytes = b""
    opening: Callable[[str, Iris], bytes] = lambda graph, iris: b""
    closing: bytes = b""
    between_graphs: bytes = b""


def _lay_out(graphs: Iterable[tuple[str, Iterator[bytes]]], layout: _Layout, iris: Iris) -> Iterator[bytes]:
    yield layout.head(iris)
    separator = b""
    for graph, pieces in graphs:
        for piece in islice(pieces, 1):
            yield separator + layout.opening(graph, iris) + layout.body(piece, graph, iris)
            for later in pieces:
                yield layout.between + layout.body(later, graph, iris)
            yield layout.closing
            separator = layout.between_graphs
    yield layout.tail


def _serialize(lines: bytes, rdf: ox.RdfFormat, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """The triples in another format.

    Lenient parsing is twice as fast and accepts relative IRIs; the store has validated the triples.
    """
    triples = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return cast(bytes, ox.serialize(triples, format=rdf, prefixes=dict(prefixes)))


def _format_ntriples(lines: bytes, graph: str, iris: Iris) -> bytes:
    return remove_marks(lines)


def _format_nquads(lines: bytes, graph: str, iris: Iris) -> bytes:
    return remove_marks(lines).replace(b" .\n", f" <{graph}> .\n".encode())  # a line contains no other line feed


def _format_prefixes(prefixes: Mapping[str, str]) -> bytes:
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(prefixes.items())).encode()


def _format_turtle_head(iris: Iris, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """The base of this installation and the prefixes, sorted, since the serializer writes them in arbitrary order."""
    return f"@base <{iris.base}> .\n".encode() + _format_prefixes(prefixes) + b"\n"


def _format_triples(lines: bytes, iris: Iris, prefixes: Mapping[str, str] = PREFIXES, indent: bytes = b"") -> bytes:
    """The triples with IRIs relative to the base and a blank line between subjects.

    The serializer begins with the lines of prefixes, which the dump has in its head, and never breaks a literal.
    """
    data = _serialize(make_relative(lines, iris.base), ox.RdfFormat.TURTLE, prefixes)
    data = data[len(_format_prefixes(prefixes)) : -1]
    indented = indent + data.replace(b"\n", b"\n" + indent) if indent else data
    return b" .\n\n".join(indented.split(b" .\n")) + b"\n"  # twice as fast as bytes.replace


def _format_turtle(lines: bytes, graph: str, iris: Iris) -> bytes:
    return _format_triples(lines, iris)


def _format_trig(lines: bytes, graph: str, iris: Iris) -> bytes:
    return _format_triples(lines, iris, indent=b"\t")


def _open_trig_graph(graph: str, iris: Iris) -> bytes:
    """The graph's name as Turtle writes it: like the subject of a triple."""
    node = ox.NamedNode(graph)
    return _format_triples(sort_key(ox.Triple(node, node, node)), iris).split(b" ", 1)[0] + b" {\n"


def _format_jsonld(lines: bytes, graph: str, iris: Iris) -> bytes:
    """Expanded JSON-LD, one node a line. It has no context, so that nothing in it can be mistaken for a prefix.

    Between two nodes stands ``]},{"@``: the values of a node's last property end with a bracket, and "@id" comes first.
    No literal contains this, because quotation marks in it are escaped.
    """
    return _serialize(remove_marks(lines), ox.RdfFormat.JSON_LD)[1:-1].replace(b']},{"@', b']},\n{"@')


def _open_jsonld_graph(graph: str, iris: Iris) -> bytes:
    return f'\n{{"@id":{json.dumps(graph, ensure_ascii=False)},"@graph":[\n'.encode()


def _format_rdfxml_head(iris: Iris) -> bytes:
    """The root element with its namespaces sorted."""
    data = _serialize(b"", ox.RdfFormat.RDF_XML)
    begin = data.index(b"<rdf:RDF ") + len(b"<rdf:RDF ")
    end = data.index(b">", begin)
    return data[:begin] + b" ".join(sorted(data[begin:end].split())) + b">\n"


def _format_rdfxml(lines: bytes, graph: str, iris: Iris) -> bytes:
    """The content of the root element; carriage returns become references, since XML reads a raw one as a line feed."""
    data = _serialize(remove_marks(lines), ox.RdfFormat.RDF_XML)
    _check_xml(data)
    return data[data.index(b">\n", data.index(b"<rdf:RDF ")) + 2 : data.rindex(b"</rdf:RDF>")].replace(b"\r", b"&#13;")


def _check_xml(data: bytes) -> None:
    """Raises HamakgError for characters that XML does not allow. A quick test spares most data the search for them."""
    suspect = len(data.translate(None, _CONTROLS)) < len(data) or b"\xef\xbf" in data
    if suspect and (found := _NOT_IN_XML.search(data)):
        character = found[0].decode()
        raise HamakgError(
            f"RDF/XML cannot carry the character U+{ord(character):04X}; use another format, such as turtle"
        )


_LAYOUTS = {
    "turtle": _Layout(_format_turtle, _format_turtle_head, between=b"\n"),
    "nquads": _Layout(_format_nquads),
    "trig": _Layout(
        _format_trig, _format_turtle_head, between=b"\n", opening=_open_trig_graph, closing=b"}\n", between_graphs=b"\n"
    ),
    "ntriples": _Layout(_format_ntriples),
    "jsonld": _Layout(
        _format_jsonld,
        lambda iris: b"[",
        b"\n]\n",
        between=b",\n",
        opening=_open_jsonld_graph,
        closing=b"\n]}",
        between_graphs=b",",
    ),
    "rdfxml": _Layout(_format_rdfxml, _format_rdfxml_head, b"</rdf:RDF>"),
}
