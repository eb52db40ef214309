"""Which item a thing is: accepted where name, class, place (or side) and the distance to the next item all agree.

Nothing is accepted on a single ground, a service's own verdict least of all; what falls short is proposed to a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hamakg.link.classes import (
    CITY,
    CONFLICT,
    SETTLEMENT,
    STATE,
    STEP,
    VILLAGE,
    expected,
    groups_of,
    labels_of,
    says_little,
    size_fit,
    sizes_of,
)
from hamakg.link.items import WIKIDATA, Item
from hamakg.link.likeness import STYLED, Agreement, agreement, is_byname, own_names, years_in
from hamakg.link.surroundings import REACH, Surroundings, countries_of
from hamakg.link.things import Thing
from hamakg.model import EntityLink, Features, LinkStatus, Location

MARGIN = 0.07
"""How far an accepted item's score must lie above the next one's."""

NEAR, SPELT_NEAR = 100.0, 30.0
"""Kilometres to the places of the article: near by itself, near enough for a name spelt otherwise."""

_WEIGHTS = {"name": 0.3, "type": 0.3, "place": 0.4}
_NO_CLASS, _SOME_BODY = 0.2, 0.7  # of 1 for the class: where none is known; where it is no more than an organisation
_SUPPOSED = 0.5  # how far a size that nobody gives counts where distance does not tell either: too little to decide
_HALF, _HALF_FAR = 100.0, 300.0  # kilometres at which a place counts half, and at which a city or a region does
_STATE = 0.2  # what lying in the state of the article's other places counts, of 1 for the place

# Of 1 for the place, the side or the time, where it is known by halves. What is not known never decides: the difference
# is less than MARGIN by weight.
_IN_STATE, _ANYWHERE, _ABROAD = 0.45, 0.35, 0.2
_NAMED, _UNKNOWN, _UNNAMED = 0.65, 0.5, 0.3

_SAME_SOUND, _ALIKE_PERSON, _ALIKE_NEAR = 0.95, 0.95, 0.91
_GENERATION = 15  # years that a conflict may lie before what an article tells of without its saying so
_MENTIONED, _WORTH_SHOWING, _SHOWN = 0.85, 0.45, 3


@dataclass(frozen=True, slots=True)
class Possible:
    """An item that a thing may be: neither its names nor its classes, as far as they are known, speak against it."""

    item: Item
    names: Agreement


@dataclass(frozen=True, slots=True)
class _Judged:
    """An item beside a thing: how far each ground speaks for it, and whether it is enough."""

    item: Item
    names: Agreement
    label: float
    type: float
    place: float
    name_agrees: bool
    type_agrees: bool
    place_agrees: bool

    @property
    def score(self) -> float:
        parts = {"name": self.names.score, "type": self.type, "place": self.place}
        return sum(weight * parts[part] for part, weight in _WEIGHTS.items())

    @property
    def agrees(self) -> bool:
        return self.name_agrees and self.type_agrees and self.place_agrees


def possible(thing: Thing, items: Iterable[Item]) -> list[Possible]:
    """The items that a thing may be, in their order."""
    groups, ours = expected(thing.classes, thing.kinds, thing.names), own_names(thing.names)
    fitting = (item for item in items if not (theirs := groups_of(item.types)) or theirs & groups)
    found = (Possible(item, agreement(ours, item.names, _MENTIONED)) for item in fitting)
    return [one for one in found if one.names.score >= _MENTIONED]


def likely(found: Iterable[Possible]) -> list[Item]:
    """Those of which class and name say so: where they are tells where articles are set."""
    return [one.item for one in found if groups_of(one.item.types) and one.names.score >= _ALIKE_NEAR]


def decided(thing: Thing, found: Iterable[Possible], around: Surroundings) -> list[EntityLink]:
    """The link that is accepted, alone; else those that are proposed, the best first; of equals the least id.

    An item is accepted whose page the article itself links to, if there is one such; or on all grounds.
    """
    judged = sorted((_judged(thing, one, around) for one in found), key=lambda j: (-j.score, j.item.id))
    linked = [j for j in judged if j.item.linked]
    if len(linked) == 1:
        return [_link(thing, linked[0], LinkStatus.ACCEPTED, 1.0)]
    margin = judged[0].score - (judged[1].score if len(judged) > 1 else 0.0) if judged else 0.0
    if judged and judged[0].agrees and margin >= MARGIN:
        return [_link(thing, judged[0], LinkStatus.ACCEPTED, margin)]
    shown = [j for j in judged if j.score >= _WORTH_SHOWING][:_SHOWN]
    scores = [j.score for j in judged]
    return [
        _link(thing, j, LinkStatus.PROPOSED, j.score - max([s for s in scores if s < j.score], default=j.score))
        for j in shown
    ]


def _judged(thing: Thing, found: Possible, around: Surroundings) -> _Judged:
    item, names = found.item, found.names
    kilometres = around.distance(thing, item.point) if thing.is_place and item.point else None
    type_, type_agrees = _type(thing, item, kilometres)
    place, place_agrees = _place(thing, item, around, kilometres) if thing.is_place else _side(thing, item, around)
    by_label = names if names.ours == thing.label else agreement([thing.label], item.names)
    by_name = _name_agrees(thing, names, kilometres)
    return _Judged(item, names, by_label.score, type_, place, by_name, type_agrees, place_agrees)


def _name_agrees(thing: Thing, names: Agreement, kilometres: float | None) -> bool:
    if thing.is_place:
        near = kilometres is not None and kilometres <= SPELT_NEAR
        return names.score >= _SAME_SOUND or (near and names.score >= _ALIKE_NEAR)
    if "Person" in thing.classes:
        return names.score >= _ALIKE_PERSON and not is_byname(names.ours)
    return names.score >= STYLED


def _type(thing: Thing, item: Item, kilometres: float | None) -> tuple[float, bool]:
    """A place that texts call a governorate but whose name says nothing of it may be its town: neither is sure."""
    if not groups_of(item.types):
        return _NO_CLASS, False
    return _class(thing, item, kilometres), not (
        thing.is_place and len(expected(thing.classes, thing.kinds, thing.names)) > 1
    )


def _class(thing: Thing, item: Item, kilometres: float | None) -> float:
    """How well an item's class fits; one that says no more than that it is some organisation, less."""
    return _SOME_BODY if says_little(item.types) else _size(thing, item, kilometres)


def _size(thing: Thing, item: Item, kilometres: float | None) -> float:
    """How far an item is of the size that texts give the thing.

    Of a settlement a text that gives none expects its reader to know it; an item of which nobody gives it is a village.
    """
    theirs = sizes_of(item.types)
    if SETTLEMENT in groups_of(item.types):
        fit = size_fit(thing.kinds, item.types)
        return fit if theirs or kilometres is not None else 1.0 - _SUPPOSED * (1.0 - fit)
    ours = sizes_of(class_.lower() for class_ in thing.classes)
    return 1.0 - STEP * min((abs(a - b) for a in ours for b in theirs), default=0.0)


def _place(thing: Thing, item: Item, around: Surroundings, kilometres: float | None) -> tuple[float, bool]:
    """Of a place: where it lies. A state lies where it lies, and what it is called is enough.

    Far from the places of its articles a text means none but cities and regions, and these in the same state.
    """
    groups, lies_in = groups_of(item.types), set(countries_of(item))
    if STATE in groups:
        return 1.0, True
    same_state = bool(lies_in & around.countries(thing))
    is_city = max(sizes_of(item.types), default=VILLAGE) >= CITY and not sizes_of(thing.kinds) & {VILLAGE}
    known_far = is_city or SETTLEMENT not in groups
    if kilometres is None or item.point is None:
        if same_state:
            return _IN_STATE, True
        return (_ABROAD if lies_in else _ANYWHERE), bool(lies_in & around.around(thing)) and known_far
    reach = REACH if known_far and (same_state or not lies_in) else NEAR
    half = _HALF_FAR if known_far and same_state else _HALF
    near = (1.0 - _STATE) / (1.0 + kilometres / half) + _STATE * same_state
    agrees = kilometres <= (reach if same_state else NEAR) and around.allow(thing, item.point)
    return near * (kilometres <= reach), agrees


def _side(thing: Thing, item: Item, around: Surroundings) -> tuple[float, bool]:
    """Of a party: whose it is. Of a conflict: when it was.

    A state that the thing's own names speak of decides. One that only its articles speak of does so for persons alone:
    armed groups fight in other countries than their own, and have namesakes there.
    """
    if STATE in groups_of(item.types):
        return 1.0, True
    if CONFLICT in expected(thing.classes, thing.kinds, thing.names):
        return _time(thing, item)
    theirs = set(countries_of(item))
    own, is_unit = around.own_states(thing), "MilitaryUnit" in thing.classes
    if own:
        return (float(bool(own & theirs)), bool(own & theirs)) if theirs else (_NAMED, not is_unit)
    if not theirs:
        return _UNKNOWN, not is_unit
    named = bool(theirs & around.around(thing))
    if "Person" in thing.classes:
        return (_NAMED if named else _UNNAMED), True
    return _UNKNOWN, named or not (is_unit or thing.classes == ("Actor",))


def _time(thing: Thing, item: Item) -> tuple[float, bool]:
    """Of a conflict whose years nobody gives the articles tell of the present or of what it still remembers."""
    theirs = [sorted(map(int, years)) for text in (item.label, item.description) if (years := years_in(text))]
    ours = {*map(int, thing.years), *(int(year) for name in thing.names for year in years_in(name))}
    near = ours or {*map(int, thing.dated)}
    if not (theirs and near):
        return _UNKNOWN, True
    apart = max(min(max(span[0] - year, year - span[-1], 0) for year in near) for span in theirs)
    if ours:
        return float(apart == 0), apart == 0
    return (_NAMED, True) if apart <= _GENERATION else (0.0, False)


def _told_of(item: Item) -> str | None:
    """What the source says that the item is: what tells namesakes apart for a person."""
    return item.description or ", ".join(labels_of(item.types)) or None


def _link(thing: Thing, judged: _Judged, status: LinkStatus, margin: float) -> EntityLink:
    item = judged.item
    located = item.point and thing.is_place
    return EntityLink(
        subject=thing.ref,
        object=WIKIDATA + item.id,
        status=status,
        label=thing.label,
        object_label=item.label,
        justification="CompositeMatching",
        confidence=round(judged.score, 3),
        comment=_told_of(item),
        features=Features(
            *(round(x, 3) for x in (judged.names.score, judged.label, judged.type, judged.place, margin))
        ),
        location=Location(item.point.latitude, item.point.longitude, item.source, WIKIDATA + item.id)
        if located and item.point
        else None,
    )
