"""Which events belong to the article's conflict, and which to its background or aftermath."""

from hamakg.extract.narrative.time.days import read_interval
from hamakg.model import Article, Event, Interval

# Headings under which articles tell of other times.
_OTHER_TIMES = frozenset({"background", "prelude", "aftermath", "legacy", "history", "context", "subsequent events"})


def belongs(event: Event, begin: int, article: Article, conflict: Interval) -> bool:
    """Whether an event told at ``begin`` of the article belongs to its conflict, by its dates and else by its heading.

    The day before the conflict and the day after it count as its own: articles tell of the night before an offensive.
    """
    told, own = read_interval(event.interval), read_interval(conflict)
    if told.last is not None and own.first is not None and told.last < own.first - 1:
        return False
    if told.first is not None and own.last is not None and told.first > own.last + 1:
        return False
    dated = None not in (told.first, told.last, own.first, own.last)
    return dated or _OTHER_TIMES.isdisjoint(heading.lower() for heading in _headings(begin, article))


def _headings(begin: int, article: Article) -> tuple[str, ...]:
    return next((p.headings for p in article.paragraphs if p.begin <= begin < p.end), ())
