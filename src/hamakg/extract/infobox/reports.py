"""Turns the figures that were read into reports: whom they count, who gives them, which includes which."""

from collections.abc import Mapping
from dataclasses import dataclass

from hamakg.extract.infobox.actors import Roster, classify_actor, find_actor, make_actor
from hamakg.extract.infobox.box import BoxField, PartialFacts, combine, mark_unread, number_duplicates
from hamakg.extract.infobox.casualties import CasualtyFigure, EquipmentFigure, read_losses
from hamakg.extract.infobox.sources import Attribution, make_claim, resolve_speaker
from hamakg.extract.infobox.strengths import StrengthFigure, read_strengths, split_party_and_noun
from hamakg.extract.infobox.words import word_list
from hamakg.model import (
    CasualtyReport,
    Entity,
    EntityKind,
    EquipmentLossReport,
    Interval,
    Ref,
    Side,
    Standing,
    StrengthReport,
)
from hamakg.naming.states import states_by_lowercase_word
from hamakg.rdf.ids import fact_id


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What is known about the infobox when figures are read.

    ``sides`` are by number, ``camps`` are the sides by words for them ("rebels"); ``during`` is when the conflict was.
    """

    slug: str
    roster: Roster
    sides: Mapping[int | None, Side]
    camps: Mapping[str, Side]
    during: Interval


def make_strength_reports(field: BoxField, context: ReportContext) -> PartialFacts:
    """The reports of a ``strength`` field."""
    strengths = read_strengths(field.value, context.during)
    ordinals = number_duplicates(strength.words for strength in strengths)
    return combine(_report_strength(s, field, nth, context) for s, nth in zip(strengths, ordinals, strict=True))


def make_loss_reports(field: BoxField, context: ReportContext) -> PartialFacts:
    """The reports of people and equipment lost, from a ``casualties`` field.

    They belong to no side if the field's number is not that of a side.
    """
    casualties, equipment, unread = read_losses(field.value, context.during)
    ordinals = number_duplicates((figure.kind, figure.words) for figure in casualties)
    ids = [
        fact_id(context.slug, "casualties", f"{figure.kind} {figure.words}", field.passage.id, nth=nth)
        for figure, nth in zip(casualties, ordinals, strict=True)
    ]
    reports = [_report_casualties(figure, ids, index, field, context) for index, figure in enumerate(casualties)]
    ordinals = number_duplicates(figure.words for figure in equipment)
    reports += [_report_equipment(figure, field, nth, context) for figure, nth in zip(equipment, ordinals, strict=True)]
    return combine([*reports, PartialFacts(unread=mark_unread(field, unread))])


def _report_strength(strength: StrengthFigure, field: BoxField, nth: int, context: ReportContext) -> PartialFacts:
    report_id = fact_id(context.slug, "strength", strength.words, field.passage.id, nth=nth)
    claims, according_to = _make_claims(strength.attribution, report_id, field, context)
    party_of_heading = _find_party(strength.heading, context) if strength.heading else None
    party: Entity | None = party_of_heading
    if strength.party:
        party = find_actor(strength.party, context.roster) or make_actor(strength.party, context.slug)
    side = context.sides.get(field.number)
    is_heading_used = party_of_heading is not None and party is party_of_heading
    heading = (strength.heading,) if strength.heading and not is_heading_used else ()
    report = StrengthReport(
        id=report_id,
        passage=field.passage.id,
        minimum=strength.minimum,
        maximum=strength.maximum,
        party=party.id if party else None,
        side=side.id if side else None,
        counted_as=strength.counted_as,
        equipment=strength.equipment,
        interval=strength.interval,
        according_to=according_to,
        standing=_find_standing(strength.attribution),
        remarks=(*heading, *strength.remarks),
    )
    return combine([PartialFacts(entities=(party,) if party else (), strengths=(report,)), claims])


def _report_casualties(
    figure: CasualtyFigure, ids: list[Ref], index: int, field: BoxField, context: ReportContext
) -> PartialFacts:
    claims, according_to = _make_claims(figure.attribution, ids[index], field, context)
    words = figure.victims
    victims = _find_party(words, context) if words else None
    is_unclear = figure.victims_from_heading and bool(words and victims is None and not _names_victims(words))
    side = context.sides.get(field.number)
    report = CasualtyReport(
        id=ids[index],
        kind=figure.kind,
        passage=field.passage.id,
        minimum=figure.minimum,
        maximum=figure.maximum,
        victims=victims.id if victims else None,
        victim_description=None if is_unclear else words,
        side=side.id if side else None,
        according_to=according_to,
        included_in=ids[figure.part_of] if figure.part_of is not None else None,
        interval=figure.interval,
        standing=_find_standing(figure.attribution),
        remarks=(*((words,) if is_unclear and words else ()), *figure.remarks),
    )
    return combine([PartialFacts(entities=(victims,) if victims else (), casualties=(report,)), claims])


def _report_equipment(figure: EquipmentFigure, field: BoxField, nth: int, context: ReportContext) -> PartialFacts:
    report_id = fact_id(context.slug, "losses", figure.words, field.passage.id, nth=nth)
    claims, according_to = _make_claims(figure.attribution, report_id, field, context)
    party = _find_party(figure.heading, context) if figure.heading else None
    side = context.sides.get(field.number)
    report = EquipmentLossReport(
        id=report_id,
        equipment=figure.equipment,
        passage=field.passage.id,
        minimum=figure.minimum,
        maximum=figure.maximum,
        how=figure.how,
        party=party.id if party else None,
        side=side.id if side else None,
        according_to=according_to,
        interval=figure.interval,
        standing=_find_standing(figure.attribution),
        remarks=(*((figure.heading,) if figure.heading and party is None else ()), *figure.remarks),
    )
    return combine([PartialFacts(entities=(party,) if party else (), equipment=(report,)), claims])


def _names_victims(heading: str) -> bool:
    """Whether a heading above losses says whose they are ("Chinese Nationalists"), and not who counted them."""
    words = {word.lower() for word in heading.split()}
    nouns = word_list("people", "nouns") | word_list("actors", "generic_nouns") | word_list("actors", "unit")
    return any(word[0].islower() for word in heading.split()) or not words.isdisjoint(
        nouns | states_by_lowercase_word().keys()
    )


def _find_standing(attribution: Attribution | None) -> Standing:
    return Standing.ATTRIBUTED if attribution else Standing.NARRATED


def _make_claims(
    attribution: Attribution | None, report: Ref, field: BoxField, context: ReportContext
) -> tuple[PartialFacts, Ref | None]:
    """The claim about an attributed report with its speaker, and the id of the speaker."""
    if attribution is None:
        return PartialFacts(), None
    speaker = None
    if attribution.speaker:
        speaker = resolve_speaker(attribution.speaker, context.slug, context.roster, context.camps)
    source = speaker.id if speaker else None
    claim = make_claim(context.slug, report, field.passage.id, attribution.stance, source)
    return PartialFacts(
        entities=(speaker,) if isinstance(speaker, Entity) else (),
        sides=(speaker,) if isinstance(speaker, Side) else (),
        claims=(claim,),
    ), source


def _find_party(words: str, context: ReportContext) -> Entity | None:
    """The party that the words name, alone or before a noun ("SDF fighters"); None for a mere description."""
    name, noun = split_party_and_noun(words)
    known = find_actor(words, context.roster) or (find_actor(name, context.roster) if name else None)
    if known or name is None:
        return known
    is_actor = classify_actor(name) is not EntityKind.ACTOR or (name.isupper() and noun is None)
    return make_actor(name, context.slug) if is_actor else None
