"""Facts to quads with their provenance: the only place that shapes RDF.

One function a class of the ontology, each a table of its properties. In a table a plain string is the id of a resource;
literals and terms are pyoxigraph's; None is what the article does not say, and gives no quad. No blank nodes.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, Store

from hamakg.labels import labels_of
from hamakg.model import (
    Article,
    ArticleFacts,
    CasualtyReport,
    Citation,
    Claim,
    Command,
    Conflict,
    Entity,
    EquipmentLossReport,
    Event,
    Fate,
    Interval,
    Participation,
    Passage,
    Ref,
    Side,
    StrengthReport,
)
from hamakg.terms import EDTF, PREFIXES, Names, article_id, wikipedia_page

Value = Ref | Literal | NamedNode
Properties = Mapping[str, Value | Iterable[Value] | None]
Resource = tuple[Ref, Properties]

_LANGUAGE = "en"
_CONFLICT_CLASSES = ("War", "Campaign", "Offensive", "Battle", "Siege")
_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+")


def article_quads(facts: ArticleFacts, names: Names) -> list[Quad]:
    """All that the article says, in its own named graph; every quad once, in a steady order.

    Raises KeyError if a fact refers to an entity or side that ``facts`` does not describe.
    """
    graph = NamedNode(names.article_graph(facts.article.slug))
    quads = (
        Quad(NamedNode(names.resource(ref)), term(prop), _object(value, names), graph)
        for ref, properties in _resources(facts)
        for prop, values in properties.items()
        for value in _values(values)
    )
    return list(dict.fromkeys(quads))


def entity_quads(store: Store, names: Names) -> list[Quad]:
    """``graph/entities``: one ``rdfs:label`` of each resource, its types and its other names, over all articles.

    The label is the name that most articles use, of equals the alphabetically first; the others stay as
    ``skos:altLabel``. A pure function of the article graphs: the order in which they were built does not matter.
    """
    preferred, types = _by_subject(store, "skos:prefLabel", names), _by_subject(store, "rdf:type", names)
    other, hidden = _by_subject(store, "skos:altLabel", names), _by_subject(store, "skos:hiddenLabel", names)
    graph = NamedNode(names.graph("entities"))
    quads = []
    for subject in sorted(preferred, key=str):
        label = min(preferred[subject], key=lambda name: (-preferred[subject][name], name.value))
        alt = (preferred[subject].keys() | other[subject].keys()) - {label}
        found = {
            "rdfs:label": [label],
            "rdf:type": types[subject],
            "skos:altLabel": alt,
            "skos:hiddenLabel": hidden[subject].keys() - alt - {label},
        }
        quads += [
            Quad(subject, term(prop), value, graph)
            for prop, values in found.items()
            for value in sorted(values, key=str)
        ]
    return quads


@cache
def term(name: str) -> NamedNode:
    """The term of a prefixed name such as ``hama:agent``; KeyError for a prefix that ``terms.PREFIXES`` lacks."""
    prefix, local = name.split(":", 1)
    return NamedNode(PREFIXES[prefix] + local)


# ---------------------------------------------------------------- what an article describes


def _resources(facts: ArticleFacts) -> Iterator[Resource]:
    box, home, labels = facts.infobox, article_id(facts.article.slug), labels_of(facts)
    for ref, label in labels.items():
        yield ref, {"skos:prefLabel": _english(label)}
    yield home, _article(facts.article)
    cited: dict[Ref, list[Ref]] = defaultdict(list)
    for source in facts.sources:
        yield source.id, _source(source.citation)
        for ref in source.passages:
            cited[ref].append(source.id)
    for passage in (*box.passages, *facts.passages):
        yield passage.id, _passage(passage, home, cited.get(passage.id, ()))
    yield from _conflict(box.conflict, home)
    for entity in facts.entities:
        yield entity.id, _entity(entity)
    for side in facts.sides:
        yield side.id, _side(side, box.conflict)
    for participation in box.participations:
        yield participation.id, _participation(participation)
        yield participation.participant, {"hama:subUnitOf": participation.under}
    for command in box.commands:
        yield command.id, _command(command)
    for strength in box.strengths:
        yield strength.id, _strength(strength)
    for report in (*box.casualties, *facts.casualties):
        yield report.id, _casualties(report)
    for lost in box.equipment:
        yield lost.id, _equipment_loss(lost)
    for event in facts.events:
        yield event.id, _event(event, box.conflict)
    for claim in (*box.claims, *facts.claims):
        yield claim.id, _claim(claim)


def _article(article: Article) -> Properties:
    return {
        "rdf:type": [term("hama:Article"), term("nif:Context")],
        "dcterms:title": _english(article.title),
        "dcterms:source": _web(article.source),
        "dcterms:license": _web(article.licence),
        "schema:version": _text(article.revision),
        "nif:isString": Literal(article.text),
    }


def _source(citation: Citation) -> Properties:
    return {
        "rdf:type": term("hama:CitedSource"),
        "dcterms:bibliographicCitation": Literal(citation.text),
        "dcterms:title": _text(citation.title),
        "dcterms:date": _text(citation.date),
        "dcterms:publisher": _text(citation.publisher),
        "schema:url": _web(citation.url) if citation.url else None,
    }


def _passage(passage: Passage, article: Ref, sources: Iterable[Ref]) -> Properties:
    return {
        "prov:wasQuotedFrom": list(sources),
        "rdf:type": term("hama:InfoboxField" if passage.field else "nif:Sentence"),
        "hama:fieldName": _text(passage.field),
        "nif:anchorOf": Literal(passage.text),
        "nif:beginIndex": _integer(passage.begin),
        "nif:endIndex": _integer(passage.end),
        "nif:referenceContext": article,
    }


def _conflict(conflict: Conflict, article: Ref) -> Iterator[Resource]:
    yield (
        conflict.id,
        {
            "rdf:type": term(f"hama:{conflict.type}"),
            **_other_names(conflict.name, conflict.names),
            "hama:describedBy": article,
            "hama:partOf": [ref for ref, _ in conflict.part_of],
            "hama:place": conflict.places,
            "hama:cause": _texts(conflict.causes),
            "hama:note": _texts(conflict.notes),
            **_point(conflict.coordinates),
            "hama:result": [Literal(result) for result in conflict.results],
            "hama:territory": [Literal(change) for change in conflict.territory],
            "hama:casualties": conflict.casualties,
            "prov:wasDerivedFrom": conflict.passages,
            **_occurrence_dates(conflict.interval),
        },
    )
    for ref, name in conflict.part_of:
        yield ref, {"rdf:type": _conflict_class(name)}


def _point(point: tuple[Decimal, Decimal] | None) -> Properties:
    """Latitude and longitude (https://www.w3.org/2003/01/geo/wgs84_pos); nothing for no point."""
    return {} if point is None else {"wgs:lat": _decimal(point[0]), "wgs:long": _decimal(point[1])}


def _conflict_class(name: str) -> NamedNode:
    """The class by the head of the name: a war, but not "an intervention in a war"."""
    head = re.split(r" (?:in|of|during|against|on|for|at)\b| \(|,", name)[0]
    last = head.split(" ")[-1].capitalize()
    return term(f"hama:{last if last in _CONFLICT_CLASSES else 'MilitaryConflict'}")


def _entity(entity: Entity) -> Properties:
    return {
        "rdf:type": term(f"hama:{entity.kind}"),
        **_other_names(entity.name, entity.names, entity.descriptions),
        "hama:placeKind": _text(entity.kind_word),
        "hama:within": entity.within,
        "schema:subjectOf": [_web(wikipedia_page(title)) for title in entity.pages],
    }


def _side(side: Side, conflict: Conflict) -> Properties:
    return {
        "rdf:type": term("hama:Side"),
        **_other_names(side.name, (), side.descriptions),
        "hama:sideOf": conflict.id,
        "hama:sideNumber": _integer(side.number),
        "hama:belligerent": side.belligerents,
        "hama:unit": side.units,
        "hama:represents": side.represents,
        "prov:wasDerivedFrom": side.passages,
    }


def _texts(texts: Iterable[str]) -> list[Literal]:
    return [Literal(text) for text in dict.fromkeys(texts)]


def _participation(participation: Participation) -> Properties:
    return {
        "rdf:type": term("hama:Participation"),
        "hama:participant": participation.participant,
        "hama:onSide": participation.side,
        "hama:front": _text(participation.front),
        "hama:group": _text(participation.group),
        "hama:under": participation.under,
        "hama:remark": _texts(participation.remarks),
        "prov:wasDerivedFrom": participation.passage,
    }


def _command(command: Command) -> Properties:
    return {
        "rdf:type": term("hama:Command"),
        "hama:commander": command.commander,
        "hama:onSide": command.side,
        "hama:rank": _text(command.rank),
        "hama:role": _text(command.role),
        "hama:fate": _individual(command.fate),
        "hama:killedInAction": _boolean(True) if command.fate is Fate.KILLED_IN_ACTION else None,
        "hama:remark": _texts(command.remarks),
        "prov:wasDerivedFrom": command.passage,
    }


def _report(report: StrengthReport | EquipmentLossReport | CasualtyReport) -> Properties:
    """What reports of all kinds have: a figure, whose it is, who says so."""
    return {
        "hama:minimum": _integer(report.minimum),
        "hama:maximum": _integer(report.maximum),
        "hama:onSide": report.side,
        "hama:accordingTo": report.according_to,
        "hama:standing": _individual(report.standing),
        "hama:remark": _texts(report.remarks),
        "prov:wasDerivedFrom": report.passage,
        **_dates(report.interval),
    }


def _strength(report: StrengthReport) -> Properties:
    return {
        "rdf:type": term("hama:StrengthReport"),
        "hama:party": report.party,
        "hama:countedAs": _text(report.counted_as),
        "hama:equipment": _text(report.equipment),
        **_report(report),
    }


def _equipment_loss(report: EquipmentLossReport) -> Properties:
    return {
        "rdf:type": term("hama:EquipmentLossReport"),
        "hama:party": report.party,
        "hama:equipment": _text(report.equipment),
        "hama:lossDescription": _text(report.how),
        **_report(report),
    }


def _casualties(report: CasualtyReport) -> Properties:
    return {
        "rdf:type": term("hama:CasualtyReport"),
        "hama:casualtyKind": _individual(report.kind),
        "hama:victims": report.victims,
        "hama:victimDescription": _text(report.victim_description),
        "hama:includedIn": report.included_in,
        **_report(report),
    }


def _event(event: Event, conflict: Conflict) -> Properties:
    lost = event.equipment
    return {
        "rdf:type": term(f"hama:{event.type}"),
        "hama:agent": event.agents,
        "hama:target": event.targets,
        "hama:place": event.places,
        "hama:near": event.near,
        "hama:from": event.origin,
        "hama:toward": event.toward,
        "hama:extent": _individual(event.extent),
        "hama:distance": _decimal(event.distance),
        "hama:factuality": _individual(event.factuality),
        "hama:standing": _individual(event.standing),
        "hama:recapture": _boolean(event.recapture),
        "hama:minimumCount": _integer(event.minimum_count),
        "hama:maximumCount": _integer(event.maximum_count),
        "hama:casualties": event.casualties,
        "hama:equipment": _text(lost.what) if lost else None,
        "hama:minimum": _integer(lost.minimum) if lost else None,
        "hama:maximum": _integer(lost.maximum) if lost else None,
        "hama:weapon": _texts(event.weapons),
        "hama:codename": _text(event.codename),
        "hama:partOf": conflict.id if event.part_of_conflict else None,
        "hama:confidence": _decimal(event.confidence),
        "hama:extractedBy": _text(event.rule),
        "prov:wasDerivedFrom": event.passage,
        **_occurrence_dates(event.interval),
    }


def _claim(claim: Claim) -> Properties:
    return {
        "rdf:type": term("hama:Claim"),
        "hama:about": claim.about,
        "hama:concerning": claim.concerning,
        "hama:stance": _individual(claim.stance),
        "hama:source": claim.source,
        "prov:wasDerivedFrom": claim.passage,
        **_dates(claim.interval),
    }


def _other_names(name: str, other: Iterable[str] = (), descriptions: Iterable[str] = ()) -> Properties:
    """What is not the name itself: SKOS wants its three label properties disjoint (https://www.w3.org/TR/skos-reference/#S13)."""
    alt = [word for word in dict.fromkeys(other) if word != name]
    return {
        "skos:altLabel": [_english(word) for word in alt],
        "skos:hiddenLabel": [_english(word) for word in dict.fromkeys(descriptions) if word not in {name, *alt}],
    }


def _dates(interval: Interval | None) -> Properties:
    if interval is None:
        return {}
    return {
        "hama:startDate": _typed(interval.start, "xsd:date"),
        "hama:endDate": _typed(interval.end, "xsd:date"),
        "hama:edtf": Literal(interval.edtf, datatype=NamedNode(EDTF)) if interval.edtf else None,
    }


def _occurrence_dates(interval: Interval) -> Properties:
    """``hama:timing`` is an occurrence's alone: a report or claim is no event that could last."""
    return {**_dates(interval), "hama:timing": _individual(interval.timing)}


# ---------------------------------------------------------------- terms of RDF


def _object(value: Value, names: Names) -> Literal | NamedNode:
    return NamedNode(names.resource(value)) if isinstance(value, str) else value


def _values(values: Value | Iterable[Value] | None) -> Iterable[Value]:
    if values is None:
        return ()
    return (values,) if isinstance(values, str | Literal | NamedNode) else values


def _individual(name: str | None) -> NamedNode | None:
    return None if name is None else term(f"hama:{name}")


def _english(text: str) -> Literal:
    return Literal(text, language=_LANGUAGE)


def _text(text: str | None) -> Literal | None:
    return None if text is None else Literal(text)


def _typed(text: str | None, datatype: str) -> Literal | None:
    return None if text is None else Literal(text, datatype=term(datatype))


def _integer(number: int | None) -> Literal | None:
    """An xsd:integer for counts and offsets alike: Oxigraph gives every derived integer type back as xsd:integer."""
    return None if number is None else _typed(str(number), "xsd:integer")


def _boolean(truth: bool | None) -> Literal | None:
    return None if truth is None else _typed(str(truth).lower(), "xsd:boolean")


def _decimal(number: float | Decimal | None) -> Literal | None:
    """Without an exponent or trailing zeros, as the store gives it back."""
    return None if number is None else _typed(format(Decimal(str(number)).normalize(), "f"), "xsd:decimal")


def _web(text: str) -> Literal | NamedNode:
    """A web address as an IRI; anything else (the path of a file) as text."""
    return NamedNode(text) if _IRI.fullmatch(text) else Literal(text)


def _by_subject(store: Store, prop: str, names: Names) -> dict[NamedNode, Counter[Literal | NamedNode]]:
    """{subject: {object: number of article graphs that state it}} of one property."""
    found: dict[NamedNode, Counter[Literal | NamedNode]] = defaultdict(Counter)
    articles = names.article_graph("")
    for subject, _, value, graph in store.quads_for_pattern(None, term(prop), None, None):
        if isinstance(graph, NamedNode) and graph.value.startswith(articles):
            found[cast(NamedNode, subject)][cast(Literal | NamedNode, value)] += 1
    return found
