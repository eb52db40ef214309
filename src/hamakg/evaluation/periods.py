"""The period of which an article tells: of recent conflicts articles are written, and read, otherwise than of others.

Since about 2000 articles are made of daily reports, with a source for nearly every sentence; those on earlier conflicts
are made of histories, with long sentences, units and commanders. The border is a year and nothing else, so that it can
be applied to any article.
"""

from collections import Counter
from enum import StrEnum

from hamakg.days import parse_date
from hamakg.model import ArticleFacts

FIRST_RECENT_YEAR = 2000


class Period(StrEnum):
    """Whether most of an article's dated events happened in 2000 or later."""

    RECENT = "since 2000"
    EARLIER = "before 2000"
    UNDATED = "undated"


def find_period(annotated: ArticleFacts) -> Period:
    """The period of the year in which most of the annotated events happened; of the infobox where none has a date."""
    conflict = annotated.infobox.conflict.interval
    days = [event.interval.start or event.interval.end for event in annotated.events]
    years = Counter(_read_year(day) for day in days if day)
    if not years and (day := conflict.start or conflict.end):
        years[_read_year(day)] += 1
    if not years:
        return Period.UNDATED
    year = min(years, key=lambda one: (-years[one], one))
    return Period.RECENT if year >= FIRST_RECENT_YEAR else Period.EARLIER


def _read_year(day: str) -> int:
    return parse_date(day)[0]
