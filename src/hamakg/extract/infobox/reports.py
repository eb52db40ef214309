"""From figures that were read to reports: whose they are, who says so, which includes which."""

from collections.abc import Mapping
from dataclasses import dataclass

from hamakg.extract.infobox.actors import Roster, actor, find, kind_of
from hamakg.extract.infobox.box import Part, Slot, joined, numbered, unread
from hamakg.extract.infobox.casualties import Loss, Things, read_losses
from hamakg.extract.infobox.sources import Saying, claim, speaker
from hamakg.extract.infobox.strengths import Strength, party_and_noun, read_strengths
from hamakg.extract.infobox.words import listed
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
from hamakg.naming.states import state_words
from hamakg.rdf.ids import fact_id


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is known when figures are read: the actors, the sides by number, the side that a word for a camp means."""

    slug: str
    roster: Roster
    sides: Mapping[int | None, Side]
    camps: Mapping[str, Side]
    during: Interval


def strength_reports(slot: Slot, parties: Parties) -> Part:
    """The reports of a ``strength`` field."""
    strengths = read_strengths(slot.value, parties.during)
    nths = numbered(s.words for s in strengths)
    reports = [_strength_report(s, slot, nth, parties) for s, nth in zip(strengths, nths, strict=True)]
    return joined(reports)


def casualty_reports(slot: Slot, parties: Parties) -> Part:
    """The reports of a ``casualties`` field; of no side where the field's number is no side's."""
    losses, things, missed = read_losses(slot.value, parties.during)
    nths = numbered((loss.kind, loss.words) for loss in losses)
    ids = [
        fact_id(parties.slug, "casualties", f"{loss.kind} {loss.words}", slot.passage.id, nth=nth)
        for loss, nth in zip(losses, nths, strict=True)
    ]
    reports = [_casualty_report(loss, ids, index, slot, parties) for index, loss in enumerate(losses)]
    nths = numbered(lost.words for lost in things)
    reports += [_equipment_report(lost, slot, nth, parties) for lost, nth in zip(things, nths, strict=True)]
    return joined([*reports, Part(unread=unread(slot, missed))])


def _strength_report(strength: Strength, slot: Slot, nth: int, parties: Parties) -> Part:
    report = fact_id(parties.slug, "strength", strength.words, slot.passage.id, nth=nth)
    attributed, according_to = _attribution(strength.saying, report, slot, parties)
    headed = _named(strength.heading, parties) if strength.heading else None
    party = (find(strength.party, parties.roster) or actor(strength.party, parties.slug)) if strength.party else headed
    side = parties.sides.get(slot.number)
    beside = (strength.heading,) if strength.heading and (headed is None or party is not headed) else ()
    stated = StrengthReport(
        id=report,
        passage=slot.passage.id,
        minimum=strength.minimum,
        maximum=strength.maximum,
        party=party.id if party else None,
        side=side.id if side else None,
        counted_as=strength.counted_as,
        equipment=strength.equipment,
        interval=strength.interval,
        according_to=according_to,
        standing=_standing(strength.saying),
        remarks=(*beside, *strength.remarks),
    )
    return joined([Part(entities=(party,) if party else (), strengths=(stated,)), attributed])


def _casualty_report(loss: Loss, ids: list[Ref], index: int, slot: Slot, parties: Parties) -> Part:
    attributed, according_to = _attribution(loss.saying, ids[index], slot, parties)
    victims = _named(loss.victims, parties) if loss.victims else None
    unclear = loss.headed and loss.victims is not None and victims is None and not _describes_people(loss.victims)
    side = parties.sides.get(slot.number)
    stated = CasualtyReport(
        id=ids[index],
        kind=loss.kind,
        passage=slot.passage.id,
        minimum=loss.minimum,
        maximum=loss.maximum,
        victims=victims.id if victims else None,
        victim_description=None if unclear else loss.victims,
        side=side.id if side else None,
        according_to=according_to,
        included_in=ids[loss.part_of] if loss.part_of is not None else None,
        interval=loss.interval,
        standing=_standing(loss.saying),
        remarks=(*((loss.victims,) if unclear and loss.victims else ()), *loss.remarks),
    )
    return joined([Part(entities=(victims,) if victims else (), casualties=(stated,)), attributed])


def _equipment_report(lost: Things, slot: Slot, nth: int, parties: Parties) -> Part:
    report = fact_id(parties.slug, "losses", lost.words, slot.passage.id, nth=nth)
    attributed, according_to = _attribution(lost.saying, report, slot, parties)
    party = _named(lost.heading, parties) if lost.heading else None
    side = parties.sides.get(slot.number)
    stated = EquipmentLossReport(
        id=report,
        equipment=lost.what,
        passage=slot.passage.id,
        minimum=lost.minimum,
        maximum=lost.maximum,
        how=lost.how,
        party=party.id if party else None,
        side=side.id if side else None,
        according_to=according_to,
        interval=lost.interval,
        standing=_standing(lost.saying),
        remarks=(*((lost.heading,) if lost.heading and party is None else ()), *lost.remarks),
    )
    return joined([Part(entities=(party,) if party else (), equipment=(stated,)), attributed])


def _describes_people(heading: str) -> bool:
    """Whether a heading over losses says whose they are, rather than who counted them: "Chinese Nationalists"."""
    words = {word.lower() for word in heading.split()}
    known = listed("people", "nouns") | listed("actors", "generic_nouns") | listed("actors", "unit")
    return any(word[0].islower() for word in heading.split()) or not words.isdisjoint(known | state_words().keys())


def _standing(saying: Saying | None) -> Standing:
    return Standing.ATTRIBUTED if saying else Standing.NARRATED


def _attribution(saying: Saying | None, report: Ref, slot: Slot, parties: Parties) -> tuple[Part, Ref | None]:
    """The claim about a report with whoever makes it, and the id of who does."""
    if saying is None:
        return Part(), None
    who = speaker(saying.who, parties.slug, parties.roster, parties.camps) if saying.who else None
    stated = claim(parties.slug, report, slot.passage.id, saying.stance, who.id if who else None)
    return Part(
        entities=(who,) if isinstance(who, Entity) else (),
        sides=(who,) if isinstance(who, Side) else (),
        claims=(stated,),
    ), who.id if who else None


def _named(words: str, parties: Parties) -> Entity | None:
    """The party that the words name, alone or before a noun ("SDF fighters"); None for words that only describe."""
    name, noun = party_and_noun(words)
    known = find(words, parties.roster) or (find(name, parties.roster) if name else None)
    if known or name is None:
        return known
    telling = kind_of(name) is not EntityKind.ACTOR or (name.isupper() and noun is None)
    return actor(name, parties.slug) if telling else None
