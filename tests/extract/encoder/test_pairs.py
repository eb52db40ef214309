"""Features of a trigger and a mention."""

from hamakg.extract.encoder.pairs import FEATURE_SIZES, Kind, Named, PlacedMention, PlacedTrigger, list_pairs
from hamakg.model import EventType


def _mention(sentence: int, begin: int, entity: str, side: int = 0) -> PlacedMention:
    return PlacedMention(sentence, begin, begin + 1, Named(Kind.PLACE, side, frozenset({entity})))


def test_pairs_of_a_sentence_and_the_three_before() -> None:
    triggers = [PlacedTrigger(4, 50, 51, EventType.CAPTURE)]
    mentions = [_mention(0, 3, "far"), _mention(1, 10, "a", side=2), _mention(4, 46, "b"), _mention(4, 59, "a")]
    pairs = list(list_pairs(triggers, mentions))
    capture = 7
    assert pairs == [
        (0, 1, (3, 2, 3, 1, 2, capture, 0, 1, 0)),
        (0, 2, (3, 6, 0, 0, 0, capture, 1, 0, 0)),
        (0, 3, (3, 11, 0, 1, 0, capture, 1, 0, 0)),
    ]


def test_features_stay_within_their_sizes() -> None:
    triggers = [PlacedTrigger(0, at, at + 1, EventType.SURRENDER) for at in range(0, 300, 10)]
    mentions = [_mention(0, at, "a", side=3 + at) for at in range(0, 300, 5)]
    for _, _, features in list_pairs(triggers, mentions):
        assert all(0 <= value < size for value, size in zip(features, FEATURE_SIZES, strict=True))


def test_a_later_sentence_fills_no_slot() -> None:
    assert list(list_pairs([PlacedTrigger(0, 1, 2, EventType.CLASH)], [_mention(1, 5, "a")])) == []
