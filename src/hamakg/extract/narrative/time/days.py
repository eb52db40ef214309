"""Days and spans of days in the proleptic Gregorian calendar, before our era too, and how XSD and EDTF write them.

A day is an ``int`` (an ordinal, so that arithmetic is addition). Years are astronomical: 1 BC is 0, 490 BC is -489, as
XSD 1.1 and EDTF (https://www.loc.gov/standards/datetime/) have it.
"""

from dataclasses import dataclass

from hamakg.days import days_in_month, format_date, from_ordinal, parse_date, to_ordinal
from hamakg.model import Interval, Timing

Day = int


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
        return to_ordinal(year, month, of_month)
    except ValueError:
        return None


def parts(ordinal: Day) -> tuple[int, int, int]:
    """The year, the month and the day of the month."""
    return from_ordinal(ordinal)


def month(year: int, number: int) -> Days:
    """The first to the last day of a month; ``number`` may run over the year's end in both directions."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    first = to_ordinal(year, number, 1)
    return Days(first, first + days_in_month(year, number) - 1)


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
    return days_in_month(*parse_date(start)[:2]) if start else 0


def _iso(ordinal: Day | None) -> str | None:
    if ordinal is None:
        return None
    return format_date(*from_ordinal(ordinal))


def _read(text: str | None) -> Day | None:
    return day(*parse_date(text)) if text else None
