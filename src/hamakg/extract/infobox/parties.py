"""Combatants and units: who takes part on which side, on which front, in which group, under whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hamakg.extract.infobox.actors import Roster, kind_of
from hamakg.extract.infobox.items import LONGEST_NAME, Item, read_items
from hamakg.extract.infobox.words import listed
from hamakg.model import Entity, EntityKind, Participation
from hamakg.naming.spellings import is_acronym_of
from hamakg.rdf.ids import fact_id, fold

_FRONT = re.compile(
    r"(?:(?:north|south|east|west|central|left|right)\w*|\w+ern|in|at|\w+) (?:front|theat(?:er|re)|sector|axis|flank)s?"
    r"|(?:in|at|near|around) .+",
    re.I,
)
_ACRONYM = re.compile(r"[A-ZÀ-Þ][\w–-]{1,9}")


@dataclass(frozen=True, slots=True)
class Member:
    """One name in a list of combatants or units, with the name above it."""

    name: str
    item: Item
    above: str | None


def read_members(value: str, states: bool = True) -> tuple[list[Member], list[str]]:
    """The names that a field lists, in its order, and words that are no name; "Unknown" names nobody.

    A state that stands over others is one of the names, if the field lists ``states``.
    """
    items = read_items(value, is_name=lambda heading: states and kind_of(heading) is EntityKind.STATE)
    members = [
        Member(item.name, item, items[item.parent].name if item.parent is not None else None)
        for item in items
        if 0 < len(item.name) <= LONGEST_NAME and item.name.lower() not in listed("nothing")
    ]
    return members, [item.words for item in items if not 0 < len(item.name) <= LONGEST_NAME]


def participations(
    members: list[Member], slug: str, side: str, passage: str, roster: Roster
) -> Iterator[Participation]:
    """One participation for each member, evidence its names and headings."""
    for member in members:
        front, group = _front_and_group(member.item.headings)
        above = roster.get(fold(member.above)) if member.above else None
        yield Participation(
            id=fact_id(slug, "participation", member.name, passage, front or "", group or "", member.above or ""),
            participant=roster[fold(member.name)].id,
            side=side,
            passage=passage,
            front=front,
            group=group,
            under=above.id if above else None,
            remarks=tuple(remark for remark in member.item.remarks if not _is_name(remark, member)),
        )


def named_in_remarks(members: list[Member], roster: Roster) -> Iterator[Entity]:
    """The actors by the other names that the brackets after their names give ("Xan Front (XF)")."""
    for member in members:
        entity = roster[fold(member.name)]
        for remark in member.item.remarks:
            if _is_name(remark, member):
                yield Entity(entity.id, entity.name, entity.kind, names=(remark,))


def _is_name(remark: str, member: Member) -> bool:
    return is_acronym_of(remark, member.name) or bool(_ACRONYM.fullmatch(remark) and remark.isupper())


def _front_and_group(headings: tuple[str, ...]) -> tuple[str | None, str | None]:
    """The front in force and the group named after it: "Western front", "Allied militias"."""
    front = group = None
    for heading in headings:
        if _FRONT.fullmatch(heading):
            front, group = heading, None
        else:
            group = heading
    return front, group
