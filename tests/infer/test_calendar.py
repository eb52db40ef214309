"""Days across the ends of months and years: changes that are a day or two apart may be the same one."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hamakg.extract.article import extract_facts
from hamakg.infer import derive_control_periods, find_happenings
from hamakg.model import ArticleFacts, Interval, Timing
from hamakg.read.plain import parse_plain
from support.seed_articles import IRIS, build_graph
from support.short_articles import make_article, parse_event

if TYPE_CHECKING:
    from spacy.language import Language

# Each pair lies one or two days apart; the last of the months has 28, 29, 30 or 31 days.
NEIGHBOURS = [
    ("2017-02-28", "2017-03-01"),
    ("2016-02-28", "2016-03-01"),  # a leap year: 29 February lies between
    ("2016-02-29", "2016-03-01"),
    ("1900-02-28", "1900-03-01"),  # the years of a century are no leap years,
    ("2000-02-28", "2000-03-01"),  # but every fourth of them is
    ("2017-04-30", "2017-05-01"),
    ("2017-12-31", "2018-01-01"),
    ("-0489-02-28", "-0489-03-01"),  # 490 BC
    ("0000-02-28", "0000-03-01"),  # 1 BC is a leap year
    ("-0001-12-31", "0000-01-01"),
    ("0000-12-31", "0001-01-01"),  # from 1 BC to AD 1
]


def recapture(title: str, first: str, last: str) -> ArticleFacts:
    """An article with one event: the Reds recapture Aba on some day from first to last."""
    facts = make_article(title, [parse_event("capture Aba Reds 1", recapture=True)])
    interval = Interval(first, last, None if first == last else Timing.WITHIN)
    return replace(facts, events=(replace(facts.events[0], interval=interval),))


@pytest.mark.parametrize(("day", "later"), NEIGHBOURS)
def test_recaptures_in_two_articles_at_the_end_of_a_month_are_one_period(day: str, later: str) -> None:
    """Counting 31 days in every month made them four days apart, and so two periods, one of them contested."""
    store = build_graph([recapture("Battle of Aba", day, day), recapture("Aba campaign", later, later)])
    periods = derive_control_periods(store, IRIS)
    assert [(period.start, period.end, period.contested, len(period.events)) for period in periods] == [
        (day, None, False, 2)
    ]


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2017-02-27", "2017-03-02"),
        ("2016-02-28", "2016-03-02"),
        ("2017-04-29", "2017-05-02"),
        ("0000-02-28", "0000-03-02"),
        ("-0001-12-30", "0000-01-02"),
    ],
)
def test_recaptures_three_days_apart_are_two_periods(day: str, later: str) -> None:
    """The place was lost in between, on an unknown day."""
    store = build_graph([recapture("Battle of Aba", day, day), recapture("Aba campaign", later, later)])
    periods = derive_control_periods(store, IRIS)
    assert [(period.start, period.end, period.contested) for period in periods] == [
        (day, later, True),
        (later, None, False),
    ]


@pytest.mark.parametrize(("first", "last"), NEIGHBOURS)
def test_captures_on_some_day_at_the_end_of_a_month_are_one_happening(first: str, last: str) -> None:
    """Neither article says which of the days it was."""
    store = build_graph([recapture("Battle of Aba", first, last), recapture("Aba campaign", first, last)])
    assert [(happening.start, happening.end) for happening in find_happenings(store, IRIS)] == [(first, last)]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2017-06-01", "2017-08-02", True),  # 62 days
        ("2017-06-01", "2017-08-03", False),
        ("2017-02-01", "2017-04-04", True),
        ("2017-02-01", "2017-04-05", False),
        ("2016-02-01", "2016-04-03", True),
        ("2016-02-01", "2016-04-04", False),
    ],
)
def test_a_change_on_some_day_of_more_than_62_days_is_left_out(first: str, last: str, found: bool) -> None:
    """A month counts as many days as it has."""
    periods = derive_control_periods(build_graph([recapture("Battle of Aba", first, last)]), IRIS)
    assert [period.start for period in periods] == ([last] if found else [])


STORY = """= {title} =

Infobox
- Conflict: {title}
- Date: {day}
- Combatant1: Red Army
- Combatant2: Blue Army

On {day}, the Red Army recaptured the village of Aba.
"""


@pytest.mark.parametrize(
    ("day", "later", "start"),
    [
        ("28 February 2017", "1 March 2017", "2017-02-28"),
        ("29 February 2016", "1 March 2016", "2016-02-29"),
        ("30 April 2017", "1 May 2017", "2017-04-30"),
        ("28 February 490 BC", "1 March 490 BC", "-0489-02-28"),
    ],
)
def test_two_stories_of_one_recapture_give_one_period(nlp: "Language", day: str, later: str, start: str) -> None:
    """From the text to the period, through the whole pipeline."""
    stories = [
        STORY.format(title="Battle of Aba", day=day),
        STORY.format(title="Aba campaign", day=later),
    ]
    store = build_graph([extract_facts(parse_plain(story), nlp) for story in stories])
    periods = derive_control_periods(store, IRIS)
    assert [(period.start, period.end, period.contested, len(period.events)) for period in periods] == [
        (start, None, False, 2)
    ]
