"""Derives who held a place on which days: periods of control, from captures of the place and withdrawals from it.

A capture begins a period. It lasts until an article tells that another party captured the place, or that the holder
withdrew. Where a change happened on some day of several, the earlier holder surely held the place until the first of
them, and the later holder from the last. A change that is attributed to somebody or disputed does not end a period that
an article narrates as fact: from that day both periods stand, contested. Nothing follows from fighting, from advances,
or from captures of a part of the place or of something near it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import Store

from hamakg.days import date_to_ordinal, parse_date
from hamakg.infer.camps import Camp, Camps
from hamakg.model import ControlPeriod, Ref, Standing
from hamakg.rdf.ids import control_id
from hamakg.rdf.iris import HAMA, Iris
from hamakg.sparql.select import select_text

_LONGEST_SILENCE = 10
"""After so many years without news, nobody can tell who holds the place from the last change."""

_LONGEST_SPAN = 62
"""A change on some day of a longer span (in days) is left out: it is unknown which changes came before it."""

_SAME_CHANGE = 2
"""Two articles whose captures are at most so many days apart may tell of the same capture."""

_OPEN_PERIOD = 365
"""For so many days a period without a known end contradicts other periods."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A capture or withdrawal that happened from ``first`` (None: unknown) to ``last``.

    ``last`` is only a lower bound unless the change ``has_end``. ``position`` is the article and the offset in it.
    """

    event: str
    is_capture: bool
    parties: tuple[str, ...]
    camp: Camp
    first: str | None
    last: str
    standing: Standing
    is_recapture: bool
    position: tuple[str, int]
    has_end: bool = True

    @property
    def is_narrated(self) -> bool:
        """Whether the article tells it as fact."""
        return self.standing is Standing.NARRATED


@dataclass(slots=True)
class _OpenPeriod:
    """A period of control that has begun and not ended; ``events`` are those that it rests on."""

    parties: tuple[str, ...]
    camp: Camp
    start: str
    standing: Standing
    contested: bool = False
    events: list[str] = field(default_factory=list)
    by_recapture: bool = False


def derive_control_periods(store: Store, iris: Iris) -> list[ControlPeriod]:
    """All periods of control, sorted by place. A pure function of the articles' graphs."""
    camps = Camps(store)
    rows: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for row in select_text(store, "rules/changes-of-control"):
        rows[row["place"], row["event"]].append(row)
    changes: dict[str, list[_Change]] = defaultdict(list)
    for (place, _), rows_of_event in rows.items():
        change = _read_change(rows_of_event, camps)
        if change.first is None or _count_days(change.first, change.last) <= _LONGEST_SPAN:
            changes[place].append(change)
    return [period for place in sorted(changes) for period in _derive_at_place(place, changes[place], camps, iris)]


def _read_change(rows: Sequence[Mapping[str, str]], camps: Camps) -> _Change:
    """The change that the rows of one event describe, one row a party."""
    row = rows[0]
    parties = tuple(sorted({each["party"] for each in rows}))
    start, end = row.get("start"), row.get("end")
    return _Change(
        event=row["event"],
        is_capture=row["type"] == f"{HAMA}Capture",
        parties=parties,
        camp=camps.find(parties, row["article"]),
        first=start,
        last=end or start or "",
        standing=Standing(row["standing"].removeprefix(HAMA)),
        is_recapture=row.get("recapture") == "true",
        position=(row["article"], int(row["position"])),
        has_end=end is not None,
    )


def _derive_at_place(place: str, changes: list[_Change], camps: Camps, iris: Iris) -> list[ControlPeriod]:
    """The periods of one place; those of unrelated sequences contest each other where their days overlap."""
    changes = sorted(changes, key=lambda change: (parse_date(change.last), change.position))
    sequences = [
        [*_History(iris.ref(place), camps, iris).derive(sequence)] for sequence in _split_unrelated(changes, camps)
    ]
    return [
        replace(period, contested=period.contested or any(_share_days(period, other) for other in others))
        for sequence in sequences
        for others in [[other for unrelated in sequences if unrelated is not sequence for other in unrelated]]
        for period in sequence
    ]


def _split_unrelated(changes: Iterable[_Change], camps: Camps) -> list[list[_Change]]:
    """Sequences of changes, each of one war: no party fights in two sequences, or years of silence lie between them."""
    sequences: list[list[_Change]] = []
    for change in changes:
        year = parse_date(change.last)[0]
        for sequence in sequences:
            recent = year - parse_date(sequence[-1].last)[0] <= _LONGEST_SILENCE
            if recent and camps.may_be_of_one_war(sequence[-1].camp, change.camp):
                sequence.append(change)
                break
        else:
            sequences.append([change])
    return sequences


def _share_days(one: ControlPeriod, other: ControlPeriod) -> bool:
    (start, end), (other_start, other_end) = (_find_extent(period) for period in (one, other))
    return start < other_end and other_start < end


def _find_extent(period: ControlPeriod) -> tuple[int, int]:
    """The ordinals of the first day of a period and of the day after its last."""
    start = date_to_ordinal(period.start)
    return start, date_to_ordinal(period.end) if period.end else start + _OPEN_PERIOD


def _count_days(first: str, last: str) -> int:
    return date_to_ordinal(last) - date_to_ordinal(first)


@dataclass(slots=True)
class _History:
    """The open periods of one place while its changes come in order of time.

    At most one period is narrated as fact; the alleged ones are attributed to somebody or disputed. The next narrated
    period also rests on the events in ``confirmed``, which somebody had claimed of the same day.
    """

    place: Ref
    camps: Camps
    iris: Iris
    narrated: _OpenPeriod | None = None
    alleged: list[_OpenPeriod] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)

    def derive(self, changes: Iterable[_Change]) -> Iterator[ControlPeriod]:
        """Yields each period when it ends, then those that no change ends."""
        for change in map(self._assign_side, changes):
            if self._was_reversed(change):
                continue
            yield from self._end_periods(change)
            if change.is_capture and change.has_end:
                yield from self._begin_period(change)
        for period in (self.narrated, *self.alleged):
            if period:
                yield self._build_period(period)

    def _assign_side(self, change: _Change) -> _Change:
        """Who captures the place from one of two sides, and is on no side by name, must be on the other."""
        if not change.is_capture or self.narrated is None or self._is_own(self.narrated, change):
            return change
        return replace(change, camp=self.camps.assign_side_to_opponent(self.narrated.camp, change.camp))

    def _is_own(self, period: _OpenPeriod, change: _Change) -> bool:
        """Whether the holder's own camp made the change."""
        return self.camps.are_same(period.camp, change.camp)

    def _was_reversed(self, change: _Change) -> bool:
        """Whether the holder recaptured the place on the same day, as another article tells: the change came first."""
        return self.narrated is not None and self.narrated.by_recapture and self._lacks_order(self.narrated, change)

    def _lacks_order(self, period: _OpenPeriod, change: _Change) -> bool:
        """Whether two articles narrate captures by different camps on one day, and neither tells which came first."""
        if not change.is_capture or change.is_recapture or not change.is_narrated:
            return False
        two_articles = period.camp.article != change.camp.article
        return two_articles and not self._is_own(period, change) and period.start == change.last

    # ------------------------------------------------------------ ends

    def _end_periods(self, change: _Change) -> Iterator[ControlPeriod]:
        if self.narrated and change.is_narrated and self._is_ended_by(self.narrated, change):
            if self._lacks_order(self.narrated, change):
                self.alleged.append(replace(self.narrated, contested=True))
                self.narrated = None
                return
            yield from self._close_period(self.narrated, change)
            self.narrated = None
        alleged, self.alleged = self.alleged, []
        for period in alleged:
            yield from self._end_alleged(period, change)

    def _end_alleged(self, period: _OpenPeriod, change: _Change) -> Iterator[ControlPeriod]:
        """Ends, keeps, contests or confirms a period that is not narrated as fact."""
        own_capture = change.is_capture and self._is_own(period, change)
        same_day = period.start == change.last
        if change.is_capture and not change.is_narrated and not own_capture and same_day:
            self.alleged.append(replace(period, contested=True))  # rival claims of one day both stand
        elif not self._is_ended_by(period, change) and not (change.is_capture and change.is_narrated):
            self.alleged.append(period)
        elif own_capture and same_day and not self.narrated:
            self.confirmed += period.events  # an article narrates as fact what was claimed of the same day
        else:
            yield from self._close_period(period, change)

    def _is_ended_by(self, period: _OpenPeriod, change: _Change) -> bool:
        """Whether a change ends a period: a capture by others, or the holder's own withdrawal or recapture."""
        own = self._is_own(period, change)
        if not change.is_capture:
            return own
        return not own or self._was_lost_before(period, change)

    def _was_lost_before(self, period: _OpenPeriod, change: _Change) -> bool:
        """Whether the holder's recapture shows that the place was lost in between, though nobody tells when.

        A recapture in another article a day or two apart is the same one.
        """
        another = period.camp.article == change.camp.article or _count_days(period.start, change.last) > _SAME_CHANGE
        return change.is_recapture and change.last != period.start and another

    def _close_period(self, period: _OpenPeriod, change: _Change) -> Iterator[ControlPeriod]:
        """The period up to a change; if its holder recaptures the place, others held it in between: it is contested.

        A period of no full day is kept only if one article narrates it: then the place was held for some hours.
        """
        end = max(period.start, change.first or change.last, key=parse_date)
        for_hours = period.camp.article == change.camp.article and change.is_narrated and end == change.last
        if end == period.start and not for_hours:
            return
        recaptured = change.is_capture and change.is_recapture and self._is_own(period, change)
        events = [*period.events, change.event]
        yield self._build_period(replace(period, contested=period.contested or recaptured, events=events), end)

    # ------------------------------------------------------------ beginnings

    def _begin_period(self, change: _Change) -> Iterator[ControlPeriod]:
        if change.is_narrated:
            self.narrated = _begin_or_continue(self.narrated, change)
            self.narrated.events += self.confirmed
            self.narrated.contested |= any(period.start == change.last for period in self.alleged)
            self.confirmed = []
        elif self.narrated and self._is_own(self.narrated, change):
            self.narrated.events.append(change.event)
        else:
            if self.narrated and not self.narrated.contested:
                yield from self._close_period(self.narrated, change)
                events = [*self.narrated.events, change.event]
                self.narrated = replace(self.narrated, start=change.last, contested=True, events=events)
            self._begin_alleged(change)

    def _begin_alleged(self, change: _Change) -> None:
        own = next((period for period in self.alleged if self._is_own(period, change)), None)
        period = _begin_or_continue(own, change)
        self.alleged = [*(other for other in self.alleged if other is not own), period]
        has_rivals = self.narrated is not None or len(self.alleged) > 1
        period.contested |= has_rivals or change.standing is Standing.DISPUTED

    def _build_period(self, period: _OpenPeriod, end: str | None = None) -> ControlPeriod:
        return ControlPeriod(
            id=control_id(self.place, period.start, self.iris.ref(period.events[0]), period.contested),
            place=self.place,
            controllers=tuple(self.iris.ref(party) for party in period.parties),
            start=period.start,
            end=end,
            standing=period.standing,
            contested=period.contested,
            events=tuple(dict.fromkeys(self.iris.ref(event) for event in period.events)),
        )


def _begin_or_continue(period: _OpenPeriod | None, change: _Change) -> _OpenPeriod:
    """The period that a capture begins; where its camp already holds the place, that period with one event more."""
    if period is None:
        return _OpenPeriod(
            change.parties,
            change.camp,
            change.last,
            change.standing,
            events=[change.event],
            by_recapture=change.is_recapture,
        )
    period.events.append(change.event)
    return period
