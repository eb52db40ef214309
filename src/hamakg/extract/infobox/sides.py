"""The sides of the conflict, who fights on each, and who commands."""

from collections.abc import Iterable
from dataclasses import replace

from hamakg.extract.infobox.actors import Roster, make_roster
from hamakg.extract.infobox.box import Box, Part, Slot, joined, unread
from hamakg.extract.infobox.commanders import command, not_understood, read_commanders
from hamakg.extract.infobox.parties import Member, named_in_remarks, participations, read_members
from hamakg.model import Ref, Side
from hamakg.rdf.ids import fold, side_id

_OF_SIDES = ("combatant", "unit", "commander")


def read_sides(box: Box) -> tuple[Part, Roster]:
    """The sides with all who take part on them, and the actors by name."""
    read = {slot: read_members(slot.value, states=slot.kind == "combatant") for slot in box.of("combatant", "unit")}
    members = {slot: listed for slot, (listed, _) in read.items()}
    roster = make_roster((member.name for listed in members.values() for member in listed), box.slug)
    sides = [_side(box, number, members, roster) for number in _numbers(box)]
    taking_part = [_taking_part(slot, listed, box, roster) for slot, listed in members.items()]
    commanding = [_commanding(slot, box) for slot in box.of("commander")]
    nameless = [Part(unread=unread(slot, missed)) for slot, (_, missed) in read.items()]
    return joined([Part(sides=tuple(sides)), *taking_part, *commanding, *nameless]), roster


def merge_sides(sides: Iterable[Side]) -> tuple[Side, ...]:
    """Each side once, with all its descriptions."""
    merged: dict[Ref, Side] = {}
    for side in sides:
        known = merged.setdefault(side.id, side)
        both = dict.fromkeys((*known.descriptions, *side.descriptions))
        merged[side.id] = replace(known, descriptions=tuple(both))
    return tuple(merged.values())


def _numbers(box: Box) -> list[int]:
    return sorted({slot.number for slot in box.of(*_OF_SIDES, "strength") if slot.number is not None})


def _side(box: Box, number: int, members: dict[Slot, list[Member]], roster: Roster) -> Side:
    def refs(kind: str) -> tuple[Ref, ...]:
        names = (
            m.name for slot, listed in members.items() if (slot.kind, slot.number) == (kind, number) for m in listed
        )
        return tuple(dict.fromkeys(roster[fold(name)].id for name in names))

    return Side(
        id=side_id(box.slug, number),
        number=number,
        name=f"Side {number} in the {box.title.removeprefix('The ')}",
        belligerents=refs("combatant"),
        units=refs("unit"),
        passages=tuple(slot.passage.id for slot in box.of(*_OF_SIDES) if slot.number == number),
    )


def _taking_part(slot: Slot, members: list[Member], box: Box, roster: Roster) -> Part:
    named = named_in_remarks(members, roster)
    side = side_id(box.slug, slot.number or 0)
    return Part(
        entities=(*(roster[fold(member.name)] for member in members), *named),
        participations=tuple(dict.fromkeys(participations(members, box.slug, side, slot.passage.id, roster))),
    )


def _commanding(slot: Slot, box: Box) -> Part:
    found = read_commanders(slot.value)
    side = side_id(box.slug, slot.number or 0)
    pairs = [pair for pair in (command(c, box.slug, side, slot.passage.id) for c in found) if pair]
    return Part(
        entities=tuple(person for person, _ in pairs),
        commands=tuple(dict.fromkeys(stated for _, stated in pairs)),
        unread=unread(slot, not_understood(found)),
    )
