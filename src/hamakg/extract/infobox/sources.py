"""Reads who is named as the source of a figure: "per SOHR", "pro-government claim", "Iraq Body Count"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from hamakg.extract.infobox.actors import Roster, classify_actor, expand_alias, find_actor, is_generic, make_actor
from hamakg.extract.infobox.words import build_alternation, keys_by_word, word_list
from hamakg.model import Claim, Entity, EntityKind, Ref, Side, Stance
from hamakg.naming.states import states_by_lowercase_word
from hamakg.rdf.ids import fact_id

_OFFICIAL = (EntityKind.STATE, EntityKind.ARMED_FORCE)


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speaker to whom a figure is attributed, in the words of the text (None: nobody is named), and the stance."""

    speaker: str | None
    stance: Stance


def read_attribution(words: str) -> Attribution | None:
    """The attribution that a remark or heading consists of; None if it is something else."""
    if stance := keys_by_word("stances").get(words.lower()):
        return Attribution(None, Stance(stance))
    prefix, suffix = _prefix_pattern().match(words), _suffix_pattern().search(words)
    is_claim = any(match and "claim" in match[0].lower() for match in (prefix, suffix))
    speaker = words[prefix.end() if prefix else 0 : suffix.start() if suffix else None].strip(" ,")
    if not speaker or not (prefix or suffix or not word_list("sources", "names").isdisjoint(speaker.lower().split())):
        return None
    if speaker.lower() in word_list("totals", "estimates"):
        return Attribution(None, Stance.REPORTED)
    return Attribution(speaker, Stance.CLAIMED if is_claim else Stance.REPORTED)


def map_camp_words(sides: Iterable[Side], entities: Iterable[Entity]) -> Mapping[str, Side]:
    """The side that each word for a camp ("rebels") means.

    There are none unless there are two sides, of which exactly one has a state or a force.
    """
    kinds = {entity.id: entity.kind for entity in entities}
    sides = tuple(sides)
    official = [s for s in sides if any(kinds[ref] in _OFFICIAL for ref in (*s.belligerents, *s.units))]
    other = [s for s in sides if s not in official]
    if len(official) != 1 or len(other) != 1:
        return {}
    government, rebels = word_list("actors", "government_side"), word_list("actors", "rebel_side")
    return dict.fromkeys(government, official[0]) | dict.fromkeys(rebels, other[0])


def resolve_speaker(words: str, slug: str, roster: Roster, camps: Mapping[str, Side]) -> Entity | Side:
    """The side, actor or information source that the words mean; the words become a description of a side."""
    plain = re.sub(r"(?i)^the\s+|['’]s?$", "", words)
    if side := camps.get(plain.lower()):
        return replace(side, descriptions=(words,))
    known = find_actor(plain, roster) or _find_state(plain, roster) or _find_only_force(plain, roster)
    if known:
        return known
    if is_generic(plain):
        name = plain if plain.lower().endswith("sources") else f"{plain} sources"
        return replace(make_actor(name, slug, EntityKind.SOURCE), descriptions=(words,))
    kind = classify_actor(expand_alias(plain))
    return make_actor(plain, slug, kind if kind in _OFFICIAL else EntityKind.SOURCE)


def make_claim(slug: str, about: Ref, passage: Ref, stance: Stance, source: Ref | None) -> Claim:
    """The claim about a report by a source; None is an unnamed source."""
    label = f"{stance} by {' '.join(source.split('/')[-2:]) if source else 'unnamed'}"
    return Claim(fact_id(slug, "claim", label, about), about, stance, passage, source)


def _find_state(words: str, roster: Roster) -> Entity | None:
    name = states_by_lowercase_word().get(words.lower())
    if name is None:
        return None
    state = find_actor(name, roster) or make_actor(name, "")
    return state if words == name else replace(state, descriptions=(words,))


def _find_only_force(words: str, roster: Roster) -> Entity | None:
    """The only force of a state whose name ends in the words ("Army")."""
    forces = {
        e.id: e
        for e in roster.values()
        if e.kind is EntityKind.ARMED_FORCE and e.name.lower().endswith(f" {words.lower()}")
    }
    return replace(next(iter(forces.values())), descriptions=(words,)) if len(forces) == 1 else None


@cache
def _prefix_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{build_alternation(word_list('sources', 'prefixes'))})\b:?\s+", re.I)


@cache
def _suffix_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:['’]s?)?\s+(?:{build_alternation(word_list('sources', 'nouns'))})$", re.I)
