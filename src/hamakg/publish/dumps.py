"""Dumps: sorted, so that the same content gives the same bytes however it was built, and laid out to be read.

Written piece by piece: graph by graph, and within a graph a few thousand lines at a time, up to the end of a subject.
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
"""The formats by name; each knows its ``media_type``, its ``file_extension`` and if it ``supports_datasets``."""

# https://www.w3.org/TR/xml/#charsets, as UTF-8
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})


def write_dump(store: ox.Store, fmt: str, out: BinaryIO, graphs: Iterable[str], iris: Iris) -> None:
    """Write the graphs of the store, by their IRIs, in the format ``fmt`` (of FORMATS).

    A format of triples gets the union of the graphs. Memory does not grow with what is written. Raises UsageError for
    an unknown format, HamakgError for text that the format cannot carry, and where there is no room to sort.
    """
    if fmt not in FORMATS:
        raise UsageError(f"unknown format {fmt!r}; there are {', '.join(FORMATS)}")
    source = _Source(store, sorted(graphs, key="{}>".format))  # in the order of "<IRI>"
    for piece in _written(source.graphs() if FORMATS[fmt].supports_datasets else source.union(), _LAYOUTS[fmt], iris):
        out.write(piece)


def serialize_turtle(triples: Iterable[ox.Triple], iris: Iris, prefixes: Mapping[str, str]) -> bytes:
    """A document of the triples in their order, laid out as dumps are; for what fits into memory."""
    return _turtle_head(iris, prefixes) + _turtle_body(b"".join(map(sort_key, triples)), iris, prefixes)


# ---------------------------------------------------------------- sorted lines of N-Triples


class _Source:
    """The lines of some graphs of a store, in pieces."""

    def __init__(self, store: ox.Store, graphs: Sequence[str]) -> None:
        self._store = store
        self._graphs = [ox.NamedNode(graph) for graph in graphs]

    def graphs(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each graph with its lines."""
        for graph in self._graphs:
            with Sorter() as sorter:
                self._fill(sorter, [graph])
                yield graph.value, sorter.pieces()

    def union(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """All graphs as one, without a name."""
        with Sorter() as sorter:
            self._fill(sorter, self._graphs)
            yield "", sorter.pieces()

    def _fill(self, sorter: Sorter, graphs: Sequence[ox.NamedNode]) -> None:
        for graph in graphs:
            self._store.dump(cast(IO[bytes], sorter), format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
        sorter.end()
        if sorter.has_blank_nodes:
            sorter.add(quad for quad in self._with_blank_nodes if quad.graph_name in graphs)

    @cached_property
    def _with_blank_nodes(self) -> list[ox.Quad]:
        """Named all together: graphs may share them."""
        found = (self._store.quads_for_pattern(None, None, None, graph) for graph in self._graphs)
        return canonicalize_blank_nodes(chain.from_iterable(found))


# ---------------------------------------------------------------- layout: the serialiser orders prefixes by chance


@dataclass(frozen=True, slots=True)
class _Layout:
    """What stands around and between the pieces of a dump; ``body`` makes one of them of a piece of sorted lines."""

    body: Callable[[bytes, str, Iris], bytes]
    head: Callable[[Iris], bytes] = lambda names: b""
    tail: bytes = b""
    between: bytes = b""
    opening: Callable[[str, Iris], bytes] = lambda graph, names: b""
    closing: bytes = b""
    between_graphs: bytes = b""


def _written(graphs: Iterable[tuple[str, Iterator[bytes]]], layout: _Layout, iris: Iris) -> Iterator[bytes]:
    yield layout.head(iris)
    joint = b""
    for graph, pieces in graphs:
        for piece in islice(pieces, 1):
            yield joint + layout.opening(graph, iris) + layout.body(piece, graph, iris)
            for later in pieces:
                yield layout.between + layout.body(later, graph, iris)
            yield layout.closing
            joint = layout.between_graphs
    yield layout.tail


def _serialised(lines: bytes, rdf: ox.RdfFormat, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """Read leniently, which is twice as fast, and lets relative IRIs pass: the store checked what went into it."""
    triples = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return cast(bytes, ox.serialize(triples, format=rdf, prefixes=dict(prefixes)))


def _n_triples(lines: bytes, graph: str, iris: Iris) -> bytes:
    return remove_marks(lines)


def _n_quads(lines: bytes, graph: str, iris: Iris) -> bytes:
    return remove_marks(lines).replace(b" .\n", f" <{graph}> .\n".encode())  # within a line no line ends


def _prefix_lines(prefixes: Mapping[str, str]) -> bytes:
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(prefixes.items())).encode()


def _turtle_head(iris: Iris, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """Prefixes sorted, and the base of this installation."""
    return f"@base <{iris.base}> .\n".encode() + _prefix_lines(prefixes) + b"\n"


def _turtle_body(lines: bytes, iris: Iris, prefixes: Mapping[str, str] = PREFIXES, indent: bytes = b"") -> bytes:
    """IRIs of this installation relative to its base, and a blank line between two subjects.

    The serialiser writes a literal on one line, and the same lines of prefixes as the head has, in another order.
    """
    data = _serialised(make_relative(lines, iris.base), ox.RdfFormat.TURTLE, prefixes)
    data = data[len(_prefix_lines(prefixes)) : -1]
    indented = indent + data.replace(b"\n", b"\n" + indent) if indent else data
    return b" .\n\n".join(indented.split(b" .\n")) + b"\n"  # twice as fast as to replace


def _turtle(lines: bytes, graph: str, iris: Iris) -> bytes:
    return _turtle_body(lines, iris)


def _trig(lines: bytes, graph: str, iris: Iris) -> bytes:
    return _turtle_body(lines, iris, indent=b"\t")


def _trig_opening(graph: str, iris: Iris) -> bytes:
    """The graph's name as Turtle writes it, as the subject of some triple."""
    node = ox.NamedNode(graph)
    return _turtle_body(sort_key(ox.Triple(node, node, node)), iris).split(b" ", 1)[0] + b" {\n"


def _json_ld(lines: bytes, graph: str, iris: Iris) -> bytes:
    """Nodes of expanded JSON-LD, a line a node: without a context, nothing in it can be taken for a prefix.

    The values of a node's last property end with a bracket, and "@id" comes first. No text looks like this: a quote in
    it is escaped, and one that ends it is followed by no "@".
    """
    return _serialised(remove_marks(lines), ox.RdfFormat.JSON_LD)[1:-1].replace(b']},{"@', b']},\n{"@')


def _json_ld_opening(graph: str, iris: Iris) -> bytes:
    return f'\n{{"@id":{json.dumps(graph, ensure_ascii=False)},"@graph":[\n'.encode()


def _rdf_xml_head(iris: Iris) -> bytes:
    """The namespaces sorted."""
    data = _serialised(b"", ox.RdfFormat.RDF_XML)
    begin = data.index(b"<rdf:RDF ") + len(b"<rdf:RDF ")
    end = data.index(b">", begin)
    return data[:begin] + b" ".join(sorted(data[begin:end].split())) + b">\n"


def _rdf_xml(lines: bytes, graph: str, iris: Iris) -> bytes:
    """Carriage returns as references: XML would read a raw one as a line feed."""
    data = _serialised(remove_marks(lines), ox.RdfFormat.RDF_XML)
    _check_xml(data)
    return data[data.index(b">\n", data.index(b"<rdf:RDF ")) + 2 : data.rindex(b"</rdf:RDF>")].replace(b"\r", b"&#13;")


def _check_xml(data: bytes) -> None:
    """Raises HamakgError for what XML cannot carry. Most data are cleared by a glance, many times as fast."""
    suspect = len(data.translate(None, _CONTROLS)) < len(data) or b"\xef\xbf" in data
    if suspect and (found := _NOT_IN_XML.search(data)):
        character = found[0].decode()
        raise HamakgError(
            f"RDF/XML cannot carry the character U+{ord(character):04X}; use another format, such as turtle"
        )


_LAYOUTS = {
    "turtle": _Layout(_turtle, _turtle_head, between=b"\n"),
    "nquads": _Layout(_n_quads),
    "trig": _Layout(_trig, _turtle_head, between=b"\n", opening=_trig_opening, closing=b"}\n", between_graphs=b"\n"),
    "ntriples": _Layout(_n_triples),
    "jsonld": _Layout(
        _json_ld,
        lambda names: b"[",
        b"\n]\n",
        between=b",\n",
        opening=_json_ld_opening,
        closing=b"\n]}",
        between_graphs=b",",
    ),
    "rdfxml": _Layout(_rdf_xml, _rdf_xml_head, b"</rdf:RDF>"),
}
