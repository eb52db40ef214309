"""Scores the extraction of an article: compares the facts found in it with those annotated.

An event found is paired with the annotated event of the same type in the same sentence; if there are several, with the
one that shares most. Events of sentences that are not annotated are only counted. Each slot of an event holds a list of
fillers, and a filler is right if the annotated event has it too. Entities are matched one to one, so slots are lost
where two spellings of a village remain two entities or two villages become one. Scores are micro-averaged: each event
and each filler is one fact. Default values (actual, narrated, the whole of a place, no recapture) are not facts.

The annotations were made by language models that read by the written guidelines; no human expert has checked them. A
score says how far extraction agrees with them.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import add

from hamakg.evaluation.annotations import squash
from hamakg.evaluation.periods import Period, find_period
from hamakg.model import (
    ArticleFacts,
    Claim,
    Event,
    EventType,
    Extent,
    Factuality,
    Ref,
    Standing,
)

EVENT = "event"
SOURCES = "sources"
SLOTS = (
    *("agent", "target", "place", "relation", "extent", "start", "end", "factuality"),
    *("standing", "recapture", "count", "casualties", SOURCES),
)
_UNMATCHED = "?"
"""Before the id of an entity that was found and matches no annotated one."""

_SHORT = 25
"""A sentence found that is not longer than this may be a part of many; it is the annotated one only if all of it is."""

Fillers = Mapping[str, Sequence[Hashable]]
Spellings = Mapping[Ref, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of facts: ``annotated``, ``found`` by extraction, and ``hits``, which are both."""

    hits: int = 0
    annotated: int = 0
    found: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.hits + other.hits, self.annotated + other.annotated, self.found + other.found)

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is annotated that was found; 0 where nothing is annotated."""
        return self.hits / self.annotated if self.annotated else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where nothing is annotated or found."""
        both = self.annotated + self.found
        return 2 * self.hits / both if both else 0.0


@dataclass(frozen=True, slots=True)
class EventPair:
    """An annotated event and the same event as found; None where it was missed or is spurious."""

    annotated: Event | None
    found: Event | None


@dataclass(frozen=True, slots=True)
class SlotDifference:
    """A slot of an event that differs from its annotation, with the names of its fillers.

    The slot "event" stands for the event itself: it was missed (``found`` is empty) or is spurious (``annotated`` is).
    """

    article: str
    sentence: str
    type: EventType
    trigger: str
    slot: str
    annotated: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of one article: its pairs in text order, the scores of each pair by slot, and all differences.

    ``outside`` is the number of events found in sentences that are not annotated; they are in no pair.
    """

    slug: str
    period: Period
    pairs: tuple[EventPair, ...]
    scores: tuple[Mapping[str, Score], ...]
    differences: tuple[SlotDifference, ...]
    outside: int = 0


# ---------------------------------------------------------------- scores


def compare(found: ArticleFacts, annotated: ArticleFacts) -> Comparison:
    """Compare the facts found in an article with the annotated ones, by event and slot."""
    told = len(found.events)
    found = leave_out_other_sentences(found, annotated)
    pairs = pair_events(found, annotated)
    annotated_fillers = _SlotReader(annotated)
    found_fillers = _SlotReader(found, _match_entities(pairs, found, annotated))
    fillers = [(annotated_fillers.read(pair.annotated), found_fillers.read(pair.found)) for pair in pairs]
    names = _collect_names(annotated) | {
        f"{_UNMATCHED}{ref}": f"{name} ?" for ref, name in _collect_names(found).items()
    }
    texts = {passage.id: passage.text for passage in (*annotated.passages, *found.passages)}
    return Comparison(
        slug=annotated.article.slug,
        period=find_period(annotated),
        pairs=pairs,
        scores=tuple({slot: _score_slot(slot, a[slot], f[slot]) for slot in (EVENT, *SLOTS)} for a, f in fillers),
        differences=tuple(
            difference
            for pair, (a, f) in zip(pairs, fillers, strict=True)
            for difference in _find_differences(pair, a, f, slug=annotated.article.slug, texts=texts, names=names)
        ),
        outside=told - len(found.events),
    )


def score_facts(comparisons: Iterable[Comparison]) -> Score:
    """The score of all facts together: events and their slots."""
    scores = (score for comparison in comparisons for scores in comparison.scores for score in scores.values())
    return reduce(add, scores, Score())


def score_events(comparisons: Iterable[Comparison]) -> Score:
    """The score of the events, by type and sentence alone."""
    return score_slots(comparisons)[EVENT]


def score_arguments(comparisons: Iterable[Comparison]) -> Score:
    """The score of the fillers of all slots together, those of missed and spurious events among them."""
    by_slot = score_slots(comparisons)
    return reduce(add, (by_slot[slot] for slot in SLOTS), Score())


def score_slots(comparisons: Iterable[Comparison]) -> dict[str, Score]:
    """The scores of the events (trigger and type) and of each slot."""
    totals: dict[str, Score] = dict.fromkeys((EVENT, *SLOTS), Score())
    for comparison in comparisons:
        for scores in comparison.scores:
            totals = {slot: total + scores[slot] for slot, total in totals.items()}
    return totals


def score_types(comparisons: Iterable[Comparison]) -> dict[str, Score]:
    """The scores of the events (trigger and type) by type, for each type that was annotated or found."""
    totals: defaultdict[str, Score] = defaultdict(Score)
    for comparison in comparisons:
        for pair, scores in zip(comparison.pairs, comparison.scores, strict=True):
            totals[get_event(pair).type] += scores[EVENT]
    return dict(sorted(totals.items()))


def _score_slot(slot: str, annotated: Sequence[Hashable], found: Sequence[Hashable]) -> Score:
    if not (annotated and found):
        return Score(0, len(annotated), len(found))
    hits = _count_fillers(slot, annotated) & _count_fillers(slot, found)
    return Score(hits.total(), len(annotated), len(found))


def _count_fillers(slot: str, fillers: Iterable[Hashable]) -> Counter[Hashable]:
    """How often each filler is there. A source that no annotated one matches counts as unnamed ("reportedly")."""
    if slot != SOURCES:
        return Counter(fillers)
    return Counter(map(_leave_unnamed, fillers))


def _leave_unnamed(filler: Hashable) -> Hashable:
    match filler:
        case (stance, str(source)) if source.startswith(_UNMATCHED):
            return stance, None
    return filler


def get_event(pair: EventPair) -> Event:
    """The annotated event of the pair, or the one found if none was annotated."""
    event = pair.annotated or pair.found
    assert event is not None
    return event


# ---------------------------------------------------------------- pairing events


def pair_events(found: ArticleFacts, annotated: ArticleFacts) -> tuple[EventPair, ...]:
    """The annotated events, each with its partner if it has one, then the events found that have none."""
    partners = _find_partners(found, annotated)
    taken = set(partners.values())
    pairs = [
        EventPair(event, found.events[partners[i]] if i in partners else None)
        for i, event in enumerate(annotated.events)
    ]
    return (*pairs, *(EventPair(None, event) for i, event in enumerate(found.events) if i not in taken))


def _find_partners(found: ArticleFacts, annotated: ArticleFacts) -> dict[int, int]:
    """The index of the event found by the index of its annotated partner; paired one to one, the most alike first."""
    annotated_texts, found_texts = _index_sentences(annotated), _index_sentences(found)
    spellings = _collect_spellings(annotated), _collect_spellings(found)
    candidates = sorted(
        (-_compute_similarity(a, f, *spellings), i, f.id, j)
        for i, a in enumerate(annotated.events)
        for j, f in enumerate(found.events)
        if a.type is f.type and _is_same_sentence(annotated_texts[a.passage], found_texts[f.passage])
    )
    partners: dict[int, int] = {}
    for _, i, _, j in candidates:
        if i not in partners and j not in partners.values():
            partners[i] = j
    return partners


def leave_out_other_sentences(found: ArticleFacts, annotated: ArticleFacts) -> ArticleFacts:
    """The facts without the events of sentences that are not annotated, such as captions: they are not judged."""
    annotated_texts, found_texts = set(_index_sentences(annotated).values()), _index_sentences(found)
    events = (
        event
        for event in found.events
        if any(_is_same_sentence(text, found_texts[event.passage]) for text in annotated_texts)
    )
    return replace(found, events=tuple(events))


def _index_sentences(facts: ArticleFacts) -> dict[Ref, str]:
    return {passage.id: squash(passage.text) for passage in facts.passages}


def _is_same_sentence(annotated: str, found: str) -> bool:
    """Whether either text contains the other: extraction may split sentences differently from the annotators."""
    return annotated in found or (len(found) > _SHORT and found in annotated)


def _compute_similarity(annotated: Event, found: Event, annotated_names: Spellings, found_names: Spellings) -> float:
    """How much two events share: a place counts most, then an agent, then the first day."""
    places = _count_shared(_collect_places(annotated), _collect_places(found), annotated_names, found_names)
    agents = _count_shared(annotated.agents, found.agents, annotated_names, found_names)
    return places + agents / 2 + (annotated.interval.start == found.interval.start) / 4


def _count_shared(
    annotated: Iterable[Ref], found: Iterable[Ref], annotated_names: Spellings, found_names: Spellings
) -> int:
    """How many pairs of an annotated and a found entity share a name; each entity is in one pair at most."""
    unmatched = list(found)
    count = len(unmatched)
    for ref in annotated:
        same = next((other for other in unmatched if annotated_names[ref] & found_names[other]), None)
        if same is not None:
            unmatched.remove(same)
    return count - len(unmatched)


# ---------------------------------------------------------------- matching entities


def _match_entities(pairs: Iterable[EventPair], found: ArticleFacts, annotated: ArticleFacts) -> dict[Ref, Ref]:
    """The annotated entity by the found one that it is matched with, one to one; the most shared slots go first."""
    annotated_names, found_names = _collect_spellings(annotated), _collect_spellings(found)
    annotated_claims, found_claims = _collect_claims(annotated), _collect_claims(found)
    shared_slots = Counter[tuple[Ref, Ref]]()
    for pair in pairs:
        if pair.annotated and pair.found:
            shared_slots.update(
                (a, f)
                for annotated_refs, found_refs in _pair_entities(
                    pair.annotated, pair.found, annotated_claims, found_claims
                )
                for a in annotated_refs
                for f in found_refs
                if annotated_names[a] & found_names[f]
            )
    matches: dict[Ref, Ref] = {}
    for a, f in sorted(shared_slots, key=lambda match: (-shared_slots[match], match)):
        if f not in matches and a not in matches.values():
            matches[f] = a
    return matches


def align_entities(pairs: Iterable[EventPair], found: ArticleFacts, annotated: ArticleFacts) -> dict[Ref, Ref]:
    """The annotated entity of each found one: as it is matched, else one of its names that no other is matched with."""
    matches = _match_entities(pairs, found, annotated)
    names, taken = _collect_spellings(annotated), set(matches.values())
    for ref, spellings in _collect_spellings(found).items():
        same = next((other for other, own in names.items() if own & spellings and other not in taken), None)
        if ref not in matches and same is not None:
            matches[ref] = same
    return matches


def _pair_entities(
    annotated: Event,
    found: Event,
    annotated_claims: Mapping[Ref, Sequence[Claim]],
    found_claims: Mapping[Ref, Sequence[Claim]],
) -> Iterator[tuple[Iterable[Ref], Iterable[Ref]]]:
    """The entities of the annotated and of the found event, slot by slot."""
    yield annotated.agents, found.agents
    yield annotated.targets, found.targets
    yield _collect_places(annotated), _collect_places(found)
    for claim in annotated_claims[annotated.id]:
        sources = [other.source for other in found_claims[found.id] if other.stance is claim.stance and other.source]
        yield [claim.source] if claim.source else [], sources


def _collect_spellings(facts: ArticleFacts) -> dict[Ref, frozenset[str]]:
    """The folded names of each entity and side. A side's label ("Side 1 in …") counts only if it has no description."""
    named = [(entity.id, (entity.name, *entity.names, *entity.descriptions)) for entity in facts.entities]
    named += [(side.id, side.descriptions or (side.name,)) for side in facts.sides]
    return {ref: frozenset(map(_fold_name, names)) - {""} for ref, names in named}


@cache
def _fold_name(name: str) -> str:
    """The name in lower case without accents, punctuation, spaces and English articles; Arabic articles are "al"."""
    plain = unicodedata.normalize("NFKD", name.replace("ʿ", "'").replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'`‘\"").lower()
    plain = re.sub(r"^(?:the|an?)\s+", "", plain.strip())
    plain = re.sub(r"\b(?:al|ad|ar|as|ash|an|at|az|el)[- ]", "al", plain)
    return re.sub(r"[^a-z0-9]+", "", plain)


def _collect_names(facts: ArticleFacts) -> dict[Ref, str]:
    return {entity.id: entity.name for entity in facts.entities} | {side.id: side.name for side in facts.sides}


# ---------------------------------------------------------------- fillers of slots


class _SlotReader:
    """Reads the slots of an article's events.

    ``matches`` gives the annotated entity of each found one; found entities without a match get an id with "?". Without
    ``matches`` ids stay as they are.
    """

    def __init__(self, facts: ArticleFacts, matches: Mapping[Ref, Ref] | None = None) -> None:
        self._claims = _collect_claims(facts)
        self._reports = {report.id: report for report in facts.casualties}
        self._matches = matches

    def read(self, event: Event | None) -> Fillers:
        """The fillers of the event by slot; all slots are empty without an event."""
        if event is None:
            return dict.fromkeys((EVENT, *SLOTS), ())
        match = self._find_match
        claims, reports = self._claims[event.id], [self._reports[ref] for ref in event.casualties]
        count = (event.minimum_count, event.maximum_count)
        anchors = (("near", event.near), ("from", event.origin), ("toward", event.toward))
        return {
            EVENT: [event.type],
            "agent": [match(ref) for ref in event.agents],
            "target": [match(ref) for ref in event.targets],
            "place": [match(ref) for ref in _collect_places(event)],
            "relation": [(relation, match(ref)) for relation, refs in anchors for ref in refs],
            "extent": _list_unless(event.extent, None, Extent.WHOLE),
            "start": _list_unless(event.interval.start, None),
            "end": _list_unless(event.interval.end, None),
            "factuality": _list_unless(event.factuality, Factuality.ACTUAL),
            "standing": _list_unless(event.standing, Standing.NARRATED),
            "recapture": _list_unless(event.recapture, None, False),
            "count": _list_unless(count, (None, None)),
            "casualties": [(report.kind, report.minimum, report.maximum) for report in reports],
            SOURCES: [(claim.stance, claim.source and match(claim.source)) for claim in claims],
        }

    def _find_match(self, ref: Ref) -> Ref:
        return ref if self._matches is None else self._matches.get(ref, f"{_UNMATCHED}{ref}")


def _list_unless(value: Hashable, *defaults: Hashable) -> list[Hashable]:
    """A list of the value; empty if the value is one of the defaults, which are not facts."""
    return [] if value in defaults else [value]


def _collect_places(event: Event) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys((*event.places, *event.near, *event.origin, *event.toward)))


def _collect_claims(facts: ArticleFacts) -> defaultdict[Ref, list[Claim]]:
    """The claims about each event, including those about its figures."""
    event_of = {report: event.id for event in facts.events for report in event.casualties}
    claims: defaultdict[Ref, list[Claim]] = defaultdict(list)
    for claim in facts.claims:
        claims[event_of.get(claim.about, claim.about)].append(claim)
    return claims


# ---------------------------------------------------------------- differences


def _find_differences(
    pair: EventPair,
    annotated: Fillers,
    found: Fillers,
    *,
    slug: str,
    texts: Mapping[Ref, str],
    names: Mapping[Ref, str],
) -> Iterator[SlotDifference]:
    """The slots that differ; for an event without a partner only the slot "event"."""
    event = get_event(pair)
    for slot in (EVENT, *SLOTS) if pair.annotated and pair.found else (EVENT,):
        if _count_fillers(slot, annotated[slot]) != _count_fillers(slot, found[slot]):
            fillers = (tuple(_word_filler(filler, names) for filler in side[slot]) for side in (annotated, found))
            yield SlotDifference(slug, texts[event.passage], event.type, event.trigger, slot, *fillers)


def _word_filler(filler: Hashable, names: Mapping[Ref, str]) -> str:
    """The filler as text: entities by name, parts joined with spaces, an open bound as "…"."""
    parts = filler if isinstance(filler, tuple) else (filler,)
    return " ".join("…" if part is None else names.get(part, str(part)) for part in parts)
