"""Where the articles about a thing are set: which of a place's items they mean, and which states they mention.

A place may be any of several items of one name. The items that are meant lie close together, their namesakes are
scattered: so each item is supported by the places that may lie near it, over all articles that name the place. The item
that is clearly supported best becomes an anchor of these articles.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from hamakg.link.classes import compare_settlement_sizes, is_city
from hamakg.link.items import Item
from hamakg.link.name_similarity import find_states, fold_name
from hamakg.link.points import Point, chord_to_arc_km, distance_km, to_cartesian
from hamakg.link.things import Thing
from hamakg.model import Ref
from hamakg.naming.states import states_by_item

MIN_SUPPORT = 0.5
"""The support that an anchor needs from the other places of its articles: about that of one place right beside it."""

MIN_LEAD = 1.5
"""How many times the support of its namesakes an anchor needs."""

SAME_SPOT_KM = 5.0
"""Items within this distance are one spot, whose support counts once: different places rarely share a spot."""

CITY_REACH_KM = 500.0
"""The distance at which a text may still mean a city or a region of the same state."""

_HALF_SUPPORT_KM = 50.0
_MAX_SUPPORT_KM = 300.0  # from further away there is hardly any
_NEAREST_ANCHORS = 3
_TIE = 1e-9
_SPOT_DEGREES = SAME_SPOT_KM / 111.2

# How much an item counts that lies in a state that the articles mention, in no known state, or in any other state.
_IN_MENTIONED_STATE, _IN_UNKNOWN_STATE, _IN_OTHER_STATE = 1.0, 0.8, 0.1


@dataclass(frozen=True, slots=True)
class _Option:
    """One item, or the known point, that a place may be.

    ``weight`` depends on the item's state and size; ``is_certain`` marks a point that an article itself gives.
    ``is_known_city`` marks a city (of a state that the articles mention, if its state is known), which a text may mean
    from afar.
    """

    ref: Ref
    point: Point
    weight: float = 1.0
    is_certain: bool = False
    is_known_city: bool = False


@dataclass(frozen=True, slots=True)
class _Setting:
    """Where one article is set: its anchors in space, the states that it mentions, and where its places may lie.

    ``votes`` has for each state how many of the article's places may lie there, ``votes_by_place`` the share of each.
    """

    anchors: Mapping[Ref, tuple[float, float, float]]
    states: frozenset[str]
    votes: Mapping[str, float]
    votes_by_place: Mapping[Ref, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The settings of all articles, the spot of each place whose items lie at several (None: unclear), and all things.

    States are folded names with hyphens, as :func:`hamakg.link.name_similarity.find_states` returns them.
    """

    settings: Mapping[str, _Setting]
    spots: Mapping[Ref, Point | None]
    things: Mapping[Ref, Thing]

    def allow(self, thing: Thing, point: Point) -> bool:
        """Whether the other places of the thing's articles are consistent with its being at this point."""
        spot = self.spots.get(thing.ref, point)
        return spot is not None and distance_km(spot, point) <= SAME_SPOT_KM

    def distance_to_anchors(self, thing: Thing, point: Point) -> float | None:
        """Return the mean distance in kilometres to an article's nearest anchors, the median over the thing's articles.

        None if no article has an anchor other than the thing itself.
        """
        distances = [_distance_to_nearest(thing, point, setting) for setting in self._settings_of(thing)]
        known = [distance for distance in distances if distance is not None]
        return median(known) if known else None

    def states_of_names(self, thing: Thing) -> frozenset[str]:
        """Return the states in the names of the thing and of the two levels of units above it."""
        above = [self.things[ref] for ref in thing.superior_units if ref in self.things]
        top = [self.things[ref] for unit in above for ref in unit.superior_units if ref in self.things]
        return _mentioned_states((thing, *above, *top))

    def states_of_articles(self, thing: Thing) -> frozenset[str]:
        """Return the states that the thing's articles mention."""
        return frozenset(state for setting in self._settings_of(thing) for state in setting.states)

    def main_states(self, thing: Thing) -> frozenset[str]:
        """Return the states in which most other places of the thing's articles may lie."""
        votes: defaultdict[str, float] = defaultdict(float)
        for setting in self._settings_of(thing):
            for state, count in setting.votes.items():
                votes[state] += count - setting.votes_by_place.get(thing.ref, {}).get(state, 0.0)
        most = max(votes.values(), default=0.0)
        return frozenset(state for state, count in votes.items() if count > max(most - _TIE, _TIE))

    def _settings_of(self, thing: Thing) -> Iterator[_Setting]:
        return (self.settings[article] for article in thing.articles if article in self.settings)


def _distance_to_nearest(thing: Thing, point: Point, setting: _Setting) -> float | None:
    x, y, z = to_cartesian(point)
    others = (anchor for ref, anchor in setting.anchors.items() if ref != thing.ref)
    nearest = sorted((x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2 for a, b, c in others)[:_NEAREST_ANCHORS]
    return fmean(chord_to_arc_km(math.sqrt(square)) for square in nearest) if nearest else None


# ---------------------------------------------------------------- building the surroundings


def build_surroundings(things: Mapping[Ref, Thing], likely: Mapping[Ref, Sequence[Item]]) -> Surroundings:
    """Work out where all articles are set, from each place's ``likely`` items and the points that articles give."""
    by_article: dict[str, list[Thing]] = defaultdict(list)
    for _, thing in sorted(things.items()):
        for article in thing.articles:
            by_article[article].append(thing)
    states = {article: _mentioned_states(named) for article, named in by_article.items()}
    options: dict[Ref, Sequence[_Option]] = {}
    for ref, thing in sorted(things.items()):
        mentioned = frozenset(state for article in thing.articles for state in states[article])
        if some := _list_options(thing, likely.get(ref, ()), mentioned):
            options[ref] = some
    places = {article: [thing.ref for thing in named if thing.ref in options] for article, named in by_article.items()}
    anchors, spots = _choose_anchors(places, options)
    votes = {ref: _count_votes(items) for ref, items in likely.items()}
    settings = {
        article: _build_setting(named, states[article], anchors, votes) for article, named in by_article.items()
    }
    return Surroundings(settings, spots, things)


def _build_setting(
    things: Sequence[Thing],
    states: frozenset[str],
    anchors: Mapping[Ref, _Option],
    votes: Mapping[Ref, Mapping[str, float]],
) -> _Setting:
    by_place = {thing.ref: votes[thing.ref] for thing in things if thing.ref in votes}
    total: defaultdict[str, float] = defaultdict(float)
    for vote in by_place.values():
        for state, count in vote.items():
            total[state] += count
    own_anchors = {thing.ref: to_cartesian(anchors[thing.ref].point) for thing in things if thing.ref in anchors}
    return _Setting(own_anchors, states, total, by_place)


def _count_votes(items: Sequence[Item]) -> Mapping[str, float]:
    """Return the probability that a place lies in each state, if all its items are equally likely."""
    votes: defaultdict[str, float] = defaultdict(float)
    for item in items:
        for state in states_of_item(item):
            votes[state] += 1.0 / len(items)
    return votes


def _list_options(thing: Thing, items: Sequence[Item], mentioned: frozenset[str]) -> Sequence[_Option]:
    """Return the point that articles give of a place, or else those of its items."""
    if thing.point:
        return [_Option(thing.ref, thing.point, is_certain=True)]
    options = []
    for item in items:
        if item.point:
            states = states_of_item(item)
            is_mentioned = not mentioned.isdisjoint(states)
            if not (states and mentioned):
                weight = _IN_UNKNOWN_STATE
            else:
                weight = _IN_MENTIONED_STATE if is_mentioned else _IN_OTHER_STATE
            size = compare_settlement_sizes(thing.place_kinds, item.types)
            is_known_city = is_city(item.types) and (is_mentioned or not states)
            options.append(_Option(thing.ref, item.point, weight * size, is_known_city=is_known_city))
    return options


def _choose_anchors(
    articles: Mapping[str, Sequence[Ref]], options: Mapping[Ref, Sequence[_Option]]
) -> tuple[Mapping[Ref, _Option], Mapping[Ref, Point | None]]:
    """Return the anchors, and the spots of all places that may be at several, as Surroundings has them.

    An anchor is a certain point, or the option that the other places of its articles clearly support best.
    """
    support = _compute_support(articles, options)
    anchors: dict[Ref, _Option] = {}
    spots: dict[Ref, Point | None] = {}
    for ref, some in options.items():
        first, *rest = sorted(some, key=lambda option: -support[option])
        apart = [option for option in rest if distance_km(option.point, first.point) > SAME_SPOT_KM]
        best_other = max((support[option] for option in apart), default=0.0)
        may_be_far_city = any(
            option.is_known_city and distance_km(option.point, first.point) <= CITY_REACH_KM for option in apart
        )
        is_supported = support[first] >= MIN_SUPPORT
        if first.is_certain or (is_supported and support[first] >= MIN_LEAD * best_other and not may_be_far_city):
            anchors[ref] = first
            spots[ref] = first.point
        elif (may_be_far_city and is_supported) or best_other >= MIN_SUPPORT / 4:
            spots[ref] = None
    return anchors, spots


# ---------------------------------------------------------------- support


@dataclass(slots=True)
class _Supporter:
    """An option with its point in space and the spot (a cell of a grid) that it counts to, and the support it gets.

    ``share`` is the support it gives at most: the more options a place has, the less each tells about other places.
    """

    option: _Option
    share: float
    x: float
    y: float
    z: float
    spot: tuple[int, int]
    support: float = 0.0


def _compute_support(
    articles: Mapping[str, Sequence[Ref]], options: Mapping[Ref, Sequence[_Option]]
) -> Mapping[_Option, float]:
    """Return how many other places may lie beside each option in all articles together; near ones count more."""
    supporters = {ref: [_build_supporter(option, len(some)) for option in some] for ref, some in options.items()}
    for refs in articles.values():
        from_south = sorted((one for ref in refs for one in supporters[ref]), key=lambda one: one.z)
        for one, by_spot in zip(from_south, _support_by_spot(from_south), strict=True):
            one.support += one.option.weight * sum(by_spot.values())
    return {one.option: one.support for some in supporters.values() for one in some}


def _build_supporter(option: _Option, count: int) -> _Supporter:
    latitude, longitude = float(option.point.latitude), float(option.point.longitude)
    spot = (round(latitude / _SPOT_DEGREES), round(longitude / _SPOT_DEGREES))
    return _Supporter(option, 1.0 / count * option.weight, *to_cartesian(option.point), spot)


def _support_by_spot(from_south: Sequence[_Supporter]) -> Sequence[Mapping[tuple[int, int], float]]:
    """Return for each option the support from other places beside it, by spot: the strongest at a spot counts.

    The options are ordered by z, so that for each only its neighbours in that order have to be looked at.
    """
    found: list[dict[tuple[int, int], float]] = [{} for _ in from_south]
    for nth, one in enumerate(from_south):
        for mth in range(nth + 1, len(from_south)):
            other = from_south[mth]
            if other.z - one.z > _MAX_SUPPORT_KM:
                break
            square = (one.x - other.x) ** 2 + (one.y - other.y) ** 2 + (one.z - other.z) ** 2
            if square <= _MAX_SUPPORT_KM**2 and one.option.ref != other.option.ref:
                near = 1.0 / (1.0 + square / _HALF_SUPPORT_KM**2)
                found[nth][other.spot] = max(found[nth].get(other.spot, 0.0), near * other.share)
                found[mth][one.spot] = max(found[mth].get(one.spot, 0.0), near * one.share)
    return found


# ---------------------------------------------------------------- states


def states_of_item(item: Item) -> tuple[str, ...]:
    """Return the states that an item belongs to; a country that is not known as a state by its folded name."""
    names = (states_by_item().get(country, country) for country in item.countries)
    return tuple(state for name in names for state in sorted(find_states(name)) or [fold_name(name)])


def _mentioned_states(things: Iterable[Thing]) -> frozenset[str]:
    return frozenset(state for thing in things for name in thing.names for state in find_states(name))
