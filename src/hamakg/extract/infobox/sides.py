"""Reads the sides of the conflict: who takes part on each, and who commands."""

from collections.abc import Iterable
from dataclasses import replace

from hamakg.extract.infobox.actors import Roster, make_roster
from hamakg.extract.infobox.box import BoxField, Infobox, PartialFacts, combine, mark_unread
from hamakg.extract.infobox.commanders import find_unread_words, make_command_facts, read_commanders
from hamakg.extract.infobox.parties import Member, find_other_names, make_participations, read_members
from hamakg.model import Ref, Side
from hamakg.rdf.ids import fold, side_id

_PARTIES = ("combatant", "unit")
_OF_SIDES = (*_PARTIES, "commander")


def read_sides(box: Infobox) -> tuple[PartialFacts, Roster]:
    """The sides with their participants and commanders, and the actors by name."""
    lists = {
        field: read_members(field.value, state_headings=field.kind == "combatant")
        for field in box.fields_of_kind(*_PARTIES)
    }
    members = {field: field_members for field, (field_members, _) in lists.items()}
    roster = make_roster((member.name for field_members in members.values() for member in field_members), box.slug)
    numbers = {field.number for field in box.fields_of_kind(*_OF_SIDES, "strength") if field.number is not None}
    sides = [_make_side(box, number, members, roster) for number in sorted(numbers)]
    participants = [_read_participants(field, field_members, box, roster) for field, field_members in members.items()]
    commanders = [_read_commanders(field, box) for field in box.fields_of_kind("commander")]
    unread = [PartialFacts(unread=mark_unread(field, words)) for field, (_, words) in lists.items()]
    return combine([PartialFacts(sides=tuple(sides)), *participants, *commanders, *unread]), roster


def merge_sides(sides: Iterable[Side]) -> tuple[Side, ...]:
    """Each side once, with all its descriptions."""
    merged: dict[Ref, Side] = {}
    for side in sides:
        known = merged.setdefault(side.id, side)
        descriptions = dict.fromkeys((*known.descriptions, *side.descriptions))
        merged[side.id] = replace(known, descriptions=tuple(descriptions))
    return tuple(merged.values())


def _make_side(box: Infobox, number: int, members: dict[BoxField, list[Member]], roster: Roster) -> Side:
    def find_refs(kind: str) -> tuple[Ref, ...]:
        names = (
            member.name
            for field, field_members in members.items()
            if (field.kind, field.number) == (kind, number)
            for member in field_members
        )
        return tuple(dict.fromkeys(roster[fold(name)].id for name in names))

    return Side(
        id=side_id(box.slug, number),
        number=number,
        name=f"Side {number} in the {box.title.removeprefix('The ')}",
        belligerents=find_refs("combatant"),
        units=find_refs("unit"),
        passages=tuple(field.passage.id for field in box.fields_of_kind(*_OF_SIDES) if field.number == number),
    )


def _read_participants(field: BoxField, members: list[Member], box: Infobox, roster: Roster) -> PartialFacts:
    side = side_id(box.slug, field.number or 0)
    participations = make_participations(members, box.slug, side, field.passage.id, roster)
    return PartialFacts(
        entities=(*(roster[fold(member.name)] for member in members), *find_other_names(members, roster)),
        participations=tuple(dict.fromkeys(participations)),
    )


def _read_commanders(field: BoxField, box: Infobox) -> PartialFacts:
    commanders = read_commanders(field.value)
    side = side_id(box.slug, field.number or 0)
    pairs = [pair for c in commanders if (pair := make_command_facts(c, box.slug, side, field.passage.id))]
    return PartialFacts(
        entities=tuple(person for person, _ in pairs),
        commands=tuple(dict.fromkeys(command for _, command in pairs)),
        unread=mark_unread(field, find_unread_words(commanders)),
    )
