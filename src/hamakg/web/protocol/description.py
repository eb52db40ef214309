"""What the service says of itself, for programs (https://www.w3.org/TR/sparql11-service-description/)."""

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
_UNIQUE = {
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
"""Of https://www.w3.org/ns/formats/, by our names for them."""

_GEOSPARQL = "http://www.opengis.net/def/function/geosparql/"
_FUNCTIONS = (
    *("distance", "envelope", "asGeoJSON", "getSRID"),
    *("sfEquals", "sfDisjoint", "sfIntersects", "sfTouches", "sfCrosses", "sfWithin", "sfContains", "sfOverlaps"),
    *("ehEquals", "ehDisjoint", "ehMeet", "ehOverlap", "ehCovers", "ehCoveredBy", "ehInside", "ehContains"),
    *("rcc8eq", "rcc8dc", "rcc8ec", "rcc8po", "rcc8tppi", "rcc8tpp", "rcc8ntpp", "rcc8ntppi"),
)
"""Those of GeoSPARQL that the engine knows (https://docs.ogc.org/is/22-047r1/22-047r1.html)."""


def service_description(snapshot: ox.Store, endpoint: str, settings: Settings, form: Format) -> bytes:
    """The endpoint, what it understands and writes, and the graphs of its data set; no blank nodes."""
    dataset, default = ox.NamedNode(f"{endpoint}#dataset"), ox.NamedNode(f"{endpoint}#default")
    service = ox.NamedNode(f"{endpoint}#service")
    languages = ["SPARQL11Query", *(["SPARQL11Update"] if settings.token else [])]
    features = ["UnionDefaultGraph", *(["BasicFederatedQuery"] if settings.services else [])]
    triples = [
        _triple(service, "rdf:type", SD + "Service"),
        _triple(service, "sd:endpoint", endpoint),
        *(_triple(service, "sd:supportedLanguage", SD + language) for language in languages),
        *(_triple(service, "sd:feature", SD + feature) for feature in features),
        *(_triple(service, "sd:resultFormat", _FORMATS + _UNIQUE[row.name]) for row in (*SOLUTIONS, *GRAPHS)),
        *(_triple(service, "sd:inputFormat", _FORMATS + _UNIQUE[row.name]) for row in GRAPHS if settings.token),
        *(_triple(service, "sd:extensionFunction", _GEOSPARQL + name) for name in _FUNCTIONS),
        *(_triple(ox.NamedNode(_GEOSPARQL + name), "rdf:type", SD + "Function") for name in _FUNCTIONS),
        _triple(service, "sd:defaultDataset", dataset.value),
        _triple(dataset, "rdf:type", SD + "Dataset"),
        _triple(dataset, "sd:defaultGraph", default.value),
        _triple(default, "rdf:type", SD + "Graph"),
    ]
    for number, graph in enumerate(sorted(graph.value for graph in snapshot.named_graphs()), start=1):
        named = ox.NamedNode(f"{endpoint}#graph-{number}")
        triples += [
            _triple(dataset, "sd:namedGraph", named.value),
            _triple(named, "rdf:type", SD + "NamedGraph"),
            _triple(named, "sd:name", graph),
        ]
    written = ox.serialize(triples, format=cast(ox.RdfFormat, form.writer), prefixes={**PREFIXES, "sd": SD})
    return cast(bytes, written)


@lru_cache(maxsize=2)
def dataset_description(snapshot: ox.Store, endpoint: str, iris: Iris) -> bytes:
    """All that is served, counted, in VoID and DCAT as Turtle; seconds for a large store, once a generation."""
    graphs = sorted(graph.value for graph in snapshot.named_graphs() if isinstance(graph, ox.NamedNode))
    return describe_dataset(
        count_contents(snapshot, graphs, iris), read_sources(snapshot, graphs, iris), None, "", iris, endpoint=endpoint
    )


def _triple(subject: ox.NamedNode, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(subject, term(predicate), ox.NamedNode(value))
