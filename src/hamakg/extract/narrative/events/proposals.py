"""What may fill a slot of an event, by the rule that proposes it, and which of the proposals hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Generic, TypeVar

Filler = TypeVar("Filler")


class Slot(StrEnum):
    """What an event can have."""

    AGENT = "agent"
    TARGET = "target"
    PLACE = "place"
    """However it is meant: there, near it, from it or toward it."""


class SlotRule(StrEnum):
    """The rules that propose who or what fills a slot."""

    GRAMMAR = "grammar"
    """The event's own words."""
    GOAL = "goal"
    """What an offensive is told to be for."""
    LAUNCHED_BEFORE = "launched before"
    """The offensive that the article has told of."""
    BESIDE = "beside"
    """Where the way went on which it was taken."""
    JOINED = "joined"
    """Another event in whose clause it is told."""
    STORY = "story"
    """Where the paragraph's story is."""
    TAKER = "taker"
    """Who did what the sentence has told before."""
    REPELLER = "repeller"
    """The side that the attackers are not of."""
    AGAIN = "again"
    """Who did the last event of the type: the noun speaks of it again, or the passive leaves them out."""
    RETAKER = "retaker"
    """The side that had lost it."""
    ATTACKERS = "attackers"
    """Whose attack was told before."""
    OPPONENT = "opponent"
    """The other side."""
    VICTIMS = "victims"
    """Whose people it killed."""


@dataclass(frozen=True, slots=True)
class SlotProposal(Generic[Filler]):
    """That an entity, or a place in its relation, fills a slot of an event, by a rule."""

    slot: Slot
    filler: Filler
    rule: SlotRule


def decide(proposals: Iterable[SlotProposal[Filler]]) -> tuple[Filler, ...]:
    """What fills a slot: the proposals of the first rule that makes any, for rules are in the order of their trust."""
    _, first = next(groupby(proposals, key=lambda proposal: proposal.rule), (None, ()))
    return tuple(proposal.filler for proposal in first)
