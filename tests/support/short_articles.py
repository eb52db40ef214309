"""Invented articles described in a few words: their sides, and events such as "capture Aba Reds 3"."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hamakg.model import (
    Article,
    ArticleFacts,
    Conflict,
    Entity,
    EntityKind,
    Event,
    EventType,
    Extent,
    Factuality,
    InfoboxFacts,
    Interval,
    Passage,
    Side,
    Standing,
    Timing,
)
from hamakg.rdf.ids import article_slug, conflict_id, entity_id, event_id, sentence_id, side_id

REDS, BLUES, GREENS = "actor/reds", "actor/blues", "actor/greens"


@dataclass(slots=True)
class EventSpec:
    """What makes up an event; "capture Aba Reds 3" is the Reds' capture of Aba on 3 May 2017."""

    type: EventType
    place: str
    party: str
    first: int | None
    last: int | None
    standing: Standing = Standing.NARRATED
    recapture: bool = False
    part: bool = False
    factuality: Factuality = Factuality.ACTUAL
    year: int = 2017


def parse_event(words: str, **more: Any) -> EventSpec:
    """A capture or withdrawal; the days are "3", "2-5" (on one of these days) or "-5" (by the 5th)."""
    kind, place, party, days = words.split()
    first, _, last = days.rpartition("-")
    interval = (int(first) if first else None, int(last)) if "-" in days else (int(last), int(last))
    return EventSpec(EventType(kind.capitalize()), place, f"actor/{party.lower()}", *interval, **more)


def make_article(
    title: str, events: Sequence[EventSpec], sides: Sequence[Sequence[str]] = ((REDS,), (BLUES,))
) -> ArticleFacts:
    """The facts of an article that has these sides and tells these events, one a sentence."""
    slug = article_slug(title)
    members = sorted({ref for side in sides for ref in side} | {event.party for event in events})
    entities = [Entity(ref, ref.removeprefix("actor/").capitalize(), EntityKind.ARMED_GROUP) for ref in members]
    places = sorted({place for event in events for place in event.place.split("+")})
    entities += [Entity(entity_id(EntityKind.PLACE, place), place, EntityKind.PLACE) for place in places]
    narrative = _Narrative(slug)
    for event in events:
        narrative.add(event)
    built = [Side(side_id(slug, n), n, f"Side {n} in {title}", tuple(side)) for n, side in enumerate(sides, 1)]
    box = InfoboxFacts(Conflict(conflict_id(title), title, "Battle"), sides=tuple(built))
    text = "".join(passage.text for passage in narrative.passages)
    return ArticleFacts(
        Article(slug, title, text, f"https://example.org/{slug}"), box, tuple(entities), tuple(built),
        tuple(narrative.events), passages=tuple(narrative.passages),
    )  # fmt: skip


@dataclass(slots=True)
class _Narrative:
    """The events and passages made so far."""

    slug: str
    events: list[Event] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    def add(self, event: EventSpec) -> None:
        begin = self.passages[-1].end if self.passages else 0
        number = sum(1 for passage in self.passages if f"{event} " in passage.text)
        text = f"In {self.slug}, {event} {number}."
        passage = Passage(sentence_id(self.slug, text), text, begin, begin + len(text))
        self.passages.append(passage)
        first, last = (f"{event.year:04}-05-{day:02}" if day else None for day in (event.first, event.last))
        there = tuple(entity_id(EntityKind.PLACE, place) for place in event.place.split("+"))
        left = event.type is EventType.WITHDRAWAL
        self.events.append(
            Event(
                event_id(self.slug, text, event.type, "took"), event.type, passage.id, "took", begin,
                agents=(event.party,), extent=Extent.PART if event.part else None, recapture=event.recapture,
                interval=Interval(first, last, timing=None if first == last else Timing.WITHIN),
                standing=event.standing, factuality=event.factuality,
                origin=there if left else (), places=() if left else there,
            )
        )  # fmt: skip
