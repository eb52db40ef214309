"""The calendar agrees with ``datetime`` where that has years, and goes on in the same way before year 1."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.days import date_to_ordinal, days_in_month, format_date, format_year, from_ordinal, parse_date, to_ordinal

ORDINALS = st.integers(min_value=-4_000_000, max_value=4_000_000)


@given(st.dates())
def test_days_of_the_years_1_to_9999_have_the_numbers_of_datetime(day: date) -> None:
    """In both directions, and as an xsd:date, which datetime writes in the same way."""
    assert date_to_ordinal(day.isoformat()) == day.toordinal()
    assert from_ordinal(day.toordinal()) == (day.year, day.month, day.day)
    assert format_date(day.year, day.month, day.day) == day.isoformat()


@given(st.dates(), st.dates())
def test_days_sort_and_differ_as_those_of_datetime_do(one: date, other: date) -> None:
    """Order by the parsed date, difference by the numbers."""
    first, second = one.isoformat(), other.isoformat()
    assert date_to_ordinal(first) - date_to_ordinal(second) == (one - other).days
    assert (parse_date(first) < parse_date(second)) == (one < other)


@given(ORDINALS)
def test_every_number_is_a_day_and_the_next_number_the_next_day(ordinal: int) -> None:
    """Also before our era: no number is left out, and none is a day that the calendar does not have."""
    year, month, day = from_ordinal(ordinal)
    assert to_ordinal(year, month, day) == ordinal == date_to_ordinal(format_date(year, month, day))
    assert 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)
    following = (year, month, day + 1) if day < days_in_month(year, month) else (year, month + 1, 1)
    assert from_ordinal(ordinal + 1) == (following if following[1] <= 12 else (year + 1, 1, 1))


@given(st.integers(1, 9999), st.integers(1, 12))
def test_months_have_as_many_days_as_in_datetime(year: int, month: int) -> None:
    """The last day exists, and the day after it does not."""
    assert date(year, month, days_in_month(year, month))
    with pytest.raises(ValueError):
        date(year, month, days_in_month(year, month) + 1)


@pytest.mark.parametrize(
    ("year", "text", "days"),
    [
        (2017, "2017", 28),
        (1900, "1900", 28),
        (2000, "2000", 29),
        (1, "0001", 28),
        (0, "0000", 29),  # 1 BC
        (-3, "-0003", 28),
        (-4, "-0004", 29),  # 5 BC
        (-489, "-0489", 28),  # 490 BC
        (-12000, "-12000", 29),
    ],
)
def test_years_are_written_as_xsd_does_and_february_has_its_days(year: int, text: str, days: int) -> None:
    """XSD 1.1 has a year 0000, which is 1 BC: -0489 is 490 BC."""
    assert (format_year(year), days_in_month(year, 2)) == (text, days)
    assert parse_date(f"{text}-02-01") == (year, 2, 1)


@pytest.mark.parametrize("text", ["", "2017", "2017-03", "17-03-01", "2017-3-1", "2017-03-01Z", "1 March 2017"])
def test_other_text_is_no_date(text: str) -> None:
    """The error names it."""
    with pytest.raises(ValueError, match="is not an xsd:date"):
        parse_date(text)


@pytest.mark.parametrize("text", ["2017-02-29", "1900-02-29", "2017-04-31", "-0489-02-29", "2017-13-01", "2017-00-10"])
def test_a_day_that_the_calendar_does_not_have_has_no_number(text: str) -> None:
    """Whatever the year."""
    with pytest.raises(ValueError):
        date_to_ordinal(text)
