"""The namespaces of our data, and the IRIs of one installation.

``Iris.shorten`` is written by hand and does not use ``curies.Converter``: importing curies loads pydantic, which takes
0.2 s and 23 MB in every command and in each worker of the server, and a resource's id is shown without a prefix anyway.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

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

DESCRIPTION_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
}
"""Namespaces that only descriptions of the data set and of the service use; dumps of the data do not declare them."""

_ENTITIES = "graph/entities"
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`#?]+/")


@dataclass(frozen=True, slots=True)
class Iris:
    """Makes the IRIs of one installation; ``base`` is a setting and ends with a slash."""

    base: str = BASE

    @classmethod
    def from_base(cls, base: str) -> Self:
        """The IRIs below a base. Raises UsageError unless it is an http(s) IRI that ends with a slash."""
        if not _BASE.fullmatch(base):
            raise UsageError(f"{base!r} cannot be a base: give an http or https IRI that ends with '/', as {BASE} does")
        return cls(base)

    @classmethod
    def from_store(cls, store: pyoxigraph.Store) -> Self:
        """The IRIs that the data in a store have; all of them were built with one base."""
        return cls.from_graphs(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))

    @classmethod
    def from_graphs(cls, graphs: Iterable[str]) -> Self:
        """The IRIs that data in these graphs have. The graph of entities shows the base; without one it is BASE."""
        for graph in graphs:
            base = graph.removesuffix(_ENTITIES)
            if base != graph and _BASE.fullmatch(base):
                return cls(base)
        return cls()

    def resource(self, ref: Ref) -> str:
        """The IRI of a resource by its id."""
        return f"{self.base}resource/{ref}"

    def ref(self, iri: str) -> Ref:
        """The id of the resource that an IRI of this installation names."""
        return iri.removeprefix(self.resource(""))

    def shorten(self, iri: str) -> str:
        """The IRI as people read it: a resource's id, a prefixed name (``hama:Capture``), or else the IRI itself."""
        if iri.startswith(self.resource("")):
            return self.ref(iri)
        for prefix, namespace in PREFIXES.items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri

    def graph(self, name: str) -> str:
        """The IRI of a named graph: ``entities``, ``ontology``, ``dataset``, ``links`` and others."""
        return f"{self.base}graph/{name}"

    def article_graph(self, slug: str) -> str:
        """The IRI of the graph that holds what one article says."""
        return self.graph(f"article/{slug}")

    def inferred_graph(self, graph: str) -> str:
        """The IRI of the graph that holds what the ontology infers from the graph of this IRI."""
        return self.graph(f"inferred/{graph.removeprefix(self.graph(''))}")
