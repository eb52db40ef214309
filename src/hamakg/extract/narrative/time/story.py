"""Which days a wording means where a story stands: dates with no year of their own, steps from the day last told of.

Each function takes what a pattern of :mod:`hamakg.extract.narrative.time.wordings` matched and the story so far; the
pattern's groups are named there: ``d1``, ``m1``, ``y1`` for day, month and year, ``part``, ``bound``, ``count``,
``unit``. None is returned where the text does not tell the days.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hamakg.extract.date_parts import MONTHS, PARTS, SEASONS
from hamakg.extract.narrative.parse.numbers import numeral
from hamakg.extract.narrative.time.days import Day, Days, day, month, parts, year


@dataclass(frozen=True, slots=True)
class Story:
    """How far an article's telling has come.

    ``conflict``: the days of what the article tells of; ``era``: the years that it mostly names; ``section``: the days
    that the headings above name; ``now``: the days last told of; ``before``: those told of before them; ``fresh``: no
    date stood yet in this paragraph; ``opened``: the first days that this paragraph told of; ``headings``: those above;
    ``entered``: no date stood yet under them.
    """

    title: str
    conflict: Days
    era: Days
    section: Days | None = None
    now: Days | None = None
    before: Days | None = None
    fresh: bool = True
    opened: Days | None = None
    headings: tuple[str, ...] = ()
    entered: bool = False


class Bound(StrEnum):
    """What a preposition makes of the days after it."""

    BY = "by"
    UNTIL = "until"
    BEFORE = "before"
    SINCE = "since"
    AFTER = "after"
    THROUGHOUT = "throughout"


Resolve = Callable[[re.Match[str], Story], Days | None]
"""The days that a match means where the story stands."""

# ---------------------------------------------------------------- words

# "by mid-March" ends on the 15th, "by mid-2016" with June.
BY_PARTS = {**PARTS, "mid": ((11, 15), (5, 6)), "middle": ((11, 15), (5, 6))}

UNIT_DAYS = {"minute": 0.0, "hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0}

# A span of so many days is too wide to count days from.
COARSE = 9

# How much more a day outside the conflict counts against a year than a day's distance from the story: within a section,
# and where a section begins or its heading names its days. Less is told of what came before a conflict than of after.
OUTSIDE = 2
FAR_OUTSIDE = 10
BEFORE = 2

# ---------------------------------------------------------------- explicit dates


def group(match: re.Match[str], *names: str) -> str | None:
    """What the first of the groups matched that the pattern has and that matched."""
    found = match.groupdict()
    return next((found[name] for name in names if found.get(name)), None)


def _number(text: str | None) -> int | None:
    digits = re.match(r"\d+", text or "")
    return int(digits[0]) if digits else None


def month_number(match: re.Match[str], *names: str) -> int | None:
    """The number of the month that the first of the groups names."""
    name = group(match, *names)
    return MONTHS[name.rstrip(".").lower()] if name else None


def year_number(text: str | None) -> int | None:
    """The astronomical year: 490 BC is -489."""
    digits = re.search(r"\d+", text or "")
    if digits is None:
        return None
    return 1 - int(digits[0]) if "BC" in (text or "") else int(digits[0])


def _placed(make: Callable[[int], Days | None], given: int | None, story: Story) -> Days | None:
    """The days in the year given, else in the year in which the story is most likely to be.

    That is the year that puts them nearest to the story's day; but the first date of a paragraph is also to be near to
    the conflict, unless the paragraphs before have left it, and under a heading near to the days that this names.
    """
    if given is not None:
        return make(given)
    here = _here(story)
    if here is None:
        return None
    found = [days for y in _years(here, frame_of(story)) if (days := make(y)) and days.first is not None]
    return min(found, key=lambda days: _unlikeliness(days, here, story), default=None)


def _unlikeliness(days: Days, here: Days, story: Story) -> tuple[int, bool]:
    """How far the days are from the story's, with what they are outside the section or the conflict many times over.

    Of two as far a story rather goes on than back.
    """
    away, back, frame = _distance(days, here), _gap(days, here) > 0, frame_of(story)
    if not story.fresh:
        return away, back
    if story.section is not None or story.entered:
        return away + FAR_OUTSIDE * _outside(days, frame), back
    return away + OUTSIDE * _outside(days, _hull(frame, here)), back


def _distance(one: Days, other: Days) -> int:
    """The days between two spans; none where they meet or where one has no end on that side."""
    return max(_gap(one, other), _gap(other, one), 0)


def _outside(days: Days, frame: Days) -> int:
    """How far the days are from the frame; what comes before counts more than what comes after."""
    return max(_gap(frame, days), BEFORE * _gap(days, frame), 0)


def _gap(one: Days, other: Days) -> int:
    """The days from the end of one span to the start of the other; 0 where either is open."""
    return 0 if one.last is None or other.first is None else other.first - one.last


def _hull(one: Days, other: Days) -> Days:
    firsts, lasts = (one.first, other.first), (one.last, other.last)
    return Days(
        None if None in firsts else min(end for end in firsts if end is not None),
        None if None in lasts else max(end for end in lasts if end is not None),
    )


def frame_of(story: Story) -> Days:
    """The days that the headings name, else the conflict's, else the years that the article mostly names."""
    if story.section is not None:
        return story.section
    return story.era if story.conflict.first is None else story.conflict


def _here(story: Story) -> Days | None:
    """The days near which a date is looked for: the story's, before any date those of the frame."""
    now, frame = story.now, frame_of(story)
    if now is not None and now.end is not None:
        return Days(now.end if now.first is None else now.first, now.end)
    return None if frame.first is None else frame


def _years(here: Days, frame: Days) -> list[int]:
    own = [parts(end)[0] for end in (here.first, here.last, frame.first, frame.last) if end is not None]
    return list(range(min(own) - 1, max(own) + 2))


def one_day(match: re.Match[str], story: Story) -> Days | None:
    """ "21 March 2017", "on 23 March", "by the evening of 7 May"."""
    return _date_days(match, 1, story)


def _date_days(match: re.Match[str], n: int, story: Story, default: int | None = None) -> Days | None:
    number, of_month = month_number(match, f"m{n}", f"M{n}"), _number(group(match, f"d{n}", f"D{n}"))
    given = year_number(group(match, f"y{n}", f"Y{n}"))
    return _placed(lambda y: _single(y, number or 1, of_month or 1), default if given is None else given, story)


def _single(y: int, number: int, of_month: int) -> Days | None:
    found = day(y, number, of_month)
    return None if found is None else Days(found, found)


def two_days(match: re.Match[str], story: Story) -> Days | None:
    """From one day to another: "21–24 May", "29 December 2016 to 3 January", "25 and 26 March"."""
    own, last_month = year_number(group(match, "y1", "Y1")), month_number(match, "m2", "M2")
    last = _date_days(match, 2, story, own)
    if last is None or last.last is None:
        return None
    first_month = month_number(match, "m1", "M1") or last_month or 1
    first_day = _number(group(match, "d1", "D1")) or 1
    first = day(parts(last.last)[0] if own is None else own, first_month, first_day)
    if first is not None and first > last.last and first_month != last_month:
        y = parts(first)[0]
        if own is None:
            first = day(y - 1, first_month, first_day)
        else:
            last = _date_days(match, 2, story, y + 1)
    if first is None or last is None or last.last is None or first > last.last:
        return None
    return Days(first, last.last, _throughout(match))


def _throughout(match: re.Match[str]) -> bool:
    """Whether the words say that it filled the span ("from 3 to 5 May"), not that it fell into it ("between")."""
    return " ended " in match[0] or not re.match(r"(?:on|in|at|between)\b", match[0], re.I)


def months(match: re.Match[str], story: Story) -> Days | None:
    """From a month to another: "March–April 2017", "from December 2016 to March 2017"."""
    first, last = month_number(match, "m1"), month_number(match, "m2")
    if first is None or last is None:
        return None
    own, given = year_number(group(match, "y1")), year_number(group(match, "y2"))
    if given is None and own is not None:
        given = own + (last < first)

    def make(y: int) -> Days:
        return Days(month(y - (last < first), first).first, month(y, last).last, _throughout(match))

    return _placed(make, given, story)


def whole_month(match: re.Match[str], story: Story) -> Days | None:
    """ "In March 2017", "in mid-April", "by the end of April"."""
    number = month_number(match, "m1")
    part = _part(match)

    def make(y: int) -> Days | None:
        whole = month(y, number or 1)
        if part is None or whole.first is None or whole.last is None:
            return whole
        return Days(whole.first + part[0][0] - 1, min(whole.first + part[0][1] - 1, whole.last))

    return _placed(make, year_number(group(match, "y1")), story)


def _part(match: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    words = group(match, "part")
    if words is None:
        return None
    table = BY_PARTS if group(match, "bound") else PARTS
    return table[re.sub(r"[^a-z]+", " ", words.lower())]


def whole_year(match: re.Match[str], story: Story) -> Days | None:
    """ "In 2014", "in late 2016", "in 490 BC"."""
    number = year_number(match["y1"]) or 0
    part = _part(match)
    return year(number) if part is None else Days(month(number, part[1][0]).first, month(number, part[1][1]).last)


_CENTURY = 100


def year_span(match: re.Match[str], story: Story) -> Days | None:
    """ "From 2011 to 2014", "in 2015–16"."""
    first, last = year_number(match["y1"]) or 0, year_number(match["y2"]) or 0
    if last < _CENTURY <= first:
        last += first - first % _CENTURY
    return Days(year(first).first, year(last).last, _throughout(match))


def season(match: re.Match[str], story: Story) -> Days | None:
    """ "In the spring of 2015"."""
    first, last = SEASONS[match["season"]]
    return _placed(lambda y: Days(month(y, first).first, month(y, last).last), year_number(group(match, "y1")), story)


def ordinal(match: re.Match[str], story: Story) -> Days | None:
    """ "On the 25th": of the story's month."""
    here = frame_of(story).first if story.now is None else story.now.end
    return None if here is None else _single(*parts(here)[:2], _number(match["d1"]) or 1)


def such_month(match: re.Match[str], story: Story) -> Days | None:
    """ "The following July": the next one after the story's day; "the previous December": the last before it."""
    end, number = _end(story), month_number(match, "m1")
    if end is None or number is None:
        return None
    y, of_year, _ = parts(end)
    found = y + (number <= of_year) if group(match, "next") else y - (number >= of_year)
    return month(found, number)


def bound_days(days: Days | None, bound: Bound | None) -> Days | None:
    """The days as the preposition before them has it."""
    if days is None or days.first is None or days.last is None or bound is None:
        return days
    return {
        Bound.BY: Days(None, days.last),
        Bound.UNTIL: Days(None, days.last, True),
        Bound.BEFORE: Days(None, days.first - 1),
        Bound.SINCE: Days(days.first, None, True),
        Bound.AFTER: Days(days.last, None),
        Bound.THROUGHOUT: Days(days.first, days.last, True),
    }[bound]


# ---------------------------------------------------------------- steps from the story's day


def _count(match: re.Match[str]) -> int | None:
    """The number of units named; None where it is vague ("several")."""
    text = group(match, "count")
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
    """ "Several hours later" is the same day, "several days later" some day after it."""
    if UNIT_DAYS.get(unit, 1) < 1:
        return Days(now, now)
    return Days(now, None) if sign > 0 else Days(None, now)


def _from(story: Story) -> Day | None:
    """The day from which a step counts; none where the story is only known to be in some month or part of it."""
    now = story.now
    if now is None or (
        now.first is not None and now.last is not None and now.last - now.first >= COARSE and not now.throughout
    ):
        return None
    return now.end


def later(match: re.Match[str], story: Story) -> Days | None:
    """ "Three days later"."""
    return _step(match, story, 1)


def earlier(match: re.Match[str], story: Story) -> Days | None:
    """ "Two days earlier"."""
    return _step(match, story, -1)


def next_one(match: re.Match[str], story: Story) -> Days | None:
    """The day, week, month or year after the story's."""
    return _neighbour(match, story, 1)


def one_before(match: re.Match[str], story: Story) -> Days | None:
    """The day, week, month or year before the story's."""
    return _neighbour(match, story, -1)


def _neighbour(match: re.Match[str], story: Story, sign: int) -> Days | None:
    unit, end, now = group(match, "unit") or "day", _end(story), _from(story)
    if end is None:
        return None
    y, number, _ = parts(end)
    if unit in {"month", "year"}:
        return month(y, number + sign) if unit == "month" else year(y + sign)
    if now is None:
        return None
    near, far = now + sign, now + sign * 7
    return _single_day(near) if unit == "day" else Days(min(near, far), max(near, far))


def _single_day(found: Day) -> Days:
    return Days(found, found)


def coming(match: re.Match[str], story: Story) -> Days | None:
    """ "Over the next three days": those days; "the following weeks": open."""
    now, reach = _from(story), _reach(match)
    if now is None:
        return None
    return Days(now + 1, None if reach is None else now + max(reach, 1), True)


def past(match: re.Match[str], story: Story) -> Days | None:
    """ "Over the previous 48 hours": from two days ago to the story's day."""
    now, reach = _from(story), _reach(match)
    if now is None:
        return None
    return Days(None if reach is None else now - max(reach, 1), now, True)


def after_lasting(match: re.Match[str], story: Story) -> Days | None:
    """ "After two days of fighting": the days up to the story's."""
    lasted = past(match, story)
    return None if lasted is None else Days(lasted.first, lasted.last)


def after_some(match: re.Match[str], story: Story) -> Days | None:
    """ "After several days of fighting, …": from the story's day on; at the start of a day's own section that day."""
    own = story.section
    if story.fresh and own is not None and own.first == own.last:
        return own
    return _step(match, story, 1)


def _end(story: Story) -> Day | None:
    return None if story.now is None else story.now.end


def _reach(match: re.Match[str]) -> int | None:
    """How many days the count and unit make; None where they are vague."""
    count, unit = _count(match), match["unit"]
    days = {**UNIT_DAYS, "month": 30.0, "year": 365.0}[unit]
    return None if count is None else int(count * days)


def same(match: re.Match[str], story: Story) -> Days | None:
    """ "Later that day", "in the evening"."""
    return story.now


def both(match: re.Match[str], story: Story) -> Days | None:
    """ "On both dates": the last two that were told of, or the two days of a span."""
    now, before = story.now, story.before
    if now is None or now.first != now.last or before is None or before.first is None or before.last is None:
        return now
    ends = [before.first, before.last, *(end for end in (now.first, now.last) if end is not None)]
    return Days(min(ends), max(ends))


def same_period(match: re.Match[str], story: Story) -> Days | None:
    """ "Later that month": from the story's day to the month's end; "that month": the whole."""
    end = _end(story)
    if end is None:
        return None
    y, number, _ = parts(end)
    whole = month(y, number) if match["unit"] == "month" else year(y)
    later = (group(match, "when") or "").lower() == "later"
    return Days(end if later else whole.first, whole.last)


def overnight(match: re.Match[str], story: Story) -> Days | None:
    """From the evening before to the story's day."""
    now = _from(story)
    return None if now is None else Days(now - 1, now)


def of_conflict(match: re.Match[str], story: Story) -> Days | None:
    """ "Since the start of the operation", "killed during the offensive": from its first day, with no end told.

    After the conflict's end that is another one's: the one that the paragraph began with.
    """
    conflict, now = story.conflict, _end(story)
    if conflict.last is not None and now is not None and now > conflict.last:
        return None if story.opened is None else Days(story.opened.first, None, True)
    return None if conflict.first is None else Days(conflict.first, None, True)


def unknown(match: re.Match[str], story: Story) -> Days | None:
    """A weekday: nobody can tell which."""
    return None


def in_name(match: re.Match[str], story: Story) -> Days | None:
    """The month or year in a name, unless it is the name of the article's own conflict."""
    words = re.sub(r"^the\s", "", match[0], flags=re.I).lower()
    if words in story.title.lower() or story.title.lower() in words:
        return None
    number, y = month_number(match, "m1"), year_number(match["y1"]) or 0
    return year(y) if number is None else month(y, number)


RESOLVERS: Mapping[str, Resolve] = {
    resolve.__name__: resolve
    for resolve in (
        *(one_day, two_days, months, whole_month, whole_year, year_span, season, ordinal, such_month, later, earlier),
        *(next_one, one_before, coming, past, after_lasting, after_some, same, both, same_period, overnight),
        *(of_conflict, unknown, in_name),
    )
}
"""What the rows of ``wordings.toml`` name."""
