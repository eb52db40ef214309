"""A large graph: a place to which many triples point."""

from collections.abc import Iterator

import pyoxigraph as ox

from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term

EVENTS = 300_000
"""How many events happen at the place."""

TRIPLES = 2 + 3 * EVENTS + EVENTS // 2

_IRIS = Iris()


def make_quads() -> Iterator[ox.Quad]:
    """One graph: a place, and events there, with three or four triples each."""
    graph, place = ox.NamedNode(_IRIS.graph("article/big")), ox.NamedNode(_IRIS.resource("place/crowded"))
    yield ox.Quad(place, term("rdf:type"), term("hama:Place"), graph)
    yield ox.Quad(place, term("rdfs:label"), ox.Literal("Crowded", language="en"), graph)
    for number in range(EVENTS):
        event = ox.NamedNode(_IRIS.resource(f"aba/event/{number}"))
        yield ox.Quad(event, term("hama:place"), place, graph)
        yield ox.Quad(event, term("rdf:type"), term("hama:Capture"), graph)
        yield ox.Quad(event, term("hama:factuality"), term("hama:Actual"), graph)
        if number % 2:
            day = ox.Literal(f"2014-{number % 12 + 1:02}-01", datatype=term("xsd:date"))
            yield ox.Quad(event, term("hama:startDate"), day, graph)
