"""The fields of one infobox by name, and the facts that reading a part of it gives."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, fields

from hamakg.model import (
    Article,
    CasualtyReport,
    Claim,
    Command,
    Entity,
    EquipmentLossReport,
    Participation,
    Passage,
    Side,
    StrengthReport,
    Unread,
)
from hamakg.rdf.ids import field_id

LONGEST = 20_000
"""Characters of the longest value that is read; Wikipedia's longest infobox fields have about half."""

_NUMBERED = re.compile(r"(combatant|commander|unit|strength|casualties)s?[ _]?(\d)[a-z]?")


@dataclass(frozen=True, slots=True)
class Slot:
    """One field: its name in lower case, its kind and, of "casualties1", the number; an overlong one has no kind."""

    name: str
    passage: Passage
    kind: str
    number: int | None = None

    @property
    def value(self) -> str:
        """The text of the field."""
        return self.passage.text


@dataclass(frozen=True, slots=True)
class Box:
    """An article's infobox."""

    slug: str
    title: str
    slots: tuple[Slot, ...]

    def of(self, *kinds: str) -> Iterator[Slot]:
        """The fields of these kinds in the order of the infobox."""
        return (slot for slot in self.slots if slot.kind in kinds)


@dataclass(frozen=True, slots=True)
class Part:
    """The facts that reading a part of the infobox gives; entities and sides may come again with more names."""

    entities: tuple[Entity, ...] = ()
    sides: tuple[Side, ...] = ()
    participations: tuple[Participation, ...] = ()
    commands: tuple[Command, ...] = ()
    strengths: tuple[StrengthReport, ...] = ()
    casualties: tuple[CasualtyReport, ...] = ()
    equipment: tuple[EquipmentLossReport, ...] = ()
    claims: tuple[Claim, ...] = ()
    unread: tuple[Unread, ...] = ()


def open_box(article: Article) -> Box:
    """The article's fields that have a value, each with its passage."""
    slots = []
    seen: Counter[str] = Counter()
    for entry in article.fields:
        name = entry.key.lower()
        passage = Passage(field_id(article.slug, name, seen[name]), entry.value, entry.begin, entry.end, field=name)
        seen[name] += 1
        match = _NUMBERED.fullmatch(name)
        if len(entry.value) > LONGEST:
            slots.append(Slot(name, passage, kind=""))
        elif entry.value.strip():
            slots.append(Slot(name, passage, match[1] if match else name, int(match[2]) if match else None))
    return Box(article.slug, article.title, tuple(slots))


def joined(parts: Iterable[Part]) -> Part:
    """All facts of the parts, in their order."""
    parts = tuple(parts)
    return Part(*(tuple(fact for part in parts for fact in getattr(part, name.name)) for name in fields(Part)))


def unread(slot: Slot, texts: Iterable[str]) -> tuple[Unread, ...]:
    """The words of a field that were not understood."""
    return tuple(Unread(slot.name, text) for text in texts)


def numbered(keys: Iterable[Hashable]) -> list[int]:
    """For each key how many equal ones come before it: what tells two alike facts of one field apart."""
    seen: Counter[Hashable] = Counter()
    numbers = []
    for key in keys:
        numbers.append(seen[key])
        seen[key] += 1
    return numbers
