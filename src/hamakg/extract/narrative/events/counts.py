"""How many: figures of people, things, events and distances, each given to the event that it belongs to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Span, Token

from hamakg.extract.narrative.events.casualties import CasualtyMention, read_casualties
from hamakg.extract.narrative.events.equipment import read_equipment
from hamakg.extract.narrative.events.triggers import Trigger, TriggerKind, TriggerRule
from hamakg.extract.narrative.events.words import Object, Subject, thing_words
from hamakg.extract.narrative.names.cast import Cast, Parties, Reference, join
from hamakg.extract.narrative.names.mentions import Mentions, Role, place_at
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.parse.grammar import by_phrase, has_word, objects, subjects
from hamakg.extract.narrative.parse.numbers import read_distances, read_quantities
from hamakg.model import CasualtyKind, EventType, LostEquipment, Ref

_COUNTED = frozenset(
    {EventType.AIR_STRIKE, EventType.SHELLING, EventType.BOMBING, EventType.CHEMICAL_ATTACK, EventType.ASSAULT}
)
_EVENT_OF = {CasualtyKind.CAPTURED: EventType.SURRENDER, CasualtyKind.DISPLACED: EventType.EVACUATION}

Count = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Casualty:
    """A figure of people with who they were, in the text's words and, where known, as a party and its side."""

    kind: CasualtyKind
    minimum: int | None
    maximum: int | None
    victims: str | None = None
    party: Ref | None = None
    side: Ref | None = None


@dataclass(frozen=True, slots=True)
class SentenceFigures:
    """The figures of one sentence."""

    sentence: Span
    casualties: Sequence[CasualtyMention]

    def propose_triggers(self) -> tuple[Trigger, ...]:
        """A trigger for every word that a figure of people stands at ("43 deaths were reported")."""
        found: dict[int, Trigger] = {}
        for mention in self.casualties:
            token = self.sentence.doc[mention.trigger]
            bare = token.pos_ != "VERB" and (mention.minimum, mention.maximum) == (None, None)
            if not (bare and has_word(token, {"the"})) and token.i not in found:
                event_type = _EVENT_OF.get(mention.kind, EventType.KILLING)
                rule = TriggerRule(TriggerKind.FIGURE, token.lemma_.lower())
                found[token.i] = Trigger(token, event_type, rule, Subject.KILLER, Object.VICTIMS)
        return tuple(found.values())

    def casualties_at(
        self, words: Iterable[Token], parties: PartyReader
    ) -> tuple[tuple[Casualty, ...], tuple[Reference, ...]]:
        """The figures that these words give, and what the words for their people refer to."""
        at = {token.i for token in words}
        own = [m for m in self.casualties if m.trigger in at]
        people = [m for m in own if m.head is None or place_at(parties.mentions, m.head) is None]
        read = [(m, self._read_people(m, parties)) for m in people or own]
        found = tuple(_make_casualty(mention, people, parties.cast) for mention, people in read)
        return found, join(people for _, people in read).references

    def _read_people(self, mention: CasualtyMention, parties: PartyReader) -> Parties:
        found = Parties()
        for index in (mention.head, mention.sufferer):
            if index is not None and not found:
                found = parties.read(self.sentence.doc[index]).beside(found)
        return found

    def count(self, trigger: Trigger) -> Count | None:
        """How many such events one telling covers ("more than 400 air-strikes", "detonated two car bombs")."""
        if trigger.type not in _COUNTED:
            return None
        counted = {trigger.token.i}
        if trigger.object is Object.WEAPON:
            counted |= {t.i for t in (objects(trigger.token) or subjects(trigger.token))}
        if trigger.type is EventType.BOMBING:
            counted |= {t.i for t in subjects(trigger.token)}
            counted |= {t.i for t in by_phrase(trigger.token)}
        for quantity in read_quantities(self.sentence):
            bounds = quantity.minimum, quantity.maximum
            if quantity.head in counted and bounds not in {(1, 1), (None, None)}:
                return bounds
        return None

    def distance(self, words: Iterable[Token]) -> float | None:
        """The metres that an event's words tell of ("within 7 kilometers of")."""
        region = {token.i for token in words}
        found = [d for d in read_distances(self.sentence) if d.head in region or d.begin in region]
        return found[0].metres if found else None

    def equipment(self, trigger: Trigger) -> LostEquipment | None:
        """What was lost or destroyed in an equipment loss."""
        if trigger.type is not EventType.EQUIPMENT_LOSS:
            return None
        below = {t.i for t in trigger.token.subtree} | {t.i for s in subjects(trigger.token) for t in s.subtree}
        found = [e for e in read_equipment(self.sentence) if e.head in below]
        return LostEquipment(found[0].what, found[0].minimum, found[0].maximum) if found else None


def _make_casualty(mention: CasualtyMention, people: Parties, cast: Cast) -> Casualty:
    party = people.refs[0] if len(people.refs) == 1 else None
    side = cast.side(party) if party else None
    return Casualty(mention.kind, mention.minimum, mention.maximum, mention.victims or None, party, side)


def read_figures(sentence: Span) -> SentenceFigures:
    """All figures of a sentence."""
    return SentenceFigures(sentence, read_casualties(sentence))


_ARMED = frozenset(
    {EventType.AIR_STRIKE, EventType.SHELLING, EventType.BOMBING, EventType.CHEMICAL_ATTACK, EventType.EQUIPMENT_LOSS}
)


def find_weapons(trigger: Trigger, region: Iterable[Token], mentions: Mentions) -> tuple[str, ...]:
    """The weapons that an armed event's words name, as the text has them ("BGM-71 TOW missile", "Grad rockets")."""
    if trigger.type not in _ARMED:
        return ()
    named = [t for t in region if t.lemma_.lower() in thing_words().arms and t.pos_ in {"NOUN", "PROPN"}]
    heads = [t for t in named if t.dep_ not in {"compound", "amod"}]
    return tuple(dict.fromkeys(t.doc[_weapon_start(t, mentions) : t.i + 1].text for t in heads))


def _weapon_start(token: Token, mentions: Mentions) -> int:
    start = token.i
    while start > token.sent.start:
        before = token.doc[start - 1]
        named = (m := mentions.get(before.i)) is not None and m.role is Role.EVENT
        if not (named or (before.dep_ in {"compound", "nmod"} and before.head.i <= token.i) or before.text == "-"):
            break
        start -= 1
    return start


_CODENAME = re.compile(
    r"\b(?:code-?name|name|dub|call)(?:d|bed|ed)?\s+(?:as\s+)?(?:the\s+)?[\"']([^\"']{3,60})[\"']", re.IGNORECASE
)


def find_codename(trigger: Trigger, sentence: Span) -> str | None:
    """The code name in quotes that a sentence gives the offensive it tells of."""
    found = _CODENAME.search(sentence.text) if trigger.type is EventType.OFFENSIVE_LAUNCH else None
    return found[1].rstrip(",. ") if found else None
