"""Describes the service (https://www.w3.org/TR/sparql11-service-description/) and its data, for programs."""

from functools import lru_cache
from typing import cast

import pyoxigraph as ox

from hamakg.publish import count_contents, describe_dataset, read_sources
from hamakg.rdf.iris import DESCRIPTION_PREFIXES, PREFIXES, Iris
from hamakg.rdf.terms import term
from hamakg.web.protocol.formats import GRAPHS, SOLUTIONS, Format
from hamakg.web.service import Settings

SD = DESCRIPTION_PREFIXES["sd"]
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_IRIS = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
}
"""The local names of https://www.w3.org/ns/formats/, by the names of the formats here."""

_GEOSPARQL = "http://www.opengis.net/def/function/geosparql/"
_FUNCTIONS = (
    *("distance", "envelope", "asGeoJSON", "getSRID"),
    *("sfEquals", "sfDisjoint", "sfIntersects", "sfTouches", "sfCrosses", "sfWithin", "sfContains", "sfOverlaps"),
    *("ehEquals", "ehDisjoint", "ehMeet", "ehOverlap", "ehCovers", "ehCoveredBy", "ehInside", "ehContains"),
    *("rcc8eq", "rcc8dc", "rcc8ec", "rcc8po", "rcc8tppi", "rcc8tpp", "rcc8ntpp", "rcc8ntppi"),
)
"""The functions of GeoSPARQL that the engine knows (https://docs.ogc.org/is/22-047r1/22-047r1.html)."""


def describe_service(snapshot: ox.Store, endpoint: str, settings: Settings, form: Format) -> bytes:
    """Describes the endpoint, its languages and formats, and the graphs of its data set; without blank nodes."""
    dataset, default = ox.NamedNode(f"{endpoint}#dataset"), ox.NamedNode(f"{endpoint}#default")
    service = ox.NamedNode(f"{endpoint}#service")
    languages = ["SPARQL11Query", *(["SPARQL11Update"] if settings.token else [])]
    features = ["UnionDefaultGraph", *(["BasicFederatedQuery"] if settings.services else [])]
    triples = [
        _make_triple(service, "rdf:type", SD + "Service"),
        _make_triple(service, "sd:endpoint", endpoint),
        *(_make_triple(service, "sd:supportedLanguage", SD + language) for language in languages),
        *(_make_triple(service, "sd:feature", SD + feature) for feature in features),
        *(_make_triple(service, "sd:resultFormat", _FORMATS + _FORMAT_IRIS[row.name]) for row in (*SOLUTIONS, *GRAPHS)),
        *(
            _make_triple(service, "sd:inputFormat", _FORMATS + _FORMAT_IRIS[row.name])
            for row in GRAPHS
            if settings.token
        ),
        *(_make_triple(service, "sd:extensionFunction", _GEOSPARQL + name) for name in _FUNCTIONS),
        *(_make_triple(ox.NamedNode(_GEOSPARQL + name), "rdf:type", SD + "Function") for name in _FUNCTIONS),
        _make_triple(service, "sd:defaultDataset", dataset.value),
        _make_triple(dataset, "rdf:type", SD + "Dataset"),
        _make_triple(dataset, "sd:defaultGraph", default.value),
        _make_triple(default, "rdf:type", SD + "Graph"),
    ]
    for number, graph in enumerate(sorted(graph.value for graph in snapshot.named_graphs()), start=1):
        named = ox.NamedNode(f"{endpoint}#graph-{number}")
        triples += [
            _make_triple(dataset, "sd:namedGraph", named.value),
            _make_triple(named, "rdf:type", SD + "NamedGraph"),
            _make_triple(named, "sd:name", graph),
        ]
    written = ox.serialize(triples, format=cast(ox.RdfFormat, form.writer), prefixes={**PREFIXES, "sd": SD})
    return cast(bytes, written)


@lru_cache(maxsize=2)
def describe_data(snapshot: ox.Store, endpoint: str, iris: Iris) -> bytes:
    """Describes and counts all data in VoID and DCAT, as Turtle; takes seconds for a large store, once a generation."""
    graphs = sorted(graph.value for graph in snapshot.named_graphs() if isinstance(graph, ox.NamedNode))
    return describe_dataset(
        count_contents(snapshot, graphs, iris), read_sources(snapshot, graphs, iris), None, "", iris, endpoint=endpoint
    )


def _make_triple(subject: ox.NamedNode, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(subject, term(predicate), ox.NamedNode(value))
