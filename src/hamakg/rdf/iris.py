"""The namespaces of our data, and the IRIs of one installation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import NamedNode

from hamakg.errors import UsageError
from hamakg.model import Ref

HAMA = "https://w3id.org/hamakg/ontology#"
BASE = "https://w3id.org/hamakg/"

PREFIXES = {
    "hama": HAMA,
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "prov": "http://www.w3.org/ns/prov#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "time": "http://www.w3.org/2006/time#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "schema": "https://schema.org/",
    "wd": "http://www.wikidata.org/entity/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "void": "http://rdfs.org/ns/void#",
}

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

_ENTITIES = "graph/entities"
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`#?]+/")


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs of one installation; ``base`` is a setting and ends with a slash."""

    base: str = BASE

    def resource(self, ref: Ref) -> str:
        """The IRI of a thing by its id."""
        return f"{self.base}resource/{ref}"

    def ref(self, iri: str) -> Ref:
        """The id of the thing that an IRI of this installation names."""
        return iri.removeprefix(self.resource(""))

    def short(self, iri: str) -> str:
        """The IRI as people read it: a resource's id, a prefixed name (``hama:Capture``), or else the IRI itself."""
        if iri.startswith(self.resource("")):
            return self.ref(iri)
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri

    def graph(self, name: str) -> str:
        """The IRI of a named graph: ``entities``, ``ontology``, ``dataset``, ``links``, …"""
        return f"{self.base}graph/{name}"

    def article_graph(self, slug: str) -> str:
        """The IRI of the graph of what one article says."""
        return self.graph(f"article/{slug}")

    def inferred_graph(self, graph: str) -> str:
        """The IRI of the graph of what follows from the graph of this IRI by the ontology."""
        return self.graph(f"inferred/{graph.removeprefix(self.graph(''))}")


def iris_at(base: str) -> Iris:
    """The IRIs below a base. Raises UsageError unless it is an http(s) IRI that ends with a slash."""
    if not _BASE.fullmatch(base):
        raise UsageError(f"{base!r} cannot be a base: give an http or https IRI that ends with '/', as {BASE} does")
    return Iris(base)


def iris_of(store: pyoxigraph.Store) -> Iris:
    """The IRIs that the data of a store are named by: a store is built under one base and keeps it."""
    return iris_among(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))


def iris_among(graphs: Iterable[str]) -> Iris:
    """The IRIs that data in these graphs are named by: the graph of the entities tells it."""
    for graph in graphs:
        if graph.endswith(_ENTITIES):
            return Iris(graph.removesuffix(_ENTITIES))
    return Iris()
