"""What follows from all articles together, each with the label that the graph of entities has for what it names."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from hamakg.graph.values import Resource, boolean, build_quads, individual, integer, text, typed
from hamakg.model import CasualtyTotal, ControlPeriod, Happening, Ref
from hamakg.rdf.iris import Iris
from hamakg.rdf.labels import label_casualty_total, label_control_period
from hamakg.rdf.terms import english, term


def build_control_quads(periods: Iterable[ControlPeriod], store: Store, iris: Iris) -> list[Quad]:
    """``graph/derived/control``: who held which place in which days, with the events that it rests on."""
    labels = _Labels(store, iris)
    return list(build_quads((_control(period, labels) for period in periods), iris.graph("derived/control"), iris))


def build_happening_quads(found: Iterable[Happening], iris: Iris) -> list[Quad]:
    """``graph/derived/happenings``: which events tell one happening, and in what they agree and differ."""
    resources = (resource for happening in found for resource in _happening(happening))
    return list(build_quads(resources, iris.graph("derived/happenings"), iris))


def build_total_quads(totals: Iterable[CasualtyTotal], store: Store, iris: Iris) -> list[Quad]:
    """``graph/derived/totals``: the range that the figures of one quantity span."""
    labels = _Labels(store, iris)
    return list(build_quads((_total(total, labels) for total in totals), iris.graph("derived/totals"), iris))


def build_inferred_quads(triples: Iterable[Triple], graph: str) -> list[Quad]:
    """What follows from one graph by the ontology, in the named graph ``graph``."""
    return [Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph)) for triple in triples]


class _Labels:
    """The labels of resources by their ids."""

    def __init__(self, store: Store, iris: Iris) -> None:
        self._store, self._iris = store, iris
        self._graph = NamedNode(iris.graph("entities"))

    def __getitem__(self, ref: Ref) -> str:
        subject = NamedNode(self._iris.resource(ref))
        found = self._store.quads_for_pattern(subject, term("rdfs:label"), None, self._graph)
        return next((q.object.value for q in found if isinstance(q.object, Literal)), ref)


def _control(period: ControlPeriod, labels: _Labels) -> Resource:
    who = [labels[party] for party in period.controllers]
    return (
        period.id,
        {
            "rdf:type": term("hama:ControlPeriod"),
            "rdfs:label": english(label_control_period(period, who, labels[period.place])),
            "hama:place": period.place,
            "hama:controller": period.controllers,
            "hama:startDate": typed(period.start, "xsd:date"),
            "hama:endDate": typed(period.end, "xsd:date"),
            "hama:standing": individual(period.standing),
            "hama:contested": boolean(period.contested),
            "prov:wasDerivedFrom": period.events,
        },
    )


def _happening(happening: Happening) -> Iterator[Resource]:
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


def _total(total: CasualtyTotal, labels: _Labels) -> Resource:
    victims = labels[total.victims] if total.victims else total.victim_description
    whose = victims or (labels[total.side] if total.side else labels[total.conflict])
    return (
        total.id,
        {
            "rdf:type": term("hama:CasualtyTotal"),
            "rdfs:label": english(label_casualty_total(total, whose)),
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
