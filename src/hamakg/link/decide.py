"""Which item a thing is: accepted where name, class, place (or side) and the distance to the next item all agree.

Nothing is accepted on a single ground, a service's own verdict least of all; what falls short is proposed to a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hamakg.link.classes import SETTLEMENT, UNSAID, expected, groups_of, sizes_of
from hamakg.link.items import WIKIDATA, Item
from hamakg.link.likeness import EXACT, STYLED, Agreement, agreement, is_byname, years_in
from hamakg.link.surroundings import Surroundings, countries_of
from hamakg.link.things import Thing
from hamakg.model import EntityLink, Features, LinkStatus, Location

MARGIN = 0.07
"""How far an accepted item's score must lie above the next one's."""

NEAR, SPELT_NEAR, REACH = 100.0, 30.0, 500.0
"""Kilometres to the places of the article: near by itself, near enough for a name spelt otherwise, near in one state.
"""

_WEIGHTS = {"name": 0.4, "type": 0.3, "place": 0.3}
_HALF = 50.0  # kilometres at which a place counts half
_SAME_SOUND, _ALIKE_PERSON, _ALIKE_NEAR = 0.95, 0.95, 0.91
_STATE = 0.2  # what lying in the state of the article's other places counts, of 1 for the place
_SIZE = 0.2  # what a settlement's being of the next size takes off
_UNKNOWN, _AROUND, _ELSEWHERE = 0.5, 0.8, 0.4
_MENTIONED, _WORTH_SHOWING, _SHOWN = 0.85, 0.6, 3


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
    def is_linked(self) -> bool:
        """Whether the article itself links to it, and neither its names nor its class speak against it."""
        return self.item.linked and self.names.score >= _MENTIONED and self.type > 0.0

    @property
    def agrees(self) -> bool:
        return self.name_agrees and self.type_agrees and self.place_agrees


def decided(thing: Thing, items: Sequence[Item], around: Surroundings) -> list[EntityLink]:
    """The link that is accepted, alone; else those that are proposed, the best first; of equals the least id."""
    judged = sorted((_judged(thing, item, around) for item in items), key=lambda j: (-j.score, j.item.id))
    if not judged:
        return []
    linked = [j for j in judged if j.item.linked]
    if len(linked) == 1 and linked[0].is_linked:
        return [_link(thing, linked[0], LinkStatus.ACCEPTED, 1.0)]
    margin = judged[0].score - (judged[1].score if len(judged) > 1 else 0.0)
    if judged[0].agrees and margin >= MARGIN:
        return [_link(thing, judged[0], LinkStatus.ACCEPTED, margin)]
    shown = [j for j in judged if j.names.score >= _MENTIONED and j.type and j.score >= _WORTH_SHOWING][:_SHOWN]
    scores = [j.score for j in judged]
    return [
        _link(thing, j, LinkStatus.PROPOSED, j.score - max([s for s in scores if s < j.score], default=j.score))
        for j in shown
    ]


def fitting(thing: Thing, items: Sequence[Item]) -> list[Item]:
    """The items that a place may be by name and class: where they are tells where its articles are set."""
    groups = expected(thing.classes, thing.kinds, thing.names)
    return [
        item
        for item in items
        if groups_of(item.types) & groups and agreement(thing.names, item.names).score >= _ALIKE_NEAR
    ]


def _judged(thing: Thing, item: Item, around: Surroundings) -> _Judged:
    names = agreement(thing.names, item.names)
    type_, type_agrees = _type(thing, item)
    kilometres = around.distance(thing, item.point) if thing.is_place and item.point else None
    place, place_agrees = _place(thing, item, around, kilometres) if thing.is_place else _side(thing, item, around)
    label, by_name = agreement([thing.label], item.names).score, _name_agrees(thing, names, kilometres)
    return _Judged(item, names, label, type_, place, by_name, type_agrees, place_agrees)


def _name_agrees(thing: Thing, names: Agreement, kilometres: float | None) -> bool:
    if thing.is_place:
        near = kilometres is not None and kilometres <= SPELT_NEAR
        return names.score >= _SAME_SOUND or (near and names.score >= _ALIKE_NEAR)
    if "Person" in thing.classes:
        return names.score >= _ALIKE_PERSON and not is_byname(names.ours)
    return names.score >= STYLED


def _type(thing: Thing, item: Item) -> tuple[float, bool]:
    """A place that texts call a governorate but whose name says nothing of it may be its town: neither is sure."""
    ours, theirs = expected(thing.classes, thing.kinds, thing.names), groups_of(item.types)
    if not theirs:
        return _UNKNOWN, False
    if not ours & theirs:
        return 0.0, False
    return _size(thing, item), not (thing.is_place and len(ours) > 1)


def _size(thing: Thing, item: Item) -> float:
    """How far a settlement is of the size that texts give it; 1 for all else. One that nobody gives is a step away."""
    if not (thing.is_place and SETTLEMENT in groups_of(item.types)):
        return 1.0
    ours, theirs = sizes_of(thing.kinds) or {UNSAID}, sizes_of(item.types)
    return 1.0 - _SIZE * min((abs(a - b) for a in ours for b in theirs), default=1.0)


def _place(thing: Thing, item: Item, around: Surroundings, kilometres: float | None) -> tuple[float, bool]:
    """Of a place: where it lies. A state lies where it lies, and what it is called is enough."""
    if "state" in groups_of(item.types):
        return 1.0, True
    lies_in = set(countries_of(item))
    if kilometres is None:
        named = bool(lies_in & around.around(thing))
        return (_AROUND if named else _UNKNOWN if not lies_in else _ELSEWHERE), named
    same_state = bool(lies_in & around.countries(thing))
    reach = REACH if same_state else NEAR
    near = 1.0 / (1.0 + kilometres / _HALF)
    return (1.0 - _STATE) * near + _STATE * same_state, kilometres <= reach


def _side(thing: Thing, item: Item, around: Surroundings) -> tuple[float, bool]:
    """Of a party: whose it is. Of a conflict: when it was."""
    if "conflict" in groups_of(item.types):
        return _time(thing, item)
    if "State" in thing.classes:
        return EXACT, True
    theirs, own = set(countries_of(item)), around.own_states(thing)
    if not theirs:
        return _UNKNOWN, "MilitaryUnit" not in thing.classes
    if own:
        return float(bool(own & theirs)), bool(own & theirs)
    named = bool(theirs & around.around(thing))
    return (
        (_AROUND, True) if named else (_ELSEWHERE, "MilitaryUnit" not in thing.classes and thing.classes != ("Actor",))
    )


def _time(thing: Thing, item: Item) -> tuple[float, bool]:
    ours = {*thing.years, *(year for name in thing.names for year in years_in(name))}
    theirs = years_in(f"{item.label} {item.description}")
    if not ours or not theirs:
        return _UNKNOWN, True
    return float(bool(ours & theirs)), bool(ours & theirs)


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
        features=Features(
            *(round(x, 3) for x in (judged.names.score, judged.label, judged.type, judged.place, margin))
        ),
        location=Location(item.point.latitude, item.point.longitude, item.source, WIKIDATA + item.id)
        if located and item.point
        else None,
    )
