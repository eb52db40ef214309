"""Reads combatants and units: who takes part on which side, on which front, in which group, under whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hamakg.extract.infobox.actors import Roster, classify_actor
from hamakg.extract.infobox.items import LONGEST_NAME, ListEntry, read_list
from hamakg.extract.infobox.words import word_list
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
    """A name in a list of combatants or units, its entry, and the name under which it is listed."""

    name: str
    entry: ListEntry
    parent: str | None


def read_members(value: str, state_headings: bool = True) -> tuple[list[Member], list[str]]:
    """The names listed in a field in order, without "Unknown" and the like, and the words that are not names.

    With ``state_headings``, a heading that is a state is one of the names.
    """
    entries = read_list(value, is_name=lambda heading: state_headings and classify_actor(heading) is EntityKind.STATE)
    members = [
        Member(entry.name, entry, entries[entry.parent].name if entry.parent is not None else None)
        for entry in entries
        if 0 < len(entry.name) <= LONGEST_NAME and entry.name.lower() not in word_list("nothing")
    ]
    return members, [entry.words for entry in entries if not 0 < len(entry.name) <= LONGEST_NAME]


def make_participations(
    members: list[Member], slug: str, side: str, passage: str, roster: Roster
) -> Iterator[Participation]:
    """A participation for each member, with the front and group that its headings give."""
    for member in members:
        front, group = _find_front_and_group(member.entry.headings)
        parent = roster.get(fold(member.parent)) if member.parent else None
        yield Participation(
            id=fact_id(slug, "participation", member.name, passage, front or "", group or "", member.parent or ""),
            participant=roster[fold(member.name)].id,
            side=side,
            passage=passage,
            front=front,
            group=group,
            under=parent.id if parent else None,
            remarks=tuple(remark for remark in member.entry.remarks if not _is_other_name(remark, member)),
        )


def find_other_names(members: list[Member], roster: Roster) -> Iterator[Entity]:
    """The actors that have another name in brackets ("Xan Front (XF)"), each as an entity with that name."""
    for member in members:
        entity = roster[fold(member.name)]
        for remark in member.entry.remarks:
            if _is_other_name(remark, member):
                yield Entity(entity.id, entity.name, entity.kind, names=(remark,))


def _is_other_name(remark: str, member: Member) -> bool:
    return is_acronym_of(remark, member.name) or bool(_ACRONYM.fullmatch(remark) and remark.isupper())


def _find_front_and_group(headings: tuple[str, ...]) -> tuple[str | None, str | None]:
    """The last front among the headings and the group after it: "Western front", "Allied militias"."""
    front = group = None
    for heading in headings:
        if _FRONT.fullmatch(heading):
            front, group = heading, None
        else:
            group = heading
    return front, group
