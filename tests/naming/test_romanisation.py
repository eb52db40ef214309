"""Spellings that different romanisations use for one letter are near; other letters are far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.naming.romanisation import distance, to_plain_letters, to_skeleton, to_sounds

WORDS = st.text("abdefghijklmnoqrstuvwyz", max_size=14).map(to_sounds)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Erdoğan", "erdoghan"), ("Suruç", "suruch"), ("Botoşani", "botoshani"), ("Kobanî", "kobani"), ("Łódź", "lodz")],
)
def test_plain_letters_are_a_to_z(word: str, expected: str) -> None:
    assert to_plain_letters(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("khattab", "xatab"), ("shaykhun", "ʃēxun"), ("sheikhoun", "ʃēxun"), ("halfaya", "halfaya"), ("oblast", "oblast")],
)
def test_each_sound_is_one_character(word: str, expected: str) -> None:
    assert to_sounds(word) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [("qala", "kala"), ("khan", "han"), ("dhahir", "zahir"), ("suran", "soran"), ("tawil", "tavil"), ("lviv", "lvov")],
)
def test_letters_of_other_romanisations_cost_less_than_a_consonant(a: str, b: str) -> None:
    assert distance(to_sounds(a), to_sounds(b)) <= 0.3
    assert distance(to_sounds("balar"), to_sounds("bamar")) > 1


@given(WORDS, WORDS)
def test_distance_is_0_to_itself_and_symmetric(a: str, b: str) -> None:
    assert distance(a, a) == 0
    assert distance(a, b) == pytest.approx(distance(b, a))


def test_spellings_of_one_name_have_the_same_skeleton() -> None:
    names = ("khitab", "khattab"), ("sievierodonetsk", "severodonetsk"), ("qomhana", "kamhane")
    assert [a for a, b in names if to_skeleton(to_sounds(a)) != to_skeleton(to_sounds(b))] == []
