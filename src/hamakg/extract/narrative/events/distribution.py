"""One verb that tells of several days: "captured A on 1 May, B and C on 3 May" is a capture of each day."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.events.places import PlaceArgument, Relation
from hamakg.extract.narrative.names.mentions import Mentions
from hamakg.extract.narrative.time.dates import DateMention
from hamakg.extract.narrative.time.wordings import DateKind
from hamakg.model import EventType, Interval

_GAP = 2  # a date follows its place straight, or behind a comma or a preposition


def distribute(draft: Draft, dates: Sequence[DateMention], mentions: Mentions) -> list[Draft]:
    """The draft for each day that the sentence names behind some of its places; else the draft alone."""
    places = sorted((p for p in draft.places if p.relation is Relation.AT), key=lambda p: p.token.i)
    if draft.type is not EventType.CAPTURE or len(places) <= 1:
        return [draft]
    after = {p.ref: _next(p, dates, draft.sentence.end) for p in places}
    days = [(date, list(group)) for date, group in groupby(places, lambda p: after[p.ref])]
    if len(days) <= 1 or not all(date and _follows(date, group[-1], mentions) for date, group in days):
        return [draft]
    rest = tuple(p for p in draft.places if p.relation is not Relation.AT)
    return [replace(draft, places=(*group, *rest), interval=date.interval) for date, group in days if date]


def _next(place: PlaceArgument, dates: Sequence[DateMention], end: int) -> DateMention | None:
    told = (d for d in dates if place.token.i < d.begin < end and d.kind is not DateKind.CLAIM)
    return next((d for d in told if d.interval != Interval()), None)


def _follows(date: DateMention, place: PlaceArgument, mentions: Mentions) -> bool:
    mention = mentions.get(place.token.i)
    behind = mention.end if mention else place.token.i + 1
    return 0 <= date.begin - behind <= _GAP
