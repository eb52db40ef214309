"""Labels state what the facts state and no more, in neutral words."""

from dataclasses import replace
from typing import Any

import pytest

from hamakg.model import (
    ArticleFacts,
    CasualtyReport,
    Claim,
    Event,
    EventType,
    Factuality,
    Interval,
    LostEquipment,
    Passage,
    Standing,
    Timing,
)
from hamakg.rdf.labels import label_resources
from support.complete_facts import CAPTURE, DENIAL, FACTS, FIELD, KILLED, LOSS, RELAY, SENTENCE, SIDE, WOUNDED

BARE = Event("aba/event/bare", EventType.CLASH, SENTENCE.id, "heavy fighting", 0)


def label(described: Event | CasualtyReport | Claim | Passage) -> str:
    """The label that the resource gets in the invented article, where it replaces the resource with its id."""
    field = {Event: "events", CasualtyReport: "casualties", Claim: "claims", Passage: "passages"}[type(described)]
    others = tuple(other for other in getattr(FACTS, field) if other.id != described.id)
    changes: dict[str, Any] = {field: (*others, described)}
    return label_resources(replace(FACTS, **changes))[described.id]


def test_every_resource_of_an_article_has_a_label() -> None:
    assert label_resources(FACTS) == {
        "aba/article": "Article: Battle of Aba",
        "aba/casualties/killed": "30 or more killed, Reds, according to Blues, 2 May 2017",
        "aba/casualties/wounded": "Wounded (number not given)",
        "aba/claim/denial": "Denied by Blues for Aba only: capture: Reds, target Blues, part of Aba, near Shire,"
        " from Shire, toward Aba, by 2 May 2017",
        "aba/claim/relay": "Reported: denial by Blues",
        "aba/command/bo": "Command: Col. Bo, chief, side 1 (Opposition)",
        "aba/event/capture": "Disputed capture: Reds, target Blues, part of Aba, near Shire, from Shire, toward Aba,"
        " by 2 May 2017",
        "aba/event/loss": "Planned equipment loss: 2 to 3 tanks",
        "aba/infobox/units1": "Infobox field: units1",
        "aba/losses/guns": "3 or more guns captured, Reds, according to Blues, 2 May 2017",
        "aba/participation/reds": "Participation: Reds, side 1 (Opposition), Allies, Northern front",
        "aba/participation/unit": "Participation: 1st Brigade, side 1 (Opposition), under Reds",
        "aba/person/bo": "Bo",
        "aba/sentence/the-reds": "The Reds took part of Aba by 2 May 2017, but the Blues denied it.",
        "aba/side/1": "Reds and allies",
        "aba/source/news": "Source: News",
        "aba/strength/reds": "Strength: 10 to 20 tanks, Reds, according to Blues, 2 May 2017",
        "actor/first-brigade": "1st Brigade",
        "actor/opposition": "Opposition",
        "actor/reds": "Reds",
        "conflict/battle-of-aba": "Battle of Aba",
        "conflict/intervention": "Blue intervention in the Red War",
        "conflict/red-war": "Red War",
        "place/aba": "Aba",
        "place/shire": "Shire",
        "source/blues": "Blues",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"factuality": Factuality.PLANNED}, "Planned assault: Reds"),
        ({"factuality": Factuality.ATTEMPTED}, "Attempted assault: Reds"),
        ({"factuality": Factuality.FAILED}, "Failed assault: Reds"),
        ({"standing": Standing.ATTRIBUTED}, "Attributed assault: Reds"),
        ({"standing": Standing.DISPUTED, "factuality": Factuality.FAILED}, "Disputed failed assault: Reds"),
    ],
)
def test_labels_begin_with_factuality_and_standing(changes: dict[str, Any], expected: str) -> None:
    assert label(replace(BARE, type=EventType.ASSAULT, agents=("actor/reds",), **changes)) == expected


def test_an_event_without_details_is_labelled_by_its_trigger() -> None:
    assert label(BARE) == "Clash: “heavy fighting”"


def test_of_many_parties_three_are_named_and_the_rest_counted() -> None:
    many = ("actor/reds", "source/blues", "aba/person/bo", "place/aba", "place/shire")
    assert label(replace(BARE, agents=many[:2])) == "Clash: Reds and Blues"
    assert label(replace(BARE, agents=many)) == "Clash: Reds, Blues, Bo and 2 more"


def test_a_recapture_is_called_a_recapture() -> None:
    taken = replace(BARE, type=EventType.CAPTURE, places=("place/aba",))
    assert [label(replace(taken, recapture=again)) for again in (True, False, None)] == [
        "Recapture: Aba",
        "Capture: Aba",
        "Capture: Aba",
    ]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (Interval("2017-03-22", "2017-03-22"), "22 March 2017"),
        (Interval(None, "2017-03-22"), "by 22 March 2017"),
        (Interval("2017-03-22", None), "from 22 March 2017"),
        (Interval("2017-03-22", "2017-04-01", Timing.THROUGHOUT), "from 22 March 2017 to 1 April 2017"),
        (Interval("2017-03-22", "2017-04-01", Timing.WITHIN), "between 22 March 2017 and 1 April 2017"),
        (Interval("2016-02-01", "2016-02-29", Timing.WITHIN), "in February 2016"),
        (Interval("2017-02-01", "2017-02-27", Timing.WITHIN), "between 1 February 2017 and 27 February 2017"),
        (Interval("2017-01-01", "2017-12-31", Timing.WITHIN), "in 2017"),
        (Interval("2017-01-01", "2018-12-31", Timing.WITHIN), "between 1 January 2017 and 31 December 2018"),
        (Interval("2017-01-01", "2017-06-30", Timing.WITHIN), "between 1 January 2017 and 30 June 2017"),
        (Interval("-0489-09-12", "-0489-09-12"), "12 September 490 BC"),
        (Interval("0000-02-01", "0000-02-29", Timing.WITHIN), "in February 1 BC"),
    ],
)
def test_dates_are_written_in_words_also_before_our_era(interval: Interval, expected: str) -> None:
    assert label(replace(BARE, interval=interval)) == f"Clash: {expected}"


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        (5, 5, "5 wounded"),
        (1200, None, "1,200 or more wounded"),
        (None, 30, "up to 30 wounded"),
        (14, 20, "14 to 20 wounded"),
        (None, None, "Wounded (number not given)"),
    ],
)
def test_an_open_bound_stays_open(minimum: int | None, maximum: int | None, expected: str) -> None:
    report = replace(WOUNDED, minimum=minimum, maximum=maximum)
    assert label(report) == expected[:1].upper() + expected[1:]


def test_a_report_without_a_named_source_says_that_it_is_attributed() -> None:
    assert label(replace(WOUNDED, standing=Standing.ATTRIBUTED)) == "Attributed: wounded (number not given)"
    assert label(replace(WOUNDED, standing=Standing.DISPUTED, according_to="source/blues")) == (
        "Disputed: wounded (number not given), according to Blues"
    )


def test_a_claim_about_a_report_does_not_repeat_the_source_of_the_report() -> None:
    assert label(replace(RELAY, about=KILLED.id)) == "Reported: 30 or more killed, Reds, 2 May 2017"


def test_a_side_without_a_coalition_has_only_its_number() -> None:
    facts: ArticleFacts = replace(
        FACTS, sides=(replace(SIDE, represents=None),), events=(replace(BARE, agents=(SIDE.id,)),), claims=()
    )
    assert label_resources(facts)[BARE.id] == "Clash: side 1"


def test_equipment_without_a_number_is_only_named() -> None:
    assert label(replace(LOSS, equipment=LostEquipment("tanks"))) == "Planned equipment loss: tanks"


def test_a_long_sentence_is_cut_after_a_word() -> None:
    passage = replace(SENTENCE, text="The fighters advanced " * 6)
    assert label(passage) == "The fighters advanced " * 4 + "…"


def test_a_reference_to_an_undescribed_entity_is_an_error() -> None:
    with pytest.raises(KeyError, match="actor/nobody"):
        label(replace(CAPTURE, agents=("actor/nobody",)))


def test_a_claim_without_a_source_names_nobody() -> None:
    assert (
        label(replace(DENIAL, about=LOSS.id, source=None, concerning=()))
        == "Denied: planned equipment loss: 2 to 3 tanks"
    )


def test_an_infobox_field_is_labelled_by_its_key() -> None:
    assert label(replace(FIELD, field="casualties1")) == "Infobox field: casualties1"
