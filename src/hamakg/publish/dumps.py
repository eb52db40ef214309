"""Dumps: sorted, so that the same content gives the same bytes however it was built, and laid out to be read.

Written piece by piece: graph by graph, and within a graph a few thousand lines at a time, up to the end of a subject.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import chain, islice
from types import MappingProxyType
from typing import IO, BinaryIO, cast

import pyoxigraph as ox

from hamakg.errors import HamakgError, UsageError
from hamakg.publish.order import Sorter, with_blank_nodes
from hamakg.terms import PREFIXES, Names

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

Triples = Iterable[ox.Triple] | Iterable[ox.Quad]

# https://www.w3.org/TR/xml/#charsets, as UTF-8
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def dump(store: ox.Store, fmt: str, out: BinaryIO, graphs: Iterable[str], names: Names) -> None:
    """Write the graphs of the store, by their IRIs, in the format ``fmt`` (of FORMATS).

    A format of triples gets the union of the graphs. Memory does not grow with what is written. Raises UsageError for
    an unknown format, HamakgError for text that the format cannot carry, and where there is no room to sort.
    """
    if fmt not in FORMATS:
        raise UsageError(f"unknown format {fmt!r}; there are {', '.join(FORMATS)}")
    source = _Source(store, sorted(graphs, key="{}>".format))  # in the order of "<IRI>"
    for piece in _written(source.graphs() if FORMATS[fmt].supports_datasets else source.union(), _LAYOUTS[fmt], names):
        out.write(piece)


def turtle(triples: Triples, names: Names, prefixes: Mapping[str, str]) -> bytes:
    """A document of the triples in their order, laid out as dumps are; for what fits into memory."""
    return _turtle_head(names, prefixes) + _turtle_body(triples, names, prefixes)


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
        return with_blank_nodes(chain.from_iterable(found))


# ---------------------------------------------------------------- layout: the serialiser orders prefixes by chance


@dataclass(frozen=True, slots=True)
class _Layout:
    """What stands around and between the pieces of a dump; ``body`` makes of a piece in N-Triples one in the format."""

    body: Callable[[bytes, str, Names], bytes]
    head: Callable[[Names], bytes] = lambda names: b""
    tail: bytes = b""
    between: bytes = b""
    opening: Callable[[str, Names], bytes] = lambda graph, names: b""
    closing: bytes = b""
    between_graphs: bytes = b""


def _written(graphs: Iterable[tuple[str, Iterator[bytes]]], layout: _Layout, names: Names) -> Iterator[bytes]:
    yield layout.head(names)
    joint = b""
    for graph, pieces in graphs:
        for piece in islice(pieces, 1):
            yield joint + layout.opening(graph, names) + layout.body(piece, graph, names)
            for later in pieces:
                yield layout.between + layout.body(later, graph, names)
            yield layout.closing
            joint = layout.between_graphs
    yield layout.tail


def _parsed(lines: bytes) -> Iterator[ox.Quad]:
    """Lenient, which is twice as fast: what the store wrote was checked when it went in."""
    return ox.parse(lines, format=ox.RdfFormat.N_TRIPLES, lenient=True)


def _serialised(triples: Triples, rdf: ox.RdfFormat, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    buffer = BytesIO()
    ox.serialize(triples, buffer, format=rdf, prefixes=dict(prefixes))
    return buffer.getvalue()


def _quads(lines: bytes, graph: str, names: Names) -> bytes:
    return lines.replace(b" .\n", f" <{graph}> .\n".encode())  # within a line no line ends


def _turtle_head(names: Names, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """Prefixes sorted, and the base of this installation."""
    lines = [f"@base <{names.base}> .\n", *(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(prefixes.items())), "\n"]
    return "".join(lines).encode()


def _turtle_body(triples: Triples, names: Names, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """IRIs of this installation relative to its base, and a blank line between two subjects.

    The serialiser writes a literal on one line, in plain double quotes.
    """
    data = re.sub(rb"(?m)^@prefix .*\n", b"", _serialised(triples, ox.RdfFormat.TURTLE, prefixes))
    # A path with a dot stays whole: "." and ".." are special in a relative IRI (RFC 3986, section 5.2.4).
    own = rb'("[^"\\]*(?:\\.[^"\\]*)*")|<%s((?:resource|graph)/[^>.]*>)' % re.escape(names.base.encode())
    data = re.sub(own, lambda found: found[1] or b"<" + found[2], data)
    return data.replace(b" .\n", b" .\n\n")[:-1]


def _trig_opening(graph: str, names: Names) -> bytes:
    """The graph's name as Turtle writes it, as the subject of some triple."""
    node = ox.NamedNode(graph)
    return _turtle_body([ox.Triple(node, node, node)], names).split(b" ", 1)[0] + b" {\n"


def _trig(lines: bytes, graph: str, names: Names) -> bytes:
    return re.sub(rb"(?m)^(?=.)", b"\t", _turtle_body(_parsed(lines), names))


def _json_ld(lines: bytes, graph: str, names: Names) -> bytes:
    """Nodes of expanded JSON-LD: without a context, nothing in it can be taken for a prefix."""
    nodes = json.loads(_serialised(_parsed(lines), ox.RdfFormat.JSON_LD))
    laid_out = json.dumps(nodes, ensure_ascii=False, indent=1)
    return laid_out[1:-2].replace("\n", "\n  ").encode()


def _json_ld_opening(graph: str, names: Names) -> bytes:
    return f'\n {{\n  "@id": {json.dumps(graph, ensure_ascii=False)},\n  "@graph": ['.encode()


def _rdf_xml_head(names: Names) -> bytes:
    """The namespaces sorted."""
    data = _serialised((), ox.RdfFormat.RDF_XML)
    begin = data.index(b"<rdf:RDF ") + len(b"<rdf:RDF ")
    end = data.index(b">", begin)
    return data[:begin] + b" ".join(sorted(data[begin:end].split())) + b">\n"


def _rdf_xml(lines: bytes, graph: str, names: Names) -> bytes:
    """Carriage returns as references: XML would read a raw one as a line feed."""
    data = _serialised(_parsed(lines), ox.RdfFormat.RDF_XML)
    if found := _NOT_IN_XML.search(data):
        character = found[0].decode()
        raise HamakgError(
            f"RDF/XML cannot carry the character U+{ord(character):04X}; use another format, such as turtle"
        )
    return data[data.index(b">\n", data.index(b"<rdf:RDF ")) + 2 : data.rindex(b"</rdf:RDF>")].replace(b"\r", b"&#13;")


_LAYOUTS = {
    "turtle": _Layout(lambda lines, graph, names: _turtle_body(_parsed(lines), names), _turtle_head, between=b"\n"),
    "nquads": _Layout(_quads),
    "trig": _Layout(_trig, _turtle_head, between=b"\n", opening=_trig_opening, closing=b"}\n", between_graphs=b"\n"),
    "ntriples": _Layout(lambda lines, graph, names: lines),
    "jsonld": _Layout(
        _json_ld,
        lambda names: b"[",
        b"\n]\n",
        between=b",",
        opening=_json_ld_opening,
        closing=b"\n  ]\n }",
        between_graphs=b",",
    ),
    "rdfxml": _Layout(_rdf_xml, _rdf_xml_head, b"</rdf:RDF>"),
}
