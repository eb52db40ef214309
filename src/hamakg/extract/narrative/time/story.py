"""How far an article's telling has come, and where in it days without a year of their own are most likely to be."""

from collections.abc import Callable
from dataclasses import dataclass

from hamakg.extract.narrative.time.days import Day, Days, parts


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

    @property
    def frame(self) -> Days:
        """The days that the headings name, else the conflict's, else the years that the article mostly names."""
        if self.section is not None:
            return self.section
        return self.era if self.conflict.first is None else self.conflict

    @property
    def end(self) -> Day | None:
        """The last of the days last told of."""
        return None if self.now is None else self.now.end

    @property
    def day(self) -> Day | None:
        """The day from which a step counts; none where the story is only known to be in some month or part of it."""
        now = self.now
        if now is not None and not now.throughout and now.first is not None and now.last is not None:
            return now.end if now.last - now.first < _COARSE else None
        return self.end

    @property
    def here(self) -> Days | None:
        """The days near which a date is looked for: the story's, before any date those of the frame."""
        if self.now is not None and self.now.end is not None:
            return Days(self.now.end if self.now.first is None else self.now.first, self.now.end)
        return None if self.frame.first is None else self.frame


_COARSE = 9
"""A span of so many days is too wide to count days from."""

# How much more a day outside the conflict counts against a year than a day's distance from the story: within a section,
# and where a section begins or its heading names its days. Less is told of what came before a conflict than of after.
_OUTSIDE = 2
_FAR_OUTSIDE = 10
_BEFORE = 2


def place(make: Callable[[int], Days | None], given: int | None, story: Story) -> Days | None:
    """The days in the year given, else in the year in which the story is most likely to be.

    That is the year that puts them nearest to the story's day; but the first date of a paragraph is also to be near to
    the conflict, unless the paragraphs before have left it, and under a heading near to the days that this names.
    """
    here = story.here
    if given is not None:
        return make(given)
    if here is None:
        return None
    found = [days for year in _list_years(here, story.frame) if (days := make(year)) and days.first is not None]
    return min(found, key=lambda days: _unlikeliness(days, here, story), default=None)


def _list_years(here: Days, frame: Days) -> range:
    own = [parts(end)[0] for end in (here.first, here.last, frame.first, frame.last) if end is not None]
    return range(min(own) - 1, max(own) + 2)


def _unlikeliness(days: Days, here: Days, story: Story) -> tuple[int, bool]:
    """How far the days are from the story's, with what they are outside the section or the conflict many times over.

    Of two as far a story rather goes on than back.
    """
    away, back = max(_gap(days, here), _gap(here, days), 0), _gap(days, here) > 0
    if not story.fresh:
        return away, back
    if story.section is not None or story.entered:
        return away + _FAR_OUTSIDE * _outside(days, story.frame), back
    return away + _OUTSIDE * _outside(days, _hull(story.frame, here)), back


def _outside(days: Days, frame: Days) -> int:
    """How far the days are from the frame; what comes before counts more than what comes after."""
    return max(_gap(frame, days), _BEFORE * _gap(days, frame), 0)


def _gap(one: Days, other: Days) -> int:
    """The days from the end of one span to the start of the other; 0 where either is open."""
    return 0 if one.last is None or other.first is None else other.first - one.last


def _hull(one: Days, other: Days) -> Days:
    firsts, lasts = (one.first, other.first), (one.last, other.last)
    return Days(
        None if None in firsts else min(end for end in firsts if end is not None),
        None if None in lasts else max(end for end in lasts if end is not None),
    )
