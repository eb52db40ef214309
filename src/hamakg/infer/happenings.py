"""Finds events that tell the same happening, within one article or across several.

An event is one telling in one sentence. Two events of one class are compared where their days overlap and they share
their words, a figure, a place or (for offensives) a party; the table RULES then decides whether they tell the same
happening. In doubt they stay apart: two clashes on one day may be two clashes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from pyoxigraph import Store

from hamakg.days import date_to_ordinal, parse_date
from hamakg.infer.camps import Camp, Camps
from hamakg.model import Happening
from hamakg.rdf.ids import happening_id
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql.select import select_text

_ONCE_A_DAY = frozenset({"Capture", "OffensiveLaunch", "Encirclement", "SiegeBreaking", "Surrender", "Agreement"})
"""A party does each of these at most once a day in one place, unless it loses the place in between."""

_RARE = frozenset({"ChemicalAttack", "OffensiveLaunch", "Agreement"})
"""These happen so rarely that two in one place and month are taken for one."""

_FEW_DAYS, _MONTH = 4, 31
_DISTINCTIVE_FIGURE = 10
"""Two events are unlikely to share a figure of this size by chance."""

_Figure = tuple[str, str, str, str]  # kind of casualties, minimum, maximum, whose they are
_Captures = Mapping[tuple[str, str], list["_ComparedEvent"]]


@dataclass(slots=True)
class _ComparedEvent:
    """An event with what can be compared; ``first`` and ``last`` are the ordinals of its first and last day."""

    iri: str
    type: str
    article: str
    passage: str
    label: str
    first: int | None
    last: int | None
    values: dict[str, frozenset[str]] = field(default_factory=dict)
    figures: set[_Figure] = field(default_factory=set)
    camps: list[Camp] = field(default_factory=list)

    def get(self, prop: str) -> frozenset[str]:
        """The values of a property of the ontology, by its local name."""
        return self.values.get(HAMA + prop, frozenset())

    @property
    def wording(self) -> str:
        """What is the same for the same words: the end of the event's id, made of its sentence, class and trigger."""
        return self.iri.rpartition("/")[2]

    @property
    def locations(self) -> frozenset[str]:
        """The places that can be compared; the launch of an offensive is also located by its goal."""
        props = ("place", "near", "toward", "target") if self.type == "OffensiveLaunch" else ("place",)
        return frozenset().union(*map(self.get, props))

    def overlaps(self, other: "_ComparedEvent") -> bool:
        """Whether some day may be the day of both."""
        if self.first is None or self.last is None or other.first is None or other.last is None:
            return False
        return self.first <= other.last and other.first <= self.last


def find_happenings(store: Store, iris: Iris) -> list[Happening]:
    """The happenings that more than one event tells, sorted by id. A pure function of the articles' graphs."""
    camps = Camps(store)
    events = _read_events(store, camps)
    captures = _index_captures(events)
    groups: dict[str, list[_ComparedEvent]] = {}
    for one, other in _find_candidates(events):
        if _Pair(one, other, camps, captures).is_same_happening():
            _merge_groups(groups.get(one.iri, [one]), groups.get(other.iri, [other]), groups)
    by_first_event = {min(event.iri for event in group): group for group in groups.values()}
    return [
        _build_happening(sorted(by_first_event[iri], key=lambda event: event.iri), camps, iris)
        for iri in sorted(by_first_event)
    ]


def _merge_groups(
    group: list[_ComparedEvent], other: list[_ComparedEvent], groups: dict[str, list[_ComparedEvent]]
) -> None:
    """Makes one group of two, unless that had two events of one passage, or events without a day in common."""
    merged = [*group, *other]
    last = min(event.last for event in merged if event.last is not None)
    share_a_day = all(event.first is not None and event.first <= last for event in merged)
    one_per_passage = len({event.passage for event in merged}) == len(merged)
    if group is not other and share_a_day and one_per_passage:
        groups.update((event.iri, merged) for event in merged)


# ---------------------------------------------------------------- reading


def _read_events(store: Store, camps: Camps) -> list[_ComparedEvent]:
    events: dict[str, _ComparedEvent] = {}
    for row in select_text(store, "rules/events"):
        start, end = row.get("start"), row.get("end")
        first, last = (date_to_ordinal(day) if day else None for day in (start or end, end or start))
        single = {
            "startDate": start,
            "endDate": end,
            "standing": row["standing"],
            "minimumCount": row.get("least"),
            "maximumCount": row.get("most"),
        }
        events[row["event"]] = _ComparedEvent(
            row["event"],
            row["type"].removeprefix(HAMA),
            row["article"],
            row["passage"],
            row["label"],
            first,
            last,
            {HAMA + prop: frozenset({value}) for prop, value in single.items() if value},
        )
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select_text(store, "rules/event-roles"):
        roles[row["event"], row["role"]].add(row["value"])
    for (event, role), values in roles.items():
        events[event].values[role] = frozenset(values)
    for row in select_text(store, "rules/event-figures"):
        figure = (row["kind"], row.get("least", ""), row.get("most", ""), row.get("whose", "").lower())
        events[row["event"]].figures.add(figure)
    for compared in events.values():
        compared.camps = [camps.find([party], compared.article) for party in sorted(compared.get("agent"))]
    return [*events.values()]


def _index_captures(events: Iterable[_ComparedEvent]) -> _Captures:
    """The captures by article and place."""
    captures: dict[tuple[str, str], list[_ComparedEvent]] = defaultdict(list)
    for event in events:
        for place in event.get("place") if event.type == "Capture" else ():
            captures[event.article, place].append(event)
    return captures


# ---------------------------------------------------------------- which events to compare


def _find_candidates(events: Iterable[_ComparedEvent]) -> Iterator[tuple[_ComparedEvent, _ComparedEvent]]:
    """Pairs of events of one class whose days overlap and that share a key, beginning with the strongest keys."""
    blocks: dict[tuple[int, str, str], list[_ComparedEvent]] = defaultdict(list)
    for event in events:
        for rank, key in _list_keys(event):
            blocks[rank, event.type, key].append(event)
    seen: set[tuple[str, str]] = set()
    for block in sorted(blocks):
        for one, other in combinations(blocks[block], 2):
            pair = (one.iri, other.iri)
            if pair not in seen and one.passage != other.passage and one.overlaps(other):
                seen.add(pair)
                yield one, other


def _list_keys(event: _ComparedEvent) -> Iterator[tuple[int, str]]:
    """What two tellings of one happening may have in common; each key comes with its rank, 0 for the strongest."""
    yield 0, event.wording
    yield from ((1, "|".join(figure)) for figure in event.figures)
    yield from ((1, f"count {least}") for least in event.get("minimumCount"))
    yield from ((2, place) for place in event.get("place"))
    if event.type == "OffensiveLaunch":
        yield from ((3, party) for party in event.get("agent"))


# ---------------------------------------------------------------- which events tell the same happening


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two events of one class whose days overlap, with what is known of the parties and of other captures."""

    one: _ComparedEvent
    other: _ComparedEvent
    camps: Camps
    captures: _Captures

    def is_same_happening(self) -> bool:
        """The verdict of the first of the RULES that applies."""
        return next(verdict for applies, verdict, _ in RULES if applies(self))

    def shares_sentence(self) -> bool:
        return self.one.article != self.other.article and self.one.wording == self.other.wording

    def has_different_parties(self) -> bool:
        return _have_different_parties(self.one, self.other, self.camps)

    def shares_figure(self) -> bool:
        shared = self.one.figures & self.other.figures
        counts = self.one.get("minimumCount") & self.other.get("minimumCount")
        numbers = [number for _, least, most, _ in shared for number in (least, most)] + [*counts]
        return any(number and int(number) >= _DISTINCTIVE_FIGURE for number in numbers)

    def has_different_locations(self) -> bool:
        return bool(self.one.locations and self.other.locations) and not self.shares_location()

    def shares_location(self) -> bool:
        return not self.one.locations.isdisjoint(self.other.locations)

    def may_recur(self) -> bool:
        return self.one.type not in _ONCE_A_DAY | _RARE

    def is_loosely_dated(self) -> bool:
        limit = _MONTH if self.is_rare() else _FEW_DAYS
        return any(e.first is None or e.last is None or e.last - e.first >= limit for e in (self.one, self.other))

    def is_rare(self) -> bool:
        return self.one.type in _RARE

    def is_launch(self) -> bool:
        return self.one.type == "OffensiveLaunch"

    def is_launch_on_one_day(self) -> bool:
        on_one_day = self.one.first == self.one.last == self.other.first == self.other.last
        return self.is_launch() and on_one_day and not self.one.get("agent").isdisjoint(self.other.get("agent"))

    def is_launch_by_named_party(self) -> bool:
        shared = self.one.get("agent") & self.other.get("agent")
        on_one_day = self.one.first == self.one.last == self.other.first == self.other.last
        named = any(not self.camps.is_side(party) for party in shared)
        return self.is_launch() and not on_one_day and named and self.shares_location()

    def lacks_common_place(self) -> bool:
        return not self.one.get("place") or self.one.get("place") != self.other.get("place")

    def concerns_part_of_place(self) -> bool:
        return HAMA + "Part" in self.one.get("extent") | self.other.get("extent")

    def has_different_places_nearby(self) -> bool:
        return self.one.get("near") != self.other.get("near")

    def lacks_party(self) -> bool:
        return not (self.one.camps and self.other.camps)

    def may_have_been_taken_twice(self) -> bool:
        """Whether either article has the place captured by other parties too on these days."""
        captures = (
            capture
            for article in {self.one.article, self.other.article}
            for place in self.one.get("place") & self.other.get("place")
            for capture in self.captures.get((article, place), ())
        )
        return any(
            _have_different_parties(self.one, capture, self.camps) and self.one.overlaps(capture)
            for capture in captures
        )


def _have_different_parties(one: _ComparedEvent, other: _ComparedEvent, camps: Camps) -> bool:
    """Whether both name who acted, and no party of the one fights together with a party of the other."""
    return bool(one.camps and other.camps) and not any(camps.are_same(a, b) for a in one.camps for b in other.camps)


RULES: tuple[tuple[Callable[[_Pair], bool], bool, str], ...] = (
    (_Pair.shares_sentence, True, "the articles share this sentence word for word"),
    (_Pair.has_different_parties, False, "nobody in the one fights together with anybody in the other"),
    (lambda p: p.shares_figure() and p.has_different_locations(), False, "a figure may recur at another place"),
    (_Pair.shares_figure, True, "a large figure is unlikely to recur by chance"),
    (_Pair.may_recur, False, "two clashes or air strikes on one day may be two"),
    (_Pair.is_loosely_dated, False, "within many days it may have happened twice"),
    (_Pair.is_launch_on_one_day, True, "nobody launches two offensives on one day"),
    (_Pair.is_launch_by_named_party, True, "nor do named parties launch two in one place within a month"),
    (_Pair.is_launch, False, "articles on different offensives tell of their own launches"),
    (_Pair.lacks_common_place, False, "what happened at other places, or at an unknown place, is not the same"),
    (_Pair.is_rare, True, "it hardly happens twice in one place within a month"),
    (_Pair.concerns_part_of_place, False, "another part of the place may have been taken"),
    (_Pair.has_different_places_nearby, False, "the events are located by different places nearby"),
    (_Pair.lacks_party, False, "another party may have done it"),
    (_Pair.may_have_been_taken_twice, False, "the place may have been taken twice"),
    (lambda p: True, True, "class, party, place and days agree"),
)
"""In this order, when a rule applies to a pair: whether the pair tells the same happening, and why."""


# ---------------------------------------------------------------- what the events agree on


def _build_happening(events: list[_ComparedEvent], camps: Camps, iris: Iris) -> Happening:
    """The happening that these events tell: the days that all of them allow, what agrees and what differs."""
    props = sorted({prop for event in events for prop in event.values})
    by_prop = {prop: [_without_side_ids(e.values[prop], camps) for e in events if prop in e.values] for prop in props}
    agrees = [prop for prop, values in by_prop.items() if len(values) > 1 and len(set(values)) == 1]
    differs = [prop for prop, values in by_prop.items() if len(set(values)) > 1]
    figures = [frozenset(event.figures) for event in events if event.figures]
    if len(figures) > 1:
        (agrees if len(set(figures)) == 1 else differs).append(HAMA + "casualties")
    narrated = next((event for event in events if HAMA + "Narrated" in event.get("standing")), events[0])
    return Happening(
        id=happening_id(iris.ref(events[0].iri)),
        label=f"{narrated.label}; told {len(events)} times",
        events=tuple(iris.ref(event.iri) for event in events),
        places=tuple(sorted(iris.ref(place) for place in frozenset.intersection(*(e.get("place") for e in events)))),
        start=max((day for event in events for day in event.get("startDate")), key=parse_date, default=None),
        end=min((day for event in events for day in event.get("endDate")), key=parse_date, default=None),
        agrees=tuple(sorted(agrees)),
        differs=tuple(sorted(differs)),
    )


def _without_side_ids(values: frozenset[str], camps: Camps) -> frozenset[str]:
    """The values with ``"side"`` for the id of any side, since each article numbers the same camps in its own way."""
    return frozenset("side" if camps.is_side(value) else value for value in values)
