"""The calendar: which days there are, in what order, how far apart, and how XSD writes them.

Days belong to the proleptic Gregorian calendar, and years are astronomical, as ``xsd:date`` of XSD 1.1 has them
(https://www.w3.org/TR/xmlschema11-2/#date): the year 0000 is 1 BC, and -0489 is 490 BC. ``datetime.date`` begins with
year 1. The Gregorian calendar repeats every 400 years, which are 146,097 days (a whole number of weeks), so shifting a
date by whole cycles lets ``datetime`` count the days of any year.
"""

import re
from calendar import monthrange
from datetime import date

_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_DATE = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)")


def parse_date(text: str) -> tuple[int, int, int]:
    """Year, month and day of an ``xsd:date``; these sort in the order of time. ValueError for other text."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not an xsd:date")
    return int(found[1]), int(found[2]), int(found[3])


def format_date(year: int, month: int, day: int) -> str:
    """The day as an ``xsd:date``."""
    return f"{format_year(year)}-{month:02}-{day:02}"


def format_year(year: int) -> str:
    """The year as an ``xsd:gYear``: at least four digits, with a minus sign before 1 BC."""
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def days_in_month(year: int, month: int) -> int:
    """How many days the month (1 to 12) has in this year."""
    return monthrange(year % _CYCLE_YEARS + _CYCLE_YEARS, month)[1]


def to_ordinal(year: int, month: int, day: int) -> int:
    """The number of the day; 1 January of year 1 has number 1. ValueError where the calendar has no such day."""
    cycles, year_of_cycle = divmod(year - 1, _CYCLE_YEARS)
    return date(year_of_cycle + 1, month, day).toordinal() + cycles * _CYCLE_DAYS


def from_ordinal(ordinal: int) -> tuple[int, int, int]:
    """Year, month and day of the day with this number."""
    cycles, day_of_cycle = divmod(ordinal - 1, _CYCLE_DAYS)
    day = date.fromordinal(day_of_cycle + 1)
    return day.year + cycles * _CYCLE_YEARS, day.month, day.day


def date_to_ordinal(text: str) -> int:
    """The number of the day of an ``xsd:date``; two numbers differ by how many days their dates are apart."""
    return to_ordinal(*parse_date(text))
