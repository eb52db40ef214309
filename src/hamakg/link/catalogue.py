"""The parties, places and conflicts of one graph, to be found by name: what a list of somebody else can be matched to.

What is proposed is scored by the name alone, then by the type and the properties that are asked for beside it; what is
called a match agrees in all of them, and nothing else comes near.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from hamakg.link.authority import Authority
from hamakg.link.decide import MARGIN
from hamakg.link.items import Item, item_id, kilometres, point_of
from hamakg.link.likeness import EXACT, STYLED, folded, is_byname, is_common, likeness
from hamakg.link.properties import Statements, Value, properties
from hamakg.link.taxonomy import lines
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.naming.spellings import find_kind_families

ANY, ALL, SHOULD = "any", "all", "should"
"""How the types of a query are meant: a candidate is of one of them, of all, or of one for its full score."""

_SURE = 0.95
_OTHER_KIND = 0.8  # what the likeness of "Hama" and "Hama Governorate" is worth
_OTHER_TYPE = 0.5
_UNKNOWN = 0.5
_PROPERTY = 0.4  # the weight of a property, where the name's is one
_SAME_SPOT, _FAR = 5.0, 50.0  # kilometres
_BEGINNINGS = 50  # names that are looked at because they begin with what was asked
_BEGUN = 0.5  # what it is worth that a word in a name begins so
_LEAST = 0.3  # of what is shown at all
_DAY = re.compile(r"\d{4}(-\d\d){0,2}")

Given = str | float | bool
"""A value that a query gives for a property: text, an id among it, or a number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One query: a name (or id), types by their ids and how they are meant, values by property, candidates at most."""

    name: str
    types: tuple[str, ...] = ()
    strictness: str = ANY
    properties: tuple[tuple[str, tuple[Given, ...]], ...] = ()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant: its score from 0 to 1, what it is made of, and whether it is surely the one."""

    thing: Thing
    score: float
    features: Mapping[str, float]
    match: bool = False


class Catalogue:
    """The things of a graph by their names, their ids, and the items of Wikidata that they are."""

    def __init__(self, things: Mapping[Ref, Thing], links: Iterable[EntityLink] = (), base: str = "") -> None:
        """``base`` is what the IRIs of the things begin with: they are ids too."""
        self.things, self._base = things, base
        self._authority = Authority(Item(thing.ref, thing.label, thing.names[1:]) for thing in things.values())
        self._by_item: dict[str, list[Ref]] = defaultdict(list)
        for link in links:
            if link.status is LinkStatus.ACCEPTED and (id_ := item_id(link.object)):
                self._by_item[id_].append(link.subject)
        self._beginnings = sorted({(words, ref) for ref, thing in things.items() for words in _endings(thing.names)})

    def of_id(self, id_: str) -> list[Thing]:
        """The things of this id: that of the graph's, as it is or as an IRI, or those that an item of Wikidata is."""
        ref = id_.removeprefix(self._base) if self._base else id_
        refs = [ref] if ref in self.things else self._by_item.get(item_id(id_) or "", ())
        return [self.things[ref] for ref in refs if ref in self.things]

    def find(self, wanted: Wanted, graph: Statements) -> list[Candidate]:
        """The things that may be meant, the best first; of equals that of which more is told.

        Without a name they are those that have a value letter for letter.
        """
        known = {thing.ref for thing in self.of_id(wanted.name)}
        refs = sorted(known) or (self._by_name(wanted.name) if wanted.name else _having(graph, wanted))
        fitting = [self.things[ref] for ref in refs if ref in self.things and _is_possible(self.things[ref], wanted)]
        asked = dict.fromkeys(prop for prop, _ in wanted.properties)
        said = {prop: graph.values([thing.ref for thing in fitting], prop) for prop in asked}
        scored = [self._scored(thing, wanted, said, thing.ref in known) for thing in fitting]
        shown = [one for one in scored if one.score >= _LEAST]
        shown.sort(key=lambda one: (-one.score, -one.thing.statements, one.thing.ref))
        return list(_with_match(shown, wanted, bool(known)))[: wanted.limit]

    def beginning(self, prefix: str, types: Iterable[str] = ()) -> list[Thing]:
        """The things of these types of which a name, or a word in it, begins so; the same name first, then by how much
        is told of each.
        """
        asked, known, classes = folded(prefix), [thing.ref for thing in self.of_id(prefix)], {*types}
        found = [*known, *self._beginning(asked)] if prefix.strip() else [*self.things]
        fitting = [self.things[ref] for ref in dict.fromkeys(found) if not classes or classes & _line(self.things[ref])]
        return sorted(fitting, key=lambda thing: _rank(thing, asked, thing.ref in known))

    def _by_name(self, name: str) -> list[Ref]:
        alike = [item.id for item in self._authority.candidates([name])] if folded(name) else []
        return [*dict.fromkeys((*alike, *self._beginning(folded(name))[:_BEGINNINGS]))]

    def _beginning(self, words: str) -> list[Ref]:
        if not words:
            return []
        found = list[Ref]()
        for ending, ref in islice(self._beginnings, bisect_left(self._beginnings, (words, "")), None):
            if not ending.startswith(words):
                break
            found.append(ref)
        return list(dict.fromkeys(found))

    def _scored(
        self, thing: Thing, wanted: Wanted, said: Mapping[str, Mapping[Ref, Sequence[Value]]], is_named: bool
    ) -> Candidate:
        features: dict[str, float] = {}
        if wanted.name:
            features["name"] = EXACT if is_named else max(_alike(wanted.name, own) for own in thing.names)
        if wanted.types:
            features["type"] = float(_is_of(thing, wanted))
        for prop, given in wanted.properties:
            agreement = self._agreement(given, said[prop].get(thing.ref, ()))
            features[_feature(prop)] = min(agreement, features.get(_feature(prop), EXACT))
        return Candidate(thing, _score(features), features)

    def _agreement(self, given: Sequence[Given], known: Sequence[Value]) -> float:
        """The best agreement of a value that is given with one that is known."""
        if not known or not given:
            return _UNKNOWN
        return max(self._alike(str(one), value) for one in given for value in known)

    def _alike(self, given: str, known: Value) -> float:
        if known.ref is None:
            return _alike_text(given, known.text)
        if meant := self.of_id(given):
            return float(known.ref in {thing.ref for thing in meant})
        other = self.things.get(known.ref)
        return max(_alike(given, name) for name in (other.names if other else (known.text,)))


def _having(graph: Statements, wanted: Wanted) -> list[Ref]:
    return [*dict.fromkeys(ref for prop, given in wanted.properties for ref in graph.having(prop, map(str, given)))]


def _feature(prop: str) -> str:
    return f"property:{prop}"


def _score(features: Mapping[str, float]) -> float:
    """The mean of name and properties, by their weights; halved where the type is another."""
    weights = {feature: 1.0 if feature == "name" else _PROPERTY for feature in features if feature != "type"}
    mean = sum(weights[feature] * features[feature] for feature in weights) / sum(weights.values())
    return mean * (1.0 if features.get("type", 1.0) else _OTHER_TYPE)


def _is_possible(thing: Thing, wanted: Wanted) -> bool:
    return not wanted.types or wanted.strictness == SHOULD or _is_of(thing, wanted)


def _is_of(thing: Thing, wanted: Wanted) -> bool:
    asked, line = {*wanted.types}, _line(thing)
    return asked <= line if wanted.strictness == ALL else bool(asked & line)


def _line(thing: Thing) -> frozenset[str]:
    return lines(thing.classes)


def _with_match(shown: Sequence[Candidate], wanted: Wanted, is_id: bool) -> Iterator[Candidate]:
    """The candidates, the first as a match where it surely is the one and the next is clearly behind."""
    if shown:
        first, *others = shown
        clear = first.score - (others[0].score if others else 0.0) >= MARGIN
        agrees = all(value >= _SURE for value in first.features.values())
        yield replace(first, match=clear and agrees and _is_identified(wanted, is_id, first))
        yield from others


def _is_identified(wanted: Wanted, is_id: bool, candidate: Candidate) -> bool:
    """Whether what was asked can mean one thing alone: an id, a name of its own, or a value that no two things share.

    A name that only sounds like the thing's can, where something else that was asked agrees too.
    """
    thing, name = candidate.thing, candidate.features.get("name")
    if is_id:
        return True
    if name is None:
        known = properties()
        return any(known[prop].identifies for prop, _ in wanted.properties if prop in known)
    if is_common(wanted.name) or not thing.has_own_name or not thing.statements:
        return False
    if "Person" in thing.classes and is_byname(wanted.name):
        return False
    return name >= STYLED or len(candidate.features) > 1


def _alike(asked: str, name: str) -> float:
    """How alike two names are; less where one is of another kind of thing, as "Hama" and "Hama Governorate"."""
    alike = likeness(asked, name) * (1.0 if find_kind_families(asked) == find_kind_families(name) else _OTHER_KIND)
    return max(alike, _BEGUN if f" {folded(name)}".find(f" {folded(asked)}") >= 0 and folded(asked) else 0.0)


def _alike_text(given: str, known: str) -> float:
    """Of texts the likeness; of points how near they are; of days whether one is, or lies in, the other."""
    one, other = point_of(given), point_of(known)
    if one and other:
        apart = kilometres(one, other)
        return max(0.0, min(1.0, (_FAR - apart) / (_FAR - _SAME_SPOT)))
    if _DAY.fullmatch(given) and _DAY.fullmatch(known):
        return float(f"{known}-".startswith(f"{given}-") or f"{given}-".startswith(f"{known}-"))
    return likeness(given, known)


def _endings(names: Iterable[str]) -> Iterator[str]:
    """Each name from each of its words on: what a word in it begins with is found too."""
    for name in names:
        words = folded(name).split()
        yield from (" ".join(words[start:]) for start in range(len(words)))


def _rank(thing: Thing, asked: str, is_named: bool) -> tuple[bool, bool, int, Ref]:
    known = {folded(name) for name in thing.names}
    return not (is_named or asked in known), not any(n.startswith(asked) for n in known), -thing.statements, thing.ref
