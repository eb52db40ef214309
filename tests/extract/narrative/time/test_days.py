"""Days before and after our era, and how XSD and EDTF write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.extract.narrative.time.days import Days, day, month, parts, read_interval, year
from hamakg.model import Interval, Timing

ORDINALS = st.integers(min_value=-1_750_000, max_value=1_750_000)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (Days(), Interval()),
        (Days(day(2017, 3, 21), day(2017, 3, 21)), Interval("2017-03-21", "2017-03-21")),
        (Days(None, day(2017, 3, 22)), Interval(None, "2017-03-22", Timing.WITHIN, "../2017-03-22")),
        (Days(day(2017, 5, 5), None, True), Interval("2017-05-05", None, Timing.THROUGHOUT, "2017-05-05/..")),
        (month(2017, 3), Interval("2017-03-01", "2017-03-31", Timing.WITHIN, "2017-03")),
        (month(2016, 2), Interval("2016-02-01", "2016-02-29", Timing.WITHIN, "2016-02")),
        (month(2017, 14), Interval("2018-02-01", "2018-02-28", Timing.WITHIN, "2018-02")),
        (month(2017, 0), Interval("2016-12-01", "2016-12-31", Timing.WITHIN, "2016-12")),
        (year(2014), Interval("2014-01-01", "2014-12-31", Timing.WITHIN, "2014")),
        (year(-489), Interval("-0489-01-01", "-0489-12-31", Timing.WITHIN, "-0489")),
        (
            Days(day(2017, 4, 18), day(2017, 4, 20), True),
            Interval("2017-04-18", "2017-04-20", Timing.THROUGHOUT, "2017-04-18/2017-04-20"),
        ),
    ],
)
def test_interval(days: Days, expected: Interval) -> None:
    """A day has no timing; a whole month or year is written as such; an open end is two dots."""
    assert days.interval() == expected


def test_no_such_day() -> None:
    """The calendar decides what is a day."""
    assert (day(2017, 2, 29), day(2017, 4, 31), day(2017, 13, 1)) == (None, None, None)


@given(ORDINALS)
def test_parts_of_a_day(ordinal: int) -> None:
    """A day and its year, month and day of the month say the same, before our era too."""
    assert day(*parts(ordinal)) == ordinal


@given(ORDINALS, ORDINALS, st.booleans())
def test_interval_is_read_back(one: int, other: int, throughout: bool) -> None:
    """What is written as an interval is read as the same days."""
    days = Days(min(one, other), max(one, other), throughout)
    read = read_interval(days.interval())
    assert (read.first, read.last) == (days.first, days.last)
