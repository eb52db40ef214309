"""Which days a wording means where a story stands: dates with no year of their own, steps from the day last told of.

Each function takes what a pattern of ``wordings.toml`` matched and the story so far, and returns None where the text
does not tell the days. The pattern's groups are ``d1``, ``m1``, ``y1`` for day, month and year, in capitals where the
month comes first; ``part``, ``bound``, ``count``, ``unit``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hamakg.extract.date_parts import MONTHS, PARTS, SEASONS
from hamakg.extract.narrative.parse.numbers import numeral
from hamakg.extract.narrative.time.days import Days, day, month, parts, year
from hamakg.extract.narrative.time.story import Story, place


class Bound(StrEnum):
    """What a preposition makes of the days after it."""

    BY = "by"
    UNTIL = "until"
    BEFORE = "before"
    SINCE = "since"
    AFTER = "after"
    THROUGHOUT = "throughout"


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


# ---------------------------------------------------------------- what a pattern matched

_UNITS = {"minute": 0.0, "hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0}
_LONG_UNITS = {"month": 30.0, "year": 365.0}
_BY_PARTS = {**PARTS, "mid": ((11, 15), (5, 6)), "middle": ((11, 15), (5, 6))}
"""A part with a bound: "by mid-March" ends on the 15th, "by mid-2016" with June."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a pattern matched: its groups, each of which may be missing, as values."""

    found: re.Match[str]

    def text(self, *names: str) -> str | None:
        """What the first of the groups matched that the pattern has and that matched."""
        groups = self.found.groupdict()
        return next((groups[name] for name in names if groups.get(name)), None)

    def month(self, n: int) -> int | None:
        """The number of the month in a date."""
        name = self.text(f"m{n}", f"M{n}")
        return MONTHS[name.rstrip(".").lower()] if name else None

    def day(self, n: int) -> int:
        """The day of the month in a date, the first where it has none."""
        digits = re.match(r"\d+", self.text(f"d{n}", f"D{n}") or "")
        return int(digits[0]) if digits else 1

    def year(self, n: int) -> int | None:
        """The astronomical year in a date."""
        return read_year(self.text(f"y{n}", f"Y{n}"))

    @property
    def count(self) -> int | None:
        """The number of units; None where it is vague ("several")."""
        text = self.text("count")
        value = None if text is None else 1.0 if text.lower() in {"a", "an"} else numeral(text)
        return None if value is None else int(value)

    @property
    def unit(self) -> str:
        """The unit of a step; a day where none is named."""
        return self.text("unit") or "day"

    @property
    def reach(self) -> int | None:
        """How many days the count and unit make, at least one; None where they are vague."""
        return None if self.count is None else max(int(self.count * {**_UNITS, **_LONG_UNITS}[self.unit]), 1)

    @property
    def part(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """The days of a month and the months of a year that "early", "mid" or "late" are."""
        words = self.text("part")
        table = _BY_PARTS if self.text("bound") else PARTS
        return table[re.sub(r"[^a-z]+", " ", words.lower())] if words else None

    @property
    def throughout(self) -> bool:
        """Whether it filled the span ("from 3 to 5 May"), and did not only fall into it ("between")."""
        return " ended " in self.found[0] or not re.match(r"(?:on|in|at|between)\b", self.found[0], re.I)


def read_year(text: str | None) -> int | None:
    """The astronomical year: 490 BC is -489."""
    digits = re.search(r"\d+", text or "")
    if digits is None:
        return None
    return 1 - int(digits[0]) if "BC" in (text or "") else int(digits[0])


Resolve = Callable[[Match, Story], Days | None]

# ---------------------------------------------------------------- explicit dates


def one_day(match: Match, story: Story) -> Days | None:
    """ "21 March 2017", "on 23 March", "by the evening of 7 May"."""
    return _date(match, 1, match.year(1), story)


def _date(match: Match, n: int, given: int | None, story: Story) -> Days | None:
    return place(lambda y: _on(y, match.month(n) or 1, match.day(n)), given, story)


def _on(y: int, number: int, of_month: int) -> Days | None:
    found = day(y, number, of_month)
    return None if found is None else Days(found, found)


def two_days(match: Match, story: Story) -> Days | None:
    """From one day to another: "21–24 May", "29 December 2016 to 3 January", "25 and 26 March"."""
    own, given = match.year(1), match.year(2)
    last = _date(match, 2, own if given is None else given, story)
    if last is None or last.last is None:
        return None
    first_month = match.month(1) or match.month(2) or 1
    first = day(parts(last.last)[0] if own is None else own, first_month, match.day(1))
    if first is not None and first > last.last and first_month != match.month(2):
        if own is None:
            first = day(parts(first)[0] - 1, first_month, match.day(1))
        else:
            last = _date(match, 2, own + 1 if given is None else given, story)
    if first is None or last is None or last.last is None or first > last.last:
        return None
    return Days(first, last.last, match.throughout)


def months(match: Match, story: Story) -> Days | None:
    """From a month to another: "March–April 2017", "from December 2016 to March 2017"."""
    first, last, own, given = match.month(1) or 1, match.month(2) or 1, match.year(1), match.year(2)
    over = last < first

    def make(y: int) -> Days:
        return Days(month(y - over, first).first, month(y, last).last, match.throughout)

    return place(make, own + over if given is None and own is not None else given, story)


def whole_month(match: Match, story: Story) -> Days | None:
    """ "In March 2017", "in mid-April", "by the end of April"."""
    part = match.part

    def make(y: int) -> Days | None:
        whole = month(y, match.month(1) or 1)
        if part is None or whole.first is None or whole.last is None:
            return whole
        return Days(whole.first + part[0][0] - 1, min(whole.first + part[0][1] - 1, whole.last))

    return place(make, match.year(1), story)


def whole_year(match: Match, story: Story) -> Days | None:
    """ "In 2014", "in late 2016", "in 490 BC"."""
    number, part = match.year(1) or 0, match.part
    return year(number) if part is None else Days(month(number, part[1][0]).first, month(number, part[1][1]).last)


_CENTURY = 100


def year_span(match: Match, story: Story) -> Days | None:
    """ "From 2011 to 2014", "in 2015–16"."""
    first, last = match.year(1) or 0, match.year(2) or 0
    if last < _CENTURY <= first:
        last += first - first % _CENTURY
    return Days(year(first).first, year(last).last, match.throughout)


def season(match: Match, story: Story) -> Days | None:
    """ "In the spring of 2015"."""
    first, last = SEASONS[match.found["season"]]
    return place(lambda y: Days(month(y, first).first, month(y, last).last), match.year(1), story)


def ordinal(match: Match, story: Story) -> Days | None:
    """ "On the 25th": of the story's month."""
    here = story.frame.first if story.now is None else story.end
    return None if here is None else _on(*parts(here)[:2], match.day(1))


def in_name(match: Match, story: Story) -> Days | None:
    """The month or year in a name, unless it is the name of the article's own conflict."""
    words, title = re.sub(r"^the\s", "", match.found[0], flags=re.I).lower(), story.title.lower()
    number, y = match.month(1), match.year(1) or 0
    if words in title or title in words:
        return None
    return year(y) if number is None else month(y, number)


def unknown(match: Match, story: Story) -> Days | None:
    """A weekday: nobody can tell which."""
    return None


# ---------------------------------------------------------------- steps from the story's day


def later(match: Match, story: Story) -> Days | None:
    """ "Three days later"."""
    return _step(match, story, 1)


def earlier(match: Match, story: Story) -> Days | None:
    """ "Two days earlier"."""
    return _step(match, story, -1)


def after_some(match: Match, story: Story) -> Days | None:
    """ "After several days of fighting, …": from the story's day on; at the start of a day's own section that day."""
    own = story.section
    return own if story.fresh and own is not None and own.first == own.last else _step(match, story, 1)


def _step(match: Match, story: Story, sign: int) -> Days | None:
    """So many units after (sign 1) or before (-1) the story's day; a month or a year is as a whole.

    "Several hours later" is the same day, "several days later" some day after it.
    """
    count, unit, now = match.count, match.unit, story.day
    if count is not None and unit in _LONG_UNITS:
        return _whole(unit, story, sign * count)
    if now is None:
        return None
    if count is not None:
        return Days(now + sign * int(count * _UNITS[unit]), now + sign * int(count * _UNITS[unit]))
    if _UNITS.get(unit, 1) < 1:
        return Days(now, now)
    return Days(now, None) if sign > 0 else Days(None, now)


def _whole(unit: str, story: Story, step: int) -> Days | None:
    """The whole month or year so many after the story's."""
    if story.end is None:
        return None
    y, number, _ = parts(story.end)
    return month(y, number + step) if unit == "month" else year(y + step)


def next_one(match: Match, story: Story) -> Days | None:
    """The day, week, month or year after the story's."""
    return _neighbour(match, story, 1)


def one_before(match: Match, story: Story) -> Days | None:
    """The day, week, month or year before the story's."""
    return _neighbour(match, story, -1)


def _neighbour(match: Match, story: Story, sign: int) -> Days | None:
    now = story.day
    if match.unit in _LONG_UNITS:
        return _whole(match.unit, story, sign)
    if now is None:
        return None
    near, far = now + sign, now + sign * (7 if match.unit == "week" else 1)
    return Days(min(near, far), max(near, far))


def such_month(match: Match, story: Story) -> Days | None:
    """ "The following July": the next one after the story's day; "the previous December": the last before it."""
    number = match.month(1)
    if story.end is None or number is None:
        return None
    y, of_year, _ = parts(story.end)
    return month(y + (number <= of_year) if match.text("next") else y - (number >= of_year), number)


def coming(match: Match, story: Story) -> Days | None:
    """ "Over the next three days": those days; "the following weeks": open."""
    now, reach = story.day, match.reach
    return None if now is None else Days(now + 1, None if reach is None else now + reach, True)


def past(match: Match, story: Story) -> Days | None:
    """ "Over the previous 48 hours": from two days ago to the story's day."""
    now, reach = story.day, match.reach
    return None if now is None else Days(None if reach is None else now - reach, now, True)


def after_lasting(match: Match, story: Story) -> Days | None:
    """ "After two days of fighting": the days up to the story's."""
    lasted = past(match, story)
    return None if lasted is None else Days(lasted.first, lasted.last)


# ---------------------------------------------------------------- the story's own days


def same(match: Match, story: Story) -> Days | None:
    """ "Later that day", "in the evening"."""
    return story.now


def both(match: Match, story: Story) -> Days | None:
    """ "On both dates": the last two that were told of, or the two days of a span."""
    now, before = story.now, story.before
    if now is None or now.first != now.last or before is None or before.first is None or before.last is None:
        return now
    ends = [before.first, before.last, *(end for end in (now.first, now.last) if end is not None)]
    return Days(min(ends), max(ends))


def same_period(match: Match, story: Story) -> Days | None:
    """ "Later that month": from the story's day to the month's end; "that month": the whole."""
    whole = _whole(match.unit, story, 0)
    if whole is None or (match.text("when") or "").lower() != "later":
        return whole
    return Days(story.end, whole.last)


def overnight(match: Match, story: Story) -> Days | None:
    """From the evening before to the story's day."""
    return None if story.day is None else Days(story.day - 1, story.day)


def of_conflict(match: Match, story: Story) -> Days | None:
    """ "Since the start of the operation", "killed during the offensive": from its first day, with no end told.

    After the conflict's end that is another one's: the one that the paragraph began with.
    """
    over = story.conflict.last is not None and story.end is not None and story.end > story.conflict.last
    begun = story.opened if over else story.conflict
    return None if begun is None or (begun.first is None and not over) else Days(begun.first, None, True)


RESOLVERS: Mapping[str, Resolve] = {
    resolve.__name__: resolve
    for resolve in (
        *(one_day, two_days, months, whole_month, whole_year, year_span, season, ordinal, in_name, unknown, later),
        *(earlier, after_some, next_one, one_before, such_month, coming, past, after_lasting, same, both, same_period),
        *(overnight, of_conflict),
    )
}
"""What the rows of ``wordings.toml`` name."""
