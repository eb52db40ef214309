"""Days and spans of days in the proleptic Gregorian calendar, before our era too, and how XSD and EDTF write them.

A day is an ``int`` (an ordinal, so that arithmetic is addition). Years are astronomical: 1 BC is 0, 490 BC is -489, as
XSD 1.1 and EDTF (https://www.loc.gov/standards/datetime/) have it.
"""

import re
from dataclasses import dataclass
from datetime import date

from hamakg.model import Interval, Timing

Day = int

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

# The calendar repeats every 400 years, so a shift of 12 such cycles lets datetime.date, which begins with year 1, count
# the days of all years from 4799 BC on.
_SHIFT = 4800
_DATE = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class Days:
    """A closed span of days; an open end is None. ``throughout``: it is told to have filled the span."""

    first: Day | None = None
    last: Day | None = None
    throughout: bool = False

    @property
    def end(self) -> Day | None:
        """The day from which a story goes on: the last, else the first."""
        return self.first if self.last is None else self.last

    def interval(self) -> Interval:
        """The span as the model's interval, with timing and EDTF where it is not a single day."""
        start, end = _iso(self.first), _iso(self.last)
        if (self.first is None and self.last is None) or start == end:
            return Interval(start, end)
        return Interval(start, end, Timing.THROUGHOUT if self.throughout else Timing.WITHIN, edtf(start, end))


def day(year: int, month: int, of_month: int) -> Day | None:
    """The day's ordinal, or None where the calendar has no such day."""
    try:
        return date(year + _SHIFT, month, of_month).toordinal()
    except ValueError:
        return None


def parts(ordinal: Day) -> tuple[int, int, int]:
    """(year, month, day of the month)"""
    moment = date.fromordinal(ordinal)
    return moment.year - _SHIFT, moment.month, moment.day


def month(year: int, number: int) -> Days:
    """The first to the last day of a month; ``number`` may run over the year's end in both directions."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    following = date(year + _SHIFT + number // 12, number % 12 + 1, 1).toordinal()
    return Days(date(year + _SHIFT, number, 1).toordinal(), following - 1)


def year(number: int) -> Days:
    """The first to the last day of a year."""
    return Days(month(number, 1).first, month(number, 12).last)


def read_interval(interval: Interval) -> Days:
    """The span of an interval of the model."""
    return Days(_read(interval.start), _read(interval.end), interval.timing is Timing.THROUGHOUT)


def edtf(start: str | None, end: str | None) -> str:
    """The EDTF literal of a span: a whole year or month as such, else ``start/end`` with ``..`` for an open end."""
    for length, closes in ((-6, ("-01-01", "-12-31")), (-3, ("-01", f"-{_last_of_month(start)}"))):
        if start and end and start[:length] == end[:length] and (start[length:], end[length:]) == closes:
            return start[:length]
    return f"{start or '..'}/{end or '..'}"


def _last_of_month(start: str | None) -> int:
    first = _read(start)
    return 0 if first is None else parts(month(*parts(first)[:2]).last or 0)[2]


def _iso(ordinal: Day | None) -> str | None:
    if ordinal is None:
        return None
    number, *rest = parts(ordinal)
    return f"{'-' if number < 0 else ''}{abs(number):04}-{rest[0]:02}-{rest[1]:02}"


def _read(text: str | None) -> Day | None:
    found = _DATE.match(text or "")
    return day(*(int(part) for part in found.groups())) if found else None
