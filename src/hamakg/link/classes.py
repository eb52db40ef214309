"""Which of our things an item may be, by its classes: the table ``classes.toml``."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hamakg.link.likeness import is_state
from hamakg.naming.place_kinds import generics, kind_words
from hamakg.naming.romanisation import to_plain_letters
from hamakg.naming.spellings import find_kind_families

_TABLE = Path(__file__).with_name("classes.toml")
_STATES = Path(__file__).with_name("states.tsv")
_NOT_GROUPS = {"of", "words", "sizes", "unlike", "vague"}

SETTLEMENT, STATE, CONFLICT = "settlement", "state", "conflict"

STEP = 0.2
"""What being of the next size takes off a settlement or a conflict, of 1."""

VILLAGE, CITY = 0.0, 2.0
"""The least size of a settlement, and the size from which on one is known in its whole state."""

UNSAID = 1.5
"""The size of a settlement that a text names without a word on what it is: its reader is expected to know it."""


@cache
def _table() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(_TABLE.read_text("utf-8")))


@cache
def _groups() -> Mapping[str, str]:
    """The group of every class, by its id and by each of its words in lower case."""
    known = {word: entry.kind.family for word, entry in kind_words().items()}
    for group, classes in _table().items():
        if group not in _NOT_GROUPS:
            known |= dict.fromkeys(classes, group) | dict.fromkeys(classes.values(), group)
    for group, words in _table()["words"].items():
        known |= dict.fromkeys(words, group)
    return MappingProxyType(known)


def groups_of(types: Iterable[str]) -> frozenset[str]:
    """The groups of an item's classes, ids or words ("Q515", "city in Syria"); none for what the table lacks."""
    return frozenset(group for type_ in types if (group := _group(type_)))


def _group(type_: str) -> str | None:
    """Of "city in Syria" that of "city", of "federal executive department" that of "department": the last words say it,
    unless others say that it is none ("fictional country"). Of "village administrative unit" none.
    """
    known, words = _groups(), type_.replace("_", " ").strip()
    words = words.rpartition("/")[2] if words.startswith("http") else words
    head = words.lower().partition(" in ")[0].partition(" of ")[0].split()
    if not _unlike().isdisjoint(head):
        return None
    ends = (" ".join(head[start:]) for start in range(len(head)))
    return known.get(words) or known.get(words.lower()) or next((known[end] for end in ends if end in known), None)


def says_little(types: Iterable[str]) -> bool:
    """Whether the classes say no more than that it is some organisation."""
    vague = _table()["vague"]["classes"]
    known = [type_ for type_ in types if _group(type_)]
    return bool(known) and all(type_ in vague for type_ in known)


@cache
def _unlike() -> frozenset[str]:
    return frozenset(_table()["unlike"]["words"])


def sizes_of(types: Iterable[str]) -> frozenset[float]:
    """How large settlements and conflicts of these classes or kinds are: 0 for a village or a battle, 2 for a city or a
    war; none where any may be.
    """
    sizes = _table()["sizes"]
    heads = (label.lower().partition(" in ")[0] for type_ in types for label in (type_, _labels().get(type_, "")))
    return frozenset(float(sizes[head]) for head in heads if head in sizes)


def size_fit(kinds: Iterable[str], types: Iterable[str]) -> float:
    """How far a settlement is of the size that texts give a place, by its ``kinds``: 1 for it, less by each step.

    A text that gives none expects its reader to know it. An item of which nobody gives it is a village.
    """
    theirs = sizes_of(types) or {VILLAGE}
    if said := sizes_of(kinds):
        return 1.0 - STEP * min(abs(a - b) for a in said for b in theirs)
    return 1.0 - STEP * max(0.0, UNSAID - max(theirs))


def labels_of(types: Iterable[str]) -> list[str]:
    """Classes in words: of an id that the table has its label, anything else as it is."""
    return [_labels().get(type_, type_) for type_ in types]


@cache
def _labels() -> Mapping[str, str]:
    """The label of every class of Wikidata that the table has, by its id."""
    groups = (classes for group, classes in _table().items() if group not in _NOT_GROUPS)
    return MappingProxyType({id_: label for classes in groups for id_, label in classes.items()})


@cache
def states_by_id() -> Mapping[str, str]:
    """The name of a state by its item's id; ids by PyPI's rigour 2.6.1 (OpenSanctions, MIT licence)."""
    with _STATES.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["qid"]: row["name"] for row in csv.DictReader(file, delimiter="\t")})


@cache
def classes_of(group: str) -> tuple[str, ...]:
    """The ids of Wikidata's classes of a group, to ask a service for."""
    return tuple(_table().get(group, ()))


def expected(classes: Iterable[str], kinds: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    """The groups that a thing may be, by its classes in the ontology, the kinds of place that texts call it, its names.

    What is called as a state is called is that state, whatever a text takes it for. A place of which no text says what
    it is counts as a settlement, unless its name says otherwise.
    """
    if any(map(is_state, names)):
        return frozenset({STATE})
    may_be = _table()["of"]
    groups = {group for class_ in classes for group in may_be.get(class_, ())}
    return frozenset(groups | _place_groups(kinds, names) if "Place" in classes else groups)


def _place_groups(kinds: Iterable[str], names: Iterable[str]) -> set[str]:
    called = {kind_words()[kind].kind.family for kind in kinds if kind in kind_words()}
    by_name = {group for name in names for group in _named_groups(name)}
    return called | (by_name or ({SETTLEMENT} if not called or called == {"region"} else set()))


def _named_groups(name: str) -> frozenset[str]:
    """What the name itself says: of "Idlib Governorate" region, of "Tal Bizam" height."""
    words = to_plain_letters(name).split()
    generic = generics().get(words[0]) if len(words) > 1 else None
    return find_kind_families(name) | ({generic.family} if generic else frozenset())
