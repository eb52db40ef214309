"""How sure an event is: the share of events read in the same way that are right.

An event is right when one of its type is annotated in its sentence, with the same agents, places and how each is meant
(at, near, from, toward), first day and factuality: what happened, who did it, where, from when, and whether. What else
it says (targets, figures, sources …) is not judged. ``confidence.toml`` has the shares. The annotations were made by
language models that read by the written guidelines; no human expert has checked them.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hamakg.model import EventType, Standing

DATA = Path(__file__).with_name("confidence.toml")


class Reading(NamedTuple):
    """What is known of how an event was read, the most telling first; True is what speaks for it."""

    agents: bool
    """The text gives who did it."""
    narrated: bool
    """The article tells it as fact; what others say is told in longer sentences."""
    plain: bool
    """Its type is mostly told plainly, by a verb with subject and object."""
    places: bool
    """The text gives a place."""


def confidence(kind: EventType, standing: Standing, agents: bool, places: bool) -> float:
    """The share, 0 to 1, of events of this kind and standing, with or without agents and places, that are right."""
    return _shares()[reading(kind, standing, agents, places)]


def reading(kind: EventType, standing: Standing, agents: bool, places: bool) -> Reading:
    """The row of the table that an event belongs to."""
    return Reading(agents, standing is Standing.NARRATED, kind in plain_types(), places)


@cache
def plain_types() -> tuple[EventType, ...]:
    """The types that are mostly told plainly."""
    return tuple(map(EventType, _data()["plain"]))


@cache
def _shares() -> Mapping[Reading, float]:
    return {Reading(*(row[name] for name in Reading._fields)): row["confidence"] for row in _data()["shares"]}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))
