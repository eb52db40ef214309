"""The fields of an infobox, and containers for the facts read from some of them."""

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

LONGEST_VALUE = 20_000
"""The length in characters of the longest value that is read: twice that of Wikipedia's longest infobox fields."""

_NUMBERED = re.compile(r"(combatant|commander|unit|strength|casualties)s?[ _]?(\d)[a-z]?")


@dataclass(frozen=True, slots=True)
class BoxField:
    """A field, with its name in lower case and the parts of the name: "casualties1" is "casualties", number 1.

    A field whose value is too long has an empty kind, so that no step reads it.
    """

    name: str
    passage: Passage
    kind: str
    number: int | None = None

    @property
    def value(self) -> str:
        """The text of the field."""
        return self.passage.text


@dataclass(frozen=True, slots=True)
class Infobox:
    """The infobox of an article."""

    slug: str
    title: str
    fields: tuple[BoxField, ...]

    def fields_of_kind(self, *kinds: str) -> Iterator[BoxField]:
        """The fields of these kinds in the order of the infobox."""
        return (field for field in self.fields if field.kind in kinds)


@dataclass(frozen=True, slots=True)
class PartialFacts:
    """The facts read from a part of the infobox; the same entities and sides may be in another part with more names."""

    entities: tuple[Entity, ...] = ()
    sides: tuple[Side, ...] = ()
    participations: tuple[Participation, ...] = ()
    commands: tuple[Command, ...] = ()
    strengths: tuple[StrengthReport, ...] = ()
    casualties: tuple[CasualtyReport, ...] = ()
    equipment: tuple[EquipmentLossReport, ...] = ()
    claims: tuple[Claim, ...] = ()
    unread: tuple[Unread, ...] = ()


def build_infobox(article: Article) -> Infobox:
    """The infobox of the article, without the fields that are empty."""
    box_fields = []
    seen: Counter[str] = Counter()
    for entry in article.fields:
        name = entry.key.lower()
        passage = Passage(field_id(article.slug, name, seen[name]), entry.value, entry.begin, entry.end, field=name)
        seen[name] += 1
        match = _NUMBERED.fullmatch(name)
        if len(entry.value) > LONGEST_VALUE:
            box_fields.append(BoxField(name, passage, kind=""))
        elif entry.value.strip():
            box_fields.append(BoxField(name, passage, match[1] if match else name, int(match[2]) if match else None))
    return Infobox(article.slug, article.title, tuple(box_fields))


def combine(parts: Iterable[PartialFacts]) -> PartialFacts:
    """All facts of the parts, in order."""
    parts = tuple(parts)
    return PartialFacts(
        *(tuple(fact for part in parts for fact in getattr(part, group.name)) for group in fields(PartialFacts))
    )


def mark_unread(field: BoxField, texts: Iterable[str]) -> tuple[Unread, ...]:
    """The texts of a field that were not understood."""
    return tuple(Unread(field.name, text) for text in texts)


def number_duplicates(keys: Iterable[Hashable]) -> list[int]:
    """For each key, how many equal keys come before it; this number tells the ids of equal facts of a field apart."""
    seen: Counter[Hashable] = Counter()
    numbers = []
    for key in keys:
        numbers.append(seen[key])
        seen[key] += 1
    return numbers
