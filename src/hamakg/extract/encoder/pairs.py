"""What the judge of pairs is told beside the encoder's vectors: plain features of a trigger and a mention."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isqrt

from hamakg.extract.encoder.windows import CONTEXT
from hamakg.model import EventType, Factuality, Standing

EVENT_TYPES = tuple(EventType)


class Kind(StrEnum):
    """What a mention names, as annotators tell it."""

    ACTOR = "actor"
    SIDE = "side"
    PERSON = "person"
    PLACE = "place"
    SOURCE = "source"


class Role(StrEnum):
    """What an entity is to an event."""

    NONE = "none"
    AGENT = "agent"
    TARGET = "target"
    PLACE = "place"
    NEAR = "near"
    FROM = "from"
    TOWARD = "toward"
    SOURCE = "source"


KINDS = tuple(Kind)
ROLES = tuple(Role)
ATTRIBUTES: tuple[tuple[object, ...], ...] = (tuple(Factuality), tuple(Standing), (False, True))  # recapture


@dataclass(frozen=True, slots=True)
class PlacedTrigger:
    """The pieces of a window that are a trigger, in the sentence with this number."""

    sentence: int
    begin: int
    end: int
    type: EventType


@dataclass(frozen=True, slots=True)
class Named:
    """What a mention names: one of the entities, by whatever tells them apart; ``side`` is 0 if unknown."""

    kind: Kind
    side: int
    entities: frozenset[str]


@dataclass(frozen=True, slots=True)
class PlacedMention:
    """The pieces of a window that are a mention, in the sentence with this number."""

    sentence: int
    begin: int
    end: int
    named: Named


# How many values each feature has, in the order of ``list_pairs``; the last value stands for all that are larger.
_STEPS = 8
FEATURE_SIZES = (len(KINDS), 2 * _STEPS + 1, CONTEXT + 1, 5, 4, len(EVENT_TYPES), 2, 4, 4)


def list_pairs(
    triggers: Sequence[PlacedTrigger], mentions: Sequence[PlacedMention]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Each trigger with each mention of its sentence and of the ``CONTEXT`` before: their numbers, and the features.

    Both are in the order of the window. The features: the mention's kind; the square root of how many pieces lie
    between, negative if the mention comes first; how many sentences before; how often the window names the entity;
    its side; the type of the event; whether no mention of the entity is nearer; how many other mentions, and how many
    other triggers, lie between.
    """
    begins = [mention.begin for mention in mentions]
    fired = [trigger.begin for trigger in triggers]
    for number, trigger in enumerate(triggers):
        near = {n: own for n, own in enumerate(mentions) if 0 <= trigger.sentence - own.sentence <= CONTEXT}
        for index, mention in near.items():
            entities = mention.named.entities
            same = [other for other in near.values() if other.named.entities & entities] or [mention]
            distance = rank_nearness(trigger, mention)
            between = sorted((trigger.begin, mention.begin))
            yield (
                number,
                index,
                (
                    KINDS.index(mention.named.kind),
                    _step(mention.begin - trigger.begin),
                    distance[0],
                    min(len(same), 5) - 1,
                    min(mention.named.side, FEATURE_SIZES[4] - 1),
                    EVENT_TYPES.index(trigger.type),
                    int(all(distance <= rank_nearness(trigger, other) for other in same)),
                    _count_between(begins, between),
                    _count_between(fired, between),
                ),
            )


def rank_nearness(trigger: PlacedTrigger, mention: PlacedMention) -> tuple[int, int]:
    """How many sentences, then how many pieces, lie between: the mention that ranks first is the nearest."""
    return trigger.sentence - mention.sentence, abs(mention.begin - trigger.begin)


def _step(pieces: int) -> int:
    step = min(isqrt(abs(pieces)), _STEPS)
    return _STEPS + (step if pieces > 0 else -step)


def _count_between(positions: Sequence[int], between: Sequence[int]) -> int:
    low, high = between
    inside = max(0, bisect_left(positions, high) - bisect_left(positions, low + 1))
    return min(inside, FEATURE_SIZES[-1] - 1)
