"""The pieces are those that the encoder's own tokenizer makes; compared once with it on all articles at hand."""

import pytest

from hamakg.extract.encoder.wordpiece import Shape, read_vocabulary, split_words


def _pieces(text: str) -> list[str]:
    vocabulary = read_vocabulary()
    names = list(vocabulary)
    return [names[piece] for word in split_words(text, vocabulary) for piece in word.pieces]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The counter-attack failed.", ["the", "counter", "-", "attack", "failed", "."]),
        ("Maardis", ["ma", "##ard", "##is"]),
        ("Tomaszów", ["tomas", "##zow"]),  # without accents
        ("İdlib", ["id", "##lib"]),
        ("2,500 men", ["2", ",", "500", "men"]),
        ("a\u00a0b", ["a", "b"]),
        ("x" * 101, ["[UNK]"]),
        ("\u200b", []),  # nothing that can be seen
        ("", []),
    ],
)
def test_pieces(text: str, pieces: list[str]) -> None:
    assert _pieces(text) == pieces


def test_offsets_are_code_points_of_the_text_as_it_is() -> None:
    text = "Friešner’s  II Corps"
    assert [text[word.begin : word.end] for word in split_words(text, read_vocabulary())] == [
        "Friešner",
        "’",
        "s",
        "II",
        "Corps",
    ]


def test_shapes_keep_what_lower_case_loses() -> None:
    words = split_words("the Army of US 1st.", read_vocabulary())
    shapes = [Shape.LOWER, Shape.CAPITALISED, Shape.LOWER, Shape.CAPITALS, Shape.LOWER, Shape.OTHER]
    assert [word.shape for word in words] == shapes


def test_the_vocabulary_is_that_of_the_encoder() -> None:
    vocabulary = read_vocabulary()
    assert len(vocabulary) == 30522
    assert list(vocabulary.values()) == list(range(30522))
