"""Where the articles that speak of a thing are set: the places near it, and the states that they name.

A place may be several items of one name, and which of them is told by where the others may be: the items that are meant
lie together, their namesakes are scattered. What is clearly best borne out so, over all articles that speak of it, is
an anchor of each.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from hamakg.link.classes import CITY, VILLAGE, size_fit, sizes_of, states_by_id
from hamakg.link.items import Item, Point, along_surface, kilometres, on_sphere
from hamakg.link.likeness import folded, states_in
from hamakg.link.things import Thing
from hamakg.model import Ref

SUPPORT = 0.5
"""What an anchor must have of the other places of its article: about that of one place at its side."""

CLEARLY = 1.5
"""How many times the support of its namesakes an anchor must have."""

ONE_SPOT = 5.0
"""Kilometres within which items are one spot, and their support counts once: many unlike places do not lie at one."""

REACH = 500.0
"""Kilometres from which a city or a region may be meant in its state."""

_HALF = 50.0  # kilometres at which support is half
_IN_NAMED_STATE, _IN_NO_STATE, _ELSEWHERE = 1.0, 0.8, 0.1
_NEAREST = 3
_FAR = 300.0  # kilometres from which on there is hardly any
_TIE = 1e-9
_SPOT = ONE_SPOT / 111.2  # degrees


@dataclass(frozen=True, slots=True)
class _Anchor:
    """One item that a place may be; ``likely`` weighs its state and its size. ``known`` says that it is, ``city`` that
    it is a city, of a state that the articles speak of if that is known, which may be meant from afar.
    """

    ref: Ref
    point: Point
    likely: float = 1.0
    known: bool = False
    city: bool = False


@dataclass(frozen=True, slots=True)
class _Setting:
    """What one article is set in: where in space its anchors are; the states (folded names) that it speaks of; for each
    state how many of its places may lie there, in ``votes`` and, of each place, in ``own``.
    """

    anchors: Mapping[Ref, tuple[float, float, float]]
    states: frozenset[str]
    votes: Mapping[str, float]
    own: Mapping[Ref, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The settings of the articles; of each place at which of several spots it is, None where that is not clear; and
    all things, whose names tell of states.
    """

    settings: Mapping[str, _Setting]
    told: Mapping[Ref, Point | None]
    things: Mapping[Ref, Thing]

    def allow(self, thing: Thing, point: Point) -> bool:
        """Whether the other places of its articles do not speak against a place's being there."""
        there = self.told.get(thing.ref, point)
        return there is not None and kilometres(there, point) <= ONE_SPOT

    def distance(self, thing: Thing, point: Point) -> float | None:
        """Kilometres from the point to the nearest anchors, in the middle one of the thing's articles; None without
        any.
        """
        told = (_to_nearest(thing, point, setting) for setting in self._of(thing))
        found = [kilometres for kilometres in told if kilometres is not None]
        return median(found) if found else None

    def own_states(self, thing: Thing) -> frozenset[str]:
        """The states that the thing's names or those of the units above it speak of."""
        above = [self.things[ref] for ref in thing.above if ref in self.things]
        return _states((thing, *above, *(self.things[ref] for t in above for ref in t.above if ref in self.things)))

    def around(self, thing: Thing) -> frozenset[str]:
        """The states that the thing's articles speak of."""
        return frozenset(state for setting in self._of(thing) for state in setting.states)

    def countries(self, thing: Thing) -> frozenset[str]:
        """The states in which most other places of the thing's articles may lie."""
        lie: defaultdict[str, float] = defaultdict(float)
        for setting in self._of(thing):
            for state, number in setting.votes.items():
                lie[state] += number - setting.own.get(thing.ref, {}).get(state, 0.0)
        most = max(lie.values(), default=0.0)
        return frozenset(state for state, number in lie.items() if number > max(most - _TIE, _TIE))

    def _of(self, thing: Thing) -> Iterable[_Setting]:
        return (self.settings[article] for article in thing.articles if article in self.settings)


def _to_nearest(thing: Thing, point: Point, setting: _Setting) -> float | None:
    x, y, z = on_sphere(point)
    others = ((a, b, c) for ref, (a, b, c) in setting.anchors.items() if ref != thing.ref)
    near = sorted((x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2 for a, b, c in others)[:_NEAREST]
    return fmean(along_surface(math.sqrt(square)) for square in near) if near else None


def surroundings(things: Mapping[Ref, Thing], likely: Mapping[Ref, Sequence[Item]]) -> Surroundings:
    """What lies around the things, from the ``likely`` items of each and from the points that articles give of some."""
    told: dict[str, list[Thing]] = defaultdict(list)
    for _, thing in sorted(things.items()):
        for article in thing.articles:
            told[article].append(thing)
    states = {article: _states(there) for article, there in told.items()}
    options: dict[Ref, Sequence[_Anchor]] = {}
    for ref, thing in sorted(things.items()):
        if thing.point:
            options[ref] = (_Anchor(ref, thing.point, known=True),)
        elif items := likely.get(ref):
            named = frozenset(state for article in thing.articles for state in states[article])
            options[ref] = tuple(_options(thing, items, named))
    options = {ref: some for ref, some in options.items() if some}
    anchors, told_apart = _borne_out(
        {article: [t.ref for t in there if t.ref in options] for article, there in told.items()}, options
    )
    votes = {ref: _votes(items) for ref, items in likely.items()}
    settings = {article: _setting(there, states[article], anchors, votes) for article, there in told.items()}
    return Surroundings(settings, told_apart, things)


def _setting(
    things: Sequence[Thing],
    states: frozenset[str],
    anchors: Mapping[Ref, _Anchor],
    votes: Mapping[Ref, Mapping[str, float]],
) -> _Setting:
    own = {thing.ref: votes[thing.ref] for thing in things if thing.ref in votes}
    total: defaultdict[str, float] = defaultdict(float)
    for vote in own.values():
        for state, number in vote.items():
            total[state] += number
    there = {thing.ref: on_sphere(anchors[thing.ref].point) for thing in things if thing.ref in anchors}
    return _Setting(there, states, total, own)


def _votes(items: Sequence[Item]) -> Mapping[str, float]:
    """How probably a place lies in each state, where any of its items is as likely as another."""
    found: defaultdict[str, float] = defaultdict(float)
    for item in items:
        for state in countries_of(item):
            found[state] += 1.0 / len(items)
    return found


def _options(thing: Thing, items: Sequence[Item], named: frozenset[str]) -> Iterable[_Anchor]:
    for item in items:
        lies_in = countries_of(item)
        likely = _IN_NO_STATE if not (lies_in and named) else _IN_NAMED_STATE if named & {*lies_in} else _ELSEWHERE
        if item.point:
            city = max(sizes_of(item.types), default=VILLAGE) >= CITY and (not lies_in or bool(named & {*lies_in}))
            yield _Anchor(thing.ref, item.point, likely * size_fit(thing.kinds, item.types), city=city)


def _borne_out(
    articles: Mapping[str, Sequence[Ref]], options: Mapping[Ref, Sequence[_Anchor]]
) -> tuple[Mapping[Ref, _Anchor], Mapping[Ref, Point | None]]:
    """Of each place the option that the other places of its articles together clearly support, if there is one, or
    whose point is known; and of those that may be at several spots where they are, None where it is not clear.

    A place of many options tells less of the others: each counts by its share.
    """
    support = _supports(articles, options)
    found: dict[Ref, _Anchor] = {}
    told: dict[Ref, Point | None] = {}
    for ref, some in options.items():
        first, *rest = sorted(some, key=lambda option: -support[option])
        apart = [option for option in rest if kilometres(option.point, first.point) > ONE_SPOT]
        from_afar = any(other.city and kilometres(other.point, first.point) <= REACH for other in apart)
        others = [support[other] for other in apart]
        if first.known or (not from_afar and support[first] >= max([SUPPORT, *(CLEARLY * other for other in others)])):
            found[ref] = first
            told[ref] = first.point
        elif (from_afar and support[first] >= SUPPORT) or max(others, default=0.0) >= SUPPORT / 4:
            told[ref] = None
    return found, told


@dataclass(slots=True)
class _Spot:
    """An option with what is reckoned of it: where it is in space and to which spot that counts, and its support."""

    option: _Anchor
    share: float
    x: float
    y: float
    z: float
    key: tuple[int, int]
    support: float = 0.0


def _supports(
    articles: Mapping[str, Sequence[Ref]], options: Mapping[Ref, Sequence[_Anchor]]
) -> Mapping[_Anchor, float]:
    """How many other places may lie beside each option, near ones counting more, in all articles together."""
    spots = {ref: [_spot(option, 1.0 / len(some)) for option in some] for ref, some in options.items()}
    for refs in articles.values():
        there = sorted((spot for ref in refs for spot in spots[ref]), key=lambda spot: spot.z)
        for spot, beside in zip(there, _beside(there), strict=True):
            spot.support += spot.option.likely * sum(beside.values())
    return {spot.option: spot.support for some in spots.values() for spot in some}


def _spot(option: _Anchor, share: float) -> _Spot:
    point = option.point
    key = (round(float(point.latitude) / _SPOT), round(float(point.longitude) / _SPOT))
    return _Spot(option, share * option.likely, *on_sphere(point), key)


def _beside(there: Sequence[_Spot]) -> Sequence[Mapping[tuple[int, int], float]]:
    """Of each, from south to north, the support that the places beside it give, those at one spot together once."""
    found: list[dict[tuple[int, int], float]] = [{} for _ in there]
    for nth, one in enumerate(there):
        for mth in range(nth + 1, len(there)):
            other = there[mth]
            if other.z - one.z > _FAR:
                break
            square = (one.x - other.x) ** 2 + (one.y - other.y) ** 2 + (one.z - other.z) ** 2
            if square <= _FAR**2 and one.option.ref != other.option.ref:
                near = 1.0 / (1.0 + square / _HALF**2)
                found[nth][other.key] = max(found[nth].get(other.key, 0.0), near * other.share)
                found[mth][one.key] = max(found[mth].get(one.key, 0.0), near * one.share)
    return found


def countries_of(item: Item) -> tuple[str, ...]:
    """The folded names of the states that an item belongs to."""
    named = (states_by_id().get(country, country) for country in item.country)
    return tuple(state for name in named for state in sorted(states_in(name)) or [folded(name)])


def _states(things: Iterable[Thing]) -> frozenset[str]:
    return frozenset(state for thing in things for name in thing.names for state in states_in(name))
