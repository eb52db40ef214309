"""Days, months, years and ranges of them, as infoboxes write dates."""

import calendar
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from hamakg.days import days_in_month, format_date, format_year, parse_date
from hamakg.extract.date_parts import PARTS, SEASONS
from hamakg.model import Interval, Timing

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if n} | {"sept": 9}

_FOUR_DIGITS = 1000  # the years from which on "1914–18" is read as two years
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"\d{1,2}(?!\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:c\.\s*|ca\.\s*|circa\s+)?(?:AD\s+\d{1,4}(?!\d)|\d{1,4}\s*(?:BCE|BC|CE|AD)\b|\d{3,4}(?!\d))"
_TO = r"\s*(?:[–—−-]|\bto\b|\buntil\b)\s*"
_OF = rf"(?:{'|'.join(sorted(PARTS, key=len, reverse=True)).replace(' ', '[ -]')})"
_SEASON = rf"(?:{'|'.join(SEASONS)})"
_WIDE = rf"(?:(?:the\s+)?{_OF}(?:\s+of)?[\s-]+)?(?:{_MONTH}(?:,?\s+{_YEAR})?|{_SEASON}(?:\s+of)?\s+{_YEAR}|{_YEAR})"
_POINT = (
    rf"(?:{_DAY}\s+{_MONTH}(?:,?\s+{_YEAR})?|{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?"
    rf"|{_DAY},\s+{_YEAR}|{_WIDE}|{_OF}(?={_TO})|{_DAY})"
)
_RANGE = re.compile(rf"(?<![\w.,])({_POINT})(?:{_TO}({_POINT}|present\b|ongoing\b))?(?![\w%])", re.I)
_PART = re.compile(
    rf"(?P<of>\b{_OF}\b)|(?P<season>\b{_SEASON}\b)|(?P<month>{_MONTH})|(?P<year>{_YEAR})|(?P<day>{_DAY})", re.I
)
_BRACKETS = re.compile(r"\([^()]*\)")
_ONSET = re.compile(r"(?i)\b(?:since|from|after)\s*$")
_LIMIT = re.compile(r"(?i)\b(?:before|by|until|up to)\s*$")
_PREPOSITION = re.compile(r"(?i)(?:\b(?:on|from|in|since|after|before|by|until|up to|as of))?[ ;,]*$")
_JOINT = re.compile(r"(?i)\s*(?:,|/|,?\s*\b(?:and|or)\b|&)\s*")
_OR = re.compile(r"(?i)\bor\b")
_GLUE = re.compile(r"(?i)\b(?:or|and|on|from|since|after|before|by|until|up to|in|between|as of)\b|[\s,;.()/&–—:-]")


@dataclass(frozen=True, slots=True)
class _Point:
    """A date as far as it is written; years are astronomical (490 BC is -489).

    ``of`` is the part of a month or of a year that is meant ("late"), ``season`` one of the year's.
    """

    day: int | None = None
    month: int | None = None
    year: int | None = None
    about: bool = False
    of: str | None = None
    season: str | None = None

    def valid(self) -> bool:
        if self.year is None or (self.day is not None and self.month is None):
            return False
        return self.day is None or self.month is None or 1 <= self.day <= days_in_month(self.year, self.month)


def read_date(value: str) -> tuple[Interval, str]:
    """The interval from the first to the last day that the value names, and the words that were not understood.

    An interval of days is timed ``Throughout``; one known by month or year is ``Within`` with an EDTF literal, as are
    several dates, of which all hold (``{a,b}``) or, where "or" stands between them, one of them (``[a,b]``).
    """
    value = _BRACKETS.sub(" ", value)
    matches = list(_RANGE.finditer(value))
    found = [
        (m, i) for m, shared in zip(matches, _shared(value, matches), strict=True) if (i := _interval(m, None, shared))
    ]
    found = _of_the_conflict(value, found)
    if not found:
        return Interval(), value.strip()
    intervals = [i if m[2] else _bounded(i, value[: m.start()]) for m, i in found]
    cuts = [0, *(edge for m, _ in found for edge in m.span()), len(value)]
    left = " ".join(" ".join(value[begin:end] for begin, end in zip(cuts[::2], cuts[1::2], strict=True)).split())
    either = any(_OR.fullmatch(value[a.end() : b.start()].strip(" ,;")) for (a, _), (b, _) in pairwise(found))
    return _hull(intervals, either), left.strip(" ,;") if _GLUE.sub("", left) else ""


def _of_the_conflict(value: str, found: list[tuple[re.Match[str], Interval]]) -> list[tuple[re.Match[str], Interval]]:
    """The dates of the conflict itself: not those of a later line whose words say what else was then.

    "7 July 1937 – 2 September 1945", and below it "Minor fighting since 18 September 1931".
    """
    lines = [value.count("\n", 0, match.start()) for match, _ in found]
    told = [_GLUE.sub("", _RANGE.sub("", line)) for line in value.split("\n")]
    if not found or told[lines[0]]:
        return found
    return [one for one, line in zip(found, lines, strict=True) if not told[line]]


def _shared(value: str, matches: list[re.Match[str]]) -> list[_Point]:
    """The month and year that each of some dates has from those near it, so far as it has none of its own.

    The year is that of the next date that has one, else of the last before it ("12 May 1940 or 14 May"); the month is
    the next date's where only a comma, "and" or "or" stands between ("12, 14 and 16 May").
    """
    own = [_point(match[2] or match[1]) for match in matches]
    years = [point.year for point in own if point.year is not None]
    month, shared = None, []
    for n in reversed(range(len(own))):
        joined = n + 1 < len(own) and _JOINT.fullmatch(value[matches[n].end() : matches[n + 1].start()])
        month = own[n].month or (month if joined else None)
        year = next((point.year for point in own[n:] if point.year is not None), years[-1] if years else None)
        shared.append(_Point(month=month, year=year))
    return shared[::-1]


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


def _interval(match: re.Match[str], during: Interval | None, shared: _Point = _Point()) -> Interval | None:
    """The days of one date or range; ``shared`` has the month and year of dates near it, for one without its own."""
    last, first = _point(match[2] or match[1]), _point(match[1])
    if (
        match[2]
        and first.day is None
        and first.year
        and last == _Point(day=last.day)
        and first.year >= _FOUR_DIGITS
        and first.year % 100 < (last.day or 0)
    ):
        last = replace(first, year=first.year - first.year % 100 + (last.day or 0), month=None)
    if last.day is not None and last.month is None and not match[2]:
        last = replace(last, month=shared.month)
    if last.year is None and last.month is not None and not (match[2] and first.year is not None):
        last = replace(last, year=shared.year)
    if match[2] and match[2].lower() in ("present", "ongoing"):
        return Interval(_first_day(first), None, Timing.THROUGHOUT) if first.valid() else None
    if match[2] and first.year is None and last.month is None and last.day is not None:
        last = replace(last, month=first.month)
    last = _in_year(last, during)
    first = _completed(first, last) if match[2] else last
    if not (first.valid() and last.valid()) or _first_day_key(first) > _first_day_key(last):
        return None
    return Interval(_first_day(first), _last_day(last), *_precision(first, last))


def _point(text: str) -> _Point:
    point = _Point()
    for part in _PART.finditer(text):
        if part["of"]:
            point = replace(point, of=part["of"].lower().replace("-", " "))
        elif part["season"]:
            point = replace(point, season=part["season"].lower())
        elif part["month"]:
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
    lacks = first.month is None and first.year is None and (first.day is not None or first.of is not None)
    month = last.month if lacks else first.month
    year = first.year
    if year is None and last.year is not None:
        year = last.year - (1 if (month or 0) > (last.month or 12) else 0)
    return replace(first, month=month, year=year)


def _hull(intervals: list[Interval], either: bool) -> Interval:
    """From the first day to the last of several intervals; ``either``: it was in one of them.

    One with an open start ("fighting went on until 2 May") goes on from those before it.
    """
    if len(intervals) == 1:
        return intervals[0]
    starts = [i.start for i in intervals]
    ends = [i.end for i in intervals]
    start = min((s for s in starts if s), key=parse_date, default=None)
    end = None if None in ends else max((e for e in ends if e), key=parse_date)
    return Interval(
        start, end, Timing.WITHIN, ("[{}]" if either else "{{{}}}").format(",".join(map(_member, intervals)))
    )


def _member(interval: Interval) -> str:
    """An interval as a member of a set, in which ``..`` stands for the slash (EDTF level 2, "set representation")."""
    if interval.edtf:
        return re.sub(r"/\.\.$|^\.\./|/", "..", interval.edtf)
    return interval.start or "" if interval.start == interval.end else f"{interval.start or ''}..{interval.end or ''}"


def _precision(first: _Point, last: _Point) -> tuple[Timing, str | None]:
    if first.day and last.day:
        return Timing.THROUGHOUT, None
    a, b = _edtf(first), _edtf(last)
    return Timing.WITHIN, a[0] if a == b and a[0] == a[1] else f"{a[0]}/{b[1]}"


def _edtf(point: _Point) -> tuple[str, str]:
    """The EDTF of a point, from the first to the last day, month or year that it may be."""
    about = "~" if point.about else ""
    if point.season:
        code = f"{format_year(point.year or 0)}-{21 + list(SEASONS).index(point.season)}{about}"
        return code, code
    length = 3 if point.day or (point.of and point.month) else 2 if point.month or point.of else 1
    first, last = (
        "-".join((format_year(year), *(f"{n:02d}" for n in rest)))
        for year, *rest in (day[:length] for day in (_first_day_key(point), _last_day_key(point)))
    )
    return first + about, last + about


def _first_day(point: _Point) -> str:
    return format_date(*_first_day_key(point))


def _last_day(point: _Point) -> str:
    return format_date(*_last_day_key(point))


def _first_day_key(point: _Point) -> tuple[int, int, int]:
    return _day_keys(point)[0]


def _last_day_key(point: _Point) -> tuple[int, int, int]:
    return _day_keys(point)[1]


def _day_keys(point: _Point) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Year, month and day of the first and of the last day that a point may be."""
    year = point.year or 0
    days, months = (
        PARTS[point.of] if point.of and not point.season else ((1, 31), SEASONS.get(point.season or "", (1, 12)))
    )
    first, last = (point.month, point.month) if point.month else months
    a, b = (point.day, point.day) if point.day else days if point.month else (1, 31)
    return (year, first, a), (year, last, min(b, days_in_month(year, last)) if not point.day else b)
