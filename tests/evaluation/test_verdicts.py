"""How events fare in the eyes of a reader, what their confidence is worth, and which period an article tells of."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hamakg.evaluation.bars import BARS, score_bars
from hamakg.evaluation.figures import group_by_period
from hamakg.evaluation.gold import EvaluatedArticle
from hamakg.evaluation.periods import Period, find_period
from hamakg.evaluation.scores import Score, compare
from hamakg.evaluation.verdicts import (
    Calibration,
    ConfidenceBin,
    JudgedEvent,
    Verdict,
    bin_by_confidence,
    calibrate,
    count_verdicts,
    judge_events,
)
from hamakg.model import ArticleFacts, Entity, EntityKind, Event, EventType, Factuality, Interval, Passage, Standing
from support.invented_battle import make_battle

SENTENCE = Passage("s", "The Reds took Aba near Oru.", 0, 27)
REDS = Entity("actor/reds", "Reds", EntityKind.ARMED_GROUP)
ABA = Entity("place/aba", "Aba", EntityKind.PLACE)
ORU = Entity("place/oru", "Oru", EntityKind.PLACE)
DAY = Interval("2017-05-01", "2017-05-01")
TOOK = Event(
    *("took", EventType.CAPTURE, SENTENCE.id, "took", 9), agents=(REDS.id,), places=(ABA.id,), interval=DAY
)  # fmt: skip
ARTICLE, INFOBOX = make_battle("")


def facts(*events: Event) -> ArticleFacts:
    return ArticleFacts(ARTICLE, INFOBOX, (REDS, ABA, ORU), (), events, passages=(SENTENCE,))


def judge(found: Event, annotated: Event = TOOK) -> list[JudgedEvent]:
    return list(judge_events([compare(facts(found), facts(annotated))]))


@pytest.mark.parametrize(
    ("change", "verdict", "wrong"),
    [
        ({}, Verdict.RIGHT, ()),
        ({"agents": ()}, Verdict.INCOMPLETE, ()),
        ({"places": (), "interval": Interval("2017-05-01", None)}, Verdict.INCOMPLETE, ()),
        ({"places": (ORU.id,)}, Verdict.WRONG, ("place",)),
        ({"places": (ABA.id, ORU.id)}, Verdict.WRONG, ("place",)),
        ({"near": (ORU.id,), "agents": ()}, Verdict.WRONG, ("place", "relation")),
        ({"interval": Interval("2017-05-01", "2017-05-02")}, Verdict.WRONG, ("end",)),
        ({"factuality": Factuality.PLANNED}, Verdict.WRONG, ("factuality",)),
        ({"standing": Standing.DISPUTED}, Verdict.WRONG, ("standing",)),
        ({"targets": (REDS.id,), "recapture": True, "minimum_count": 3}, Verdict.RIGHT, ()),
        ({"type": EventType.ASSAULT}, Verdict.SPURIOUS, ()),
    ],
)
def test_an_event_is_judged_by_its_core_slots(
    change: Mapping[str, Any], verdict: Verdict, wrong: tuple[str, ...]
) -> None:
    """Who, where, when, and whether it happened; targets and figures do not count."""
    (judged,) = judge(replace(TOOK, **change))
    assert judged.verdict is verdict
    assert not wrong or judged.wrong == wrong


def test_a_slot_that_the_event_leaves_at_its_default_is_incomplete() -> None:
    planned = replace(TOOK, factuality=Factuality.PLANNED)
    assert [one.verdict for one in judge(TOOK, planned)] == [Verdict.INCOMPLETE]


def test_verdicts_are_counted_with_the_missed_events_and_the_wrong_slots() -> None:
    annotated = facts(TOOK, replace(TOOK, id="left", type=EventType.WITHDRAWAL))
    found = facts(replace(TOOK, agents=(ORU.id,)), replace(TOOK, id="new", type=EventType.CLASH))
    verdicts = count_verdicts([compare(found, annotated), compare(facts(), annotated), compare(facts(TOOK), annotated)])
    assert verdicts.counts == {Verdict.RIGHT: 1, Verdict.INCOMPLETE: 0, Verdict.WRONG: 1, Verdict.SPURIOUS: 1}
    assert (verdicts.told, verdicts.missed, verdicts.wrong_slots) == (3, 4, {"agent": 1})
    assert (verdicts.share(Verdict.RIGHT), verdicts.misleading) == (1 / 3, 2 / 3)
    assert count_verdicts([]).misleading == 0.0


def test_confidence_is_compared_with_the_best_constant() -> None:
    """Events without a confidence are left out."""
    sure, unsure = replace(TOOK, confidence=0.8), replace(TOOK, confidence=0.3, type=EventType.CLASH)
    calibration = calibrate([compare(facts(sure, unsure, replace(unsure, id="none", confidence=None)), facts(TOOK))])
    assert calibration is not None
    assert calibration.brier == pytest.approx((0.2**2 + 0.3**2) / 2)
    tenths = (ConfidenceBin(0.3, 1, 0.3, 0), ConfidenceBin(0.8, 1, 0.8, 1))
    assert calibration == Calibration(2, calibration.brier, 0.25, tenths)
    assert calibrate([compare(facts(TOOK), facts(TOOK))]) is None


def test_events_are_grouped_by_tenths_of_confidence() -> None:
    events = [(0.3, True), (0.39, False), (0.4, True), (1.0, True), (0.0, False)]
    lowest, third, *rest = bin_by_confidence(events)
    assert lowest == ConfidenceBin(0.0, 1, 0.0, 0)
    assert (third.low, third.events, third.right) == (0.3, 2, 1)
    assert third.confidence == pytest.approx(0.345)
    assert rest == [ConfidenceBin(0.4, 1, 0.4, 1), ConfidenceBin(0.9, 1, 1.0, 1)]


def test_a_bar_leaves_out_the_events_below_it() -> None:
    """The annotated ones among them are missed then. An event without a confidence stays."""
    found = facts(*(replace(TOOK, id=f"{c}", confidence=c, type=EventType.CLASH) for c in (0.3, 0.7, None)))
    article = EvaluatedArticle(found, facts(replace(TOOK, type=EventType.CLASH)))
    assert [one.events.found for one in score_bars([article], (0.0, 0.3, 0.5, 0.7, 0.95))] == [3, 3, 2, 2, 1]
    (nothing,) = score_bars([replace(article, found=facts())], [0.5])
    assert (nothing.events, nothing.verdicts.missed) == (Score(0, 1, 0), 1)
    assert (BARS[0], BARS[-1], len(BARS)) == (0.1, 0.95, 18)


@pytest.mark.parametrize(
    ("days", "conflict", "period"),
    [
        (["2000-01-01"], Interval(), Period.RECENT),
        (["1999-12-31"], Interval("2010-01-01", None), Period.EARLIER),
        (["1944-06-06", "1944-06-07", "2004-06-06"], Interval(), Period.EARLIER),
        (["1944-06-06", "2004-06-06"], Interval(), Period.EARLIER),  # as many of both: the earlier one
        ([], Interval(None, "2003-05-01"), Period.RECENT),
        ([], Interval("1942-05-01", "1942-05-02"), Period.EARLIER),
        ([], Interval(), Period.UNDATED),
    ],
)
def test_the_period_is_that_of_most_annotated_days(days: list[str], conflict: Interval, period: Period) -> None:
    events = (replace(TOOK, id=day, interval=Interval(None, day)) for day in days)
    dated = replace(INFOBOX, conflict=replace(INFOBOX.conflict, interval=conflict))
    assert find_period(replace(facts(*events, replace(TOOK, interval=Interval())), infobox=dated)) is period


def test_comparisons_are_grouped_by_period() -> None:
    recent, undated = facts(TOOK), facts(replace(TOOK, interval=Interval()))
    nowhen = replace(INFOBOX, conflict=replace(INFOBOX.conflict, interval=Interval()))
    comparisons = [compare(one, replace(one, infobox=nowhen)) for one in (undated, recent)]
    assert group_by_period(comparisons) == [
        (Period.RECENT, [comparisons[1]]),
        (Period.UNDATED, [comparisons[0]]),
    ]
