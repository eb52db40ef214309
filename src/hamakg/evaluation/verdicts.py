"""How the events that a graph tells fare, seen by a reader who opens one at random; and what their confidence is worth.

An event's confidence is read as the probability that the event does not mislead. The Brier score is the mean of the
squared differences between confidence and outcome (0 or 1): 0 is perfect, and a constant confidence does best with the
share of events that do not mislead, which gives share · (1 - share) (Brier, Monthly Weather Review 78, 1950, 1-3).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hamakg.evaluation.scores import Comparison, Score
from hamakg.model import Event

CORE = ("agent", "place", "relation", "start", "end", "factuality", "standing")
"""The slots that decide whether an event misleads: who, where, when, and whether it happened."""


class Verdict(StrEnum):
    """How an event that was found compares with the annotation, in its core slots."""

    RIGHT = "right"
    INCOMPLETE = "incomplete"
    """Right as far as it goes: a slot lacks what is annotated."""
    WRONG = "wrong"
    """A slot says what the annotation does not."""
    SPURIOUS = "spurious"
    """No such event is annotated."""

    @property
    def misleads(self) -> bool:
        """Whether a reader who believes the event believes something that the annotation does not say."""
        return self in (Verdict.WRONG, Verdict.SPURIOUS)


@dataclass(frozen=True, slots=True)
class JudgedEvent:
    """An event that was found, its verdict, and the core slots that say what the annotation does not."""

    event: Event
    verdict: Verdict
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many of the events found have each verdict, how many annotated events were missed, and the wrong slots."""

    counts: Mapping[Verdict, int]
    missed: int
    wrong_slots: Mapping[str, int]

    @property
    def told(self) -> int:
        """The number of events found."""
        return sum(self.counts.values())

    @property
    def misleading(self) -> float:
        """The share of the events found that mislead; 0 where nothing was found."""
        return sum(self.share(verdict) for verdict in Verdict if verdict.misleads)

    def share(self, verdict: Verdict) -> float:
        """The share of the events found that have this verdict; 0 where nothing was found."""
        return self.counts[verdict] / self.told if self.told else 0.0


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Events with a confidence from ``low`` to ``low + 0.1``: their number, mean confidence, and how many are right."""

    low: float
    events: int
    confidence: float
    right: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the confidence of some events is worth: its Brier score, that of the best constant, and tenth by tenth."""

    events: int
    brier: float
    constant: float
    tenths: tuple[ConfidenceBin, ...]


def judge_events(comparisons: Iterable[Comparison]) -> Iterator[JudgedEvent]:
    """Each event found in annotated sentences, with its verdict."""
    for comparison in comparisons:
        for pair, scores in zip(comparison.pairs, comparison.scores, strict=True):
            if pair.found:
                wrong = tuple(slot for slot in CORE if scores[slot].hits < scores[slot].found)
                yield JudgedEvent(pair.found, _find_verdict(scores, pair.annotated, wrong), wrong)


def _find_verdict(scores: Mapping[str, Score], annotated: Event | None, wrong: tuple[str, ...]) -> Verdict:
    if annotated is None:
        return Verdict.SPURIOUS
    if wrong:
        return Verdict.WRONG
    is_complete = all(scores[slot].hits == scores[slot].annotated for slot in CORE)
    return Verdict.RIGHT if is_complete else Verdict.INCOMPLETE


def count_verdicts(comparisons: Iterable[Comparison]) -> Verdicts:
    """The verdicts of all events found, with the missed ones; wrong slots are those of events that are annotated."""
    comparisons = list(comparisons)
    judged = list(judge_events(comparisons))
    counts = Counter(one.verdict for one in judged)
    wrong = Counter(slot for one in judged if one.verdict is Verdict.WRONG for slot in one.wrong)
    return Verdicts(
        counts={verdict: counts[verdict] for verdict in Verdict},
        missed=sum(pair.found is None for comparison in comparisons for pair in comparison.pairs),
        wrong_slots=dict(sorted(wrong.items(), key=lambda slot: (-slot[1], slot[0]))),
    )


def calibrate(comparisons: Iterable[Comparison]) -> Calibration | None:
    """How well confidence says whether an event does not mislead; None where no event has a confidence."""
    outcomes = [
        (one.event.confidence, not one.verdict.misleads)
        for one in judge_events(comparisons)
        if one.event.confidence is not None
    ]
    if not outcomes:
        return None
    share = sum(right for _, right in outcomes) / len(outcomes)
    brier = sum((confidence - right) ** 2 for confidence, right in outcomes) / len(outcomes)
    return Calibration(len(outcomes), brier, share * (1 - share), bin_by_confidence(outcomes))


def bin_by_confidence(events: Iterable[tuple[float, bool]]) -> tuple[ConfidenceBin, ...]:
    """Group events, given as (confidence, is right), by tenths of confidence; 1.0 belongs to the last tenth."""
    tenths: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in events:
        tenths[min(int(confidence * 10 + 1e-9), 9)].append((confidence, right))
    return tuple(
        ConfidenceBin(
            tenth / 10,
            len(members),
            sum(confidence for confidence, _ in members) / len(members),
            sum(right for _, right in members),
        )
        for tenth, members in sorted(tenths.items())
    )
