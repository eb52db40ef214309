"""Spellings that romanisations of one script interchange are near; other letters are far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.naming.romanisation import distance, plain, skeleton, sounds

WORDS = st.text("abdefghijklmnoqrstuvwyz", max_size=14).map(sounds)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Erdoğan", "erdoghan"), ("Suruç", "suruch"), ("Botoşani", "botoshani"), ("Kobanî", "kobani"), ("Łódź", "lodz")],
)
def test_plain_writes_letters_with_those_of_english(word: str, expected: str) -> None:
    assert plain(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("khattab", "xatab"), ("shaykhun", "ʃēxun"), ("sheikhoun", "ʃēxun"), ("halfaya", "halfaya"), ("oblast", "oblast")],
)
def test_sounds_are_one_character_each(word: str, expected: str) -> None:
    assert sounds(word) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [("qala", "kala"), ("khan", "han"), ("dhahir", "zahir"), ("suran", "soran"), ("tawil", "tavil"), ("lviv", "lvov")],
)
def test_interchanged_letters_cost_less_than_a_consonant(a: str, b: str) -> None:
    assert distance(sounds(a), sounds(b)) <= 0.3 < 1 < distance(sounds("balar"), sounds("bamar"))


@given(WORDS, WORDS)
def test_distance_is_none_from_itself_and_the_same_both_ways(a: str, b: str) -> None:
    assert distance(a, a) == 0
    assert distance(a, b) == pytest.approx(distance(b, a))


def test_skeleton_keeps_what_spellings_share() -> None:
    names = ("khitab", "khattab"), ("sievierodonetsk", "severodonetsk"), ("qomhana", "kamhane")
    assert [a for a, b in names if skeleton(sounds(a)) != skeleton(sounds(b))] == []
