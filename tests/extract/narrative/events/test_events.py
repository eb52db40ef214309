"""Sentences of an invented battle, each with all its events and the reason: ``tests/cases/events.jsonl``."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from hamakg.extract.narrative import extract_narrative
from hamakg.model import ArticleFacts
from support.invented_battle import make_battle
from support.readable_facts import describe_events

TABLE = Path(__file__).parents[3] / "cases" / "events.jsonl"
CASES = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]


def read(text: str, nlp: Language) -> ArticleFacts:
    article, infobox = make_battle(text)
    return extract_narrative(article, infobox, nlp)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_sentence_gives_these_events_and_no_others(case: dict[str, Any], nlp: Language) -> None:
    assert describe_events(read(case["text"], nlp)) == case["events"]


def test_every_sentence_is_an_exact_passage(nlp: Language) -> None:
    """Unusual quotes, brackets and spaces are kept, and the offsets are those of the sentence."""
    text = "On 4 May, the “Sahel Movement” (SM) captured Fada.  The rebels′ advance went on (so far). «Nothing» moved."
    facts = read(text, nlp)
    assert [p.text for p in facts.passages] == [
        "On 4 May, the “Sahel Movement” (SM) captured Fada.",
        "The rebels′ advance went on (so far).",
        "«Nothing» moved.",
    ]
    assert all(facts.article.text[p.begin : p.end] == p.text for p in facts.passages)


def test_equal_sentences_are_two_passages_with_two_events(nlp: Language) -> None:
    facts = read("The rebels shelled Fada. The rebels shelled Fada.", nlp)
    assert (len({p.id for p in facts.passages}), len({e.id for e in facts.events})) == (2, 2)


def test_the_id_of_an_event_does_not_change_with_a_sentence_before_it(nlp: Language) -> None:
    """Ids depend on the sentence and the trigger, not on offsets."""
    text = "On 4 May, the rebels captured Fada."
    alone, after = read(text, nlp), read(f"The desert is hot. {text}", nlp)
    assert [(e.id, e.passage) for e in alone.events] == [(e.id, e.passage) for e in after.events]


@pytest.mark.parametrize("text", ["", ".", "… !? —", "Бои шли весь день.", "战斗持续了一整天。", "the and of " * 1700])
def test_text_without_an_event_gives_none(text: str, nlp: Language) -> None:
    assert read(text, nlp).events == ()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200).filter(lambda t: not t.lstrip().startswith(("=", "-"))))
def test_any_text_is_read_and_its_passages_are_exact(text: str, nlp: Language) -> None:
    facts = read(text, nlp)
    assert all(facts.article.text[p.begin : p.end] == p.text for p in facts.passages)
    known = {e.id for e in facts.entities} | {s.id for s in facts.sides}
    for event in facts.events:
        assert {*event.agents, *event.targets, *event.places, *event.near, *event.origin, *event.toward} <= known


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Tal west coast", id="a kind of place at the very end"),
        pytest.param("In Fada " + "9" * 40_000 + " people were killed.", id="a number of 40,000 digits"),
        pytest.param("12 killed, " * 1100, id="an endless list", marks=pytest.mark.slow),
    ],
)
def test_nonsense_is_read_without_failing(text: str, nlp: Language) -> None:
    assert all(event.trigger in text for event in read(text, nlp).events)
