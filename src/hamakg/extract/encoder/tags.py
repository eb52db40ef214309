"""Reads the probabilities that the encoder gives each word as triggers and mentions: runs of words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hamakg.extract.encoder.pairs import EVENT_TYPES, KINDS, Kind
from hamakg.extract.encoder.windows import Words
from hamakg.model import EventType

_TOGETHER = 0.5  # a word belongs to a run if its probability is at least this share of the run's
Probabilities = Sequence[float]


@dataclass(frozen=True, slots=True)
class TriggerScore:
    """Words as a trigger: the probability of each type."""

    words: Words
    types: tuple[float, ...]

    @property
    def type(self) -> EventType:
        """The likeliest type."""
        return EVENT_TYPES[self.types.index(max(self.types))]

    @property
    def probability(self) -> float:
        """That the words tell an event of the likeliest type."""
        return max(self.types)


@dataclass(frozen=True, slots=True)
class MentionScore:
    """Words as a mention: the probability of each kind."""

    words: Words
    kinds: tuple[float, ...]

    @property
    def kind(self) -> Kind:
        """The likeliest kind."""
        return KINDS[self.kinds.index(max(self.kinds))]

    @property
    def probability(self) -> float:
        """That the words name something of the likeliest kind."""
        return max(self.kinds)


def find_triggers(
    sentence: int, types: Sequence[Probabilities], begins: Probabilities, floor: float
) -> Iterator[TriggerScore]:
    """The runs of words of which one has at least the probability ``floor`` of a type.

    ``types`` gives each word the probabilities of ``no trigger`` and of each type, ``begins`` that a trigger begins
    with it. A run has the highest probability that one of its words gives a type.
    """
    run: list[int] = []
    for number, word in enumerate(types):
        joins = (
            bool(run)
            and begins[number] < _TOGETHER
            and _best_type(word) == _best_type(types[run[-1]])
            and _alike(1 - word[0], 1 - types[run[-1]][0])
        )
        if not joins:
            yield from _finish_trigger(sentence, run, types, floor)
            run = []
        run.append(number)
    yield from _finish_trigger(sentence, run, types, floor)


def _best_type(word: Probabilities) -> int:
    return max(range(1, len(word)), key=word.__getitem__)


def _alike(one: float, other: float) -> bool:
    return min(one, other) >= _TOGETHER * max(one, other)


def _finish_trigger(
    sentence: int, run: Sequence[int], types: Sequence[Probabilities], floor: float
) -> Iterator[TriggerScore]:
    highest = tuple(max((types[word][1 + kind] for word in run), default=0.0) for kind in range(len(EVENT_TYPES)))
    if run and max(highest) >= floor:
        yield TriggerScore(Words(sentence, run[0], run[-1] + 1), highest)


def find_mentions(sentence: int, tags: Sequence[Probabilities], floor: float) -> Iterator[MentionScore]:
    """The runs of words that are each in some mention with at least the probability ``floor``.

    ``tags`` gives each word the probabilities of no mention and, for each kind, of a mention's beginning and inside. A
    run has the mean of its words' probabilities.
    """
    run: list[int] = []
    for number, word in enumerate(tags):
        inside = 1 - word[0] >= floor
        if run and (not inside or sum(word[1::2]) > sum(word[2::2])):
            yield _finish_mention(sentence, run, tags)
            run = []
        if inside:
            run.append(number)
    if run:
        yield _finish_mention(sentence, run, tags)


def _finish_mention(sentence: int, run: Sequence[int], tags: Sequence[Probabilities]) -> MentionScore:
    kinds = tuple(
        sum(tags[word][1 + 2 * kind] + tags[word][2 + 2 * kind] for word in run) / len(run)
        for kind in range(len(KINDS))
    )
    return MentionScore(Words(sentence, run[0], run[-1] + 1), kinds)
