"""Groups of Wikidata classes: whether an item's classes fit a thing's class in the ontology, and the sizes they imply.

The groups, the words for them, and the sizes are in the table ``classes.toml``.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hamakg.link.name_similarity import is_state_name
from hamakg.link.things import Thing
from hamakg.naming.place_kinds import generics, kind_words
from hamakg.naming.romanisation import to_plain_letters
from hamakg.naming.spellings import find_kind_families

SETTLEMENT, STATE, CONFLICT, REGION = "settlement", "state", "conflict", "region"

SIZE_STEP = 0.2
"""What each step in size takes off the agreement of a settlement or a conflict, which is at most 1."""

VILLAGE, CITY = 0.0, 2.0
"""The least size of a settlement, and the size from which a settlement is known in its whole state."""

UNSTATED_SIZE = 1.5
"""The size of a settlement whose kind no text states: such a text expects its readers to know the place."""

_TABLE = Path(__file__).with_name("classes.toml")
_NOT_GROUPS = {"of", "words", "sizes", "unlike", "vague"}


@cache
def _table() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(_TABLE.read_text("utf-8")))


# ---------------------------------------------------------------- the groups of an item


def find_groups(types: Iterable[str]) -> frozenset[str]:
    """Return the groups of an item's classes, given as ids or words: "Q515", "city in Syria"."""
    return frozenset(group for type_ in types if (group := _find_group(type_)))


def _find_group(type_: str) -> str | None:
    """Return the group of a class by its id, or by the last words that the table knows.

    "City in Syria" is in the group of "city", "federal executive department" in that of "department". A word such as
    "fictional" means that the class is not in the group.
    """
    groups, words = _groups_by_class(), type_.replace("_", " ").strip()
    words = words.rpartition("/")[2] if words.startswith("http") else words
    head = words.lower().partition(" in ")[0].partition(" of ")[0].split()
    if not _negating_words().isdisjoint(head):
        return None
    endings = (" ".join(head[start:]) for start in range(len(head)))
    by_ending = next((groups[ending] for ending in endings if ending in groups), None)
    return groups.get(words) or groups.get(words.lower()) or by_ending


@cache
def _groups_by_class() -> Mapping[str, str]:
    """Return the group of every class, by the class's id and by each of its words in lower case."""
    groups = {word: entry.kind.family for word, entry in kind_words().items()}
    for group, classes in _table().items():
        if group not in _NOT_GROUPS:
            groups |= dict.fromkeys(classes, group) | dict.fromkeys(classes.values(), group)
    for group, words in _table()["words"].items():
        groups |= dict.fromkeys(words, group)
    return MappingProxyType(groups)


@cache
def _negating_words() -> frozenset[str]:
    return frozenset(_table()["unlike"]["words"])


@cache
def wikidata_classes(group: str) -> tuple[str, ...]:
    """Return the ids of Wikidata's classes in a group."""
    return tuple(_table().get(group, ()))


def label_classes(types: Iterable[str]) -> list[str]:
    """Return the labels of those classes whose ids the table has, the others unchanged."""
    return [_labels().get(type_, type_) for type_ in types]


@cache
def _labels() -> Mapping[str, str]:
    groups = (classes for group, classes in _table().items() if group not in _NOT_GROUPS)
    return MappingProxyType({id_: label for classes in groups for id_, label in classes.items()})


def is_vague(types: Iterable[str]) -> bool:
    """Whether the classes only say that an item is some organisation."""
    vague = _table()["vague"]["classes"]
    known = [type_ for type_ in types if _find_group(type_)]
    return bool(known) and all(type_ in vague for type_ in known)


# ---------------------------------------------------------------- the groups that a thing may be in


def expected_groups(thing: Thing) -> frozenset[str]:
    """Return the groups that a thing may be in, by its ontology classes, its place kinds and its names.

    A thing that has the name of a state is that state, whatever the text uses the name for. A place may be a settlement
    if its kind is unknown or only that of a region (a governorate's town has the same name), unless its name says what
    it is.
    """
    if any(map(is_state_name, thing.names)):
        return frozenset({STATE})
    table = _table()["of"]
    groups = frozenset(group for class_ in thing.classes for group in table.get(class_, ()))
    if not thing.is_place:
        return groups
    by_kind = {kind_words()[kind].kind.family for kind in thing.place_kinds if kind in kind_words()}
    by_name = {group for name in thing.names for group in _groups_in_name(name)}
    return groups | by_kind | (by_name or (set() if by_kind - {REGION} else {SETTLEMENT}))


def _groups_in_name(name: str) -> frozenset[str]:
    """Return the groups that the name itself states: of "Idlib Governorate" region, of "Tal Bizam" height."""
    words = to_plain_letters(name).split()
    generic = generics().get(words[0]) if len(words) > 1 else None
    return find_kind_families(name) | ({generic.family} if generic else frozenset())


# ---------------------------------------------------------------- sizes


def find_sizes(types: Iterable[str]) -> frozenset[float]:
    """Return how large settlements or conflicts of these classes or kinds are: 0 (village, battle) to 2 (city, war).

    The set is empty if the classes leave the size open.
    """
    sizes = _table()["sizes"]
    heads = (label.lower().partition(" in ")[0] for type_ in types for label in (type_, _labels().get(type_, "")))
    return frozenset(float(sizes[head]) for head in heads if head in sizes)


def is_city(types: Iterable[str]) -> bool:
    """Whether one of the classes is that of a settlement known in its whole state."""
    return max(find_sizes(types), default=VILLAGE) >= CITY


def compare_settlement_sizes(kinds: Iterable[str], types: Iterable[str]) -> float:
    """Return how well an item's ``types`` fit the size that texts give a settlement by its ``kinds``: 1 at best.

    If no text states a kind, an item may be larger than UNSTATED_SIZE, not smaller; an item of unknown size counts as a
    village.
    """
    theirs = find_sizes(types) or {VILLAGE}
    if ours := find_sizes(kinds):
        return 1.0 - SIZE_STEP * min(abs(a - b) for a in ours for b in theirs)
    return 1.0 - SIZE_STEP * max(0.0, UNSTATED_SIZE - max(theirs))
