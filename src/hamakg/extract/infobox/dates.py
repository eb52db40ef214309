"""Reads dates as infoboxes write them: days, months, years, parts of these, and ranges.

This is written by hand because dateparser and dateutil read one date as one ``datetime``: without ranges, without
knowing that "May 2014" is a whole month, without years BC, and without saying which words they did not understand.
Uncertain dates are written as EDTF (https://www.loc.gov/standards/datetime/).
"""

import calendar
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from hamakg.days import days_in_month, format_date, format_year, parse_date
from hamakg.extract.date_parts import PARTS, SEASONS
from hamakg.model import Interval, Timing

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if n}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if n} | {"sept": 9}

_FOUR_DIGITS = 1000  # the first year after which a number of two digits can be another year: "1914–18"
_EDTF_SPRING = 21  # the code of spring, after which those of summer and autumn follow
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"\d{1,2}(?!\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:c\.\s*|ca\.\s*|circa\s+)?(?:AD\s+\d{1,4}(?!\d)|\d{1,4}\s*(?:BCE|BC|CE|AD)\b|\d{3,4}(?!\d))"
_TO = r"\s*(?:[–—−-]|\bto\b|\buntil\b)\s*"
_PART_OF = rf"(?:{'|'.join(sorted(PARTS, key=len, reverse=True)).replace(' ', '[ -]')})"
_SEASON = rf"(?:{'|'.join(SEASONS)})"
_WIDE = (
    rf"(?:(?:the\s+)?{_PART_OF}(?:\s+of)?[\s-]+)?"
    rf"(?:{_MONTH}(?:,?\s+{_YEAR})?|{_SEASON}(?:\s+of)?\s+{_YEAR}|{_YEAR})"
)
_DATE = (
    rf"(?:{_DAY}\s+{_MONTH}(?:,?\s+{_YEAR})?|{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?"
    rf"|{_DAY},\s+{_YEAR}|{_WIDE}|{_PART_OF}(?={_TO})|{_DAY})"
)
_RANGE = re.compile(rf"(?<![\w.,])({_DATE})(?:{_TO}({_DATE}|present\b|ongoing\b))?(?![\w%])", re.I)
_ELEMENT = re.compile(
    rf"(?P<part>\b{_PART_OF}\b)|(?P<season>\b{_SEASON}\b)|(?P<month>{_MONTH})|(?P<year>{_YEAR})|(?P<day>{_DAY})", re.I
)
_BRACKETS = re.compile(r"\([^()]*\)")
_SINCE = re.compile(r"(?i)\b(?:since|from|after)\s*$")
_UNTIL = re.compile(r"(?i)\b(?:before|by|until|up to)\s*$")
_PREPOSITION = re.compile(r"(?i)(?:\b(?:on|from|in|since|after|before|by|until|up to|as of))?[ ;,]*$")
_JOINT = re.compile(r"(?i)\s*(?:,|/|,?\s*\b(?:and|or)\b|&)\s*")
_OR = re.compile(r"(?i)\bor\b")
_GLUE = re.compile(r"(?i)\b(?:or|and|on|from|since|after|before|by|until|up to|in|between|as of)\b|[\s,;.()/&–—:-]")


@dataclass(frozen=True, slots=True)
class _PartialDate:
    """A date as far as it is written; years are astronomical (490 BC is -489).

    ``part`` is the part of a month or year that is meant ("late"), ``season`` a season of the year; ``is_about`` is
    whether the year is approximate.
    """

    day: int | None = None
    month: int | None = None
    year: int | None = None
    is_about: bool = False
    part: str | None = None
    season: str | None = None

    def is_valid(self) -> bool:
        if self.year is None or (self.day is not None and self.month is None):
            return False
        return self.day is None or self.month is None or 1 <= self.day <= days_in_month(self.year, self.month)

    def bounds(self) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """Year, month and day of the first and of the last day that may be meant."""
        year = self.year or 0
        whole_year = SEASONS.get(self.season or "", (1, 12))
        days, months = PARTS[self.part] if self.part and not self.season else ((1, 31), whole_year)
        first_month, last_month = (self.month, self.month) if self.month else months
        if self.day:
            return (year, first_month, self.day), (year, last_month, self.day)
        first_day, last_day = days if self.month else (1, 31)
        return (year, first_month, first_day), (year, last_month, min(last_day, days_in_month(year, last_month)))

    def first_day(self) -> str:
        return format_date(*self.bounds()[0])

    def last_day(self) -> str:
        return format_date(*self.bounds()[1])


def read_date(value: str) -> tuple[Interval, str]:
    """The interval from the first to the last day that the value gives, and the words that were not understood.

    An interval between days is timed ``Throughout``. One between months or years is timed ``Within`` and has an EDTF
    literal, and so do several dates: ``{a,b}`` if all of them are meant, ``[a,b]`` if "or" stands between them.
    """
    value = _BRACKETS.sub(" ", value)
    matches = list(_RANGE.finditer(value))
    shared = _share_months_and_years(value, matches)
    dated = [(m, i) for m, date in zip(matches, shared, strict=True) if (i := _make_interval(m, None, date))]
    dated = _keep_dates_of_conflict(value, dated)
    if not dated:
        return Interval(), value.strip()
    intervals = [i if m[2] else _open_one_end(i, value[: m.start()]) for m, i in dated]
    cuts = [0, *(edge for m, _ in dated for edge in m.span()), len(value)]
    rest = " ".join(" ".join(value[begin:end] for begin, end in zip(cuts[::2], cuts[1::2], strict=True)).split())
    is_either = any(_OR.fullmatch(value[a.end() : b.start()].strip(" ,;")) for (a, _), (b, _) in pairwise(dated))
    return _span_intervals(intervals, is_either), rest.strip(" ,;") if _GLUE.sub("", rest) else ""


def extract_date(words: str, during: Interval) -> tuple[Interval | None, str]:
    """The day or days that the words give ("per Russia; 19 Sep. – 21 Sep."), and the words without them.

    A missing year is the one in which the day falls into ``during``; a year or a number alone is not a date here.
    """
    for match in _RANGE.finditer(words):
        if _has_month(match[0]) and (interval := _make_interval(match, during)):
            before, after = words[: match.start()], words[match.end() :]
            rest = f"{_PREPOSITION.sub('', before)}{after}".strip(" ;,")
            return (interval if match[2] else _open_one_end(interval, before)), rest
    return None, words


def find_dates(words: str) -> list[tuple[int, int]]:
    """The offsets (begin, end) of the dates with a month in the words: "3 May", "May 2014"."""
    return [match.span() for match in _RANGE.finditer(words) if _has_month(match[0])]


def _has_month(text: str) -> bool:
    elements = list(_ELEMENT.finditer(text))
    return len(elements) > 1 and any(element["month"] and element["month"][0].isupper() for element in elements)


# ---------------------------------------------------------------- several dates


def _keep_dates_of_conflict(
    value: str, dated: list[tuple[re.Match[str], Interval]]
) -> list[tuple[re.Match[str], Interval]]:
    """The dates without those in later lines that have other words, if the line of the first date has none.

    "7 July 1937 – 2 September 1945" is followed by "Minor fighting since 18 September 1931".
    """
    lines = [value.count("\n", 0, match.start()) for match, _ in dated]
    has_words = [bool(_GLUE.sub("", _RANGE.sub("", line))) for line in value.split("\n")]
    if not dated or has_words[lines[0]]:
        return dated
    return [date for date, line in zip(dated, lines, strict=True) if not has_words[line]]


def _share_months_and_years(value: str, matches: list[re.Match[str]]) -> list[_PartialDate]:
    """For each date the month and year that it takes from its neighbours if it has none itself.

    The year is that of the next date that has one, else of the last before it ("12 May 1940 or 14 May"); the month is
    the next date's, if only a comma, "and" or "or" is between them ("12, 14 and 16 May").
    """
    dates = [_parse_date(match[2] or match[1]) for match in matches]
    years = [date.year for date in dates if date.year is not None]
    month, shared = None, []
    for n in reversed(range(len(dates))):
        is_joined = n + 1 < len(dates) and _JOINT.fullmatch(value[matches[n].end() : matches[n + 1].start()])
        month = dates[n].month or (month if is_joined else None)
        year = next((date.year for date in dates[n:] if date.year is not None), years[-1] if years else None)
        shared.append(_PartialDate(month=month, year=year))
    return shared[::-1]


def _span_intervals(intervals: list[Interval], is_either: bool) -> Interval:
    """The interval from the first day to the last of several intervals; ``is_either``: only one of them is meant.

    One with an open start ("fighting went on until 2 May") continues those before it.
    """
    if len(intervals) == 1:
        return intervals[0]
    ends = [interval.end for interval in intervals]
    start = min((i.start for i in intervals if i.start), key=parse_date, default=None)
    end = None if None in ends else max((e for e in ends if e), key=parse_date)
    members = ",".join(map(_to_set_member, intervals))
    return Interval(start, end, Timing.WITHIN, f"[{members}]" if is_either else f"{{{members}}}")


def _to_set_member(interval: Interval) -> str:
    """The interval as a member of a set, where ``..`` replaces the slash (EDTF level 2, set representation)."""
    if interval.edtf:
        return re.sub(r"/\.\.$|^\.\./|/", "..", interval.edtf)
    return interval.start or "" if interval.start == interval.end else f"{interval.start or ''}..{interval.end or ''}"


# ---------------------------------------------------------------- one date or range


def _make_interval(
    match: re.Match[str], during: Interval | None, shared: _PartialDate = _PartialDate()
) -> Interval | None:
    """The days of a date or range; ``shared`` has the month and year to use if they are missing."""
    first = _parse_date(match[1])
    if not match[2]:
        date = _add_year(_complete_date(first, shared), during)
        return _make_interval_between(date, date)
    if match[2].lower() in ("present", "ongoing"):
        return Interval(first.first_day(), None, Timing.THROUGHOUT) if first.is_valid() else None
    last = _add_year(_complete_last(first, _parse_date(match[2]), shared), during)
    return _make_interval_between(_complete_first(first, last), last)


def _make_interval_between(first: _PartialDate, last: _PartialDate) -> Interval | None:
    if not (first.is_valid() and last.is_valid()) or first.bounds()[0] > last.bounds()[0]:
        return None
    if first.day and last.day:
        return Interval(first.first_day(), last.last_day(), Timing.THROUGHOUT)
    (earliest, latest_first), (earliest_last, latest) = _to_edtf(first), _to_edtf(last)
    is_one = earliest == latest_first == earliest_last == latest
    return Interval(first.first_day(), last.last_day(), Timing.WITHIN, earliest if is_one else f"{earliest}/{latest}")


def _parse_date(text: str) -> _PartialDate:
    date = _PartialDate()
    for element in _ELEMENT.finditer(text):
        if element["part"]:
            date = replace(date, part=element["part"].lower().replace("-", " "))
        elif element["season"]:
            date = replace(date, season=element["season"].lower())
        elif element["month"]:
            date = replace(date, month=_MONTHS[element["month"].lower().rstrip(".")])
        elif element["year"]:
            number = int(re.sub(r"\D", "", element["year"]))
            year = 1 - number if "BC" in element["year"].upper() else number
            date = replace(date, year=year, is_about=element["year"].lower().startswith("c"))
        else:
            date = replace(date, day=int(re.sub(r"\D", "", element["day"])))
    return date


def _complete_date(date: _PartialDate, shared: _PartialDate) -> _PartialDate:
    if date.day is not None and date.month is None:
        date = replace(date, month=shared.month)
    return replace(date, year=shared.year) if date.year is None and date.month is not None else date


def _complete_last(first: _PartialDate, last: _PartialDate, shared: _PartialDate) -> _PartialDate:
    """The end of a range with what it shares with the start: "1914–18", "3 May – 5"."""
    is_number = last == _PartialDate(day=last.day)
    if is_number and first.day is None and (first.year or 0) >= _FOUR_DIGITS:
        century, year = divmod(first.year or 0, 100)
        if year < (last.day or 0):
            last = replace(first, year=100 * century + (last.day or 0), month=None)
    if last.year is None and last.month is not None and first.year is None:
        last = replace(last, year=shared.year)
    if first.year is None and last.month is None and last.day is not None:
        last = replace(last, month=first.month)
    return last


def _complete_first(first: _PartialDate, last: _PartialDate) -> _PartialDate:
    """The start of a range with what it shares with the end: "19–29 September 2017", "30 December – 2 January 2017"."""
    has_only_day = first.month is None and first.year is None and (first.day is not None or first.part is not None)
    month = last.month if has_only_day else first.month
    year = first.year
    if year is None and last.year is not None:
        year = last.year - (1 if (month or 0) > (last.month or 12) else 0)
    return replace(first, month=month, year=year)


def _add_year(date: _PartialDate, during: Interval | None) -> _PartialDate:
    """The date in the year in which it falls into the conflict; else in the conflict's first year."""
    if date.year is not None or date.month is None or during is None:
        return date
    first, last = during.start or during.end, during.end or during.start
    if first is None or last is None or first.startswith("-"):
        return date
    dates = [replace(date, year=year) for year in range(parse_date(first)[0], parse_date(last)[0] + 1)]
    return next((d for d in dates if first <= d.last_day() and d.first_day() <= last), dates[0])


def _open_one_end(interval: Interval, before: str) -> Interval:
    """The interval, without its start after "before" ("before 14 May"), without its end after "since"."""
    if _UNTIL.search(before):
        return replace(interval, start=None, timing=Timing.WITHIN, edtf=interval.edtf and f"../{interval.edtf}")
    if _SINCE.search(before):
        return replace(interval, end=None, edtf=interval.edtf and f"{interval.edtf}/..")
    return interval


def _to_edtf(date: _PartialDate) -> tuple[str, str]:
    """The first and last day, month or year that may be meant, in EDTF."""
    about = "~" if date.is_about else ""
    if date.season:
        code = f"{format_year(date.year or 0)}-{_EDTF_SPRING + list(SEASONS).index(date.season)}{about}"
        return code, code
    length = 3 if date.day or (date.part and date.month) else 2 if date.month or date.part else 1
    first, last = (
        "-".join((format_year(year), *(f"{n:02d}" for n in rest)))
        for year, *rest in (day[:length] for day in date.bounds())
    )
    return first + about, last + about
