"""A name where it stands in a paragraph, and what it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hamakg.model import EntityKind, Ref


class Role(StrEnum):
    """What kind of thing a name names, as far as its role in events asks."""

    PLACE = "place"
    ACTOR = "actor"
    PERSON = "person"
    SOURCE = "source"
    EVENT = "event"
    """An event, a code name or a weapon: no entity of ours."""


KINDS = {
    Role.PLACE: EntityKind.PLACE,
    Role.PERSON: EntityKind.PERSON,
    Role.SOURCE: EntityKind.SOURCE,
    Role.ACTOR: EntityKind.ACTOR,
}
"""The kind of the entity that is made for a name of each role."""


def find_role(kind: EntityKind) -> Role:
    """The role of an entity: all that are neither places nor persons nor sources are actors."""
    return next((role for role, own in KINDS.items() if own is kind), Role.ACTOR)


@dataclass(frozen=True, slots=True)
class Mention:
    """The tokens ``[start, end)`` of a name, and the entity it names (None where it names no entity of ours)."""

    start: int
    end: int
    ref: Ref | None
    role: Role


Mentions = Mapping[int, Mention]
"""The mentions of one paragraph, each under all of its tokens."""


def place_at(mentions: Mentions, index: int) -> Mention | None:
    """The mention at a token where it names a place, with or without an entity."""
    mention = mentions.get(index)
    return mention if mention is not None and mention.role is Role.PLACE else None
