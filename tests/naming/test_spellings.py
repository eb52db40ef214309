"""Spellings of one name are recognised as one; names of different things are kept apart."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import PROJECT
from hamakg.naming.spellings import cluster_names, is_acronym_of, is_same_name, similarity, split_kind

PAIRS = [
    line.split("\t")
    for line in (PROJECT / "tests" / "cases" / "names.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
SAME = [(a, b) for a, b, verdict, _ in PAIRS if verdict == "same"]
DIFFERENT = [(a, b) for a, b, verdict, _ in PAIRS if verdict == "different"]
WRONG_SO_FAR = [(a, b) for a, b, _, how in PAIRS if how.endswith("not yet told apart")]
"""Short European names that differ only in vowels. The test fails when one of them is told apart: remove it here."""

RECALL = 0.91
"""The recorded share of pairs of one name that are recognised."""


def test_names_of_different_things_are_kept_apart() -> None:
    assert [pair for pair in DIFFERENT if is_same_name(*pair)] == WRONG_SO_FAR


def test_spellings_of_one_name_are_recognised_as_often_as_recorded() -> None:
    missed = [pair for pair in SAME if not is_same_name(*pair)]
    assert 1 - len(missed) / len(SAME) >= RECALL, missed


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("al-Lataminah", "Al-Latamneh"),
        ("Khan Shaykhun", "Khan Shaykoun"),
        ("Deir ez-Zor", "Deir Ezzor"),
        ("As-Suwayda", "al-Suwaida"),
        ("Kharkiv", "Kharkov"),
        ("Sievierodonetsk", "Severodonetsk"),
        ("Hama", "Hama city"),
        ("Idlib Governorate", "the province of Idlib"),
        ("Jabal Al-Tar", "Al-Tar Mountain"),
        ("Jabal Al-Tar", "Jabal Al-Tar hilltop"),
        ("M-5 highway", "M5 Highway"),
        ("Palmyra (city)", "Palmyra, Syria"),
        ("Somme (river)", "River Somme"),
        ("Eighth Army", "8th Army"),
        ("XXXXI Corps", "XLI Corps"),
        ("Kherson Oblast's", "Kherson Oblast"),
    ],
)
def test_names_that_differ_in_spelling_kind_or_numeral_are_one(a: str, b: str) -> None:
    assert is_same_name(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("47th Brigade", "87th Brigade"),
        ("II Corps", "III Corps"),
        ("Company A", "Company B"),
        ("North Ossetia", "South Ossetia"),
        ("Idlib", "Idlib Governorate"),
        ("Krasne, Kherson Oblast", "Krasne, Kharkiv Oblast"),
        ("Hill 800", "Hill 900"),
        ("Hill 800", "Point 800"),
        ("SANA", "Sunni"),
        ("--", "?"),
    ],
)
def test_numbers_directions_kinds_and_acronyms_keep_names_apart(a: str, b: str) -> None:
    assert similarity(a, b) == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_lies_between_0_and_1_and_is_symmetric(a: str, b: str) -> None:
    assert 0 <= similarity(a, b) <= 1
    assert similarity(a, b) == pytest.approx(similarity(b, a))
    assert similarity(a, a) == 1


def test_clusters_do_not_depend_on_the_order_of_names() -> None:
    names = ["Suran", "Maardes", "Souran", "Hama", "Maardis", "Hama city", "Homs", "Hama"]
    expected = [("Hama", "Hama city"), ("Homs",), ("Maardes", "Maardis"), ("Souran", "Suran")]
    assert cluster_names(names) == cluster_names(reversed(names)) == expected


def test_clusters_of_many_names_contain_only_pairs_that_are_the_same() -> None:
    names = sorted({name for pair in SAME + DIFFERENT for name in pair})
    shuffled = random.Random(7).sample(names, len(names))
    groups = cluster_names(names)
    assert groups == cluster_names(shuffled)
    assert sorted(name for group in groups for name in group) == names
    assert [(a, b) for group in groups for a in group for b in group if not is_same_name(a, b)] == []


def test_clustering_finds_every_pair_that_is_the_same() -> None:
    """The quick search for candidates, with which clustering begins, loses none."""
    assert [pair for pair in SAME if is_same_name(*pair) and len(cluster_names(pair)) != 1] == []


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("town of Suran", ("Suran", "town")),
        ("the strategic border town of Suran", ("Suran", "town")),
        ("the city Hama", ("Hama", "city")),
        ("Hama city", ("Hama", "city")),
        ("Al-Qaramitah area", ("Al-Qaramitah", "area")),
        ("the al-Gharf neighbourhood", ("al-Gharf", "neighbourhood")),
        ("Tal Shihah hill", ("Tal Shihah", "hill")),
        ("hilltop of Tal Bizam", ("Tal Bizam", "hill")),
        ("Jabal Hayyan mountain", ("Jabal Hayyan", "mountain")),
        ("village of Castle Hill", ("Castle Hill", "village")),
        ("Saman hill", ("Saman hill", "hill")),
        ("Hill 800", ("Hill 800", "hill")),
        ("Snake Island", ("Snake Island", "island")),
        ("island of Crete", ("Crete", "island")),
        ("Idlib Governorate", ("Idlib Governorate", "governorate")),
        ("Maardis bridge", ("Maardis bridge", "bridge")),
        ("Hama Military Airport", ("Hama Military Airport", "airbase")),
        ("Hama outskirts", ("Hama outskirts", "suburb")),
        ("villages of Suran and Maardis", ("villages of Suran and Maardis", "village")),
        ("road between Palmyra and Al-Sukhnah", ("road between Palmyra and Al-Sukhnah", "road")),
        ("Suran", ("Suran", None)),
        ("", ("", None)),
    ],
)
def test_split_kind_drops_only_words_that_add_nothing(name: str, core: tuple[str, str | None]) -> None:
    assert split_kind(name) == core


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("HTS", "Hay'at Tahrir al-Sham"),
        ("SOHR", "Syrian Observatory for Human Rights"),
        ("SDF", "Syrian Democratic Forces"),
        ("TFSA", "Turkish-backed Free Syrian Army"),
        ("TIP", "Turkistan Islamic Party in Syria"),
        ("ISIL", "Islamic State of Iraq and the Levant"),
        ("ISW", "Institute for the Study of War"),
        ("MoD", "Ministry of Defence"),
        ("LPR", "Luhansk People's Republic"),
        ("U.S.", "United States"),
        ("IFVs", "infantry fighting vehicles"),
    ],
)
def test_acronyms_are_recognised(short: str, full: str) -> None:
    assert is_acronym_of(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("FSA", "Syrian Army"),
        ("SAA", "Free Syrian Army"),
        ("IS", "Institute for the Study of War"),
        ("SDF", "Syrian Armed Forces"),
        ("TIP", "Islamic Party in Syria"),
        ("Has", "Hayat al-Sham"),
        ("T-72", "Tahrir"),
        ("HTS", ""),
    ],
)
def test_other_initials_are_not_an_acronym(short: str, full: str) -> None:
    assert not is_acronym_of(short, full)
