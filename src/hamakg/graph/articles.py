"""What one article says, with its provenance: one function a class of the ontology."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

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
    """All that the article says, in its own named graph; every quad once, in a steady order.

    Raises KeyError if a fact refers to an entity or side that ``facts`` does not describe.
    """
    return list(dict.fromkeys(build_quads(_resources(facts), iris.article_graph(facts.article.slug), iris)))


# ---------------------------------------------------------------- what an article describes


def _resources(facts: ArticleFacts) -> Iterator[Resource]:  # noqa: C901, PLR0912 -- a loop for each class, no nesting
    box, home, labels = facts.infobox, article_id(facts.article.slug), label_resources(facts)
    for ref, label in labels.items():
        yield ref, {"skos:prefLabel": english(label)}
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
        "dcterms:title": english(article.title),
        "dcterms:source": iri_or_literal(article.source),
        "dcterms:license": iri_or_literal(article.licence),
        "schema:version": text(article.revision),
        "dcterms:modified": typed(article.modified, "xsd:dateTime"),
        "nif:isString": Literal(article.text),
    }


def _source(citation: Citation) -> Properties:
    return {
        "rdf:type": term("hama:CitedSource"),
        "dcterms:bibliographicCitation": Literal(citation.text),
        "dcterms:title": text(citation.title),
        "dcterms:date": text(citation.date),
        "dcterms:publisher": text(citation.publisher),
        "schema:url": iri_or_literal(citation.url) if citation.url else None,
    }


def _passage(passage: Passage, article: Ref, sources: Iterable[Ref]) -> Properties:
    return {
        "prov:wasQuotedFrom": list(sources),
        "rdf:type": term("hama:InfoboxField" if passage.field else "nif:Sentence"),
        "hama:fieldName": text(passage.field),
        "nif:anchorOf": Literal(passage.text),
        "nif:beginIndex": integer(passage.begin),
        "nif:endIndex": integer(passage.end),
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
    return {} if point is None else {"wgs:lat": decimal(point[0]), "wgs:long": decimal(point[1])}


def _conflict_class(name: str) -> NamedNode:
    """The class by the head of the name: a war, but not "an intervention in a war"."""
    head = re.split(r" (?:in|of|during|against|on|for|at)\b| \(|,", name)[0]
    last = head.split(" ")[-1].capitalize()
    return term(f"hama:{last if last in _CONFLICT_CLASSES else 'MilitaryConflict'}")


def _entity(entity: Entity) -> Properties:
    return {
        "rdf:type": term(f"hama:{entity.kind}"),
        **_other_names(entity.name, entity.names, entity.descriptions),
        "hama:placeKind": text(entity.kind_word),
        "hama:within": entity.within,
        "schema:subjectOf": [iri_or_literal(wikipedia_url(title)) for title in entity.pages],
    }


def _side(side: Side, conflict: Conflict) -> Properties:
    return {
        "rdf:type": term("hama:Side"),
        **_other_names(side.name, (), side.descriptions),
        "hama:sideOf": conflict.id,
        "hama:sideNumber": integer(side.number),
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
        "hama:front": text(participation.front),
        "hama:group": text(participation.group),
        "hama:under": participation.under,
        "hama:remark": _texts(participation.remarks),
        "prov:wasDerivedFrom": participation.passage,
    }


def _command(command: Command) -> Properties:
    return {
        "rdf:type": term("hama:Command"),
        "hama:commander": command.commander,
        "hama:onSide": command.side,
        "hama:rank": text(command.rank),
        "hama:role": text(command.role),
        "hama:fate": individual(command.fate),
        "hama:killedInAction": boolean(True) if command.fate is Fate.KILLED_IN_ACTION else None,
        "hama:remark": _texts(command.remarks),
        "prov:wasDerivedFrom": command.passage,
    }


def _report(report: StrengthReport | EquipmentLossReport | CasualtyReport) -> Properties:
    """What reports of all kinds have: a figure, whose it is, who says so."""
    return {
        "hama:minimum": integer(report.minimum),
        "hama:maximum": integer(report.maximum),
        "hama:onSide": report.side,
        "hama:accordingTo": report.according_to,
        "hama:standing": individual(report.standing),
        "hama:remark": _texts(report.remarks),
        "prov:wasDerivedFrom": report.passage,
        **_dates(report.interval),
    }


def _strength(report: StrengthReport) -> Properties:
    return {
        "rdf:type": term("hama:StrengthReport"),
        "hama:party": report.party,
        "hama:countedAs": text(report.counted_as),
        "hama:equipment": text(report.equipment),
        **_report(report),
    }


def _equipment_loss(report: EquipmentLossReport) -> Properties:
    return {
        "rdf:type": term("hama:EquipmentLossReport"),
        "hama:party": report.party,
        "hama:equipment": text(report.equipment),
        "hama:lossDescription": text(report.how),
        **_report(report),
    }


def _casualties(report: CasualtyReport) -> Properties:
    return {
        "rdf:type": term("hama:CasualtyReport"),
        "hama:casualtyKind": individual(report.kind),
        "hama:victims": report.victims,
        "hama:victimDescription": text(report.victim_description),
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
        "hama:weapon": _texts(event.weapons),
        "hama:codename": text(event.codename),
        "hama:partOf": conflict.id if event.part_of_conflict else None,
        "hama:confidence": decimal(event.confidence),
        "hama:extractedBy": text(event.rule),
        "prov:wasDerivedFrom": event.passage,
        **_occurrence_dates(event.interval),
    }


def _claim(claim: Claim) -> Properties:
    return {
        "rdf:type": term("hama:Claim"),
        "hama:about": claim.about,
        "hama:concerning": claim.concerning,
        "hama:stance": individual(claim.stance),
        "hama:source": claim.source,
        "prov:wasDerivedFrom": claim.passage,
        **_dates(claim.interval),
    }


def _other_names(name: str, other: Iterable[str] = (), descriptions: Iterable[str] = ()) -> Properties:
    """What is not the name itself: SKOS wants its three label properties disjoint (https://www.w3.org/TR/skos-reference/#S13)."""
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
    """``hama:timing`` is an occurrence's alone: a report or claim is no event that could last."""
    return {**_dates(interval), "hama:timing": individual(interval.timing)}
