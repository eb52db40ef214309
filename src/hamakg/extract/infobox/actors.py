"""Who an infobox names: the kind of an actor, whether the name is a name, and which spellings are one actor."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from hamakg.extract.infobox.words import alternatives, listed
from hamakg.model import Entity, EntityKind
from hamakg.naming.spellings import cluster_names, is_acronym_of
from hamakg.naming.states import state_words
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
"""The actors of one infobox by every name that they have there, folded."""


def kind_of(name: str) -> EntityKind:
    """The class of an actor by the words of its name; plain ``Actor`` where they do not tell."""
    words = name.lower().replace("’", "'").split()
    if not words:
        return EntityKind.ACTOR
    if _is_force(" ".join(words)):
        return EntityKind.ARMED_FORCE
    if words[-1] in listed("actors", "unit") or _UNIT.search(name):
        return EntityKind.MILITARY_UNIT
    if name.lower() in state_words() or words[-1] in listed("actors", "state") or words[0] in listed("actors", "state"):
        return EntityKind.STATE
    if _STATE_OF.match(name):
        return EntityKind.STATE
    if words[-1] in listed("actors", "group") or not listed("actors", "group_anywhere").isdisjoint(words):
        return EntityKind.ARMED_GROUP
    return EntityKind.ACTOR


def is_generic(name: str) -> bool:
    """Whether the words describe somebody without naming: "Special forces", "Tribal fighters", "Unnamed colonel".

    A state's own force ("Syrian army") is named by the state.
    """
    words = name.split()
    low = [w.lower().strip("'\".,") for w in words]
    if low[0] in listed("actors", "unnamed"):
        return True
    if _is_force(" ".join(low)) or " ".join(low) in state_words():
        return False
    nouns, adjectives = listed("actors", "generic_nouns"), listed("actors", "generic_adjectives")
    if all(w in nouns or w in adjectives for w in low):
        return True
    capitals = [w for w in words[1:] if w[0].isupper() and w.lower() not in state_words()]
    return low[-1] in nouns and words[-1].islower() and not capitals


def actor(name: str, slug: str, kind: EntityKind | None = None) -> Entity:
    """The actor of that name; one without a name of its own is the article's."""
    kind, generic = kind or kind_of(name), is_generic(name)
    if generic and kind is EntityKind.ARMED_GROUP:
        kind = EntityKind.ACTOR  # "Special forces" are people of a force, no group of that name
    return Entity(id=entity_id(kind, name, slug if generic else None), name=name, kind=kind)


def make_roster(names: Iterable[str], slug: str) -> Roster:
    """The actors that the names name, spellings of one name together under the fullest of them."""
    roster: dict[str, Entity] = {}
    for spellings in _one_actor_each(list(dict.fromkeys(names))):
        fullest = max(spellings, key=len)
        entity = replace(actor(fullest, slug), names=tuple(s for s in spellings if s != fullest))
        roster |= {fold(spelling): entity for spelling in spellings}
    return roster


def find(words: str, roster: Roster) -> Entity | None:
    """The actor of the roster that some words name: by a spelling, an alias or an acronym, which it then has too."""
    known = roster.get(fold(words)) or _by_alias(words, roster) or _by_acronym(words, roster)
    if known is None or words in (known.name, *known.names):
        return known
    return replace(known, names=(*known.names, words))


def full_name(name: str) -> str:
    """The name that a well-known acronym or other name stands for; the name itself where none is known."""
    return _aliases().get(fold(name), name)


def merge(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Each entity once, with all its names; the more telling kind stands."""
    merged: dict[str, Entity] = {}
    for entity in entities:
        known = merged.setdefault(entity.id, entity)
        names = dict.fromkeys((*known.names, entity.name, *entity.names))
        merged[entity.id] = replace(
            known,
            kind=entity.kind if known.kind is EntityKind.ACTOR else known.kind,
            names=tuple(n for n in names if n != known.name),
            descriptions=tuple(dict.fromkeys((*known.descriptions, *entity.descriptions))),
            within=known.within or entity.within,
        )
    return tuple(merged.values())


def _is_force(name: str) -> bool:
    """Whether a state's name makes the name of its force: "syrian army", "armed forces of ukraine"."""
    return _force_pattern().fullmatch(name.replace("u.s.", "us")) is not None


@cache
def _force_pattern() -> re.Pattern[str]:
    states, forces = alternatives(state_words()), alternatives(listed("actors", "force"))
    middle = alternatives(listed("actors", "force_middle"))
    return re.compile(
        rf"(?:(?:royal|imperial) )?(?:{states})(?: (?:{middle}))* (?:{forces})|(?:{forces}) of (?:the )?(?:{states})"
    )


def _one_actor_each(names: list[str]) -> list[list[str]]:
    """The names grouped by actor: spellings that are one name, and aliases of one actor."""
    groups: dict[str, list[str]] = {}
    for spellings in cluster_names(names):
        key = min(_alias_key(name) for name in spellings)
        groups.setdefault(key, []).extend(spellings)
    return [sorted(group, key=names.index) for group in groups.values()]


def _by_alias(words: str, roster: Roster) -> Entity | None:
    return next((e for name, e in roster.items() if _alias_key(name) == _alias_key(words)), None)


def _by_acronym(words: str, roster: Roster) -> Entity | None:
    if not words.isupper() or len(words) not in _ACRONYM_LENGTHS:
        return None
    found = {e.id: e for e in roster.values() if any(is_acronym_of(words, name) for name in (e.name, *e.names))}
    return next(iter(found.values())) if len(found) == 1 else None


def _alias_key(name: str) -> str:
    return fold(full_name(name))


@cache
def _aliases() -> Mapping[str, str]:
    """Every name of ``aliases.tsv``, folded, with the name of its row."""
    with _ALIASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {fold(name): row["name"] for row in rows for name in (row["name"], *row["others"].split(", "))}
