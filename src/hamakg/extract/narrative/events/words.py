"""The word lists of this room: what a verb or a noun tells, and the words that steer how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from hamakg.extract.narrative.parse.words import Words, make_sets, make_stances, read_table, set_reader
from hamakg.model import EventType, Stance


class Subject(StrEnum):
    """What the subject of a verb is in the event that it tells."""

    AGENT = "agent"
    TARGET = "target"
    PLACE = "place"
    FORCER = "forcer"
    """It makes the object do it ("drove them back")."""
    KILLER = "killer"
    DEAD = "dead"
    LOSER = "loser"


class Object(StrEnum):
    """What the object of a verb is in the event that it tells."""

    AGENT = "agent"
    TARGET = "target"
    PLACE = "place"
    EITHER = "either"
    """A target or a place."""
    NONE = "none"
    ORIGIN = "origin"
    """The place that is left."""
    ROAD = "road"
    SIEGE = "siege"
    WEAPON = "weapon"
    EQUIPMENT = "equipment"
    VICTIMS = "victims"
    REPELLED = "repelled"
    """The attack that is repelled, or the attackers."""
    FLAG = "flag"
    BOMB = "bomb"
    """Of a noun: it is the word for the bomb or the bombers."""
    HELD = "held"
    """Of a noun: it tells who holds a place."""


class Need(StrEnum):
    """What a row of verbs needs of its clause; ``conditions.py`` says when it is met."""

    PLACE = "place"
    PLACE_OR_LINE = "place or line"
    PLACE_NOT_OF_THINGS = "place, not of things"
    PLACE_NOT_RELATIVE = "place, not relative"
    SUBJECT_PLACE = "subject place"
    PLACE_LEFT = "place left"
    PARTY = "party"
    FIGHTERS = "fighters"
    CIVILIANS = "civilians"
    ATTACK = "attack"
    AGAINST_ATTACK = "against attack"
    ATTACK_FAILS = "attack fails"
    WITHIN = "within"
    ROAD = "road"
    SIEGE = "siege"
    REINFORCEMENTS = "reinforcements"
    EQUIPMENT = "equipment"
    WEAPON = "weapon"
    WEAPON_AGAINST = "weapon against"
    AIRCRAFT = "aircraft"
    CHEMICAL = "chemical"


class Telling(StrEnum):
    """How a noun has to stand to tell an event, not only to mention one; ``nouns.py`` says when it does."""

    OPEN = "open"
    LAUNCHED = "launched"
    ARGUED = "argued"
    CARRIED = "carried"
    COME_UNDER = "come under"
    HITTING = "hitting"
    HELD = "held"
    OF_CHEMICALS = "of chemicals"
    OF_A_SIEGE = "of a siege"


@dataclass(frozen=True, slots=True)
class VerbRule:
    """One reading of a verb: the event it tells, and who its subject and object are."""

    type: EventType
    subject: Subject
    object: Object
    need: Need | None
    recapture: bool


@dataclass(frozen=True, slots=True)
class NounRule:
    """An event noun, when it tells an event, and what it is in it."""

    type: EventType
    telling: Telling
    object: Object


@dataclass(frozen=True, slots=True)
class LightVerbs:
    """The verbs that carry an event noun: as their object, as their subject, behind a preposition."""

    object: Words
    subject: Words
    prepositional: Words


@dataclass(frozen=True, slots=True)
class Triggers:
    """``triggers.toml``: what verbs ("push back") and nouns tell, by their lemmas."""

    verbs: Mapping[str, tuple[VerbRule, ...]]
    nouns: Mapping[str, NounRule]
    light: LightVerbs
    means: Mapping[str, EventType]
    """What a modifier makes of a strike or an attack."""


@dataclass(frozen=True, slots=True)
class NounWords:
    """The sets of ``nouns.toml``."""

    open_objects: Words
    opening: Words
    definite: Words
    again: Words
    no_event: Words
    deadly: Words
    time_words: Words
    charges: Words
    describing: Words
    strikes: Words
    series: Words
    hitting: Words
    landing: Words
    no_places: Words
    answering: Words
    supporting: Words
    of_others: Words
    accusing: Words
    speaking: Words
    meant_fighters: Words


@dataclass(frozen=True, slots=True)
class ThingWords:
    """The sets of ``things.toml``."""

    equipment: Words
    weapon: Words
    reinforcements: Words
    attacks: Words
    roads: Words
    sieges: Words
    aircraft: Words
    chemical: Words
    aeroplanes: Words
    lines: Words
    arms: Words
    lengths: Words
    ground: Words


@dataclass(frozen=True, slots=True)
class EventPlaceWords:
    """The sets of ``places.toml``."""

    near: Words
    toward: Words
    part: Words
    edge: Words
    things: Words
    inner: Words
    units: Words
    area: Words
    fillers: Words
    lying: Words
    quarters: Words
    partly: Words


@dataclass(frozen=True, slots=True)
class CertaintyWords:
    """The sets of ``certainty.toml``."""

    planned: Words
    attempted: Words
    failed: Words
    happened: Words
    prevented: Words
    planned_nouns: Words
    attempted_nouns: Words
    failed_words: Words
    modal: Words
    absent: Words
    averted: Words
    charged: Words
    unable: Words
    impossible: Words
    enabling: Words
    moving: Words
    rejecting: Words
    abilities: Words
    untrue: Words
    needed: Words
    planned_adjectives: Words
    performed: Words


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """The sets of ``attribution.toml``."""

    anaphors: Words
    speakers: Words
    adjectives: Words


@cache
def triggers() -> Triggers:
    """What verbs and nouns tell."""
    table = read_table(__file__, "triggers.toml")
    return Triggers(
        _verbs(table["verb"]), _nouns(table["noun"]), make_sets(LightVerbs, table["light"]), _means(table["means"])
    )


def _verbs(rows: list[dict[str, Any]]) -> dict[str, tuple[VerbRule, ...]]:
    verbs: dict[str, tuple[VerbRule, ...]] = {}
    for row in rows:
        need = Need(row["needs"]) if "needs" in row else None
        rule = VerbRule(
            EventType(row["type"]), Subject(row["subject"]), Object(row["object"]), need, row.get("recapture", False)
        )
        for lemma in row["lemmas"]:
            verbs[lemma] = (*verbs.get(lemma, ()), rule)
    return verbs


def _means(table: dict[str, list[str]]) -> dict[str, EventType]:
    return {word: EventType(name) for name, words in table.items() for word in words}


def _nouns(rows: list[dict[str, Any]]) -> dict[str, NounRule]:
    return {
        lemma: NounRule(
            EventType(row["type"]), Telling(row.get("mention", Telling.OPEN)), Object(row.get("object", Object.EITHER))
        )
        for row in rows
        for lemma in row["lemmas"]
    }


noun_words = set_reader(NounWords, __file__, "nouns.toml")
"""Words that steer how verbs and event nouns are read."""


thing_words = set_reader(ThingWords, __file__, "things.toml")
"""Words for what events take, use and hit."""


event_place_words = set_reader(EventPlaceWords, __file__, "places.toml")
"""Words that say how an event's place is meant."""


certainty_words = set_reader(CertaintyWords, __file__, "certainty.toml", "words")
"""Words that mark an event as planned, tried or failed."""


speech_words = set_reader(SpeechWords, __file__, "attribution.toml", "words")
"""Words for those who speak, and for what was said before."""


@cache
def stance_adverbs() -> Mapping[str, Stance]:
    """The stance that an adverb tells of ("reportedly")."""
    return make_stances(read_table(__file__, "attribution.toml")["adverbs"])


@cache
def stance_nouns() -> Mapping[str, Stance]:
    """The stance that a noun tells of ("allegation")."""
    return make_stances(read_table(__file__, "attribution.toml")["nouns"])
