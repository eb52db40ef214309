"""Happenings, found among the annotated events of the seeds and in invented articles."""

from dataclasses import replace

import pyoxigraph
import pytest

from hamakg.infer import find_happenings
from hamakg.model import ArticleFacts, Happening, Standing
from hamakg.rdf.iris import HAMA
from support.seed_articles import IRIS, annotated_facts, build_graph
from support.short_articles import BLUES, GREENS, REDS, EventSpec, make_article, parse_event


def find(*articles: ArticleFacts) -> list[Happening]:
    return find_happenings(build_graph(articles), IRIS)


def find_article_groups(*articles: ArticleFacts) -> list[set[str]]:
    """For each happening, the articles of its events."""
    return [{ref.partition("/")[0] for ref in happening.events} for happening in find(*articles)]


def are_same(first: EventSpec, second: EventSpec, sides: tuple[tuple[str, ...], ...] = ((REDS,), (BLUES,))) -> bool:
    """Whether two events in two articles tell the same happening."""
    both = find_article_groups(
        make_article("Battle of Aba", [first], sides), make_article("Aba campaign", [second], sides)
    )
    assert both in ([], [{"battle-of-aba", "aba-campaign"}])
    return bool(both)


def test_both_seeds_tell_of_the_same_september_offensive() -> None:
    """One narrates 66 rebels and 38 soldiers killed and 500 air strikes as fact, the other attributes them to SOHR."""
    seeds = find(*annotated_facts().values())
    both = [h for h in seeds if len({ref.partition("/")[0] for ref in h.events}) == 2]
    kinds = sorted(ref.partition("/event/")[2].partition("-")[0] for happening in both for ref in happening.events[:1])
    assert kinds == ["airstrike", "capture", "capture", "clash", "clash", "killing", *["offensivelaunch"] * 2]
    killing = next(h for h in both if "/killing-" in h.events[0])
    assert killing.agrees == (HAMA + "casualties", HAMA + "startDate")
    assert killing.differs == (HAMA + "standing",)


def test_the_launch_of_an_offensive_in_lead_and_body_is_one_happening() -> None:
    launches = [h for h in find(annotated_facts()["march"]) if "offensivelaunch" in h.events[0]]
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
def test_captures_in_two_articles_are_one_if_place_party_and_days_agree(second: EventSpec, one: bool) -> None:
    assert are_same(parse_event("capture Aba Reds 3"), second) == one


def test_captures_stay_apart_if_the_place_was_lost_on_the_same_day() -> None:
    """The Reds may have captured it twice."""
    first = make_article("Battle of Aba", [parse_event("capture Aba Reds 3"), parse_event("capture Aba Blues 3")])
    second = make_article("Aba campaign", [parse_event("capture Aba Reds 3")])
    assert find_article_groups(first, second) == []


def test_an_ally_may_be_named_instead_and_the_agents_then_differ() -> None:
    sides = ((REDS, GREENS), (BLUES,))
    assert are_same(parse_event("capture Aba Reds 3"), parse_event("capture Aba Greens 3"), sides)
    one = find(
        make_article("Battle of Aba", [parse_event("capture Aba Reds 3")], sides),
        make_article("Aba campaign", [parse_event("capture Aba Greens 3")], sides),
    )
    assert [(h.differs, h.places, h.start, h.end) for h in one] == [
        ((HAMA + "agent",), ("place/aba",), "2017-05-03", "2017-05-03")
    ]


def test_the_days_of_a_happening_are_those_that_all_events_allow() -> None:
    one = find(
        make_article("Battle of Aba", [parse_event("capture Aba Reds 1-4")]),
        make_article("Aba campaign", [parse_event("capture Aba Reds 3-5")]),
    )
    assert [(h.start, h.end) for h in one] == [("2017-05-03", "2017-05-04")]


def test_two_events_of_one_sentence_are_not_the_same_happening() -> None:
    facts = make_article("Battle of Aba", [parse_event("capture Aba Reds 3"), parse_event("capture Aba Reds 3")])
    twice = replace(facts.events[0], id=f"{facts.events[0].id}-again")
    assert [len(h.events) for h in find(replace(facts, events=(facts.events[0], twice)))] == []
    assert [len(h.events) for h in find(facts)] == [2]


def test_an_empty_store_has_no_happenings() -> None:
    assert find_happenings(pyoxigraph.Store(), IRIS) == []
