"""Days, months, years and ranges of them, as infoboxes write dates."""

import calendar
import re
from dataclasses import dataclass, replace

from hamakg.model import Interval, Timing

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if n} | {"sept": 9}

_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"\d{1,2}(?!\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:c\.\s*|ca\.\s*|circa\s+)?(?:AD\s+\d{1,4}(?!\d)|\d{1,4}\s*(?:BCE|BC|CE|AD)\b|\d{3,4}(?!\d))"
_POINT = (
    rf"(?:{_DAY}\s+{_MONTH}(?:,?\s+{_YEAR})?|{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?|{_MONTH},?\s+{_YEAR}"
    rf"|{_DAY},\s+{_YEAR}|{_MONTH}|{_YEAR}|{_DAY})"
)
_TO = r"\s*(?:[–—−-]|\bto\b|\buntil\b)\s*"
_RANGE = re.compile(rf"(?<![\w.,])({_POINT})(?:{_TO}({_POINT}|present\b|ongoing\b))?(?![\w%])", re.I)
_PART = re.compile(rf"(?P<month>{_MONTH})|(?P<year>{_YEAR})|(?P<day>{_DAY})", re.I)
_BRACKETS = re.compile(r"\([^()]*\)")
_ONSET = re.compile(r"(?i)\b(?:since|from|after)\s*$")
_LIMIT = re.compile(r"(?i)\b(?:before|by|until|up to)\s*$")
_PREPOSITION = re.compile(r"(?i)(?:\b(?:on|from|in|since|after|before|by|until|up to|as of))?[ ;,]*$")
_GLUE = re.compile(r"(?i)\b(?:on|from|since|after|before|by|until|up to|in|between|as of)\b|[\s,;.()–—:-]")


@dataclass(frozen=True, slots=True)
class _Point:
    """A date as far as it is written; years are astronomical (490 BC is -489)."""

    day: int | None = None
    month: int | None = None
    year: int | None = None
    about: bool = False

    def valid(self) -> bool:
        if self.year is None or (self.day is not None and self.month is None):
            return False
        return self.day is None or self.month is None or 1 <= self.day <= _days(self.year, self.month)


def read_date(value: str) -> tuple[Interval, str]:
    """The interval from the first to the last day that the value names, and the words that were not understood.

    An interval of days is timed ``Throughout``; one known by month or year is ``Within`` with an EDTF literal.
    """
    value = _BRACKETS.sub(" ", value)
    intervals, left = [], value
    for match in _RANGE.finditer(value):
        if interval := _interval(match, None):
            intervals.append(interval if match[2] else _bounded(interval, value[: match.start()]))
            left = left.replace(match[0], " ", 1)
    if not intervals:
        return Interval(), value.strip()
    return _hull(intervals), " ".join(left.split()) if _GLUE.sub("", left) else ""


def read_dated(words: str, during: Interval) -> tuple[Interval | None, str]:
    """The day or days that some words give ("per Russia; 19 Sep. – 21 Sep."), and the words without them.

    A year that is not written is the one ``during`` which the day falls; bare years and numbers are no dates here.
    """
    for match in _RANGE.finditer(words):
        if _has_month(match[0]) and (interval := _interval(match, during)):
            before, after = words[: match.start()], words[match.end() :]
            left = f"{_PREPOSITION.sub('', before)}{after}".strip(" ;,")
            return (interval if match[2] else _bounded(interval, before)), left
    return None, words


def find_dates(words: str) -> list[tuple[int, int]]:
    """Where in some words dates with a month stand, as (begin, end): "3 May", "May 2014"."""
    return [match.span() for match in _RANGE.finditer(words) if _has_month(match[0])]


def _has_month(text: str) -> bool:
    parts = list(_PART.finditer(text))
    return len(parts) > 1 and any(part["month"] and part["month"][0].isupper() for part in parts)


def _bounded(interval: Interval, before: str) -> Interval:
    """ "Before 14 May" leaves the start open, "since 2014" the end."""
    if _LIMIT.search(before):
        return replace(interval, start=None, timing=Timing.WITHIN, edtf=interval.edtf and f"../{interval.edtf}")
    if _ONSET.search(before):
        return replace(interval, end=None, edtf=interval.edtf and f"{interval.edtf}/..")
    return interval


def _interval(match: re.Match[str], during: Interval | None) -> Interval | None:
    last = _point(match[2] or match[1])
    first = _point(match[1])
    if match[2] and match[2].lower() in ("present", "ongoing"):
        return Interval(_first_day(first), None, Timing.THROUGHOUT) if first.valid() else None
    if match[2] and first.year is None and last.month is None:
        last = replace(last, month=first.month)
    last = _in_year(last, during)
    first = _completed(first, last) if match[2] else last
    if not (first.valid() and last.valid()) or _first_day_key(first) > _first_day_key(last):
        return None
    return Interval(_first_day(first), _last_day(last), *_precision(first, last))


def _point(text: str) -> _Point:
    point = _Point()
    for part in _PART.finditer(text):
        if part["month"]:
            point = replace(point, month=_MONTHS[part["month"].lower().rstrip(".")])
        elif part["year"]:
            number = int(re.sub(r"\D", "", part["year"]))
            era = 1 - number if "BC" in part["year"].upper() else number
            point = replace(point, year=era, about=part["year"].lower().startswith("c"))
        else:
            point = replace(point, day=int(re.sub(r"\D", "", part["day"])))
    return point


def _in_year(point: _Point, during: Interval | None) -> _Point:
    """The point with the year in which it falls within the conflict, or else the conflict's first year."""
    if point.year is not None or point.month is None or during is None:
        return point
    first, last = during.start or during.end, during.end or during.start
    if first is None or last is None or first.startswith("-"):
        return point
    years = [replace(point, year=year) for year in range(int(first[:4]), int(last[:4]) + 1)]
    return next((p for p in years if first <= _last_day(p) and _first_day(p) <= last), years[0])


def _completed(first: _Point, last: _Point) -> _Point:
    """The start of a range with what it shares with the end: "19–29 September 2017", "30 December – 2 January 2017"."""
    month = last.month if first.month is None and first.day is not None else first.month
    year = first.year
    if year is None and last.year is not None:
        year = last.year - (1 if (month or 0) > (last.month or 12) else 0)
    return replace(first, month=month, year=year)


def _hull(intervals: list[Interval]) -> Interval:
    if len(intervals) == 1:
        return intervals[0]
    starts = [i.start for i in intervals]
    ends = [i.end for i in intervals]
    start = None if None in starts else min((s for s in starts if s), key=_in_time)
    end = None if None in ends else max((e for e in ends if e), key=_in_time)
    return Interval(start, end, Timing.WITHIN)


def _in_time(day: str) -> tuple[int, str]:
    """A key by which days stand in the order of time: years before Christ have a minus sign."""
    return int(day[:-6]), day[-5:]


def _precision(first: _Point, last: _Point) -> tuple[Timing, str | None]:
    if first.day and last.day:
        return Timing.THROUGHOUT, None
    a, b = _edtf(first), _edtf(last)
    return Timing.WITHIN, a if a == b else f"{a}/{b}"


def _edtf(point: _Point) -> str:
    parts = [_year(point.year or 0)] + [f"{n:02d}" for n in (point.month, point.day) if n]
    return "-".join(parts) + ("~" if point.about else "")


def _first_day(point: _Point) -> str:
    return f"{_year(point.year or 0)}-{point.month or 1:02d}-{point.day or 1:02d}"


def _last_day(point: _Point) -> str:
    month = point.month or 12
    return f"{_year(point.year or 0)}-{month:02d}-{point.day or _days(point.year or 0, month):02d}"


def _first_day_key(point: _Point) -> tuple[int, int, int]:
    return point.year or 0, point.month or 1, point.day or 1


def _year(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year % 400 + 2000, month)[1]
