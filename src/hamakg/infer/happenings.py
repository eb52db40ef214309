"""The same event told twice: which tellings, of one article or of several, tell one happening.

Two tellings of one class are of one happening where they are the same sentence; where their figures are the same and
their days fit; or where the class is one that does not come twice on a day (a capture, the launch of an offensive) and
party, place and days fit. Otherwise they stay apart: two clashes of one day may be two.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from pyoxigraph import Store

from hamakg.days import day_number, parse_date
from hamakg.infer.camps import Camp, Camps
from hamakg.model import Happening
from hamakg.rdf.ids import happening_id
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql.select import select_text

# Of these a party does one in one place on one day, if the place is not told to be lost in between.
_SINGLE = frozenset({"Capture", "OffensiveLaunch", "Encirclement", "SiegeBreaking", "Surrender", "Agreement"})
# So rare that a month is day enough.
_RARE = frozenset({"ChemicalAttack", "OffensiveLaunch", "Agreement"})
_TELLING_FIGURE = 10
"""A figure so large is not the same by chance."""
_SHORT, _MONTH = 4, 31

_NARRATED = HAMA + "Narrated"

Figure = tuple[str, str, str, str]


@dataclass(slots=True)
class _Telling:
    """One event with what can be compared; days are numbers of :func:`day_number`, both ends included."""

    event: str
    type: str
    article: str
    passage: str
    label: str
    first: int | None
    last: int | None
    values: dict[str, frozenset[str]] = field(default_factory=dict)
    figures: set[Figure] = field(default_factory=set)
    camps: list[Camp] = field(default_factory=list)

    def of(self, role: str) -> frozenset[str]:
        return self.values.get(HAMA + role, frozenset())


def find_happenings(store: Store, iris: Iris) -> list[Happening]:
    """The happenings that more than one event tells, by their ids. A pure function of the articles' graphs."""
    tellings, camps = _tellings(store), Camps(store)
    for telling in tellings.values():
        telling.camps = [camps.of([party], telling.article) for party in sorted(telling.of("agent"))]
    lost = _captures(tellings.values())
    groups: dict[str, list[_Telling]] = {}
    for one, other in _candidates(tellings.values()):
        if _same(one, other, camps, lost):
            _join(groups.get(one.event, [one]), groups.get(other.event, [other]), groups)
    found = {min(t.event for t in group): group for group in groups.values()}
    return [_happening(sorted(found[event], key=lambda t: t.event), camps, iris) for event in sorted(found)]


def _join(one: list[_Telling], other: list[_Telling], groups: dict[str, list[_Telling]]) -> None:
    """One happening of two, unless a sentence would tell it twice or no day would be left for all."""
    both = [*one, *other]
    last = min(telling.last for telling in both if telling.last is not None)
    days = all(telling.first is not None and telling.first <= last for telling in both)
    if one is other or not days or len({telling.passage for telling in both}) < len(both):
        return
    groups.update((telling.event, both) for telling in both)


# ---------------------------------------------------------------- what is told


def _tellings(store: Store) -> dict[str, _Telling]:
    tellings: dict[str, _Telling] = {}
    for row in select_text(store, "rules/tellings"):
        start, end = row.get("start"), row.get("end")
        tellings[row["event"]] = telling = _Telling(
            row["event"], row["type"].removeprefix(HAMA), row["article"], row["passage"], row["label"],
            _ordinal(start or end), _ordinal(end or start),
        )  # fmt: skip
        singles = {"startDate": start, "endDate": end, "standing": row["standing"]}
        singles |= {"minimumCount": row.get("least"), "maximumCount": row.get("most")}
        telling.values = {HAMA + name: frozenset({value}) for name, value in singles.items() if value}
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select_text(store, "rules/tellings-roles"):
        roles[row["event"], row["role"]].add(row["value"])
    for (event, role), values in roles.items():
        tellings[event].values[role] = frozenset(values)
    for row in select_text(store, "rules/tellings-figures"):
        figure = (row["kind"], row.get("least", ""), row.get("most", ""), row.get("whose", "").lower())
        tellings[row["event"]].figures.add(figure)
    return tellings


def _ordinal(day: str | None) -> int | None:
    return None if day is None else day_number(day)


def _captures(tellings: Iterable[_Telling]) -> Mapping[tuple[str, str], list[_Telling]]:
    """The captures of each place in each article."""
    found: dict[tuple[str, str], list[_Telling]] = defaultdict(list)
    for telling in tellings:
        for place in telling.of("place") if telling.type == "Capture" else ():
            found[telling.article, place].append(telling)
    return found


# ---------------------------------------------------------------- which may be one


def _candidates(tellings: Iterable[_Telling]) -> Iterator[tuple[_Telling, _Telling]]:
    """Pairs of one class whose days overlap and that share words, a figure, a place or a party; the surest first."""
    blocks: dict[tuple[int, str, str], list[_Telling]] = defaultdict(list)
    for telling in tellings:
        for rank, key in _keys(telling):
            blocks[rank, telling.type, key].append(telling)
    seen: set[tuple[str, str]] = set()
    for block in sorted(blocks):
        for one, other in combinations(blocks[block], 2):
            pair = (one.event, other.event)
            if pair not in seen and one.passage != other.passage and _overlap(one, other):
                seen.add(pair)
                yield one, other


def _keys(telling: _Telling) -> Iterator[tuple[int, str]]:
    yield 0, _words(telling)
    yield from ((1, "|".join(figure)) for figure in telling.figures)
    yield from ((1, f"count {least}") for least in telling.of("minimumCount"))
    yield from ((2, place) for place in telling.of("place"))
    if telling.type == "OffensiveLaunch":
        yield from ((3, party) for party in telling.of("agent"))


def _words(telling: _Telling) -> str:
    """The end of an event's id, which is made of its sentence, class and trigger: the same in every article."""
    return telling.event.rpartition("/")[2]


def _overlap(one: _Telling, other: _Telling) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


# ---------------------------------------------------------------- which are one


def _same(one: _Telling, other: _Telling, camps: Camps, lost: Mapping[tuple[str, str], list[_Telling]]) -> bool:
    if one.article != other.article and _words(one) == _words(other):
        return True
    if _parties_differ(one, other, camps):
        return False
    if _same_figures(one, other):
        return not _places_differ(one, other)
    if one.type not in _SINGLE | _RARE or not _close(one, other):
        return False
    if one.type == "OffensiveLaunch":
        shared = one.of("agent") & other.of("agent")
        named = any(not camps.is_side(party) for party in shared)
        return bool(shared) if _one_day(one, other) else named and bool(_where(one) & _where(other))
    if not one.of("place") or one.of("place") != other.of("place"):
        return False
    if one.type in _RARE:
        return True
    part = HAMA + "Part" in one.of("extent") | other.of("extent")
    whole = not part and one.of("near") == other.of("near")
    return whole and bool(one.camps) and bool(other.camps) and not _lost_between(one, other, camps, lost)


def _parties_differ(one: _Telling, other: _Telling, camps: Camps) -> bool:
    """Whether both name who did it, and nobody of the one fights with anybody of the other."""
    return bool(one.camps and other.camps) and not any(camps.same(a, b) for a in one.camps for b in other.camps)


def _places_differ(one: _Telling, other: _Telling) -> bool:
    return bool(_where(one) and _where(other)) and not _where(one) & _where(other)


def _where(telling: _Telling) -> frozenset[str]:
    """All that tells where: of the launch of an offensive its goal too."""
    roles = ("place", "near", "toward", "target") if telling.type == "OffensiveLaunch" else ("place",)
    return frozenset().union(*(telling.of(role) for role in roles))


def _same_figures(one: _Telling, other: _Telling) -> bool:
    """Whether they share a number of people or of events that is not the same by chance."""
    shared = one.figures & other.figures
    counts = one.of("minimumCount") & other.of("minimumCount")
    numbers = [number for _, least, most, _ in shared for number in (least, most)] + list(counts)
    return any(number and int(number) >= _TELLING_FIGURE for number in numbers)


def _close(one: _Telling, other: _Telling) -> bool:
    """Whether the days of both are few: of rare events a month's."""
    longest = _MONTH if one.type in _RARE else _SHORT
    return all(t.last is not None and t.first is not None and t.last - t.first < longest for t in (one, other))


def _one_day(one: _Telling, other: _Telling) -> bool:
    return one.first == one.last == other.first == other.last


def _lost_between(
    one: _Telling, other: _Telling, camps: Camps, captures: Mapping[tuple[str, str], list[_Telling]]
) -> bool:
    """Whether an article has the place captured by somebody else too on these days: it may have been taken twice."""
    shared = one.of("place") & other.of("place")
    articles = {one.article, other.article}
    others = (far for article in articles for place in shared for far in captures.get((article, place), ()))
    return any(_parties_differ(one, far, camps) and _overlap(one, far) for far in others)


def _named(values: frozenset[str], camps: Camps) -> frozenset[str]:
    """The values to compare: a side counts as one, whichever article's it is, for tellings of one camp are compared."""
    return frozenset("side" if camps.is_side(value) else value for value in values)


def _happening(tellings: list[_Telling], camps: Camps, iris: Iris) -> Happening:
    """What the tellings tell together: the days that all allow, and which properties agree and which differ."""
    roles = sorted({role for telling in tellings for role in telling.values})
    given = {role: [_named(t.values[role], camps) for t in tellings if role in t.values] for role in roles}
    agrees = [role for role, values in given.items() if len(values) > 1 and len(set(values)) == 1]
    differs = [role for role, values in given.items() if len(set(values)) > 1]
    figures = [frozenset(telling.figures) for telling in tellings if telling.figures]
    if len(figures) > 1:
        (agrees if len(set(figures)) == 1 else differs).append(HAMA + "casualties")
    start = max((v for t in tellings for v in t.of("startDate")), key=parse_date, default=None)
    end = min((v for t in tellings for v in t.of("endDate")), key=parse_date, default=None)
    said = next((t for t in tellings if _NARRATED in t.of("standing")), tellings[0])
    return Happening(
        id=happening_id(iris.ref(tellings[0].event)),
        label=f"{said.label}; told {len(tellings)} times",
        tellings=tuple(iris.ref(telling.event) for telling in tellings),
        places=tuple(sorted(iris.ref(p) for p in frozenset.intersection(*(t.of("place") for t in tellings)))),
        start=start,
        end=end,
        agrees=tuple(sorted(agrees)),
        differs=tuple(sorted(differs)),
    )
