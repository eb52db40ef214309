"""Decide which item a thing is: an item is accepted if name, class, place (or side, or time) and margin all agree.

No single ground is enough, least of all a service's own verdict. What falls short is proposed, for a person to decide.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hamakg.link.classes import (
    CONFLICT,
    SETTLEMENT,
    SIZE_STEP,
    STATE,
    VILLAGE,
    compare_settlement_sizes,
    expected_groups,
    find_groups,
    find_sizes,
    is_city,
    is_vague,
    label_classes,
)
from hamakg.link.items import WIKIDATA, Item
from hamakg.link.name_similarity import (
    SAME_STYLED,
    NameAgreement,
    best_agreement,
    drop_shortened_names,
    find_years,
    is_byname,
)
from hamakg.link.surroundings import CITY_REACH_KM, Surroundings, states_of_item
from hamakg.link.things import Thing
from hamakg.model import EntityLink, Features, LinkStatus, Location

# ---------------------------------------------------------------- thresholds and weights

WEIGHTS = {"name": 0.3, "type": 0.3, "place": 0.4}
"""How much each ground counts in an item's score; "place" stands for the side of a party and the time of a conflict."""

MIN_MARGIN = 0.07
"""How far the score of an accepted item must lie above the next one's."""

MIN_NAME = 0.85
"""The name similarity of a candidate."""

MIN_NAME_PLACE, MIN_NAME_PERSON, MIN_NAME_OTHER = 0.95, 0.95, SAME_STYLED
"""The name similarity at which the names of a place, a person, or anything else agree."""

MIN_NAME_NEARBY, NEARBY_KM = 0.91, 30.0
"""A lower similarity is enough for a place this near to the other places of its articles."""

NEAR_KM = 100.0
"""The distance to the article's other places at which a place agrees."""

MIN_SCORE_SHOWN, MAX_SHOWN = 0.45, 3
"""The score from which on items are proposed, and how many at most."""

_TYPE_UNKNOWN, _TYPE_VAGUE = 0.2, 0.7  # the type score of an item without a class; with a class for any organisation
_UNSTATED_SIZE_WEIGHT = 0.5  # if neither size nor distance is known: too little to decide between two items

_HALF_KM, _HALF_KM_CITY = 100.0, 300.0  # where a place, and a city or region of the same state, count half
_SAME_STATE_SHARE = 0.2  # of the place score, for lying in the main state of the articles
_MAX_YEARS_BEFORE = 15  # an article may tell of a conflict this long before its own events without giving the year

# The place score if the ground is known in part or not at all. What is unknown scores by weight less than MIN_MARGIN
# below what is known in part, so that it never decides between two items.
_IN_STATE, _ANYWHERE, _ABROAD = 0.45, 0.35, 0.2
_MENTIONED, _UNKNOWN, _NOT_MENTIONED = 0.65, 0.5, 0.3


# ---------------------------------------------------------------- candidates


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a thing may be: neither its names nor its classes, as far as they are known, speak against it."""

    item: Item
    names: NameAgreement


def find_candidates(thing: Thing, items: Iterable[Item]) -> list[Candidate]:
    """Return those of the items that the thing may be, in their order."""
    groups, names = expected_groups(thing), drop_shortened_names(thing.names)
    fitting = (item for item in items if not (theirs := find_groups(item.types)) or theirs & groups)
    candidates = (Candidate(item, best_agreement(names, item.names, MIN_NAME)) for item in fitting)
    return [candidate for candidate in candidates if candidate.names.score >= MIN_NAME]


def select_likely_items(candidates: Iterable[Candidate]) -> list[Item]:
    """Return the items whose name and class both agree: their places tell where the articles are set."""
    return [
        candidate.item
        for candidate in candidates
        if find_groups(candidate.item.types) and candidate.names.score >= MIN_NAME_NEARBY
    ]


# ---------------------------------------------------------------- the decision


@dataclass(frozen=True, slots=True)
class _Ground:
    """How far one ground speaks for an item, from 0 to 1, and whether that is enough to accept it."""

    score: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class _Assessment:
    """A candidate with all grounds; ``label`` is the similarity of the thing's label alone."""

    item: Item
    label: float
    name: _Ground
    type: _Ground
    place: _Ground

    @property
    def score(self) -> float:
        grounds = {"name": self.name, "type": self.type, "place": self.place}
        return sum(weight * grounds[name].score for name, weight in WEIGHTS.items())

    @property
    def agrees(self) -> bool:
        return self.name.agrees and self.type.agrees and self.place.agrees


def decide_links(thing: Thing, candidates: Iterable[Candidate], around: Surroundings) -> list[EntityLink]:
    """Return the accepted link alone, or else the proposed links, the best first; equal ones by the items' ids.

    An item is accepted if it is the only one whose page an article itself links to, or if all grounds agree.
    """
    assessed = [_assess_candidate(thing, candidate, around) for candidate in candidates]
    assessed.sort(key=lambda one: (-one.score, one.item.id))
    linked = [one for one in assessed if one.item.linked_by_article]
    if len(linked) == 1:
        return [_build_link(thing, linked[0], LinkStatus.ACCEPTED, 1.0)]
    if assessed and assessed[0].agrees:
        margin = assessed[0].score - (assessed[1].score if len(assessed) > 1 else 0.0)
        if margin >= MIN_MARGIN:
            return [_build_link(thing, assessed[0], LinkStatus.ACCEPTED, margin)]
    shown = [one for one in assessed if one.score >= MIN_SCORE_SHOWN][:MAX_SHOWN]
    return [_build_link(thing, one, LinkStatus.PROPOSED, _measure_lead(one, assessed)) for one in shown]


def _measure_lead(one: _Assessment, assessed: Iterable[_Assessment]) -> float:
    """Return how far the score lies above the next lower one, 0 if there is none."""
    return one.score - max((other.score for other in assessed if other.score < one.score), default=one.score)


def _assess_candidate(thing: Thing, candidate: Candidate, around: Surroundings) -> _Assessment:
    item, names = candidate.item, candidate.names
    distance = around.distance_to_anchors(thing, item.point) if thing.is_place and item.point else None
    by_label = names if names.ours == thing.label else best_agreement([thing.label], item.names)
    return _Assessment(
        item,
        by_label.score,
        _Ground(names.score, _name_agrees(thing, names, distance)),
        _judge_type(thing, item, distance),
        _judge_place(thing, item, around, distance),
    )


def _build_link(thing: Thing, assessed: _Assessment, status: LinkStatus, margin: float) -> EntityLink:
    item = assessed.item
    location = None
    if item.point and thing.is_place:
        location = Location(item.point.latitude, item.point.longitude, item.coordinates_source, WIKIDATA + item.id)
    grounds = (assessed.name.score, assessed.label, assessed.type.score, assessed.place.score, margin)
    return EntityLink(
        subject=thing.ref,
        object=WIKIDATA + item.id,
        status=status,
        label=thing.label,
        object_label=item.label,
        justification="CompositeMatching",
        confidence=round(assessed.score, 3),
        comment=item.description or ", ".join(label_classes(item.types)) or None,
        features=Features(*(round(ground, 3) for ground in grounds)),
        location=location,
    )


# ---------------------------------------------------------------- name and class


def _name_agrees(thing: Thing, names: NameAgreement, distance: float | None) -> bool:
    if thing.is_place:
        is_nearby = distance is not None and distance <= NEARBY_KM
        return names.score >= (MIN_NAME_NEARBY if is_nearby else MIN_NAME_PLACE)
    if "Person" in thing.classes:
        return names.score >= MIN_NAME_PERSON and not is_byname(names.ours)
    return names.score >= MIN_NAME_OTHER


def _judge_type(thing: Thing, item: Item, distance: float | None) -> _Ground:
    """Judge the item's classes.

    A place that may be in several groups never agrees: texts call it a governorate, its name does not say so, and it
    may be the governorate's town.
    """
    if not find_groups(item.types):
        return _Ground(_TYPE_UNKNOWN, False)
    is_clear = not thing.is_place or len(expected_groups(thing)) <= 1
    return _Ground(_TYPE_VAGUE if is_vague(item.types) else _compare_sizes(thing, item, distance), is_clear)


def _compare_sizes(thing: Thing, item: Item, distance: float | None) -> float:
    """Return how well the item's size fits the size that texts give the thing: 1, less each step between them."""
    theirs = find_sizes(item.types)
    if SETTLEMENT in find_groups(item.types):
        fit = compare_settlement_sizes(thing.place_kinds, item.types)
        return fit if theirs or distance is not None else 1.0 - _UNSTATED_SIZE_WEIGHT * (1.0 - fit)
    ours = find_sizes(class_.lower() for class_ in thing.classes)
    return 1.0 - SIZE_STEP * min((abs(a - b) for a in ours for b in theirs), default=0.0)


# ---------------------------------------------------------------- place, time and side


def _judge_place(thing: Thing, item: Item, around: Surroundings, distance: float | None) -> _Ground:
    """Judge where a place lies, when a conflict was, or whose side a party is on; a state needs only its name."""
    if STATE in find_groups(item.types):
        return _Ground(1.0, True)
    if thing.is_place:
        return _judge_location(thing, item, around, distance)
    if CONFLICT in expected_groups(thing):
        return _judge_time(thing, item)
    return _judge_side(thing, item, around)


def _judge_location(thing: Thing, item: Item, around: Surroundings, distance: float | None) -> _Ground:
    """Judge the distance to the other places of the articles, or the item's state if the distance is unknown.

    From afar a text means only cities and regions, and only those of its own state.
    """
    states = set(states_of_item(item))
    in_same_state = not states.isdisjoint(around.main_states(thing))
    is_called_village = VILLAGE in find_sizes(thing.place_kinds)
    is_known_afar = SETTLEMENT not in find_groups(item.types) or (is_city(item.types) and not is_called_village)
    if distance is None or item.point is None:
        if in_same_state:
            return _Ground(_IN_STATE, True)
        is_mentioned = not states.isdisjoint(around.states_of_articles(thing))
        return _Ground(_ABROAD if states else _ANYWHERE, is_mentioned and is_known_afar)
    reach = CITY_REACH_KM if is_known_afar and (in_same_state or not states) else NEAR_KM
    half = _HALF_KM_CITY if is_known_afar and in_same_state else _HALF_KM
    near = (1.0 - _SAME_STATE_SHARE) / (1.0 + distance / half) + _SAME_STATE_SHARE * in_same_state
    agrees = distance <= (reach if in_same_state else NEAR_KM) and around.allow(thing, item.point)
    return _Ground(near * (distance <= reach), agrees)


def _judge_time(thing: Thing, item: Item) -> _Ground:
    """Judge the years in the item's label and description.

    If no text dates the conflict, the articles mean one of their own time, or one that is still remembered then.
    """
    theirs = [sorted(map(int, span)) for text in (item.label, item.description) if (span := find_years(text))]
    own = {*map(int, thing.start_years), *(int(year) for name in thing.names for year in find_years(name))}
    years = own or {*map(int, thing.article_years)}
    if not (theirs and years):
        return _Ground(_UNKNOWN, True)
    apart = max(min(max(span[0] - year, year - span[-1], 0) for year in years) for span in theirs)
    if own:
        return _Ground(float(apart == 0), apart == 0)
    return _Ground(_MENTIONED, True) if apart <= _MAX_YEARS_BEFORE else _Ground(0.0, False)


@dataclass(frozen=True, slots=True)
class _Side:
    """The states of a party and of an item: ``own`` from the party's names, ``theirs`` the item's."""

    own: frozenset[str]
    theirs: frozenset[str]
    is_mentioned: bool  # whether the articles mention one of the item's states
    is_person: bool
    is_unit: bool
    is_undescribed: bool  # whether nothing is known of the party but that it acts


_SideRule = tuple[str, Callable[[_Side], bool], float, Callable[[_Side], bool]]

_SIDE_RULES: Sequence[_SideRule] = (
    # the reason, when it holds, the score, and whether that is enough
    ("the party's names mention the item's state", lambda s: bool(s.own & s.theirs), 1.0, lambda s: True),
    ("they mention only other states", lambda s: bool(s.own and s.theirs), 0.0, lambda s: False),
    ("the item's state is unknown", lambda s: bool(s.own), _MENTIONED, lambda s: not s.is_unit),
    ("neither state is known", lambda s: not s.theirs, _UNKNOWN, lambda s: not s.is_unit),
    ("the articles mention the person's state", lambda s: s.is_person and s.is_mentioned, _MENTIONED, lambda s: True),
    ("a person may be abroad", lambda s: s.is_person, _NOT_MENTIONED, lambda s: True),
    # Armed groups fight abroad, and have namesakes there: the states of the articles do not decide between them.
    ("the articles mention the item's state", lambda s: s.is_mentioned, _UNKNOWN, lambda s: True),
    ("a group abroad", lambda s: True, _UNKNOWN, lambda s: not (s.is_unit or s.is_undescribed)),
)
"""How a party's side is judged: the first rule that applies counts. Many armies have units of one name."""


def _judge_side(thing: Thing, item: Item, around: Surroundings) -> _Ground:
    theirs = frozenset(states_of_item(item))
    side = _Side(
        own=around.states_of_names(thing),
        theirs=theirs,
        is_mentioned=not theirs.isdisjoint(around.states_of_articles(thing)),
        is_person="Person" in thing.classes,
        is_unit="MilitaryUnit" in thing.classes,
        is_undescribed=thing.classes == ("Actor",),
    )
    return next(_Ground(score, is_enough(side)) for _, applies, score, is_enough in _SIDE_RULES if applies(side))
