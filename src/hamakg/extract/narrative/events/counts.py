"""How many: figures of people, things, events and distances, each given to the event that it belongs to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Span, Token

from hamakg.extract.narrative.events.figures import (
    CasualtyMention,
    read_casualties,
    read_distances,
    read_equipment,
    read_quantities,
)
from hamakg.extract.narrative.events.triggers import Trigger
from hamakg.extract.narrative.names.gazetteer import EVENT, PLACE, Mention
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.parse.grammar import has_word, objects, subjects
from hamakg.model import CasualtyKind, EventType, LostEquipment, Ref

_COUNTED = frozenset(
    {EventType.AIR_STRIKE, EventType.SHELLING, EventType.BOMBING, EventType.CHEMICAL_ATTACK, EventType.ASSAULT}
)
_EVENT_OF = {CasualtyKind.CAPTURED: EventType.SURRENDER, CasualtyKind.DISPLACED: EventType.EVACUATION}

Count = tuple[int | None, int | None]


def _counts_places(figure: CasualtyMention, parties: PartyReader) -> bool:
    named = parties.mentions.get(figure.head) if figure.head is not None else None
    return named is not None and named.role == PLACE


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

    def triggers(self, known: Sequence[Trigger]) -> list[Trigger]:
        """A trigger for every figure of people that no event's word gives yet ("43 deaths were reported")."""
        taken = {t.token.i for t in known} | {t.light.i for t in known if t.light is not None}
        new: dict[int, Trigger] = {}
        for mention in self.casualties:
            token = self.sentence.doc[mention.trigger]
            bare = token.pos_ != "VERB" and (mention.minimum, mention.maximum) == (None, None)
            if bare and has_word(token, {"the"}):
                continue
            if mention.trigger not in taken and mention.trigger not in new:
                event_type = _EVENT_OF.get(mention.kind, EventType.KILLING)
                new[mention.trigger] = Trigger(
                    token, event_type, f"figure {token.lemma_.lower()}", subject="killer", object="victim"
                )
        return list(new.values())

    def casualties_at(self, tokens: set[int], parties: PartyReader) -> list[Casualty]:
        """The figures that the words at ``tokens`` give."""
        own = [m for m in self.casualties if m.trigger in tokens]
        people = [m for m in own if not _counts_places(m, parties)]
        return [self._casualty(m, parties) for m in people or own]

    def _casualty(self, mention: CasualtyMention, parties: PartyReader) -> Casualty:
        heads = [i for i in (mention.head, mention.sufferer) if i is not None]
        refs = next((found for i in heads if (found := parties.read(self.sentence.doc[i]))), ())
        party = refs[0] if len(refs) == 1 else None
        side = party if party in parties.registry.sides else parties.registry.side_of.get(party) if party else None
        return Casualty(mention.kind, mention.minimum, mention.maximum, mention.victims or None, party, side)

    def count(self, trigger: Trigger) -> Count | None:
        """How many such events one telling covers ("more than 400 air-strikes", "detonated two car bombs")."""
        if trigger.type not in _COUNTED:
            return None
        counted = {trigger.token.i}
        if trigger.object == "weapon":
            counted |= {t.i for t in (objects(trigger.token) or subjects(trigger.token))}
        if trigger.type is EventType.BOMBING:
            counted |= {t.i for t in subjects(trigger.token)}
            counted |= {obj.i for by in trigger.token.children if by.lower_ == "by" for obj in by.children}
        for quantity in read_quantities(self.sentence):
            bounds = quantity.minimum, quantity.maximum
            if quantity.head in counted and bounds not in {(1, 1), (None, None)}:
                return bounds
        return None

    def distance(self, region: set[int]) -> float | None:
        """The metres that an event's words tell of ("within 7 kilometers of")."""
        found = [d for d in read_distances(self.sentence) if d.head in region or d.begin in region]
        return found[0].metres if found else None

    def equipment(self, trigger: Trigger) -> LostEquipment | None:
        """What was lost or destroyed in an equipment loss."""
        if trigger.type is not EventType.EQUIPMENT_LOSS:
            return None
        below = {t.i for t in trigger.token.subtree} | {t.i for s in subjects(trigger.token) for t in s.subtree}
        found = [e for e in read_equipment(self.sentence) if e.head in below]
        return LostEquipment(found[0].what, found[0].minimum, found[0].maximum) if found else None


def read_figures(sentence: Span) -> SentenceFigures:
    """All figures of a sentence."""
    return SentenceFigures(sentence, read_casualties(sentence))


_WEAPONS = frozenset(
    [
        "missile",
        "rocket",
        "bomb",
        "mortar",
        "shell",
        "grenade",
        "drone",
        "torpedo",
        "mine",
        "napalm",
        "phosphorus",
        "sarin",
        "chlorine",
        "mustard",
        "howitzer",
    ]
)
_ARMED = frozenset(
    {EventType.AIR_STRIKE, EventType.SHELLING, EventType.BOMBING, EventType.CHEMICAL_ATTACK, EventType.EQUIPMENT_LOSS}
)


def weapons_of(trigger: Trigger, region: set[int], mentions: Mapping[int, Mention]) -> tuple[str, ...]:
    """The weapons that an armed event's words name, as the text has them ("BGM-71 TOW missile", "Grad rockets")."""
    if trigger.type not in _ARMED:
        return ()
    doc, found = trigger.token.doc, []
    for index in sorted(region):
        token = doc[index]
        if (
            token.lemma_.lower() in _WEAPONS
            and token.pos_ in {"NOUN", "PROPN"}
            and token.dep_ not in {"compound", "amod"}
        ):
            found.append(doc[_weapon_start(token, mentions) : index + 1].text)
    return tuple(dict.fromkeys(found))


def _weapon_start(token: Token, mentions: Mapping[int, Mention]) -> int:
    start = token.i
    while start > token.sent.start:
        before = token.doc[start - 1]
        named = (m := mentions.get(before.i)) is not None and m.role == EVENT
        if not (named or (before.dep_ in {"compound", "nmod"} and before.head.i <= token.i) or before.text == "-"):
            break
        start -= 1
    return start


_CODENAME = re.compile(
    r"\b(?:code-?name|name|dub|call)(?:d|bed|ed)?\s+(?:as\s+)?(?:the\s+)?[\"']([^\"']{3,60})[\"']", re.IGNORECASE
)


def codename_of(trigger: Trigger, sentence: Span) -> str | None:
    """The code name in quotes that a sentence gives the offensive it tells of."""
    found = _CODENAME.search(sentence.text) if trigger.type is EventType.OFFENSIVE_LAUNCH else None
    return found[1].rstrip(",. ") if found else None
