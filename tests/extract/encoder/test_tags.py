"""Words that belong together, by their probabilities."""

import pytest

from hamakg.extract.encoder.pairs import EVENT_TYPES, KINDS, Kind
from hamakg.extract.encoder.tags import find_mentions, find_triggers
from hamakg.extract.encoder.windows import Words
from hamakg.model import EventType


def _type(event_type: EventType, probability: float) -> list[float]:
    word = [1 - probability, *[0.0] * len(EVENT_TYPES)]
    word[1 + EVENT_TYPES.index(event_type)] = probability
    return word


def _tag(kind: Kind, begin: float, inside: float) -> list[float]:
    word = [1 - begin - inside, *[0.0] * 2 * len(KINDS)]
    word[1 + 2 * KINDS.index(kind)] = begin
    word[2 + 2 * KINDS.index(kind)] = inside
    return word


CAPTURE, CLASH, WEAK = (
    _type(EventType.CAPTURE, 0.9),
    _type(EventType.CLASH, 0.8),
    _type(EventType.CAPTURE, 0.1),
)


@pytest.mark.parametrize(
    ("types", "begins", "spans"),
    [
        ([CAPTURE, CAPTURE], [1, 0], [(0, 2)]),
        ([CAPTURE, CAPTURE], [1, 1], [(0, 1), (1, 2)]),  # two of one type side by side
        ([CAPTURE, CLASH], [1, 0], [(0, 1), (1, 2)]),
        ([CAPTURE, WEAK], [1, 0], [(0, 1), (1, 2)]),
        ([_type(EventType.CAPTURE, 0.01)], [0], []),
        ([], [], []),
    ],
)
def test_triggers(types: list[list[float]], begins: list[float], spans: list[tuple[int, int]]) -> None:
    assert [(t.words.begin, t.words.end) for t in find_triggers(4, types, begins, 0.02)] == spans


def test_a_trigger_has_its_likeliest_words_probability() -> None:
    (trigger,) = find_triggers(4, [CAPTURE, _type(EventType.CAPTURE, 0.6)], [1, 0], 0.02)
    assert (trigger.words.sentence, trigger.type, trigger.probability) == (4, EventType.CAPTURE, 0.9)


def test_mentions() -> None:
    tags = [_tag(Kind.PLACE, 0.9, 0), _tag(Kind.PLACE, 0, 0.7), _tag(Kind.PLACE, 0.8, 0), _tag(Kind.ACTOR, 0, 0.1)]
    first, second = find_mentions(2, tags, 0.3)
    assert (first.words, first.kind) == (Words(2, 0, 2), Kind.PLACE)
    assert first.probability == pytest.approx(0.8)
    assert second.words == Words(2, 2, 3)
