"""Names in many spellings are one; names of different things stay apart."""

import pytest

from hamakg.names import cluster, core_name, is_acronym_of, same_name


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("town of Suran", ("Suran", "town")),
        ("the strategic border town of Suran", ("Suran", "town")),
        ("the city Hama", ("Hama", "city")),
        ("Hama city", ("Hama", "city")),
        ("Al-Qaramitah area", ("Al-Qaramitah", "area")),
        ("Tal Shihah hill", ("Tal Shihah", "hill")),
        ("hilltop of Tal Bizam", ("Tal Bizam", "hill")),
        ("Jabal Hayyan mountain", ("Jabal Hayyan", "mountain")),
        ("Hill 800", ("Hill 800", "hill")),
        ("Snake Island", ("Snake Island", "island")),
        ("Idlib Governorate", ("Idlib Governorate", "governorate")),
        ("Maardis bridge", ("Maardis bridge", "bridge")),
        ("Hama Military Airport", ("Hama Military Airport", "airbase")),
        ("Suran", ("Suran", None)),
    ],
)
def test_core_name_drops_only_words_that_add_nothing(name: str, core: tuple[str, str | None]) -> None:
    assert core_name(name) == core


def test_cluster_is_the_same_in_any_order() -> None:
    names = ["Suran", "Maardes", "Souran", "Hama", "Maardis", "Hama city", "Homs", "Hama"]
    expected = [("Hama", "Hama city"), ("Homs",), ("Maardes", "Maardis"), ("Souran", "Suran")]
    assert cluster(names) == cluster(reversed(names)) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("47th Brigade", "87th Brigade"),
        ("II Corps", "III Corps"),
        ("North Ossetia", "South Ossetia"),
        ("Idlib", "Idlib Governorate"),
        ("Hill 800", "Hill 900"),
    ],
)
def test_numbers_directions_and_kinds_keep_names_apart(a: str, b: str) -> None:
    assert not same_name(a, b)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("HTS", "Hay'at Tahrir al-Sham"),
        ("SOHR", "Syrian Observatory for Human Rights"),
        ("SDF", "Syrian Democratic Forces"),
        ("TFSA", "Turkish-backed Free Syrian Army"),
        ("TIP", "Turkistan Islamic Party in Syria"),
        ("ISIL", "Islamic State of Iraq and the Levant"),
        ("MoD", "Ministry of Defence"),
        ("LPR", "Luhansk People's Republic"),
    ],
)
def test_acronyms_are_recognised(short: str, full: str) -> None:
    assert is_acronym_of(short, full)


@pytest.mark.parametrize(
    ("short", "full"),
    [("FSA", "Syrian Army"), ("SAA", "Free Syrian Army"), ("Hama", "Hay'at al-Majd"), ("SDF", "Syrian Armed Forces")],
)
def test_other_initials_are_no_acronym(short: str, full: str) -> None:
    assert not is_acronym_of(short, full)
