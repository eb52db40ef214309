"""Where the articles that speak of a thing are set: the places near it, and the states that they name.

A place may be several items of one name, and which of them is told by where the others may be: the items that are meant
lie together, their namesakes are scattered. What is clearly best borne out so is an anchor of its article.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from hamakg.link.classes import states_by_id
from hamakg.link.items import Item, Point, kilometres
from hamakg.link.likeness import folded, states_in
from hamakg.link.things import Thing
from hamakg.model import Ref

SUPPORT = 0.5
"""What an anchor must have of the other places of its article: about that of one place at its side."""

CLEARLY = 1.5
"""How many times the support of its namesakes an anchor must have."""

ONE_SPOT = 5.0
"""Kilometres within which items are one spot, and their support counts once: many unlike places do not lie at one."""

_HALF = 50.0  # kilometres at which support is half
_IN_NAMED_STATE, _IN_NO_STATE, _ELSEWHERE = 1.0, 0.5, 0.1
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class _Anchor:
    """One item that a place may be; ``likely`` weighs its state. ``known`` says that it is."""

    ref: Ref
    point: Point
    country: tuple[str, ...] = ()
    likely: float = 1.0
    known: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The anchors of each article, and the states (folded names) that it speaks of."""

    anchors: Mapping[str, Sequence[_Anchor]]
    states: Mapping[str, frozenset[str]]
    things: Mapping[Ref, Thing]

    def distance(self, thing: Thing, point: Point) -> float | None:
        """Kilometres from the point to the nearest anchors, in the middle one of the thing's articles; None without
        any.
        """
        told = (self._to_nearest(thing, point, article) for article in thing.articles)
        found = [kilometres for kilometres in told if kilometres is not None]
        return median(found) if found else None

    def own_states(self, thing: Thing) -> frozenset[str]:
        """The states that the thing's names or those of the units above it speak of."""
        above = [self.things[ref] for ref in thing.above if ref in self.things]
        return _states((thing, *above, *(self.things[ref] for t in above for ref in t.above if ref in self.things)))

    def around(self, thing: Thing) -> frozenset[str]:
        """The states that the thing's articles speak of."""
        return frozenset(state for article in thing.articles for state in self.states.get(article, ()))

    def countries(self, thing: Thing) -> frozenset[str]:
        """The states in which most anchors of the thing's articles lie."""
        lie: Counter[str] = Counter()
        for article in thing.articles:
            lie.update(c for a in self.anchors.get(article, ()) if a.ref != thing.ref for c in a.country)
        most = max(lie.values(), default=0)
        return frozenset(country for country, number in lie.items() if number == most)

    def _to_nearest(self, thing: Thing, point: Point, article: str) -> float | None:
        others = (a for a in self.anchors.get(article, ()) if a.ref != thing.ref)
        near = sorted(kilometres(anchor.point, point) for anchor in others)[:_NEAREST]
        return fmean(near) if near else None


def surroundings(
    things: Mapping[Ref, Thing], likely: Mapping[Ref, Sequence[Item]], known: Mapping[Ref, Point]
) -> Surroundings:
    """What lies around the things, from the ``likely`` items of each and from the points that are ``known`` of some."""
    states = _states_of_articles(things)
    options: dict[str, list[tuple[_Anchor, ...]]] = defaultdict(list)
    for ref, thing in sorted(things.items()):
        point = known.get(ref) or thing.point
        for article in thing.articles:
            if point is not None:
                options[article].append((_Anchor(ref, point, known=True),))
            elif items := likely.get(ref):
                options[article].append(tuple(_options(ref, items, states.get(article, frozenset()))))
    anchors = {article: _borne_out([some for some in given if some]) for article, given in options.items()}
    return Surroundings(anchors, states, things)


def _options(ref: Ref, items: Iterable[Item], named: frozenset[str]) -> Iterable[_Anchor]:
    for item in items:
        lies_in = countries_of(item)
        likely = _IN_NO_STATE if not (lies_in and named) else _IN_NAMED_STATE if named & {*lies_in} else _ELSEWHERE
        if item.point:
            yield _Anchor(ref, item.point, lies_in, likely)


def _borne_out(places: Sequence[Sequence[_Anchor]]) -> Sequence[_Anchor]:
    """Of each place the option that the others clearly support, if there is one; and all whose point is known."""
    found = []
    for options in places:
        others = [other for other in places if other is not options]
        support = {option: option.likely * _support(option, others) for option in options}
        first, *rest = sorted(options, key=lambda option: -support[option])
        apart = [o for o in rest if kilometres(o.point, first.point) > ONE_SPOT]
        if first.known or support[first] >= max([SUPPORT, *(CLEARLY * support[other] for other in apart)]):
            found.append(first)
    return found


def _support(option: _Anchor, others: Iterable[Sequence[_Anchor]]) -> float:
    """How many other places may lie beside the option, near ones counting more, those at one spot once."""
    spots: list[tuple[Point, float]] = []
    for place in others:
        nearest = max(place, key=lambda other: _nearness(option, other))
        if not any(kilometres(nearest.point, point) <= ONE_SPOT for point, _ in spots):
            spots.append((nearest.point, _nearness(option, nearest)))
    return sum(nearness for _, nearness in spots)


def _nearness(option: _Anchor, other: _Anchor) -> float:
    return other.likely / (1.0 + (kilometres(option.point, other.point) / _HALF) ** 2)


def countries_of(item: Item) -> tuple[str, ...]:
    """The folded names of the states that an item belongs to."""
    named = (states_by_id().get(country, country) for country in item.country)
    return tuple(state for name in named for state in sorted(states_in(name)) or [folded(name)])


def _states(things: Iterable[Thing]) -> frozenset[str]:
    return frozenset(state for thing in things for name in thing.names for state in states_in(name))


def _states_of_articles(things: Mapping[Ref, Thing]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for thing in things.values():
        for article in thing.articles:
            found[article].update(_states([thing]))
    return {article: frozenset(states) for article, states in found.items()}
