"""The actors of an infobox: their class, whether a name is a proper name, and which spellings mean one actor."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from hamakg.extract.infobox.words import build_alternation, word_list
from hamakg.model import Entity, EntityKind
from hamakg.naming.spellings import cluster_names, is_acronym_of
from hamakg.naming.states import states_by_lowercase_word
from hamakg.rdf.ids import entity_id, fold

_ALIASES = Path(__file__).with_name("aliases.tsv")
_STATE_OF = re.compile(r"(?i)(?:dominion|union|commonwealth|principality|duchy|colony|mandate) of ")
# "Task Force 57", "Army Group Courland", "1st Baltic Front".
_UNIT = re.compile(
    r"(?i)\b(?:unit|team|group|task force) \d+$|^(?:army group|task force|battle ?group|kampfgruppe) \w"
    r"|^\d+(?:st|nd|rd|th) .*\b(?:front|army)$"
    r"|^(?:(?:north|south)(?:eastern|western|ern)?|eastern|western|central) front$"
    r"|^\d+(?:st|nd|rd|th)? .*\b(?:division|brigade|regiment|corps|battalion)\b"
)
_ACRONYM_LENGTHS = range(2, 9)

Roster = Mapping[str, Entity]
"""The actors of one infobox by each of their names there, folded."""


# ---------------------------------------------------------------- the class of an actor

_CLASSES: Sequence[tuple[EntityKind, Callable[[str, Sequence[str]], object]]] = (
    # the force of a state: "Syrian Army", "Armed Forces of Ukraine"
    (EntityKind.ARMED_FORCE, lambda name, words: _is_force(" ".join(words))),
    # a word for a unit at the end: "1st Brigade", "Desert Fleet"
    (EntityKind.MILITARY_UNIT, lambda name, words: words[-1] in word_list("actors", "unit")),
    # other names of units; before groups because "1st Baltic Front" is a unit, and "Xan Front" a group
    (EntityKind.MILITARY_UNIT, lambda name, words: _UNIT.search(name)),
    # the name of a state: "Syria"
    (EntityKind.STATE, lambda name, words: name.lower() in states_by_lowercase_word()),
    # a word for a state at one end: "Ottoman Empire", "Republic of China"
    (EntityKind.STATE, lambda name, words: not word_list("actors", "state").isdisjoint((words[0], words[-1]))),
    # words that mean a state only with "of": "Union of South Africa"
    (EntityKind.STATE, lambda name, words: _STATE_OF.match(name)),
    # a word for a group at the end: "Xan Front"
    (EntityKind.ARMED_GROUP, lambda name, words: words[-1] in word_list("actors", "group")),
    # a foreign word for a group, which may be anywhere: "Liwa al-Quds"
    (EntityKind.ARMED_GROUP, lambda name, words: not word_list("actors", "group_anywhere").isdisjoint(words)),
)
"""Classes with a condition on a name (as written, and as words in lower case); the first row that matches applies."""


def classify_actor(name: str) -> EntityKind:
    """The class of an actor by the words of its name; ``Actor`` if they do not show a narrower one."""
    words = name.lower().replace("’", "'").split()
    if not words:
        return EntityKind.ACTOR
    return next((kind for kind, matches in _CLASSES if matches(name, words)), EntityKind.ACTOR)


def _is_force(name: str) -> bool:
    """Whether the name is that of a state's force: "syrian army", "armed forces of ukraine"."""
    return _force_pattern().fullmatch(name.replace("u.s.", "us")) is not None


@cache
def _force_pattern() -> re.Pattern[str]:
    states, forces = build_alternation(states_by_lowercase_word()), build_alternation(word_list("actors", "force"))
    middle = build_alternation(word_list("actors", "force_middle"))
    return re.compile(
        rf"(?:(?:royal|imperial) )?(?:{states})(?: (?:{middle}))* (?:{forces})|(?:{forces}) of (?:the )?(?:{states})"
    )


def is_generic(name: str) -> bool:
    """Whether the words describe somebody without a proper name: "Special forces", "Unnamed colonel".

    A state's own force ("Syrian army") has a proper name.
    """
    words = name.split()
    lower = [word.lower().strip("'\".,") for word in words]
    if lower[0] in word_list("actors", "unnamed"):
        return True
    if _is_force(" ".join(lower)) or " ".join(lower) in states_by_lowercase_word():
        return False
    nouns, adjectives = word_list("actors", "generic_nouns"), word_list("actors", "generic_adjectives")
    if all(word in nouns or word in adjectives for word in lower):
        return True
    capitals = [word for word in words[1:] if word[0].isupper() and word.lower() not in states_by_lowercase_word()]
    return lower[-1] in nouns and words[-1].islower() and not capitals


# ---------------------------------------------------------------- entities


def make_actor(name: str, slug: str, kind: EntityKind | None = None) -> Entity:
    """The actor of that name; the id of one without a proper name lies within the article."""
    kind, generic = kind or classify_actor(name), is_generic(name)
    if generic and kind is EntityKind.ARMED_GROUP:
        kind = EntityKind.ACTOR  # "Special forces" are members of a force, not a group of that name
    return Entity(id=entity_id(kind, name, slug if generic else None), name=name, kind=kind)


def make_roster(names: Iterable[str], slug: str) -> Roster:
    """The actors with these names; spellings and aliases of one actor are together under the longest name."""
    unique = list(dict.fromkeys(names))
    groups: dict[str, list[str]] = {}
    for spellings in cluster_names(unique):
        groups.setdefault(min(map(_make_alias_key, spellings)), []).extend(spellings)
    roster: dict[str, Entity] = {}
    for group in groups.values():
        in_order = sorted(group, key=unique.index)
        longest = max(in_order, key=len)
        entity = replace(make_actor(longest, slug), names=tuple(name for name in in_order if name != longest))
        roster |= {fold(name): entity for name in in_order}
    return roster


def find_actor(words: str, roster: Roster) -> Entity | None:
    """The actor that the words mean by a name, an alias or an acronym; the words are then among its names."""
    known = roster.get(fold(words)) or _find_by_alias(words, roster) or _find_by_acronym(words, roster)
    if known is None or words in (known.name, *known.names):
        return known
    return replace(known, names=(*known.names, words))


def _find_by_alias(words: str, roster: Roster) -> Entity | None:
    return next((entity for name, entity in roster.items() if _make_alias_key(name) == _make_alias_key(words)), None)


def _find_by_acronym(words: str, roster: Roster) -> Entity | None:
    """The only actor whose acronym the words are."""
    if not (words.isupper() and len(words) in _ACRONYM_LENGTHS):
        return None
    matches = {e.id: e for e in roster.values() if any(is_acronym_of(words, name) for name in (e.name, *e.names))}
    return next(iter(matches.values())) if len(matches) == 1 else None


def merge_entities(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Each entity once, with all its names and its narrowest class."""
    merged: dict[str, Entity] = {}
    for entity in entities:
        known = merged.setdefault(entity.id, entity)
        names = dict.fromkeys((*known.names, entity.name, *entity.names))
        merged[entity.id] = replace(
            known,
            kind=entity.kind if known.kind is EntityKind.ACTOR else known.kind,
            names=tuple(name for name in names if name != known.name),
            descriptions=tuple(dict.fromkeys((*known.descriptions, *entity.descriptions))),
            within=known.within or entity.within,
        )
    return tuple(merged.values())


def expand_alias(name: str) -> str:
    """The full name if the name is a well-known acronym or alias; else the name itself."""
    return _aliases().get(fold(name), name)


def _make_alias_key(name: str) -> str:
    return fold(expand_alias(name))


@cache
def _aliases() -> Mapping[str, str]:
    """The full name of each row of ``aliases.tsv`` by every name in the row, folded."""
    with _ALIASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {fold(name): row["name"] for row in rows for name in (row["name"], *row["others"].split(", "))}
