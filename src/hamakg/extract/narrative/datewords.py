"""The wordings of dates: which words name or point to days, and which days they mean at a given point of a story.

Wordings are looked for in the characters of a sentence, so that neither a tokenizer nor a parse decides what a date is.
Each row of ``WORDINGS`` is a pattern and the function that resolves what it matched; of two that overlap the one that
begins first holds, then the longer.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from hamakg.extract.narrative.days import Day, Days, day, month, parts, year
from hamakg.extract.narrative.quantities import NUMERALS, numeral


class DateKind(StrEnum):
    """What a wording is to the story: a date, a step from the last date, a look back, a whole conflict's days, a name with a date."""

    EXPLICIT = "explicit"
    RELATIVE = "relative"
    RETROSPECTIVE = "retrospective"
    SUMMARY = "summary"
    NAME = "name"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Story:
    """How far an article's telling has come.

    ``conflict``: the days of what the article tells of; ``era``: the years that it mostly names; ``now``: the days last told
    of; ``fresh``: no date stood yet in this paragraph; ``opened``: the first day that this paragraph told of.
    """

    title: str
    conflict: Days = Days()
    era: Days = Days()
    now: Days | None = None
    fresh: bool = True
    opened: Day | None = None


Resolve = Callable[[re.Match[str], Story], Days | None]

# ---------------------------------------------------------------- words

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

# Parts of a month (in days) and of a year (in months).
PARTS = {
    "early to mid": ((1, 20), (1, 8)),
    "mid to late": ((11, 31), (5, 12)),
    "first half": ((1, 15), (1, 6)),
    "second half": ((16, 31), (7, 12)),
    "first week": ((1, 7), (1, 1)),
    "second week": ((8, 14), (1, 1)),
    "third week": ((15, 21), (1, 1)),
    "last week": ((25, 31), (12, 12)),
    "early": ((1, 10), (1, 4)),
    "start": ((1, 10), (1, 4)),
    "beginning": ((1, 10), (1, 4)),
    "mid": ((11, 20), (5, 8)),
    "middle": ((11, 20), (5, 8)),
    "late": ((21, 31), (9, 12)),
    "end": ((21, 31), (9, 12)),
}
# "by mid-March" ends on the 15th, "by mid-2016" with June.
BY_PARTS = {**PARTS, "mid": ((11, 15), (5, 6)), "middle": ((11, 15), (5, 6))}
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}

# What a preposition makes of the days after it.
BOUNDS = {
    "by": "by", "as of": "by", "until": "until", "till": "until", "up to": "until", "before": "before",
    "prior to": "before", "since": "since", "starting on": "since", "starting from": "since", "starting in": "since",
    "beginning on": "since", "from": "since", "after": "after", "following": "after",
}  # fmt: skip
DAYTIMES = (
    "night morning evening afternoon dawn dusk noon midday midnight daybreak nightfall sunrise sunset eve hours hour day"
).split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
UNIT_DAYS = {"minute": 0.0, "hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0}

# A year before one of these (with capitals or the words of BETWEEN in between) is a name: "the 2016 Hama offensive".
CONFLICTS = (
    "offensive offensives counteroffensive counter-offensive operation campaign battle siege war invasion uprising revolution "
    "revolt rebellion insurgency intervention conflict crisis coup clashes fighting attack attacks bombing bombings massacre "
    "ceasefire truce agreement accords election elections earthquake incursion raid blockade mutiny strikes airstrikes"
).split()
BETWEEN = "rebel government military chemical air terrorist missile suicide coup joint major".split()
# A span of so many days is too wide to count days from.
COARSE = 9
# Whose start "since the start of the operation" means the article's own conflict.
OWN = "offensive operation campaign battle siege".split()

# ---------------------------------------------------------------- patterns


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first, with a space or hyphen between their parts."""
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"[\s-]") for w in sorted(words, key=len, reverse=True)) + ")"


_MONTH = _any([name.title() for name in MONTHS]) + r"(?![A-Za-z])\.?"
_DOM = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"(?:\d{1,4}\s?(?:BCE|BC|CE|AD)\b|AD\s\d{1,4}\b|(?:1\d|20)\d\d(?![\d%]|[.,]\d))"
_DASH = r"\s?[–—/-]\s?"
_JOIN = rf"(?:{_DASH}|\s(?:to|and|until|till|through)\s(?:the\s)?|\sand\s(?:ended|lasted|concluded)\s(?:on|until)\s)"
_COUNT = rf"(?P<count>\d+|an?|{'|'.join(NUMERALS)})"
_VAGUE = r"(?:several|some|many|a\sfew|few|a\scouple\sof)"
_UNIT = r"(?P<unit>minute|hour|day|night|week|fortnight|month|year)s?"
_DAYTIME = _any(DAYTIMES)
_NEXT = r"(?:next|following|subsequent|ensuing)"
_LAST = r"(?:previous|preceding|prior|last|past)"
_BY = r"(?:\b(?P<bound>by|until|since|after)\s)?"
_SAME = r"(?:that|the|this)(?:\s(?:very\s)?same)?"
_BOUND = rf"(?:\b(?P<bound>{_any(BOUNDS)})\s)?"
_PART_OF = rf"(?:\b(?:the\s)?(?P<part>{_any(PARTS)})(?:\s(?:of|in))?[\s–-])?(?:\bthe\s)?"
_PREFIX = (
    rf"(?i:{_BOUND}"
    r"(?:\b(?P<lead>on|in|at|during|around|about|over|for|of|between|throughout|(?:late|early|overnight)\son)\s)?"
    rf"(?:\b(?:the\s)?(?:early\s|late\s)?(?:morning\s)?{_DAYTIME}\s(?:of|on|between)\s)?"
    rf"{_PART_OF})"
)
_YEAR_PREFIX = rf"(?i:{_BOUND}(?:\b(?P<lead>in|during|throughout)\s)?{_PART_OF})"
# Holds only after a prefix: "May" and "March" are words, and four digits a number, where nothing says otherwise.
_PREFIXED = r"(?(bound)|(?(lead)|(?(part)|(?!))))"
_SEASON = r"(?P<season>spring|summer|autumn)"


def _date(n: int) -> str:
    """A date that names its day and month; the groups end in ``n``."""
    return (
        rf"(?:\b(?P<d{n}>{_DOM})\s?(?:of\s)?(?P<m{n}>{_MONTH})(?:,?\s?(?P<y{n}>{_YEAR}))?"
        rf"|\b(?P<M{n}>{_MONTH})\s(?P<D{n}>{_DOM})(?!,\d|{_DASH}\d)(?:,?\s(?P<Y{n}>{_YEAR}))?)"
    )


def _row(pattern: str, resolve: Resolve, kind: DateKind = DateKind.RELATIVE) -> tuple[re.Pattern[str], Resolve, DateKind]:
    return re.compile(pattern), resolve, kind


# ---------------------------------------------------------------- explicit dates


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording found in a text, how it is resolved and what it is to the story."""

    match: re.Match[str]
    resolve: Resolve
    kind: DateKind

    @property
    def begin(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()

    @property
    def bound(self) -> str | None:
        """What its preposition makes of the days: by, until, before, since or after."""
        return BOUNDS.get(re.sub(r"\s", " ", _group(self.match, "bound") or "").lower())

    def days(self, story: Story) -> Days | None:
        """The days it means where the story stands; None where the text does not tell them."""
        return self.resolve(self.match, story)


def _group(match: re.Match[str], *names: str) -> str | None:
    """What the first of the groups matched that the pattern has and that matched."""
    found = match.groupdict()
    return next((found[name] for name in names if found.get(name)), None)


def _number(text: str | None) -> int | None:
    digits = re.match(r"\d+", text or "")
    return int(digits[0]) if digits else None


def _month_number(match: re.Match[str], *names: str) -> int | None:
    name = _group(match, *names)
    return MONTHS[name.rstrip(".").lower()] if name else None


def _year_number(text: str | None) -> int | None:
    """The astronomical year: 490 BC is -489."""
    digits = re.search(r"\d+", text or "")
    if digits is None:
        return None
    return 1 - int(digits[0]) if "BC" in (text or "") else int(digits[0])


def _placed(make: Callable[[int], Days | None], given: int | None, story: Story) -> Days | None:
    """The days in the year given, else in the year in which the story is most likely to be.

    In a paragraph with no date yet that is a year that puts them into the conflict, where there is one; otherwise the
    year that puts them nearest to the story's day.
    """
    if given is not None:
        return make(given)
    here, frame = _here(story), _frame(story)
    if here is None:
        return None
    found = [days for y in _years(here, frame) if (days := make(y)) and days.first is not None]
    if story.fresh:
        found = [days for days in found if _overlap(days, frame)] or found
    return min(found, key=lambda days: abs((days.first or 0) - here), default=None)


def _frame(story: Story) -> Days:
    """The conflict's days; where nobody gives them, the years that the article mostly names."""
    return story.era if story.conflict.first is None else story.conflict


def _here(story: Story) -> Day | None:
    """The day near which a date is looked for; before any date the conflict's first."""
    if story.now is not None and story.now.end is not None:
        return story.now.end
    return _frame(story).first


def _years(here: Day, frame: Days) -> list[int]:
    near = parts(here)[0]
    own = [parts(end)[0] for end in (frame.first, frame.last) if end is not None]
    return sorted({near - 1, near, near + 1, *range(min(own, default=near), max(own, default=near) + 1)})


def _overlap(one: Days, other: Days) -> bool:
    if other.first is None or one.first is None or one.last is None:
        return False
    return one.last >= other.first and (other.last is None or one.first <= other.last)


def _one_day(match: re.Match[str], story: Story) -> Days | None:
    return _bounded(match, _date_days(match, 1, story), story)


def _date_days(match: re.Match[str], n: int, story: Story, default: int | None = None) -> Days | None:
    number, of_month = _month_number(match, f"m{n}", f"M{n}"), _number(_group(match, f"d{n}", f"D{n}"))
    given = _year_number(_group(match, f"y{n}", f"Y{n}"))
    return _placed(lambda y: _single(y, number or 1, of_month or 1), default if given is None else given, story)


def _single(y: int, number: int, of_month: int) -> Days | None:
    found = day(y, number, of_month)
    return None if found is None else Days(found, found)


def _two_days(match: re.Match[str], story: Story) -> Days | None:
    """From one day to another: "21–24 May", "29 December 2016 to 3 January", "25 and 26 March"."""
    given = _year_number(_group(match, "y2", "Y2"))
    last = _date_days(match, 2, story)
    if last is None or last.last is None:
        return None
    own = _year_number(_group(match, "y1", "Y1"))
    first_month = _month_number(match, "m1", "M1") or _month_number(match, "m2", "M2") or 1
    first_day = _number(_group(match, "d1", "D1")) or 1
    y = own if own is not None else parts(last.last)[0]
    first = day(y, first_month, first_day)
    if first is not None and first > last.last:
        if own is not None and given is None:
            last = _date_days(match, 2, story, own + (first_month > (_month_number(match, "m2", "M2") or first_month)))
        else:
            first = day(y - 1, first_month, first_day)
    return Days(first, last.last, _throughout(match)) if first is not None and last is not None else None


def _throughout(match: re.Match[str]) -> bool:
    """Whether the words say that it filled the span ("from 3 to 5 May"), not that it fell into it ("between")."""
    return not re.match(r"(?:on\s)?between|on\b", match[0])


def _months(match: re.Match[str], story: Story) -> Days | None:
    """From a month to another: "March–April 2017", "from December 2016 to March 2017"."""
    first, last = _month_number(match, "m1"), _month_number(match, "m2")
    if first is None or last is None:
        return None
    own, given = _year_number(_group(match, "y1")), _year_number(_group(match, "y2"))
    if given is None and own is not None:
        given = own + (last < first)

    def make(y: int) -> Days:
        return Days(month(y - (last < first), first).first, month(y, last).last, _throughout(match))

    return _placed(make, given, story)


def _month(match: re.Match[str], story: Story) -> Days | None:
    number = _month_number(match, "m1")
    part = _part(match)

    def make(y: int) -> Days | None:
        whole = month(y, number or 1)
        if part is None or whole.first is None or whole.last is None:
            return whole
        return Days(whole.first + part[0][0] - 1, min(whole.first + part[0][1] - 1, whole.last))

    return _bounded(match, _placed(make, _year_number(_group(match, "y1")), story), story)


def _part(match: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    words = _group(match, "part")
    if words is None:
        return None
    table = BY_PARTS if _group(match, "bound") else PARTS
    return table[re.sub(r"[^a-z]+", " ", words.lower())]


def _year(match: re.Match[str], story: Story) -> Days | None:
    number = _year_number(match["y1"]) or 0
    part = _part(match)
    whole = year(number) if part is None else Days(month(number, part[1][0]).first, month(number, part[1][1]).last)
    return _bounded(match, whole, story)


def _year_span(match: re.Match[str], story: Story) -> Days | None:
    first, last = _year_number(match["y1"]) or 0, _year_number(match["y2"]) or 0
    last = last if last > 99 or first < 100 else first - first % 100 + last
    return Days(year(first).first, year(last).last, _throughout(match))


def _season(match: re.Match[str], story: Story) -> Days | None:
    first, last = SEASONS[match["season"]]
    return _bounded(
        match,
        _placed(lambda y: Days(month(y, first).first, month(y, last).last), _year_number(_group(match, "y1")), story),
        story,
    )


def _ordinal(match: re.Match[str], story: Story) -> Days | None:
    """"On the 25th": of the story's month."""
    here = _here(story)
    return None if here is None else _single(*parts(here)[:2], _number(match["d1"]) or 1)


def _bounded(match: re.Match[str], days: Days | None, story: Story) -> Days | None:
    """The days as the preposition before them has it."""
    if days is None or days.first is None or days.last is None:
        return days
    word = re.sub(r"\s", " ", _group(match, "bound") or "").lower()
    bound = BOUNDS.get(word)
    if bound in {"by", "until"}:
        return Days(None, days.last, bound == "until")
    if bound == "before":
        return Days(None, days.first - 1)
    if bound == "since":
        return Days(days.first, None, True)
    if bound == "after":
        return Days(days.last, None)
    return Days(days.first, days.last, days.throughout or _group(match, "lead") == "throughout")


# ---------------------------------------------------------------- steps from the story's day


def _count(match: re.Match[str]) -> int | None:
    """The number of units named; None where it is vague ("several")."""
    text = _group(match, "count")
    if text is None:
        return None
    value = 1.0 if text.lower() in {"a", "an"} else numeral(text)
    return None if value is None else int(value)


def _step(match: re.Match[str], story: Story, sign: int) -> Days | None:
    """So many units after (sign 1) or before (-1) the story's day; a month or a year is as a whole."""
    count, unit, end, now = _count(match), match["unit"], _end(story), _from(story)
    if end is None:
        return None
    if count is None:
        return None if now is None else _vague_step(now, unit, sign)
    y, number, _ = parts(end)
    if unit in {"month", "year"}:
        return month(y, number + sign * count) if unit == "month" else year(y + sign * count)
    return None if now is None else _single_day(now + sign * int(count * UNIT_DAYS[unit]))


def _vague_step(now: Day, unit: str, sign: int) -> Days:
    """"Several hours later" is the same day, "several days later" some day after it."""
    if UNIT_DAYS.get(unit, 1) < 1:
        return Days(now, now)
    return Days(now, None) if sign > 0 else Days(None, now)


def _from(story: Story) -> Day | None:
    """The day from which a step counts; none where the story is only known to be in some month or part of it."""
    now = story.now
    if now is None or (now.first is not None and now.last is not None and now.last - now.first >= COARSE and not now.throughout):
        return None
    return now.end


def _later(match: re.Match[str], story: Story) -> Days | None:
    return _step(match, story, 1)


def _earlier(match: re.Match[str], story: Story) -> Days | None:
    return _step(match, story, -1)


def _next(match: re.Match[str], story: Story) -> Days | None:
    """The day, week, month or year after the story's."""
    return _bounded(match, _neighbour(match, story, 1), story)


def _previous(match: re.Match[str], story: Story) -> Days | None:
    """The day, week, month or year before the story's."""
    return _neighbour(match, story, -1)


def _neighbour(match: re.Match[str], story: Story, sign: int) -> Days | None:
    unit, end, now = _group(match, "unit") or "day", _end(story), _from(story)
    if end is None:
        return None
    y, number, _ = parts(end)
    if unit in {"month", "year"}:
        return month(y, number + sign) if unit == "month" else year(y + sign)
    if now is None:
        return None
    return _single_day(now + sign) if unit == "day" else Days(*sorted((now + sign, now + sign * 7)))


def _single_day(found: Day) -> Days:
    return Days(found, found)


def _coming(match: re.Match[str], story: Story) -> Days | None:
    """"Over the next three days": those days; "the following weeks": open."""
    now, reach = _from(story), _reach(match)
    if now is None:
        return None
    return Days(now + 1, None if reach is None else now + max(reach, 1), True)


def _past(match: re.Match[str], story: Story) -> Days | None:
    """"Over the previous 48 hours": from two days ago to the story's day."""
    now, reach = _from(story), _reach(match)
    if now is None:
        return None
    return Days(None if reach is None else now - max(reach, 1), now, True)


def _after_lasting(match: re.Match[str], story: Story) -> Days | None:
    """"After two days of fighting": the days up to the story's."""
    past = _past(match, story)
    return None if past is None else Days(past.first, past.last)


def _end(story: Story) -> Day | None:
    return None if story.now is None else story.now.end


def _reach(match: re.Match[str]) -> int | None:
    """How many days the count and unit make; None where they are vague."""
    count, unit = _count(match), match["unit"]
    days = UNIT_DAYS.get(unit) or {"month": 30.0, "year": 365.0}[unit]
    return None if count is None else int(count * days)


def _same(match: re.Match[str], story: Story) -> Days | None:
    return story.now


def _same_period(match: re.Match[str], story: Story) -> Days | None:
    """"Later that month": from the story's day to the month's end; "that month": the whole."""
    end = _end(story)
    if end is None:
        return None
    y, number, _ = parts(end)
    whole = month(y, number) if match["unit"] == "month" else year(y)
    later = (_group(match, "when") or "").lower() == "later"
    return Days(end if later else whole.first, whole.last)


def _overnight(match: re.Match[str], story: Story) -> Days | None:
    now = _from(story)
    return None if now is None else Days(now - 1, now)


def _of_conflict(match: re.Match[str], story: Story) -> Days | None:
    """ "Since the start of the operation", "killed during the offensive": from its first day, with no end told.

    After the conflict's end that is another one's: the one that the paragraph began with.
    """
    conflict, now = story.conflict, _end(story)
    if conflict.last is not None and now is not None and now > conflict.last:
        return None if story.opened is None else Days(story.opened, None, True)
    return None if conflict.first is None else Days(conflict.first, None, True)


def _unknown(match: re.Match[str], story: Story) -> Days | None:
    return None


def _named(match: re.Match[str], story: Story) -> Days | None:
    """The month or year in a name, unless it is the name of the article's own conflict."""
    words = re.sub(r"^the\s", "", match[0], flags=re.I).lower()
    if words in story.title.lower() or story.title.lower() in words:
        return None
    number, y = _month_number(match, "m1"), _year_number(match["y1"]) or 0
    return year(y) if number is None else month(y, number)


_PEOPLE = r"\s(?:[A-Za-z-]+\s)?(?:men|people|troops|soldiers|fighters|militants|rebels|civilians|tanks)\b"
_CLOCK = _any("dawn dusk noon midday midnight daybreak nightfall sunrise sunset night morning evening afternoon".split())

WORDINGS = (
    # names that hold a date
    _row(
        rf"(?i:\b(?:in|during|of|since|after|by|before|until)\s)?(?:\bthe\s)?\b(?:(?P<m1>{_MONTH})\s)?(?P<y1>{_YEAR})"
        rf"(?:\s(?:[A-Z][\w'’–-]*|{_any(BETWEEN)}|of|in)){{0,4}}?\s{_any(CONFLICTS)}\b",
        _named,
        DateKind.NAME,
    ),
    _row(
        rf"{_any(CONFLICTS)}\s\((?:{_MONTH}[\s–-]+)*?(?:(?P<m1>{_MONTH})\s)?(?P<y1>{_YEAR})\)",
        _named,
        DateKind.NAME,
    ),
    # dates
    _row(rf"{_PREFIX}{_date(1)}{_JOIN}(?:on\s)?{_date(2)}", _two_days, DateKind.EXPLICIT),
    _row(
        rf"{_PREFIX}\b(?P<d1>{_DOM}){_JOIN}(?P<d2>{_DOM})\s?(?:of\s)?(?P<m2>{_MONTH})(?:,?\s?(?P<y2>{_YEAR}))?",
        _two_days,
        DateKind.EXPLICIT,
    ),
    _row(
        rf"{_PREFIX}\b(?P<m2>{_MONTH})\s(?P<d1>{_DOM}){_JOIN}(?P<d2>{_DOM})(?!,\d)(?:,?\s(?P<y2>{_YEAR}))?",
        _two_days,
        DateKind.EXPLICIT,
    ),
    _row(rf"{_PREFIX}{_date(1)}", _one_day, DateKind.EXPLICIT),
    _row(
        rf"{_PREFIX}\b(?P<m1>{_MONTH})(?:\s(?P<y1>{_YEAR}))?{_JOIN}(?P<m2>{_MONTH})(?!\s\d{{1,2}}\b)(?:\s(?P<y2>{_YEAR}))?"
        rf"(?(y2)|{_PREFIXED})",
        _months,
        DateKind.EXPLICIT,
    ),
    _row(rf"{_PREFIX}\b(?P<m1>{_MONTH})(?:,?\s(?:of\s)?(?P<y1>{_YEAR}))?(?(y1)|{_PREFIXED})", _month, DateKind.EXPLICIT),
    _row(rf"{_PREFIX}\b{_SEASON}\b(?:\s(?:of\s)?(?P<y1>{_YEAR}))", _season, DateKind.EXPLICIT),
    _row(rf"(?i:{_BOUND}(?:\b(?P<lead>in|during)\s)?the\s(?P<part>early|mid|late)?\s?{_SEASON}\b){_PREFIXED}", _season, DateKind.EXPLICIT),
    _row(rf"\b(?:from|between|in|during)\s(?P<y1>{_YEAR}){_JOIN}(?P<y2>{_YEAR}|\d\d\b)", _year_span, DateKind.EXPLICIT),
    _row(rf"{_YEAR_PREFIX}\b(?P<y1>{_YEAR})(?!{_PEOPLE}){_PREFIXED}", _year, DateKind.EXPLICIT),
    _row(r"\b(?P<y1>\d{1,4}\s?(?:BCE|BC|CE|AD)\b|AD\s\d{1,4}\b)", _year, DateKind.EXPLICIT),
    _row(
        r"\b(?:on|by|of)\sthe\s(?P<d1>\d{1,2}(?:st|nd|rd|th))"
        r"(?=[.,;)]|$|\s(?:and|as|when|after|before|with|but|while)\b)",
        _ordinal,
        DateKind.EXPLICIT,
    ),
    # steps forward
    _row(
        rf"(?i:{_BY}(?:\b(?:on|in|during|at|over)\s)?\b(?:the\s)?(?:early\s)?{_NEXT}\s(?:{_DAYTIME}|(?P<unit>week|month|year))\b)",
        _next,
    ),
    _row(
        rf"(?i:\b(?:over|in|during|for|within|throughout)\sthe\s(?:{_NEXT}|coming)\s(?:{_COUNT}\s|{_VAGUE}\s)?{_UNIT}\b(?<=s))",
        _coming,
    ),
    _row(rf"(?i:\b(?:{_COUNT}\s|{_VAGUE}\s)?{_UNIT}\s(?:later|afterwards?)\b)", _later),
    _row(rf"(?i:\bafter\s{_COUNT}\s{_UNIT})(?=,)", _later),
    _row(rf"(?i:^(?:just\s|only\s)?{_COUNT}\s{_UNIT}\safter\b)", _later),
    # the story's own day
    _row(
        rf"(?i:{_BY}(?:\b(?:later|earlier|early|late|on|in|during|at)\s)*\b{_SAME}\s(?:early\s|late\s)?{_DAYTIME}\b)"
        r"(?!-|\s(?:of|on|between|after|before)\b)",
        _same,
    ),
    _row(rf"(?i:\b(?:by|at|around|until|before|after)\s{_CLOCK}\b)(?!\s(?:of|on)\s)", _same),
    _row(r"(?i:\b(?:(?P<when>later|earlier)\s)?(?:in\s)?(?:that|the\ssame|this)\s(?P<unit>month|year)\b)", _same_period),
    # looks back
    _row(
        rf"(?i:\b(?:on\s|during\s|in\s|from\s|over\s)?\bthe\s{_LAST}\s(?:{_DAYTIME}|(?P<unit>week|month|year))\b)",
        _previous,
        DateKind.RETROSPECTIVE,
    ),
    _row(
        r"(?i:\bthe\s(?:day|night|evening|morning|afternoon)\sbefore\b|\blast\snight\b|\byesterday\b)",
        _previous,
        DateKind.RETROSPECTIVE,
    ),
    _row(
        rf"(?i:\b(?:over|in|during|for|within)\sthe\s{_LAST}\s(?:{_COUNT}\s|{_VAGUE}\s)?{_UNIT}\b(?<=s))",
        _past,
        DateKind.RETROSPECTIVE,
    ),
    _row(rf"(?i:\b(?:{_COUNT}|{_VAGUE})\s{_UNIT}\s(?:earlier|before|ago|prior)\b)", _earlier, DateKind.RETROSPECTIVE),
    _row(
        rf"(?i:\bafter\s(?:more\sthan\s|over\s|nearly\s|about\s)?(?:{_COUNT}\s(?:full\s)?|{_VAGUE}\s)?"
        r"(?P<unit>day|week|month|year)s?\sof\b)",
        _after_lasting,
        DateKind.RETROSPECTIVE,
    ),
    _row(r"(?i:\bover\s?night\b|\bnight-?time\b)", _overnight, DateKind.RETROSPECTIVE),
    _row(
        rf"(?i:\b(?:since\s(?:the|its|their)\s(?:start|beginning|launch|outbreak)\sof|during|throughout)\s(?:the|their|its)\s{_any(OWN)})(?=[,;.]|\sand\b)",
        _of_conflict,
        DateKind.SUMMARY,
    ),
    # days that nobody can tell
    _row(rf"\b(?:[Oo]n\s)?{_any(WEEKDAYS)}\b(?:\s(?:night|morning|evening|afternoon))?", _unknown, DateKind.UNRESOLVED),
)


def find_wordings(text: str) -> list[Wording]:
    """The wordings in a sentence in their order, none overlapping: which begins first holds, then the longer."""
    found = [Wording(match, resolve, kind) for pattern, resolve, kind in WORDINGS for match in pattern.finditer(text)]
    found.sort(key=lambda wording: (wording.begin, -wording.end))
    kept: list[Wording] = []
    for wording in found:
        if not kept or wording.begin >= kept[-1].end:
            kept.append(wording)
    return kept


_MONTH_AND_YEAR = re.compile(rf"{_MONTH},?\s?(?:{_DOM},?\s)?(?P<y>{_YEAR})")
_IN_YEAR = re.compile(rf"\b(?:[Ii]n|[Ss]ince|[Dd]uring|[Tt]he)\s(?P<y>{_YEAR})")


def main_years(texts: Collection[str]) -> Days:
    """The year that the texts name most often, with the years beside it that they name at least a third as often.

    Years beside a month count; only where there are none, others ("the 2022 invasion").
    """
    counts = _count_years(_MONTH_AND_YEAR, texts) or _count_years(_IN_YEAR, texts)
    if not counts:
        return Days()
    first = last = max(counts, key=lambda y: (counts[y], -y))
    enough = counts[first] / 3
    while counts[last + 1] >= enough:
        last += 1
    while counts[first - 1] >= enough:
        first -= 1
    return Days(year(first).first, year(last).last)


def _count_years(pattern: re.Pattern[str], texts: Collection[str]) -> Counter[int]:
    return Counter(_year_number(found["y"]) or 0 for text in texts for found in pattern.finditer(text))


def title_days(title: str) -> Days:
    """The months or year that an article's title names: "Hama offensive (March–April 2017)", "2014 Idlib offensive"."""
    found = re.search(rf"(?:(?P<m1>{_MONTH}){_DASH})?(?:(?P<m2>{_MONTH})\s)?\b(?P<y>{_YEAR})", title)
    if found is None:
        return Days()
    y = _year_number(found["y"]) or 0
    if found["m2"] is None:
        return year(y)
    last = _month_number(found, "m2") or 12
    return Days(month(y, _month_number(found, "m1", "m2") or 1).first, month(y, last).last)
