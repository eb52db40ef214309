"""Dumps: sorted, so that the same content gives the same bytes however it was built, and laid out to be read."""

import json
import re
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from io import BytesIO
from types import MappingProxyType
from typing import BinaryIO

import pyoxigraph as ox

from hamakg.errors import HamakgError, UsageError
from hamakg.terms import HAMA, PREFIXES, Names

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

# What comes first under a subject; then the ontology's own properties, then the others, by the alphabet.
_FIRST = ("rdf:type", "rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel")
_RANKS = {PREFIXES[prefix] + local: n for n, (prefix, local) in enumerate(name.split(":") for name in _FIRST)}

# https://www.w3.org/TR/xml/#charsets, as UTF-8
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def dump(store: ox.Store, fmt: str, out: BinaryIO, graphs: Collection[str] | None, names: Names) -> None:
    """Write graphs of the store in the format ``fmt`` (of FORMATS): all articles and the entities, or ``graphs``.

    A graph is named by its IRI or the part of it below ``graph/``. A format of triples gets the union of the graphs.
    Raises UsageError for an unknown format or graph, HamakgError for text that the format cannot carry.
    """
    if fmt not in FORMATS:
        raise UsageError(f"unknown format {fmt!r}; there are {', '.join(FORMATS)}")
    quads = _canonical([quad for graph in _chosen(store, graphs, names) for quad in _in_graph(store, graph)])
    data = _serialised(quads, FORMATS[fmt])
    out.write(_FINISH[fmt](data, names) if fmt in _FINISH else data)


def _serialised(quads: Iterable[ox.Quad], rdf: ox.RdfFormat) -> bytes:
    buffer = BytesIO()
    if rdf.supports_datasets:
        in_order = sorted(quads, key=lambda quad: (str(quad.graph_name), *_order(quad.triple)))
        ox.serialize(in_order, buffer, format=rdf, prefixes=PREFIXES)
    else:
        ox.serialize(sorted({quad.triple for quad in quads}, key=_order), buffer, format=rdf, prefixes=PREFIXES)
    return buffer.getvalue()


def _chosen(store: ox.Store, graphs: Collection[str] | None, names: Names) -> list[ox.NamedNode]:
    there = {graph.value: graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)}
    if graphs is None:
        articles, entities = names.article_graph(""), names.graph("entities")
        return [graph for iri, graph in there.items() if iri.startswith(articles) or iri == entities]
    return [_graph(name, there, names) for name in dict.fromkeys(graphs)]


def _graph(name: str, there: dict[str, ox.NamedNode], names: Names) -> ox.NamedNode:
    for iri in (name, names.graph(name)):
        if iri in there:
            return there[iri]
    short = [iri.removeprefix(names.graph("")) for iri in sorted(there)]
    near = get_close_matches(name, short)
    raise UsageError(f"no graph {name!r} in the store" + (f"; did you mean {' or '.join(near)}?" if near else ""))


def _in_graph(store: ox.Store, graph: ox.NamedNode) -> Iterable[ox.Quad]:
    return store.quads_for_pattern(None, None, None, graph)


def _canonical(quads: list[ox.Quad]) -> list[ox.Quad]:
    """Blank nodes (the ontology may have some) under names that depend on the content alone."""
    if not any(isinstance(term, ox.BlankNode) for quad in quads for term in quad):
        return quads
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _order(triple: ox.Triple) -> tuple[str, int, str, str]:
    predicate = triple.predicate.value
    rank = _RANKS.get(predicate, len(_RANKS) + (not predicate.startswith(HAMA)))
    return str(triple.subject), rank, predicate, str(triple.object)


# ---------------------------------------------------------------- layout: the serialiser orders prefixes by chance


def _turtle(data: bytes, names: Names) -> bytes:
    """A sorted head, IRIs of this installation relative to its base, and a blank line after each subject.

    The serialiser writes a literal on one line, in plain double quotes.
    """
    head = f"@base <{names.base}> .\n" + "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in sorted(PREFIXES.items()))
    body = re.sub(rb"(?m)^@prefix .*\n", b"", data)
    # A path with a dot stays whole: "." and ".." are special in a relative IRI (RFC 3986, section 5.2.4).
    own = rb'("(?:[^"\\]|\\.)*")|<%s((?:resource|graph)/[^>.]*>)' % re.escape(names.base.encode())
    body = re.sub(own, lambda found: found[1] or b"<" + found[2], body)
    return (
        head.encode() + b"\n" + body.replace(b" .\n", b" .\n\n").replace(b"\n\n}\n", b"\n}\n\n").rstrip(b"\n") + b"\n"
    )


def _json_ld(data: bytes, names: Names) -> bytes:
    """Expanded JSON-LD: without a context, nothing in it can be taken for a prefix."""
    return json.dumps(json.loads(data), ensure_ascii=False, indent=1).encode() + b"\n"


def _rdf_xml(data: bytes, names: Names) -> bytes:
    """The namespaces sorted, carriage returns as references (XML would read a raw one as a line feed)."""
    if found := _NOT_IN_XML.search(data):
        character = found[0].decode()
        raise HamakgError(
            f"RDF/XML cannot carry the character U+{ord(character):04X}; use another format, such as turtle"
        )
    begin = data.index(b"<rdf:RDF ") + len(b"<rdf:RDF ")
    end = data.index(b">", begin)
    return (data[:begin] + b" ".join(sorted(data[begin:end].split())) + data[end:]).replace(b"\r", b"&#13;")


_FINISH: dict[str, Callable[[bytes, Names], bytes]] = {
    "turtle": _turtle,
    "trig": _turtle,
    "jsonld": _json_ld,
    "rdfxml": _rdf_xml,
}
