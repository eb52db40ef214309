"""Points are read from text, or not at all; distances follow the surface of the earth."""

import pytest

from hamakg.link.points import Point, chord_to_arc_km, distance_km, parse_point, to_cartesian


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("35.1, 36.7", Point("35.1", "36.7")),
        ("Point(36.7 35.1)", Point("35.1", "36.7")),
        ("-33.5,151", Point("-33.5", "151")),
        ("95,36", None),
        ("35.1°S, 36.2°W", None),
        ("N35.1 W36.2", None),
        ("12,34 and", None),
        ("3_5.1,36", None),
        ("٣٥,٣٦", None),
        ("35.1", None),
        ("somewhere", None),
        ("", None),
    ],
)
def test_a_point_is_read_completely_or_not_at_all(text: str, point: Point | None) -> None:
    assert parse_point(text) == point


def test_both_ways_to_a_distance_agree() -> None:
    """From Hama to Aleppo it is some 120 km."""
    hama, aleppo = Point("35.13", "36.76"), Point("36.20", "37.16")
    chord = sum((a - b) ** 2 for a, b in zip(to_cartesian(hama), to_cartesian(aleppo), strict=True)) ** 0.5
    assert distance_km(hama, aleppo) == pytest.approx(chord_to_arc_km(chord)) == pytest.approx(124.3, abs=0.5)
