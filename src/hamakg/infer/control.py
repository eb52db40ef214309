"""Who held a place on a day: periods of control, from the captures of the place and the withdrawals from it.

A capture begins a period, which goes on until another's capture or the holder's withdrawal is told. Of a change that
fell on some day of several, the earlier holder has the place surely until the first, the later one from the last. What
somebody only says, or somebody denies, ends no period that an article narrates: from then on both stand, contested.
Nothing is inferred from fighting, advances, or captures of a part of the place or near it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import Store

from hamakg.days import day_number, parse_date
from hamakg.infer.camps import Camp, Camps
from hamakg.model import ControlPeriod, Ref, Standing
from hamakg.rdf.ids import control_id
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql.select import select_text

_LONGEST_YEARS = 10
"""After so many years without a word, who holds a place is not known from the last one."""

_MOST_DAYS = 62
"""Of a change that fell on some day of more than two months it is not known what it changed."""

_SAME_DAYS = 2
"""So many days apart two articles may tell one change."""

_OPEN_DAYS = 365
"""For so long a period whose end nobody tells contests what another story tells."""


@dataclass(frozen=True, slots=True)
class _Change:
    """One capture or withdrawal: by whom, surely not before ``first`` and, if ``dated``, surely by ``last``."""

    event: str
    capture: bool
    parties: tuple[str, ...]
    camp: Camp
    first: str | None
    last: str
    standing: Standing
    recapture: bool
    order: tuple[str, int]
    dated: bool = True

    @property
    def certain(self) -> bool:
        """Whether the article tells it as a fact."""
        return self.standing is Standing.NARRATED


@dataclass(slots=True)
class _Held:
    """A period that has begun; ``events`` are those it rests on."""

    parties: tuple[str, ...]
    camp: Camp
    start: str
    standing: Standing
    contested: bool
    events: list[str] = field(default_factory=list)
    recapture: bool = False


def derive_control_periods(store: Store, iris: Iris) -> list[ControlPeriod]:
    """All periods of control, by place and day. A pure function of the articles' graphs."""
    camps, told = Camps(store), defaultdict[tuple[str, str], list[Mapping[str, str]]](list)
    for row in select_text(store, "rules/changes-of-control"):
        told[row["place"], row["event"]].append(row)
    places: dict[str, list[_Change]] = defaultdict(list)
    for (place, _), found in told.items():
        change = _change(found, camps)
        if change.first is None or _days(change.first, change.last) <= _MOST_DAYS:
            places[place].append(change)
    return [period for place in sorted(places) for period in _periods(place, places[place], camps, iris)]


def _periods(place: str, changes: list[_Change], camps: Camps, iris: Iris) -> list[ControlPeriod]:
    """The periods of one place; those of stories that know nothing of each other contest each other's days."""
    stories = [
        [*_Chain(iris.ref(place), camps, iris).periods(chain)]
        for chain in _chains(sorted(changes, key=_in_order), camps)
    ]
    return [
        replace(period, contested=period.contested or any(_overlap(period, other) for other in others))
        for story in stories
        for others in [[other for far in stories if far is not story for other in far]]
        for period in story
    ]


def _overlap(one: ControlPeriod, other: ControlPeriod) -> bool:
    (start, end), (other_start, other_end) = (_stretch(period) for period in (one, other))
    return start < other_end and other_start < end


def _stretch(period: ControlPeriod) -> tuple[int, int]:
    """The first day of a period and the day after its last, by number; one of no told end goes on for a while."""
    start = day_number(period.start)
    return start, day_number(period.end) if period.end else start + _OPEN_DAYS


def _days(first: str, last: str) -> int:
    """How many days lie between two."""
    return day_number(last) - day_number(first)


def _in_order(change: _Change) -> tuple[tuple[int, int, int], tuple[str, int]]:
    return parse_date(change.last), change.order


def _chains(changes: Iterable[_Change], camps: Camps) -> Iterator[list[_Change]]:
    """The changes of one place, apart for fighting of which nobody has a part in the other, or long after it."""
    chains: list[list[_Change]] = []
    for change in changes:
        year = parse_date(change.last)[0]
        for chain in chains:
            near = year - parse_date(chain[-1].last)[0] <= _LONGEST_YEARS
            if near and camps.related(chain[-1].camp, change.camp):
                chain.append(change)
                break
        else:
            chains.append([change])
    yield from chains


def _change(found: Sequence[Mapping[str, str]], camps: Camps) -> _Change:
    row = found[0]
    parties = tuple(sorted({one["party"] for one in found}))
    start, end = row.get("start"), row.get("end")
    return _Change(
        event=row["event"],
        capture=row["type"] == f"{HAMA}Capture",
        parties=parties,
        camp=camps.of(parties, row["article"]),
        first=start,
        last=end or start or "",
        standing=Standing(row["standing"].removeprefix(HAMA)),
        recapture=row.get("recapture") == "true",
        order=(row["article"], int(row["position"])),
        dated=end is not None,
    )


@dataclass(slots=True)
class _Chain:
    """The holders of one place while its changes go by: whom an article narrates, and who is said to be another."""

    place: Ref
    camps: Camps
    iris: Iris
    told: _Held | None = None
    said: list[_Held] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)

    def periods(self, changes: Iterable[_Change]) -> Iterator[ControlPeriod]:
        """The periods as they end, then those that nothing ends."""
        for told in changes:
            change = self._sided(told)
            if self._comes_before(change):
                continue
            yield from self._end(change)
            if change.capture and change.dated:
                yield from self._begin(change)
        for held in (self.told, *self.said):
            if held:
                yield self._period(held)

    def _sided(self, change: _Change) -> _Change:
        """Who takes a place from one of two sides and is on none by name is of the other."""
        if not change.capture or self.told is None or self.camps.same(self.told.camp, change.camp):
            return change
        return replace(change, camp=self.camps.against(self.told.camp, change.camp))

    def _comes_before(self, change: _Change) -> bool:
        """Whether another article's recapture of the same day, told already, was from the one who captures here."""
        return self._unordered(self.told, change) and self.told is not None and self.told.recapture

    def _unordered(self, held: _Held | None, change: _Change) -> bool:
        """Whether two articles tell captures by two camps of one day, and neither which came first."""
        if held is None or not change.capture or change.recapture or not change.certain:
            return False
        apart = held.camp.article != change.camp.article and not self.camps.same(held.camp, change.camp)
        return apart and held.start == change.last

    def _end(self, change: _Change) -> Iterator[ControlPeriod]:
        if self.told and change.certain and self._takes(self.told, change):
            if self._unordered(self.told, change):
                self.said, self.told = [*self.said, replace(self.told, contested=True)], None
                return
            yield from self._closed(self.told, change)
            self.told = None
        said, self.said = self.said, []
        for held in said:
            yield from self._end_said(held, change)

    def _end_said(self, held: _Held, change: _Change) -> Iterator[ControlPeriod]:
        """What was said until a change; of two claims of one day, and of what the change does not touch, both stay."""
        own = change.capture and self.camps.same(held.camp, change.camp)
        answered = not change.certain and not own and change.capture and held.start == change.last
        if answered or not (self._takes(held, change) or (change.certain and change.capture)):
            self.said.append(replace(held, contested=held.contested or answered))
        elif own and held.start == change.last and not self.told:
            self.confirmed += held.events  # what was said is narrated now, of the same day
        else:
            yield from self._closed(held, change)

    def _takes(self, held: _Held, change: _Change) -> bool:
        """Whether a change ends what is held: another's capture, the holder's withdrawal or recapture."""
        own = self.camps.same(held.camp, change.camp)
        if not change.capture:
            return own
        return not own or self._regains(held, change)

    def _regains(self, held: _Held, change: _Change) -> bool:
        """Whether the holder's recapture says that it was lost in between, nobody tells when.

        Another article's recapture of the same days is the same one.
        """
        apart = held.camp.article == change.camp.article or _days(held.start, change.last) > _SAME_DAYS
        return change.recapture and change.last != held.start and apart

    def _begin(self, change: _Change) -> Iterator[ControlPeriod]:
        if change.certain:
            self.told = _begun(self.told, change)
            self.told.events += self.confirmed
            self.told.contested |= any(held.start == change.last for held in self.said)
            self.confirmed = []
            return
        own = self.told is not None and self.camps.same(self.told.camp, change.camp)
        if self.told and own:
            self.told.events.append(change.event)
            return
        if self.told and not self.told.contested:
            yield from self._closed(self.told, change)
            events = [*self.told.events, change.event]
            self.told = replace(self.told, start=change.last, contested=True, events=events)
        self._say(change)

    def _say(self, change: _Change) -> None:
        mine = next((held for held in self.said if self.camps.same(held.camp, change.camp)), None)
        said = _begun(mine, change)
        self.said = [*(held for held in self.said if held is not mine), said]
        others = self.told is not None or len(self.said) > 1
        said.contested |= others or change.standing is Standing.DISPUTED

    def _closed(self, held: _Held, change: _Change) -> Iterator[ControlPeriod]:
        """The period up to a change; one that its holder regains had another in between, so it is contested.

        One of no day is what an article tells of hours; what several seem to tell so is not known to have been.
        """
        end = max(held.start, change.first or change.last, key=parse_date)
        hours = held.camp.article == change.camp.article and change.certain and end == change.last
        if end == held.start and not hours:
            return
        regained = change.capture and change.recapture and self.camps.same(held.camp, change.camp)
        held = replace(held, contested=held.contested or regained, events=[*held.events, change.event])
        yield self._period(held, end)

    def _period(self, held: _Held, end: str | None = None) -> ControlPeriod:
        return ControlPeriod(
            id=control_id(self.place, held.start, self.iris.ref(held.events[0]), held.contested),
            place=self.place,
            controllers=tuple(self.iris.ref(party) for party in held.parties),
            start=held.start,
            end=end,
            standing=held.standing,
            contested=held.contested,
            events=tuple(dict.fromkeys(self.iris.ref(event) for event in held.events)),
        )


def _begun(held: _Held | None, change: _Change) -> _Held:
    """The period that a capture begins, or goes on with: that its own side holds the place is told again."""
    if held:
        held.events.append(change.event)
        return held
    standing, recapture = change.standing, change.recapture
    return _Held(change.parties, change.camp, change.last, standing, False, [change.event], recapture)
