"""Periods of control, derived from the annotated events of the seeds and from invented articles."""

import dataclasses
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.graph import build_article_quads
from hamakg.infer import derive_control_periods
from hamakg.model import (
    ArticleFacts,
    ControlPeriod,
    EntityKind,
    EventType,
    Factuality,
    Interval,
    Standing,
    Timing,
)
from hamakg.store import replace_graph
from support.seed_articles import IRIS, annotated_facts, build_graph
from support.short_articles import BLUES, GREENS, REDS, EventSpec, make_article, parse_event

REBELS, GOVERNMENT, ARMY = (
    "hama-offensive-march-april-2017/side/1",
    "hama-offensive-march-april-2017/side/2",
    "actor/syrian-army",
)


def derive(*articles: ArticleFacts) -> list[ControlPeriod]:
    store = pyoxigraph.Store()
    for facts in articles:
        replace_graph(store, IRIS.article_graph(facts.article.slug), build_article_quads(facts, IRIS))
    return derive_control_periods(store, IRIS)


def summarize(period: ControlPeriod) -> str:
    """ "reds 3-7", with "?" for a contested period."""
    days = f"{period.start[-2:].lstrip('0')}-{period.end[-2:].lstrip('0') if period.end else ''}"
    who = "+".join(controller.rpartition("/")[2] for controller in period.controllers)
    return f"{who} {days}" + ("?" if period.contested else "")


def summarize_all(*events: EventSpec) -> list[str]:
    return [summarize(period) for period in derive(make_article("Battle of Aba", events))]


@cache
def derive_from_seeds() -> list[ControlPeriod]:
    """The periods derived from the annotated events of the seeds."""
    return derive(*annotated_facts().values())


def find_holders(place: str, day: str) -> set[str]:
    """The parties that hold a place on a day, according to the annotated events of the seeds."""
    held = (
        p
        for p in derive_from_seeds()
        if p.place == f"place/{place}" and p.start <= day and (p.end is None or day < p.end)
    )
    return {controller for period in held for controller in period.controllers}


@pytest.mark.parametrize(
    ("place", "first", "last", "who"),
    [
        ("maardis", "2017-03-20", "2017-03-21", set()),
        ("maardis", "2017-03-22", "2017-04-02", {REBELS}),  # contested: denied by Hezbollah
        ("maardis", "2017-04-03", "2017-04-03", {ARMY}),
        ("maardis", "2017-04-04", "2017-04-09", {REBELS}),
        ("maardis", "2017-04-10", "2017-04-28", {GOVERNMENT}),
        ("halfaya", "2017-03-21", "2017-04-22", set()),  # captures near it and of a part of it are none of it
        ("halfaya", "2017-04-23", "2017-04-28", {ARMY}),
        ("kawkab", "2017-03-22", "2017-03-22", set()),
        ("kawkab", "2017-03-23", "2017-04-28", {ARMY}),  # the rebels took it twice, for hours
        ("khitab", "2017-03-22", "2017-03-22", {REBELS}),
        ("khitab", "2017-03-23", "2017-03-30", {REBELS, ARMY}),  # contested: an agency has it recaptured
        ("khitab", "2017-03-31", "2017-04-28", {ARMY}),
    ],
)
def test_the_holders_of_four_villages_are_right_to_the_day(place: str, first: str, last: str, who: set[str]) -> None:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        assert (str(day), find_holders(place, str(day))) == (str(day), who)
        day += timedelta(days=1)


def test_control_for_some_hours_is_a_period_that_ends_on_its_first_day() -> None:
    kawkab = [p for p in derive_from_seeds() if p.place == "place/kawkab"]
    assert [(p.controllers, p.start, p.end) for p in kawkab] == [
        ((REBELS,), "2017-03-23", "2017-03-23"),
        ((ARMY,), "2017-03-23", "2017-03-25"),
        ((REBELS,), "2017-03-25", "2017-03-25"),
        ((ARMY,), "2017-03-25", None),
    ]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([parse_event("capture Aba Reds 3")], ["reds 3-"]),
        ([parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 7")], ["reds 3-7", "blues 7-"]),
        ([parse_event("capture Aba Blues 7"), parse_event("capture Aba Reds 3")], ["reds 3-7", "blues 7-"]),
        ([parse_event("capture Aba Reds 3"), parse_event("withdrawal Aba Reds 7")], ["reds 3-7"]),
        ([parse_event("capture Aba Reds 3"), parse_event("withdrawal Aba Blues 7")], ["reds 3-"]),
        ([parse_event("capture Aba Reds 3"), parse_event("capture Aba Reds 7")], ["reds 3-"]),
        (
            [parse_event("capture Aba Reds 3"), parse_event("capture Aba Reds 7", recapture=True)],
            ["reds 3-7?", "reds 7-"],
        ),
        ([parse_event("capture Aba Reds -3")], ["reds 3-"]),
        ([parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 6-9")], ["reds 3-6", "blues 9-"]),
        ([parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues -9")], ["reds 3-9", "blues 9-"]),
        ([parse_event("capture Aba Reds 3", part=True)], []),
        ([parse_event("capture Aba Reds 3", factuality=Factuality.ATTEMPTED)], []),
        ([parse_event("capture Aba Reds 3", factuality=Factuality.PLANNED)], []),
        ([], []),
    ],
)
def test_captures_begin_periods_that_other_captures_and_withdrawals_end(
    events: Sequence[EventSpec], expected: list[str]
) -> None:
    assert summarize_all(*events) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([parse_event("capture Aba Reds 3", standing=Standing.ATTRIBUTED)], ["reds 3-"]),
        ([parse_event("capture Aba Reds 3", standing=Standing.DISPUTED)], ["reds 3-?"]),
        (
            [parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 7", standing=Standing.ATTRIBUTED)],
            ["reds 3-7", "reds 7-?", "blues 7-?"],
        ),
        (
            [
                parse_event("capture Aba Reds 3"),
                parse_event("capture Aba Blues 7", standing=Standing.ATTRIBUTED),
                parse_event("capture Aba Blues 9"),
            ],
            ["reds 3-7", "reds 7-9?", "blues 7-9?", "blues 9-"],
        ),
        (
            [parse_event("capture Aba Reds 3"), parse_event("capture Aba Reds 7", standing=Standing.ATTRIBUTED)],
            ["reds 3-"],
        ),
        (
            [parse_event("capture Aba Reds 3", standing=Standing.ATTRIBUTED), parse_event("capture Aba Blues 7")],
            ["reds 3-7", "blues 7-"],
        ),
    ],
)
def test_attributed_changes_contest_a_narrated_period_but_do_not_end_it(
    events: Sequence[EventSpec], expected: list[str]
) -> None:
    assert summarize_all(*events) == expected


def test_parties_on_one_side_do_not_end_each_others_periods() -> None:
    events = [parse_event("capture Aba Reds 3"), parse_event("capture Aba Greens 7")]
    allied = derive(make_article("Battle of Aba", events, [[REDS, GREENS], [BLUES]]))
    opposed = derive(make_article("Battle of Aba", events, [[REDS], [GREENS]]))
    assert [*map(summarize, allied)] == ["reds 3-"]
    assert [*map(summarize, opposed)] == ["reds 3-7", "greens 7-"]


def test_only_articles_on_the_same_war_continue_each_other() -> None:
    first = make_article("Battle of Aba", [parse_event("capture Aba Reds 3")])
    second = make_article("Second Battle of Aba", [parse_event("capture Aba Blues 9")])
    other = make_article("Fall of Aba", [parse_event("capture Aba Greens 9")], [[GREENS], ["actor/whites"]])
    late = make_article("Third Battle of Aba", [parse_event("capture Aba Blues 9", year=2037)])
    assert [*map(summarize, derive(first, second))] == ["reds 3-9", "blues 9-"]
    assert sorted(map(summarize, derive(first, other))) == ["greens 9-?", "reds 3-?"], "both cannot be right"
    assert sorted(map(summarize, derive(first, late))) == ["blues 9-", "reds 3-"], "they are years apart"


def test_without_sides_a_state_and_its_forces_are_one_camp() -> None:
    """If the infobox lists nobody, "Chad" and "Chadian Armed Forces" still do not take a town from each other."""
    facts = make_article("Battle of Aba", [parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 7")], [])
    names = {REDS: ("Chad", EntityKind.STATE), BLUES: ("Chadian Armed Forces", EntityKind.ARMED_FORCE)}
    entities = tuple(
        dataclasses.replace(e, name=names[e.id][0], kind=names[e.id][1]) if e.id in names else e for e in facts.entities
    )
    chadian = dataclasses.replace(facts, entities=entities)
    assert [summarize(p) for p in derive_control_periods(build_graph([chadian]), IRIS)] == ["reds 3-"]
    assert [summarize(p) for p in derive_control_periods(build_graph([facts]), IRIS)] == ["reds 3-7", "blues 7-"]


@pytest.mark.parametrize(
    ("blues", "expected"),
    [
        ("Armed Forces of Chad", ["reds 3-"]),
        ("Chadian Government", ["reds 3-"]),
        ("Chadian Army", ["reds 3-"]),
        ("Free Chadian Army", ["reds 3-7", "blues 7-"]),
        ("Chadian Liberation Front", ["reds 3-7", "blues 7-"]),
    ],
)
def test_a_name_made_of_a_state_and_words_for_forces_belongs_to_the_state(blues: str, expected: list[str]) -> None:
    """The kind of actor does not matter; a faction with the state's name in its own is not a force of the state."""
    facts = make_article("Battle of Aba", [parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 7")], [])
    named = {REDS: ("Chad", EntityKind.STATE), BLUES: (blues, EntityKind.ACTOR)}
    entities = tuple(
        dataclasses.replace(e, name=named[e.id][0], kind=named[e.id][1]) if e.id in named else e for e in facts.entities
    )
    store = build_graph([dataclasses.replace(facts, entities=entities)])
    assert [*map(summarize, derive_control_periods(store, IRIS))] == expected


def test_a_party_on_neither_side_that_captures_from_one_side_belongs_to_the_other() -> None:
    """For example a unit that the infobox does not list, between two captures by its side."""
    events = [
        parse_event("capture Aba Reds 3"),
        parse_event("capture Aba Greens 7"),
        parse_event("capture Aba Blues 9"),
    ]
    assert summarize_all(*events) == ["reds 3-7", "greens 7-"]


def test_captures_on_one_day_in_two_articles_contest_each_other() -> None:
    """The order is unknown, unless one of the articles says that the place was recaptured."""
    first, second = (
        make_article(f"Battle of {n}", [parse_event(f"capture Aba {who} 3")])
        for n, who in (("A", "Reds"), ("B", "Blues"))
    )
    back = make_article("Battle of C", [parse_event("capture Aba Blues 3", recapture=True)])
    assert sorted(map(summarize, derive(first, second))) == ["blues 3-?", "reds 3-?"]
    assert [*map(summarize, derive(first, back))] == ["blues 3-"]


def test_claims_of_one_day_contest_each_other() -> None:
    claims = [parse_event(f"capture Aba {who} 3", standing=Standing.ATTRIBUTED) for who in ("Reds", "Blues")]
    assert summarize_all(*claims) == ["reds 3-?", "blues 3-?"]
    assert summarize_all(*claims, parse_event("capture Aba Blues 9")) == ["reds 3-9?", "blues 3-9?", "blues 9-"]


def test_without_sides_parties_that_act_together_twice_are_allies() -> None:
    together = [parse_event("capture Aba Reds 3"), parse_event("capture Oum Reds 4"), parse_event("capture Bao Reds 5")]
    facts = make_article("Battle of Aba", [*together, parse_event("capture Aba Greens 7")], [])
    both = [dataclasses.replace(e, agents=(*e.agents, "actor/greens")) for e in facts.events[1:3]]
    once, twice = (
        dataclasses.replace(facts, events=(facts.events[0], *both[:n], *facts.events[1 + n :])) for n in (1, 2)
    )
    aba = [[summarize(p) for p in derive(read) if p.place == "place/aba"] for read in (once, twice)]
    assert aba == [["reds 3-7", "greens 7-"], ["reds 3-"]]


def test_a_capture_without_a_last_day_ends_a_period_but_begins_none() -> None:
    """ "From 7 May, they recaptured …" tells when the recapture began, not when it was completed."""
    facts = make_article("Battle of Aba", [parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 7")])
    since = dataclasses.replace(facts.events[1], interval=Interval("2017-05-07", None))
    assert [*map(summarize, derive(dataclasses.replace(facts, events=(facts.events[0], since))))] == ["reds 3-7"]


def test_a_recapture_in_another_article_a_day_apart_is_the_same_one() -> None:
    first = make_article("Battle of Aba", [parse_event("capture Aba Reds 3", recapture=True)])
    second = make_article("Aba campaign", [parse_event("capture Aba Reds 4", recapture=True)])
    later = make_article("Aba campaign", [parse_event("capture Aba Reds 9", recapture=True)])
    assert [*map(summarize, derive(first, second))] == ["reds 3-"]
    assert [*map(summarize, derive(first, later))] == ["reds 3-9?", "reds 9-"]


def test_a_claim_that_is_also_narrated_for_the_same_day_is_one_period() -> None:
    said, narrated = parse_event("capture Aba Reds 3", standing=Standing.ATTRIBUTED), parse_event("capture Aba Reds 3")
    (period,) = derive(make_article("Battle of Aba", [said, narrated]))
    assert (summarize(period), period.standing, len(period.events)) == ("reds 3-", Standing.NARRATED, 2)


def test_a_change_on_some_day_of_many_months_is_left_out() -> None:
    events = [parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 7")]
    facts = make_article("Battle of Aba", events)
    vague = dataclasses.replace(facts.events[1], interval=Interval("2017-06-01", "2017-12-31", Timing.WITHIN))
    assert [*map(summarize, derive(dataclasses.replace(facts, events=(facts.events[0], vague))))] == ["reds 3-"]


EVENTS = st.builds(
    EventSpec,
    st.sampled_from([EventType.CAPTURE, EventType.WITHDRAWAL]),
    st.just("Aba"),
    st.sampled_from([REDS, BLUES]),
    st.integers(1, 9),
    st.integers(9, 20),
    st.sampled_from(list(Standing)),
    st.booleans(),
)


@given(st.lists(EVENTS, max_size=7))
def test_uncontested_periods_do_not_overlap_and_none_ends_before_it_begins(events: list[EventSpec]) -> None:
    found = derive(make_article("Battle of Aba", events))
    assert all(period.end is None or period.start <= period.end for period in found)
    assert len({period.id for period in found}) == len(found)
    for day in (f"2017-05-{number:02}" for number in range(1, 25)):
        held = [p for p in found if p.start <= day and (p.end is None or day < p.end)]
        assert len(held) <= 1 or all(period.contested for period in held)
