"""Builds the graphs of what is derived from all articles together: control, happenings, totals, inferred triples."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from hamakg.graph.values import Resource, boolean, build_quads, individual, integer, text, typed
from hamakg.model import CasualtyTotal, ControlPeriod, Happening, Ref
from hamakg.rdf.iris import Iris
from hamakg.rdf.labels import label_casualty_total, label_control_period
from hamakg.rdf.terms import english, term


def build_control_quads(periods: Iterable[ControlPeriod], store: Store, iris: Iris) -> list[Quad]:
    """``graph/derived/control``: who held which place on which days, with the events that show it."""
    labels = _Labels(store, iris)
    return list(
        build_quads((_describe_control(period, labels) for period in periods), iris.graph("derived/control"), iris)
    )


def build_happening_quads(happenings: Iterable[Happening], iris: Iris) -> list[Quad]:
    """``graph/derived/happenings``: which events tell the same happening, and where they agree and differ."""
    resources = (resource for happening in happenings for resource in _describe_happening(happening))
    return list(build_quads(resources, iris.graph("derived/happenings"), iris))


def build_total_quads(totals: Iterable[CasualtyTotal], store: Store, iris: Iris) -> list[Quad]:
    """``graph/derived/totals``: the ranges of casualty figures for the same people."""
    labels = _Labels(store, iris)
    return list(build_quads((_describe_total(total, labels) for total in totals), iris.graph("derived/totals"), iris))


def build_inferred_quads(triples: Iterable[Triple], graph: str) -> list[Quad]:
    """The triples in the named graph ``graph``, a graph below ``graph/inferred/``."""
    return [Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph)) for triple in triples]


class _Labels:
    """The labels of resources by id, as the graph of entities has them."""

    def __init__(self, store: Store, iris: Iris) -> None:
        self._store, self._iris = store, iris
        self._graph = NamedNode(iris.graph("entities"))

    def __getitem__(self, ref: Ref) -> str:
        subject = NamedNode(self._iris.resource(ref))
        quads = self._store.quads_for_pattern(subject, term("rdfs:label"), None, self._graph)
        return next((quad.object.value for quad in quads if isinstance(quad.object, Literal)), ref)


def _describe_control(period: ControlPeriod, labels: _Labels) -> Resource:
    controllers = [labels[party] for party in period.controllers]
    return (
        period.id,
        {
            "rdf:type": term("hama:ControlPeriod"),
            "rdfs:label": english(label_control_period(period, controllers, labels[period.place])),
            "hama:place": period.place,
            "hama:controller": period.controllers,
            "hama:startDate": typed(period.start, "xsd:date"),
            "hama:endDate": typed(period.end, "xsd:date"),
            "hama:standing": individual(period.standing),
            "hama:contested": boolean(period.contested),
            "prov:wasDerivedFrom": period.events,
        },
    )


def _describe_happening(happening: Happening) -> Iterator[Resource]:
    yield (
        happening.id,
        {
            "rdf:type": term("hama:Happening"),
            "rdfs:label": english(happening.label),
            "hama:place": happening.places,
            "hama:startDate": typed(happening.start, "xsd:date"),
            "hama:endDate": typed(happening.end, "xsd:date"),
            "hama:agreesIn": [NamedNode(prop) for prop in happening.agrees],
            "hama:differsIn": [NamedNode(prop) for prop in happening.differs],
            "prov:wasDerivedFrom": happening.events,
        },
    )
    for event in happening.events:
        yield event, {"hama:tellingOf": happening.id}


def _describe_total(total: CasualtyTotal, labels: _Labels) -> Resource:
    victims = labels[total.victims] if total.victims else total.victim_description
    people = victims or (labels[total.side] if total.side else labels[total.conflict])
    return (
        total.id,
        {
            "rdf:type": term("hama:CasualtyTotal"),
            "rdfs:label": english(label_casualty_total(total, people)),
            "hama:totalOf": total.conflict,
            "hama:casualtyKind": individual(total.kind),
            "hama:minimum": integer(total.minimum),
            "hama:maximum": integer(total.maximum),
            "hama:onSide": total.side,
            "hama:victims": total.victims,
            "hama:victimDescription": text(total.victim_description),
            "prov:wasDerivedFrom": total.reports,
        },
    )
