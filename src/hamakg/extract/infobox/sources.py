"""Who is said to say so: "per SOHR", "pro-government claim", "Iraq Body Count", "the rebels"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from hamakg.extract.infobox.actors import Roster, actor, find, full_name, is_generic, kind_of
from hamakg.extract.infobox.words import alternatives, keyed, listed
from hamakg.model import Claim, Entity, EntityKind, Ref, Side, Stance
from hamakg.naming.states import state_words
from hamakg.rdf.ids import fact_id

_OFFICIAL = (EntityKind.STATE, EntityKind.ARMED_FORCE)


@dataclass(frozen=True, slots=True)
class Saying:
    """How a figure is known: who says so, in the text's words (None where the text names nobody), and how firmly."""

    who: str | None
    stance: Stance


def read_saying(words: str) -> Saying | None:
    """The saying that a remark or a heading consists of, or None where it is no such thing."""
    if stance := keyed("reading").get(words.lower()):
        return Saying(None, Stance(stance))
    prefix, suffix = _prefix().match(words), _suffix().search(words)
    claimed = any(match and "claim" in match[0].lower() for match in (prefix, suffix))
    who = words[prefix.end() if prefix else 0 : suffix.start() if suffix else None].strip(" ,")
    if not who or not (prefix or suffix or not listed("sources", "names").isdisjoint(who.lower().split())):
        return None
    if who.lower() in listed("totals", "estimates"):
        return Saying(None, Stance.REPORTED)
    return Saying(who, Stance.CLAIMED if claimed else Stance.REPORTED)


def camps(sides: Iterable[Side], entities: Iterable[Entity]) -> Mapping[str, Side]:
    """The side for each word that means a camp ("rebels"), where of two sides one alone has a state or its forces."""
    kinds = {entity.id: entity.kind for entity in entities}
    sides = tuple(sides)
    official = [s for s in sides if any(kinds[ref] in _OFFICIAL for ref in (*s.belligerents, *s.units))]
    others = [s for s in sides if s not in official]
    if len(official) != 1 or len(others) != 1:
        return {}
    meant = dict.fromkeys(listed("actors", "government_side"), official[0])
    return meant | dict.fromkeys(listed("actors", "rebel_side"), others[0])


def speaker(who: str, slug: str, roster: Roster, sides: Mapping[str, Side]) -> Entity | Side:
    """The side, actor or information source that the words mean; a side with the words among its descriptions."""
    plain = re.sub(r"(?i)^the\s+|['’]s?$", "", who)
    if side := sides.get(plain.lower()):
        return replace(side, descriptions=(who,))
    known = find(plain, roster) or _state(plain, roster) or _only_force(plain, roster)
    if known:
        return known
    if is_generic(plain):
        name = plain if plain.lower().endswith("sources") else f"{plain} sources"
        return replace(actor(name, slug, EntityKind.SOURCE), descriptions=(who,))
    kind = kind_of(full_name(plain))
    return actor(plain, slug, kind if kind in _OFFICIAL else EntityKind.SOURCE)


def claim(slug: str, about: Ref, passage: Ref, stance: Stance, source: Ref | None) -> Claim:
    """The claim that somebody, or nobody named, makes of a report."""
    label = f"{stance} by {' '.join(source.split('/')[-2:]) if source else 'unnamed'}"
    return Claim(fact_id(slug, "claim", label, about), about, stance, passage, source)


def _state(words: str, roster: Roster) -> Entity | None:
    name = state_words().get(words.lower())
    if name is None:
        return None
    state = find(name, roster) or actor(name, "")
    return state if words == name else replace(state, descriptions=(words,))


def _only_force(words: str, roster: Roster) -> Entity | None:
    """ "Army" is the one force of a state whose name ends so."""
    found = {
        e.id: e
        for e in roster.values()
        if e.kind is EntityKind.ARMED_FORCE and e.name.lower().endswith(f" {words.lower()}")
    }
    return replace(next(iter(found.values())), descriptions=(words,)) if len(found) == 1 else None


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(listed('sources', 'prefixes'))})\b:?\s+", re.I)


@cache
def _suffix() -> re.Pattern[str]:
    return re.compile(rf"(?:['’]s?)?\s+(?:{alternatives(listed('sources', 'nouns'))})$", re.I)
