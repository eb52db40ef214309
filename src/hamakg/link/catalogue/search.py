"""The catalogue: finds the parties, places and conflicts of one graph by name, id, type and properties.

The score of a thing depends on its name, then on the properties and types of the query. A thing is a match if it agrees
in all of them and no other thing comes near.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from hamakg.link.catalogue.properties import PropertyReader, PropertyValue, properties
from hamakg.link.catalogue.taxonomy import expand_classes
from hamakg.link.decide import MIN_MARGIN
from hamakg.link.items import Item, parse_item_id
from hamakg.link.name_index import NameIndex
from hamakg.link.name_similarity import EXACT, SAME_STYLED, compare_names, fold_name, is_byname, is_generic_name
from hamakg.link.points import distance_km, parse_point
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.naming.spellings import find_kind_families

ANY, ALL, SHOULD = "any", "all", "should"
"""How a query means its types: a thing has to be of any or of all of them, or should be of any for its full score."""

MIN_SCORE = 0.3
"""Things with a lower score are not returned."""

MIN_AGREEMENT = 0.95
"""A match agrees at least this much in name, type and each property."""

PROPERTY_WEIGHT = 0.4
"""How much a property counts in the score; the name counts 1."""

_OTHER_TYPE_FACTOR = 0.5  # for things of another type
_OTHER_KIND_FACTOR = 0.8  # for "Hama" and "Hama Governorate"
_PREFIX_SCORE = 0.5  # for a name in which a word begins with the query's name
_UNKNOWN_VALUE = 0.5
_MAX_BY_PREFIX = 50  # things that are considered because a word of a name begins with the query's name
_SAME_POINT_KM, _OTHER_POINT_KM = 5.0, 50.0  # points up to this distance agree wholly, from that on not at all
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")

QueryValue = str | float | bool
"""A value that a query gives for a property: a text (which may be an id) or a number."""


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """One query: a name or id, the ids of types and how they are meant, values by property, and the most results."""

    name: str
    types: tuple[str, ...] = ()
    strictness: str = ANY
    properties: tuple[tuple[str, tuple[QueryValue, ...]], ...] = ()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class ScoredThing:
    """A thing that a query may mean: its score and features, from 0 to 1, and whether it is a match."""

    thing: Thing
    score: float
    features: Mapping[str, float]
    is_match: bool = False


class Catalogue:
    """The things of a graph by their names, their ids, and the Wikidata items they are linked to."""

    def __init__(self, things: Mapping[Ref, Thing], links: Iterable[EntityLink] = (), base: str = "") -> None:
        """``base`` is what the IRIs of the things begin with; the IRIs are ids too."""
        self.things, self._base = things, base
        self._index = NameIndex(Item(thing.ref, thing.label, thing.names[1:]) for thing in things.values())
        self._by_item: dict[str, list[Ref]] = defaultdict(list)
        for link in links:
            if link.status is LinkStatus.ACCEPTED and (id_ := parse_item_id(link.object)):
                self._by_item[id_].append(link.subject)
        self._by_prefix = sorted({(words, ref) for ref, thing in things.items() for words in _list_suffixes(thing)})

    def find_by_id(self, id_: str) -> list[Thing]:
        """Return the thing of an id or IRI of the graph, or all things that are linked to an item of Wikidata."""
        ref = id_.removeprefix(self._base) if self._base else id_
        refs = [ref] if ref in self.things else self._by_item.get(parse_item_id(id_) or "", ())
        return [self.things[ref] for ref in refs if ref in self.things]

    def find(self, query: CatalogueQuery, reader: PropertyReader) -> list[ScoredThing]:
        """Return the things that a query may mean, the best first; of equals those with more statements.

        A query without a name means the things that have one of its values letter for letter.
        """
        by_id = {thing.ref for thing in self.find_by_id(query.name)}
        refs = sorted(by_id) or (self._find_by_name(query.name) if query.name else _find_by_value(query, reader))
        things = [self.things[ref] for ref in refs if ref in self.things]
        if query.types and query.strictness != SHOULD:
            things = [thing for thing in things if _has_types(thing, query)]
        known = {prop: reader.read_values([thing.ref for thing in things], prop) for prop, _ in query.properties}
        scored = [self._score_thing(thing, query, known, thing.ref in by_id) for thing in things]
        scored = [one for one in scored if one.score >= MIN_SCORE]
        scored.sort(key=lambda one: (-one.score, -one.thing.statement_count, one.thing.ref))
        if scored:
            best, *others = scored
            lead = best.score - (others[0].score if others else 0.0)
            is_match = lead >= MIN_MARGIN and _agrees_in_everything(best, query, bool(by_id))
            scored[0] = replace(best, is_match=is_match)
        return scored[: query.limit]

    def suggest(self, prefix: str, types: Iterable[str] = ()) -> list[Thing]:
        """Return the things of these types with a name in which a word begins with the prefix.

        Things with this very name come first, then those whose name begins so, then those with more statements.
        """
        folded, wanted, by_id = fold_name(prefix), {*types}, [thing.ref for thing in self.find_by_id(prefix)]
        refs = [*by_id, *self._find_by_prefix(folded)] if prefix.strip() else [*self.things]
        things = [self.things[ref] for ref in dict.fromkeys(refs)]
        fitting = [thing for thing in things if not wanted or wanted & expand_classes(thing.classes)]
        return sorted(fitting, key=lambda thing: _rank_suggestion(thing, folded, thing.ref in by_id))

    def _find_by_name(self, name: str) -> list[Ref]:
        folded = fold_name(name)
        similar = [item.id for item in self._index.find([name])] if folded else []
        return [*dict.fromkeys((*similar, *self._find_by_prefix(folded)[:_MAX_BY_PREFIX]))]

    def _find_by_prefix(self, folded: str) -> list[Ref]:
        """Return the things of which a word in a name begins with this folded text, in alphabetical order."""
        if not folded:
            return []
        refs = list[Ref]()
        for words, ref in islice(self._by_prefix, bisect_left(self._by_prefix, (folded, "")), None):
            if not words.startswith(folded):
                break
            refs.append(ref)
        return list(dict.fromkeys(refs))

    def _score_thing(
        self,
        thing: Thing,
        query: CatalogueQuery,
        known: Mapping[str, Mapping[Ref, Sequence[PropertyValue]]],
        is_by_id: bool,
    ) -> ScoredThing:
        features: dict[str, float] = {}
        if query.name:
            features["name"] = EXACT if is_by_id else max(_compare_with_kind(query.name, own) for own in thing.names)
        if query.types:
            features["type"] = float(_has_types(thing, query))
        for prop, values in query.properties:
            agreement = self._compare_values(values, known[prop].get(thing.ref, ()))
            feature = f"property:{prop}"
            features[feature] = min(agreement, features.get(feature, EXACT))
        weights = {name: 1.0 if name == "name" else PROPERTY_WEIGHT for name in features if name != "type"}
        mean = sum(weight * features[name] for name, weight in weights.items()) / sum(weights.values())
        return ScoredThing(thing, mean * (1.0 if features.get("type", 1.0) else _OTHER_TYPE_FACTOR), features)

    def _compare_values(self, wanted: Sequence[QueryValue], known: Sequence[PropertyValue]) -> float:
        """Return the best agreement of a value of the query with a value of the graph."""
        if not known or not wanted:
            return _UNKNOWN_VALUE
        return max(self._compare_value(str(one), value) for one in wanted for value in known)

    def _compare_value(self, wanted: str, known: PropertyValue) -> float:
        if known.ref is None:
            return _compare_texts(wanted, known.text)
        if meant := self.find_by_id(wanted):
            return float(known.ref in {thing.ref for thing in meant})
        other = self.things.get(known.ref)
        return max(_compare_with_kind(wanted, name) for name in (other.names if other else (known.text,)))


def _find_by_value(query: CatalogueQuery, reader: PropertyReader) -> list[Ref]:
    found = (ref for prop, values in query.properties for ref in reader.find_things(prop, map(str, values)))
    return list(dict.fromkeys(found))


def _has_types(thing: Thing, query: CatalogueQuery) -> bool:
    wanted, own = {*query.types}, expand_classes(thing.classes)
    return wanted <= own if query.strictness == ALL else not wanted.isdisjoint(own)


def _agrees_in_everything(best: ScoredThing, query: CatalogueQuery, is_by_id: bool) -> bool:
    """Whether the best thing agrees with the query in everything, and the query can mean only one thing."""
    return all(value >= MIN_AGREEMENT for value in best.features.values()) and _is_specific(query, is_by_id, best)


def _is_specific(query: CatalogueQuery, is_by_id: bool, best: ScoredThing) -> bool:
    """Whether a query can mean only one thing: by an id, by a proper name, or by a value that no two things share.

    If the name is only similar to the thing's, something else in the query has to agree too.
    """
    if is_by_id:
        return True
    if not query.name:
        table = properties()
        return any(table[prop].identifies for prop, _ in query.properties if prop in table)
    thing = best.thing
    if is_generic_name(query.name) or not thing.has_own_name or not thing.statement_count:
        return False
    if "Person" in thing.classes and is_byname(query.name):
        return False
    return best.features["name"] >= SAME_STYLED or len(best.features) > 1


def _compare_with_kind(wanted: str, name: str) -> float:
    """Compare two names; the score is lower if they name different kinds of things: "Hama", "Hama Governorate"."""
    folded = fold_name(wanted)
    similarity = compare_names(wanted, name) * (
        1.0 if find_kind_families(wanted) == find_kind_families(name) else _OTHER_KIND_FACTOR
    )
    is_prefix = bool(folded) and f" {folded}" in f" {fold_name(name)}"
    return max(similarity, _PREFIX_SCORE if is_prefix else 0.0)


def _compare_texts(wanted: str, known: str) -> float:
    """Compare two points by their distance, two dates by whether one lies in the other, other texts as names."""
    one, other = parse_point(wanted), parse_point(known)
    if one and other:
        distance = distance_km(one, other)
        return max(0.0, min(1.0, (_OTHER_POINT_KM - distance) / (_OTHER_POINT_KM - _SAME_POINT_KM)))
    if _DATE.fullmatch(wanted) and _DATE.fullmatch(known):
        return float(f"{known}-".startswith(f"{wanted}-") or f"{wanted}-".startswith(f"{known}-"))
    return compare_names(wanted, known)


def _list_suffixes(thing: Thing) -> Iterator[str]:
    """Yield each folded name from each of its words on, so that a prefix of any word can be looked up."""
    for name in thing.names:
        words = fold_name(name).split()
        yield from (" ".join(words[start:]) for start in range(len(words)))


def _rank_suggestion(thing: Thing, folded: str, is_by_id: bool) -> tuple[bool, bool, int, Ref]:
    names = {fold_name(name) for name in thing.names}
    begins = any(name.startswith(folded) for name in names)
    return not (is_by_id or folded in names), not begins, -thing.statement_count, thing.ref
