"""The parties, places and conflicts of one graph, to be found by name: what a list of somebody else can be matched to.

What is proposed is scored by the name alone, then by the type and the properties that are asked for beside it; what is
called a match agrees in all of them, and nothing else comes near.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hamakg.link.authority import Authority, point_of
from hamakg.link.decide import MARGIN
from hamakg.link.items import WIKIDATA, Item, kilometres
from hamakg.link.likeness import EXACT, folded, is_byname, likeness
from hamakg.link.properties import Statements, Value
from hamakg.link.taxonomy import lines
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.names import kinds_in

ANY, ALL, SHOULD = "any", "all", "should"
"""How the types of a query are meant: a candidate is of one of them, of all, or of one for its full score."""

_SURE = 0.95
_OTHER_KIND = 0.8  # what the likeness of "Hama" and "Hama Governorate" is worth
_OTHER_TYPE = 0.5
_UNKNOWN = 0.5
_PROPERTY = 0.4  # the weight of a property, where the name's is one
_SAME_SPOT, _FAR = 5.0, 50.0  # kilometres
_BEGINNINGS = 50  # names that are looked at because they begin with what was asked

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

    def __init__(self, things: Mapping[Ref, Thing], links: Iterable[EntityLink] = ()) -> None:
        self.things = things
        self._authority = Authority(Item(thing.ref, thing.label, thing.names[1:]) for thing in things.values())
        self._ids = {
            link.object.removeprefix(WIKIDATA): link.subject for link in links if link.status is LinkStatus.ACCEPTED
        }
        self._beginnings = sorted({(words, ref) for ref, thing in things.items() for words in _endings(thing.names)})

    def named(self, id_: str) -> Thing | None:
        """The thing of this id: one of the graph's, or the id of the item of Wikidata that it is."""
        return self.things.get(id_) or self.things.get(self._ids.get(id_.removeprefix(WIKIDATA), ""))

    def find(self, wanted: Wanted, graph: Statements) -> list[Candidate]:
        """The things that may be meant, the best first; of equals that of which more is told.

        Without a name they are those that have a value letter for letter.
        """
        known = self.named(wanted.name)
        refs = [known.ref] if known else self._by_name(wanted.name) if wanted.name else _having(graph, wanted)
        fitting = [self.things[ref] for ref in refs if ref in self.things and _is_possible(self.things[ref], wanted)]
        given = {prop: graph.values([thing.ref for thing in fitting], prop) for prop, _ in wanted.properties}
        scored = [self._scored(thing, wanted, given, thing is known) for thing in fitting]
        scored.sort(key=lambda one: (-one.score, -one.thing.statements, one.thing.ref))
        return list(_with_match(scored, wanted))[: wanted.limit]

    def beginning(self, prefix: str, types: Iterable[str] = ()) -> list[Thing]:
        """The things of these types of which a name, or a word in it, begins so; the same name first, then by how much
        is told of each.
        """
        asked, known = folded(prefix), self.named(prefix)
        classes = {*types}
        found = [*([known.ref] if known else ()), *self._beginning(asked)] if asked or known else [*self.things]
        fitting = [self.things[ref] for ref in dict.fromkeys(found) if not classes or classes & _line(self.things[ref])]
        return sorted(fitting, key=lambda thing: _rank(thing, asked, thing is known))

    def _by_name(self, name: str) -> list[Ref]:
        alike = [item.id for item in self._authority.candidates([name])] if folded(name) else []
        return [*dict.fromkeys((*alike, *self._beginning(folded(name))[:_BEGINNINGS]))]

    def _beginning(self, words: str) -> list[Ref]:
        if not words:
            return []
        start, found = bisect_left(self._beginnings, (words, "")), list[Ref]()
        for ending, ref in self._beginnings[start:]:
            if not ending.startswith(words):
                break
            found.append(ref)
        return list(dict.fromkeys(found))

    def _scored(
        self, thing: Thing, wanted: Wanted, known: Mapping[str, Mapping[Ref, Sequence[Value]]], is_named: bool
    ) -> Candidate:
        features = {}
        if wanted.name:
            features["name"] = EXACT if is_named else max(_alike(wanted.name, own) for own in thing.names)
        if wanted.types:
            features["type"] = float(_is_of(thing, wanted))
        for prop, given in wanted.properties:
            features[f"property:{prop}"] = self._agreement(given, known[prop].get(thing.ref, ()))
        return Candidate(thing, _score(features), features)

    def _agreement(self, given: Sequence[Given], known: Sequence[Value]) -> float:
        """The best agreement of a value that is given with one that is known."""
        if not known or not given:
            return _UNKNOWN
        return max(self._alike(one, value) for one in given for value in known)

    def _alike(self, given: Given, known: Value) -> float:
        if known.ref:
            thing = self.named(str(given))
            other = self.things.get(known.ref)
            if thing:
                return float(thing.ref == known.ref)
            return max(_alike(str(given), name) for name in (other.names if other else (known.text,)))
        return _alike_text(str(given), known.text)


def _having(graph: Statements, wanted: Wanted) -> list[Ref]:
    return [*dict.fromkeys(ref for prop, given in wanted.properties for ref in graph.having(prop, map(str, given)))]


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


def _with_match(scored: Sequence[Candidate], wanted: Wanted) -> Iterator[Candidate]:
    """The candidates, the first as a match where all agrees and the next is clearly behind."""
    for nth, one in enumerate(scored):
        behind = scored[1].score if len(scored) > 1 else 0.0
        sure = nth == 0 and all(value >= _SURE for value in one.features.values()) and one.score - behind >= MARGIN
        common = not one.thing.has_own_name or ("Person" in one.thing.classes and is_byname(wanted.name))
        yield Candidate(one.thing, one.score, one.features, sure and not common)


def _alike(asked: str, name: str) -> float:
    """How alike two names are; less where one is of another kind of thing, as "Hama" and "Hama Governorate"."""
    return likeness(asked, name) * (1.0 if kinds_in(asked) == kinds_in(name) else _OTHER_KIND)


def _alike_text(given: str, known: str) -> float:
    """Of texts the likeness; of points how near they are; of days whether one is, or lies in, the other."""
    one, other = point_of(given), point_of(known)
    if one and other:
        apart = kilometres(one, other)
        return max(0.0, min(1.0, (_FAR - apart) / (_FAR - _SAME_SPOT)))
    if given[:4].isdigit() and known[:4].isdigit():
        return float(known.startswith(given) or given.startswith(known))
    return likeness(given, known)


def _endings(names: Iterable[str]) -> Iterator[str]:
    """Each name from each of its words on: what a word in it begins with is found too."""
    for name in names:
        words = folded(name).split()
        yield from (" ".join(words[start:]) for start in range(len(words)))


def _rank(thing: Thing, asked: str, is_named: bool) -> tuple[bool, bool, int, Ref]:
    known = {folded(name) for name in thing.names}
    return not (is_named or asked in known), not any(n.startswith(asked) for n in known), -thing.statements, thing.ref
