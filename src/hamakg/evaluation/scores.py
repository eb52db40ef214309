"""How well an article was read: the facts that were found against those that people annotated.

An event found is compared with the annotated one of its type in its sentence; of several, with the one that shares
most. Then each slot is a list of fillers, and a filler is right if the annotated event has it too. Identity counts: the
entities found in an article are those annotated one to one, so two spellings of a village that stay two entities, or
two villages that become one, lose their slots. Figures are micro-averaged: one event or one filler is one fact. What
goes without saying (actual, narrated, the whole of a place, no recapture) is no fact of its own.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from hamakg.model import (
    ArticleFacts,
    CasualtyReport,
    Claim,
    Event,
    EventType,
    Extent,
    Factuality,
    Passage,
    Ref,
    Standing,
)

EVENT = "event"
SLOTS = (
    *("agent", "target", "place", "relation", "extent", "start", "end", "factuality"),
    *("standing", "recapture", "count", "casualties", "sources"),
)
DECISIVE = frozenset({EVENT, "agent", "place", "relation", "start", "factuality"})
"""The slots that must hold all that people annotated, and nothing else, for an event to be right as a whole."""

Fillers = Mapping[str, Sequence[Hashable]]
Spellings = Mapping[Ref, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the facts annotated and of those found are the same."""

    hits: int = 0
    annotated: int = 0
    found: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.hits + other.hits, self.annotated + other.annotated, self.found + other.found)

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.annotated if self.annotated else 0.0

    @property
    def f1(self) -> float:
        both = self.annotated + self.found
        return 2 * self.hits / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """An annotated event and the one found that tells the same; None: it was missed, or is spurious."""

    annotated: Event | None
    found: Event | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Where one event's slot is not as annotated; the fillers by names. Of slot "event" one list is empty."""

    article: str
    sentence: str
    type: EventType
    trigger: str
    slot: str
    annotated: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One article: its pairs in the order of the text, each with its score by slot, and where the two differ."""

    slug: str
    pairs: tuple[Pair, ...]
    scores: tuple[Mapping[str, Score], ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """The events found with a confidence from ``low`` to less than a tenth more: its mean, and how many are right."""

    low: float
    events: int
    confidence: float
    right: int


# ---------------------------------------------------------------- figures


def compare(found: ArticleFacts, annotated: ArticleFacts) -> Comparison:
    """How the facts found in an article differ from the annotated ones, by event and slot."""
    pairs = _pairs(found, annotated)
    theirs, ours = _fillers_of(annotated, {}), _fillers_of(found, _identities(pairs, found, annotated))
    fillers = [(_told(pair.annotated, theirs), _told(pair.found, ours)) for pair in pairs]
    words = _wordings(annotated) | {f"?{ref}": f"{name} ?" for ref, name in _wordings(found).items()}
    texts = {passage.id: passage.text for passage in (*annotated.passages, *found.passages)}
    return Comparison(
        slug=annotated.article.slug,
        pairs=pairs,
        scores=tuple({slot: _score(a[slot], f[slot]) for slot in (EVENT, *SLOTS)} for a, f in fillers),
        differences=tuple(
            difference
            for pair, (a, f) in zip(pairs, fillers, strict=True)
            for difference in _differences(pair, a, f, annotated.article.slug, texts, words)
        ),
    )


def facts(comparisons: Iterable[Comparison]) -> Score:
    """All facts together: events and their slots."""
    return _sum(score for comparison in comparisons for scores in comparison.scores for score in scores.values())


def by_slot(comparisons: Iterable[Comparison]) -> dict[str, Score]:
    """The score of the events (trigger and type), and of each slot."""
    totals: dict[str, Score] = dict.fromkeys((EVENT, *SLOTS), Score())
    for comparison in comparisons:
        for scores in comparison.scores:
            totals = {slot: total + scores[slot] for slot, total in totals.items()}
    return totals


def by_type(comparisons: Iterable[Comparison]) -> dict[str, Score]:
    """The score of the events (trigger and type) of each type that was annotated or found."""
    totals: defaultdict[str, Score] = defaultdict(Score)
    for comparison in comparisons:
        for pair, scores in zip(comparison.pairs, comparison.scores, strict=True):
            totals[_either(pair).type] += scores[EVENT]
    return dict(sorted(totals.items()))


def judged(comparisons: Iterable[Comparison]) -> Iterator[tuple[Event, bool]]:
    """Each event found, and whether it is right: annotated, and its decisive slots just as annotated."""
    for comparison in comparisons:
        for pair, scores in zip(comparison.pairs, comparison.scores, strict=True):
            if pair.found:
                yield pair.found, all(_is_whole(scores[slot]) for slot in DECISIVE)


def bins(events: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Events, given as confidence and whether they are right, by tenths of confidence; 1.0 is in the last."""
    tenths: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in events:
        tenths[min(int(confidence * 10 + 1e-9), 9)].append((confidence, right))
    return tuple(
        Bin(
            tenth / 10,
            len(members),
            sum(confidence for confidence, _ in members) / len(members),
            sum(right for _, right in members),
        )
        for tenth, members in sorted(tenths.items())
    )


def as_json(comparisons: Sequence[Comparison], errors: int) -> dict[str, Any]:
    """All figures, and the first so many differences, as values that JSON has."""
    differences = [difference for comparison in comparisons for difference in comparison.differences]
    return {
        "facts": _figures(facts(comparisons)),
        "slots": {slot: _figures(score) for slot, score in by_slot(comparisons).items()},
        "types": {kind: _figures(score) for kind, score in by_type(comparisons).items()},
        "articles": {comparison.slug: _figures(facts([comparison])) for comparison in comparisons},
        "confidence": [
            {"from": b.low, "events": b.events, "confidence": round(b.confidence, 3), "right": b.right}
            for b in confidence_bins(comparisons)
        ],
        "differences": [
            {slot: getattr(difference, slot) for slot in Difference.__slots__} for difference in differences[:errors]
        ],
    }


def confidence_bins(comparisons: Iterable[Comparison]) -> tuple[Bin, ...]:
    """The events found by tenths of the confidence that they carry."""
    return bins((event.confidence, right) for event, right in judged(comparisons) if event.confidence is not None)


def _figures(score: Score) -> dict[str, float]:
    return {
        "precision": round(score.precision, 3),
        "recall": round(score.recall, 3),
        "f1": round(score.f1, 3),
        "hits": score.hits,
        "annotated": score.annotated,
        "found": score.found,
    }


def _sum(scores: Iterable[Score]) -> Score:
    return reduce(add, scores, Score())


def _score(annotated: Sequence[Hashable], found: Sequence[Hashable]) -> Score:
    return Score((Counter(annotated) & Counter(found)).total(), len(annotated), len(found))


def _is_whole(score: Score) -> bool:
    return score.hits == score.annotated == score.found


def _either(pair: Pair) -> Event:
    event = pair.annotated or pair.found
    assert event is not None
    return event


# ---------------------------------------------------------------- which event is which


def _pairs(found: ArticleFacts, annotated: ArticleFacts) -> tuple[Pair, ...]:
    """The annotated events with their partners, then the events found that have none; one to one, the closest first."""
    partners = _aligned(found, annotated)
    taken = set(partners.values())
    told = [
        Pair(event, found.events[partners[i]] if i in partners else None) for i, event in enumerate(annotated.events)
    ]
    return (*told, *(Pair(None, event) for i, event in enumerate(found.events) if i not in taken))


def _aligned(found: ArticleFacts, annotated: ArticleFacts) -> dict[int, int]:
    """The number of the event found, by that of the annotated one."""
    theirs, ours = _passages(annotated), _passages(found)
    names = _spellings(annotated), _spellings(found)
    candidates = sorted(
        (-_likeness(a, f, *names), i, f.id, j)
        for i, a in enumerate(annotated.events)
        for j, f in enumerate(found.events)
        if a.type is f.type and _one_sentence(theirs[a.passage], ours[f.passage])
    )
    partners: dict[int, int] = {}
    for _, i, _, j in candidates:
        if i not in partners and j not in partners.values():
            partners[i] = j
    return partners


def _passages(facts: ArticleFacts) -> dict[Ref, Passage]:
    return {passage.id: passage for passage in facts.passages}


def _one_sentence(a: Passage, b: Passage) -> bool:
    """Whether one of the two holds the other: sentences may be split otherwise than people did."""
    return (a.begin <= b.begin and b.end <= a.end) or (b.begin <= a.begin and a.end <= b.end)


def _likeness(annotated: Event, found: Event, theirs: Spellings, ours: Spellings) -> float:
    """How much two events share: places first, then agents, then the day."""
    places = _shared(_places(annotated), _places(found), theirs, ours)
    agents = _shared(annotated.agents, found.agents, theirs, ours)
    return places + agents / 2 + (annotated.interval.start == found.interval.start) / 4


def _shared(annotated: Iterable[Ref], found: Iterable[Ref], theirs: Spellings, ours: Spellings) -> int:
    """How many have a name in common, each counted once."""
    left = list(found)
    before = len(left)
    for ref in annotated:
        same = next((other for other in left if theirs[ref] & ours[other]), None)
        if same is not None:
            left.remove(same)
    return before - len(left)


# ---------------------------------------------------------------- who is who


def _identities(pairs: Iterable[Pair], found: ArticleFacts, annotated: ArticleFacts) -> dict[Ref, Ref]:
    """The annotated entity that each found one is, one to one: first those that fill most slots alike."""
    theirs, ours = _spellings(annotated), _spellings(found)
    said, heard = _claims(annotated), _claims(found)
    alike = Counter[tuple[Ref, Ref]]()
    for pair in pairs:
        if pair.annotated and pair.found:
            alike.update(
                (a, f)
                for mine, other in _same_slots(pair.annotated, pair.found, said, heard)
                for a in mine
                for f in other
                if theirs[a] & ours[f]
            )
    known: dict[Ref, Ref] = {}
    for a, f in sorted(alike, key=lambda both: (-alike[both], both)):
        if f not in known and a not in known.values():
            known[f] = a
    return known


def _same_slots(
    annotated: Event, found: Event, said: Mapping[Ref, Sequence[Claim]], heard: Mapping[Ref, Sequence[Claim]]
) -> Iterator[tuple[Iterable[Ref], Iterable[Ref]]]:
    """The entities in each slot of the two, which may be the same ones."""
    yield annotated.agents, found.agents
    yield annotated.targets, found.targets
    yield _places(annotated), _places(found)
    for claim in said[annotated.id]:
        same = [other.source for other in heard[found.id] if other.stance is claim.stance and other.source]
        yield [claim.source] if claim.source else [], same


def _spellings(facts: ArticleFacts) -> dict[Ref, frozenset[str]]:
    """What the article calls each entity and side, folded; a side's name ("Side 1 in …") is mostly none of these."""
    named = [(entity.id, (entity.name, *entity.names, *entity.descriptions)) for entity in facts.entities]
    named += [(side.id, side.descriptions or (side.name,)) for side in facts.sides]
    return {ref: frozenset(map(_folded, names)) - {""} for ref, names in named}


def _folded(name: str) -> str:
    """A name without case, accents, marks, spaces, English articles and the space after Arabic ones."""
    plain = unicodedata.normalize("NFKD", name.replace("ʿ", "'").replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'`‘\"").lower()
    plain = re.sub(r"^(?:the|an?)\s+", "", plain.strip())
    plain = re.sub(r"\b(?:al|ad|ar|as|ash|an|at|az|el)[- ]", "al", plain)
    return re.sub(r"[^a-z0-9]+", "", plain)


def _wordings(facts: ArticleFacts) -> dict[Ref, str]:
    return {entity.id: entity.name for entity in facts.entities} | {side.id: side.name for side in facts.sides}


# ---------------------------------------------------------------- what stands in the slots


def _fillers_of(facts: ArticleFacts, identities: Mapping[Ref, Ref]) -> Callable[[Event], Fillers]:
    """What an event of these facts says, slot by slot; entities are named as annotated, unknown ones with "?"."""
    claims, reports = _claims(facts), {report.id: report for report in facts.casualties}
    own = not identities

    def who(ref: Ref) -> Ref:
        return ref if own else identities.get(ref, f"?{ref}")

    return lambda event: _fillers(event, who, [reports[ref] for ref in event.casualties], claims[event.id])


def _told(event: Event | None, fillers: Callable[[Event], Fillers]) -> Fillers:
    return fillers(event) if event else dict.fromkeys((EVENT, *SLOTS), ())


def _fillers(
    event: Event, who: Callable[[Ref], Ref], reports: Iterable[CasualtyReport], claims: Iterable[Claim]
) -> Fillers:
    count = (event.minimum_count, event.maximum_count)
    anchors = (("near", event.near), ("from", event.origin), ("toward", event.toward))
    return {
        EVENT: [event.type],
        "agent": [who(ref) for ref in event.agents],
        "target": [who(ref) for ref in event.targets],
        "place": [who(ref) for ref in _places(event)],
        "relation": [(relation, who(ref)) for relation, refs in anchors for ref in refs],
        "extent": _unless(event.extent, None, Extent.WHOLE),
        "start": _unless(event.interval.start, None),
        "end": _unless(event.interval.end, None),
        "factuality": _unless(event.factuality, Factuality.ACTUAL),
        "standing": _unless(event.standing, Standing.NARRATED),
        "recapture": _unless(event.recapture, None, False),
        "count": _unless(count, (None, None)),
        "casualties": [(report.kind, report.minimum, report.maximum) for report in reports],
        "sources": list(dict.fromkeys((claim.stance, claim.source and who(claim.source)) for claim in claims)),
    }


def _unless(value: Hashable, *unsaid: Hashable) -> list[Hashable]:
    return [] if value in unsaid else [value]


def _places(event: Event) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys((*event.places, *event.near, *event.origin, *event.toward)))


def _claims(facts: ArticleFacts) -> defaultdict[Ref, list[Claim]]:
    """The claims about each event, those about its figures among them."""
    event_of = {report: event.id for event in facts.events for report in event.casualties}
    claims: defaultdict[Ref, list[Claim]] = defaultdict(list)
    for claim in facts.claims:
        claims[event_of.get(claim.about, claim.about)].append(claim)
    return claims


# ---------------------------------------------------------------- where they differ


def _differences(
    pair: Pair, annotated: Fillers, found: Fillers, slug: str, texts: Mapping[Ref, str], words: Mapping[Ref, str]
) -> Iterator[Difference]:
    """The slots that differ; of an event without a partner only that it has none."""
    event = _either(pair)
    for slot in (EVENT, *SLOTS) if pair.annotated and pair.found else (EVENT,):
        if Counter(annotated[slot]) != Counter(found[slot]):
            said, heard = (tuple(_worded(filler, words) for filler in told[slot]) for told in (annotated, found))
            yield Difference(slug, texts[event.passage], event.type, event.trigger, slot, said, heard)


def _worded(filler: Hashable, words: Mapping[Ref, str]) -> str:
    """A filler as people read it: entities by name, several parts with spaces, an open bound as "…"."""
    parts = filler if isinstance(filler, tuple) else (filler,)
    return " ".join("…" if part is None else words.get(part, str(part)) for part in parts)
