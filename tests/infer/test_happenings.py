"""Which tellings tell one happening: on the annotated events of the seeds, and on made-up articles."""

from dataclasses import replace

import pyoxigraph
import pytest

from hamakg.infer import find_happenings
from hamakg.model import ArticleFacts, Happening, Standing
from hamakg.rdf.iris import HAMA
from support.seed_articles import IRIS, annotated_facts, build_graph
from support.short_articles import BLUES, GREENS, REDS, EventSpec, make_article, parse_event


def found(*articles: ArticleFacts) -> list[Happening]:
    return find_happenings(build_graph(articles), IRIS)


def told_together(*articles: ArticleFacts) -> list[set[str]]:
    """The articles whose events each happening has."""
    return [{ref.partition("/")[0] for ref in happening.events} for happening in found(*articles)]


def in_two(first: EventSpec, second: EventSpec, sides: tuple[tuple[str, ...], ...] = ((REDS,), (BLUES,))) -> bool:
    """Whether an event of one article and one of another are one happening."""
    both = told_together(make_article("Battle of Aba", [first], sides), make_article("Aba campaign", [second], sides))
    assert both in ([], [{"battle-of-aba", "aba-campaign"}])
    return bool(both)


def test_the_september_offensive_is_one_though_both_seeds_tell_of_it() -> None:
    """66 rebels and 38 soldiers killed, 500 air strikes: told by one as a fact, attributed to SOHR by the other."""
    seeds = found(*annotated_facts().values())
    both = [h for h in seeds if len({ref.partition("/")[0] for ref in h.events}) == 2]
    kinds = sorted(ref.partition("/event/")[2].partition("-")[0] for happening in both for ref in happening.events[:1])
    assert kinds == ["airstrike", "capture", "capture", "clash", "clash", "killing", *["offensivelaunch"] * 2]
    killing = next(h for h in both if "/killing-" in h.events[0])
    assert killing.agrees == (HAMA + "casualties", HAMA + "startDate")
    assert killing.differs == (HAMA + "standing",)


def test_the_launch_of_an_offensive_in_lead_and_body_is_one() -> None:
    launches = [h for h in found(annotated_facts()["march"]) if "offensivelaunch" in h.events[0]]
    assert [(h.start, h.end, len(h.events)) for h in launches] == [("2017-03-21", "2017-03-21", 2)]


@pytest.mark.parametrize(
    ("second", "one"),
    [
        (parse_event("capture Aba Reds 3"), True),
        (parse_event("capture Aba Reds 3", standing=Standing.ATTRIBUTED), True),
        (parse_event("capture Aba Reds 1-4"), True),
        (parse_event("capture Aba Reds 4"), False),
        (parse_event("capture Bebe Reds 3"), False),
        (parse_event("capture Aba+Bebe Reds 3"), False),
        (parse_event("capture Aba Blues 3"), False),
        (parse_event("capture Aba Reds 3", part=True), False),
        (parse_event("capture Aba Reds 1-20"), False),
        (parse_event("withdrawal Aba Reds 3"), False),
    ],
)
def test_a_capture_told_by_two_articles_is_one_if_place_party_and_days_fit(second: EventSpec, one: bool) -> None:
    assert in_two(parse_event("capture Aba Reds 3"), second) == one


def test_captures_of_a_place_that_was_lost_on_the_day_stay_apart() -> None:
    """The Reds may have taken it twice."""
    first = make_article("Battle of Aba", [parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 3")])
    second = make_article("Aba campaign", [parse_event("capture Aba Reds 3")])
    assert told_together(first, second) == []


def test_allies_may_be_named_for_each_other_and_that_is_a_difference() -> None:
    sides = ((REDS, GREENS), (BLUES,))
    assert in_two(parse_event("capture Aba Reds 3"), parse_event("capture Aba Greens 3"), sides)
    one = found(
        make_article("Battle of Aba", [parse_event("capture Aba Reds 3")], sides),
        make_article("Aba campaign", [parse_event("capture Aba Greens 3")], sides),
    )
    assert [(h.differs, h.places, h.start, h.end) for h in one] == [
        ((HAMA + "agent",), ("place/aba",), "2017-05-03", "2017-05-03")
    ]


def test_the_days_of_a_happening_are_those_that_all_tellings_allow() -> None:
    one = found(
        make_article("Battle of Aba", [parse_event("capture Aba Reds 1-4")]),
        make_article("Aba campaign", [parse_event("capture Aba Reds 3-5")]),
    )
    assert [(h.start, h.end) for h in one] == [("2017-05-03", "2017-05-04")]


def test_one_sentence_tells_a_happening_once() -> None:
    facts = make_article("Battle of Aba", [parse_event("capture Aba Reds 3"), parse_event("capture Aba Reds 3")])
    twice = replace(facts.events[0], id=f"{facts.events[0].id}-again")
    assert [len(h.events) for h in found(replace(facts, events=(facts.events[0], twice)))] == []
    assert [len(h.events) for h in found(facts)] == [2]


def test_what_did_not_happen_is_no_happening() -> None:
    assert find_happenings(pyoxigraph.Store(), IRIS) == []
