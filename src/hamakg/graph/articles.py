"""Builds the graph of one article, with provenance; one function for each class of the ontology."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Protocol, TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from hamakg.graph.values import (
    Properties,
    Resource,
    boolean,
    build_quads,
    decimal,
    individual,
    integer,
    text,
    typed,
)
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
from hamakg.rdf.ids import article_id, wikipedia_url
from hamakg.rdf.iris import Iris
from hamakg.rdf.labels import label_resources
from hamakg.rdf.terms import english, iri_or_literal, term

_CONFLICT_CLASSES = ("War", "Campaign", "Offensive", "Battle", "Siege")


def build_article_quads(facts: ArticleFacts, iris: Iris) -> list[Quad]:
    """The quads of the article's named graph, each once and always in the same order.

    Raises KeyError if a fact refers to an entity or side that ``facts`` does not describe.
    """
    return list(dict.fromkeys(build_quads(_describe_resources(facts), iris.article_graph(facts.article.slug), iris)))


# ---------------------------------------------------------------- resources


class _Identified(Protocol):
    @property
    def id(self) -> Ref: ...


_T = TypeVar("_T", bound=_Identified)


def _describe_resources(facts: ArticleFacts) -> Iterator[Resource]:
    """Everything that the article describes, each with its label; a resource may come several times."""
    box, conflict, article = facts.infobox, facts.infobox.conflict, article_id(facts.article.slug)
    sources: dict[Ref, list[Ref]] = defaultdict(list)
    for source in facts.sources:
        for passage in source.passages:
            sources[passage].append(source.id)
    yield from ((ref, {"skos:prefLabel": english(label)}) for ref, label in label_resources(facts).items())
    yield article, _describe_article(facts.article)
    yield from _describe_conflict(conflict, article)
    yield from ((each.participant, {"hama:subUnitOf": each.under}) for each in box.participations)
    yield from chain(
        _describe_each(facts.sources, lambda source: _describe_citation(source.citation)),
        _describe_each(
            (*box.passages, *facts.passages), lambda passage: _describe_passage(passage, article, sources[passage.id])
        ),
        _describe_each(facts.entities, _describe_entity),
        _describe_each(facts.sides, lambda side: _describe_side(side, conflict)),
        _describe_each(box.participations, _describe_participation),
        _describe_each(box.commands, _describe_command),
        _describe_each(box.strengths, _describe_strength),
        _describe_each((*box.casualties, *facts.casualties), _describe_casualties),
        _describe_each(box.equipment, _describe_equipment_loss),
        _describe_each(facts.events, lambda event: _describe_event(event, conflict)),
        _describe_each((*box.claims, *facts.claims), _describe_claim),
    )


def _describe_each(items: Iterable[_T], describe: Callable[[_T], Properties]) -> Iterator[Resource]:
    return ((item.id, describe(item)) for item in items)


def _describe_article(article: Article) -> Properties:
    return {
        "rdf:type": [term("hama:Article"), term("nif:Context")],
        "dcterms:title": english(article.title),
        "dcterms:source": iri_or_literal(article.source),
        "dcterms:license": iri_or_literal(article.licence),
        "schema:version": text(article.revision),
        "dcterms:modified": typed(article.modified, "xsd:dateTime"),
        "nif:isString": Literal(article.text),
    }


def _describe_citation(citation: Citation) -> Properties:
    return {
        "rdf:type": term("hama:CitedSource"),
        "dcterms:bibliographicCitation": Literal(citation.text),
        "dcterms:title": text(citation.title),
        "dcterms:date": text(citation.date),
        "dcterms:publisher": text(citation.publisher),
        "schema:url": iri_or_literal(citation.url) if citation.url else None,
    }


def _describe_passage(passage: Passage, article: Ref, sources: Iterable[Ref]) -> Properties:
    return {
        "prov:wasQuotedFrom": list(sources),
        "rdf:type": term("hama:InfoboxField" if passage.field else "nif:Sentence"),
        "hama:fieldName": text(passage.field),
        "nif:anchorOf": Literal(passage.text),
        "nif:beginIndex": integer(passage.begin),
        "nif:endIndex": integer(passage.end),
        "nif:referenceContext": article,
    }


def _describe_conflict(conflict: Conflict, article: Ref) -> Iterator[Resource]:
    yield (
        conflict.id,
        {
            "rdf:type": term(f"hama:{conflict.type}"),
            **_other_labels(conflict.name, conflict.names),
            "hama:describedBy": article,
            "hama:partOf": [ref for ref, _ in conflict.part_of],
            "hama:place": conflict.places,
            "hama:cause": _literals(conflict.causes),
            "hama:note": _literals(conflict.notes),
            **_coordinates(conflict.coordinates),
            "hama:result": [Literal(result) for result in conflict.results],
            "hama:territory": [Literal(change) for change in conflict.territory],
            "hama:casualties": conflict.casualties,
            "prov:wasDerivedFrom": conflict.passages,
            **_occurrence_dates(conflict.interval),
        },
    )
    for ref, name in conflict.part_of:
        yield ref, {"rdf:type": _find_class(name)}


def _coordinates(point: tuple[Decimal, Decimal] | None) -> Properties:
    """Latitude and longitude (https://www.w3.org/2003/01/geo/wgs84_pos), if they are known."""
    return {} if point is None else {"wgs:lat": decimal(point[0]), "wgs:long": decimal(point[1])}


def _find_class(name: str) -> NamedNode:
    """The class by the head noun of the name: "Red War" is a War, "Intervention in the Red War" is not."""
    head = re.split(r" (?:in|of|during|against|on|for|at)\b| \(|,", name)[0]
    last = head.split(" ")[-1].capitalize()
    return term(f"hama:{last if last in _CONFLICT_CLASSES else 'MilitaryConflict'}")


def _describe_entity(entity: Entity) -> Properties:
    return {
        "rdf:type": term(f"hama:{entity.kind}"),
        **_other_labels(entity.name, entity.names, entity.descriptions),
        "hama:placeKind": text(entity.kind_word),
        "hama:within": entity.within,
        "schema:subjectOf": [iri_or_literal(wikipedia_url(title)) for title in entity.pages],
    }


def _describe_side(side: Side, conflict: Conflict) -> Properties:
    return {
        "rdf:type": term("hama:Side"),
        **_other_labels(side.name, (), side.descriptions),
        "hama:sideOf": conflict.id,
        "hama:sideNumber": integer(side.number),
        "hama:belligerent": side.belligerents,
        "hama:unit": side.units,
        "hama:represents": side.represents,
        "prov:wasDerivedFrom": side.passages,
    }


def _literals(texts: Iterable[str]) -> list[Literal]:
    return [Literal(text) for text in dict.fromkeys(texts)]


def _describe_participation(participation: Participation) -> Properties:
    return {
        "rdf:type": term("hama:Participation"),
        "hama:participant": participation.participant,
        "hama:onSide": participation.side,
        "hama:front": text(participation.front),
        "hama:group": text(participation.group),
        "hama:under": participation.under,
        "hama:remark": _literals(participation.remarks),
        "prov:wasDerivedFrom": participation.passage,
    }


def _describe_command(command: Command) -> Properties:
    return {
        "rdf:type": term("hama:Command"),
        "hama:commander": command.commander,
        "hama:onSide": command.side,
        "hama:rank": text(command.rank),
        "hama:role": text(command.role),
        "hama:fate": individual(command.fate),
        "hama:killedInAction": boolean(True) if command.fate is Fate.KILLED_IN_ACTION else None,
        "hama:remark": _literals(command.remarks),
        "prov:wasDerivedFrom": command.passage,
    }


def _report_properties(report: StrengthReport | EquipmentLossReport | CasualtyReport) -> Properties:
    """The properties that all reports have: a figure, a side, a source."""
    return {
        "hama:minimum": integer(report.minimum),
        "hama:maximum": integer(report.maximum),
        "hama:onSide": report.side,
        "hama:accordingTo": report.according_to,
        "hama:standing": individual(report.standing),
        "hama:remark": _literals(report.remarks),
        "prov:wasDerivedFrom": report.passage,
        **_dates(report.interval),
    }


def _describe_strength(report: StrengthReport) -> Properties:
    return {
        "rdf:type": term("hama:StrengthReport"),
        "hama:party": report.party,
        "hama:countedAs": text(report.counted_as),
        "hama:equipment": text(report.equipment),
        **_report_properties(report),
    }


def _describe_equipment_loss(report: EquipmentLossReport) -> Properties:
    return {
        "rdf:type": term("hama:EquipmentLossReport"),
        "hama:party": report.party,
        "hama:equipment": text(report.equipment),
        "hama:lossDescription": text(report.how),
        **_report_properties(report),
    }


def _describe_casualties(report: CasualtyReport) -> Properties:
    return {
        "rdf:type": term("hama:CasualtyReport"),
        "hama:casualtyKind": individual(report.kind),
        "hama:victims": report.victims,
        "hama:victimDescription": text(report.victim_description),
        "hama:includedIn": report.included_in,
        **_report_properties(report),
    }


def _describe_event(event: Event, conflict: Conflict) -> Properties:
    lost = event.equipment
    return {
        "rdf:type": term(f"hama:{event.type}"),
        "hama:agent": event.agents,
        "hama:target": event.targets,
        "hama:place": event.places,
        "hama:near": event.near,
        "hama:from": event.origin,
        "hama:toward": event.toward,
        "hama:extent": individual(event.extent),
        "hama:distance": decimal(event.distance),
        "hama:factuality": individual(event.factuality),
        "hama:standing": individual(event.standing),
        "hama:recapture": boolean(event.recapture),
        "hama:minimumCount": integer(event.minimum_count),
        "hama:maximumCount": integer(event.maximum_count),
        "hama:casualties": event.casualties,
        "hama:equipment": text(lost.what) if lost else None,
        "hama:minimum": integer(lost.minimum) if lost else None,
        "hama:maximum": integer(lost.maximum) if lost else None,
        "hama:weapon": _literals(event.weapons),
        "hama:codename": text(event.codename),
        "hama:partOf": conflict.id if event.part_of_conflict else None,
        "hama:confidence": decimal(event.confidence),
        "hama:extractedBy": text(event.rule),
        "prov:wasDerivedFrom": event.passage,
        **_occurrence_dates(event.interval),
    }


def _describe_claim(claim: Claim) -> Properties:
    return {
        "rdf:type": term("hama:Claim"),
        "hama:about": claim.about,
        "hama:concerning": claim.concerning,
        "hama:stance": individual(claim.stance),
        "hama:source": claim.source,
        "prov:wasDerivedFrom": claim.passage,
        **_dates(claim.interval),
    }


def _other_labels(name: str, other: Iterable[str] = (), descriptions: Iterable[str] = ()) -> Properties:
    """Labels other than the name. SKOS has its three label properties disjoint (https://www.w3.org/TR/skos-reference/#S13)."""
    alt = [word for word in dict.fromkeys(other) if word != name]
    return {
        "skos:altLabel": [english(word) for word in alt],
        "skos:hiddenLabel": [english(word) for word in dict.fromkeys(descriptions) if word not in {name, *alt}],
    }


def _dates(interval: Interval | None) -> Properties:
    if interval is None:
        return {}
    return {
        "hama:startDate": typed(interval.start, "xsd:date"),
        "hama:endDate": typed(interval.end, "xsd:date"),
        "hama:edtf": typed(interval.edtf, "edtf:EDTF"),
    }


def _occurrence_dates(interval: Interval) -> Properties:
    """Dates with ``hama:timing``, which only an occurrence has: reports and claims do not last."""
    return {**_dates(interval), "hama:timing": individual(interval.timing)}
