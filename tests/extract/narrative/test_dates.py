"""Dates of a paragraph and the day that holds for an event.

Each line of ``tests/cases/narrative_dates.jsonl`` has a sentence, what stands before it in its paragraph and every date
mention in it; of ``narrative_days.jsonl`` the days of the events whose triggers it names. The article is one of
21 March – 28 April 2017.
"""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from hamakg.extract.narrative.dates import DateMention, begin_story, day_of, leave_lead, read_dates
from hamakg.extract.narrative.pipeline import split_sentences
from hamakg.extract.narrative.story import Story
from hamakg.model import Interval

CASES = Path(__file__).parents[2] / "cases"
STORY = begin_story("Hama offensive (March–April 2017)", Interval("2017-03-21", "2017-04-28"))


def rows(name: str) -> list[object]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(row, id=row["why"]) for row in map(json.loads, lines)]


def read(nlp: Language, before: str, sentence: str, story: Story = STORY) -> tuple[Doc, tuple[DateMention, ...]]:
    doc = nlp(f"{before} {sentence}".strip())
    return doc, read_dates(doc, story)[0]


@pytest.mark.parametrize("row", rows("narrative_dates"))
def test_mentions(row: dict[str, object], nlp: Language) -> None:
    """Every date mention of the sentence, resolved, with its kind and whether the story goes on from it."""
    before, sentence = str(row["before"]), str(row["sentence"])
    doc, mentions = read(nlp, before, sentence)
    found = [
        [
            doc[m.begin : m.end].text,
            m.interval.start,
            m.interval.end,
            m.interval.timing,
            m.interval.edtf,
            m.kind.value,
            m.moves,
        ]
        for m in mentions
        if doc[m.begin].idx >= len(before)
    ]
    assert found == row["expected"]


@pytest.mark.parametrize("row", rows("narrative_days"))
def test_day_of_an_event(row: dict[str, dict[str, list[str | None]]], nlp: Language) -> None:
    """The date that holds for each trigger of the sentence."""
    before = str(row["before"])
    doc, mentions = read(nlp, before, str(row["sentence"]))
    triggers = {word: next(t for t in doc if t.idx >= len(before) and t.text == word) for word in row["expected"]}
    days = {word: day_of(token.sent, token.i, mentions) for word, token in triggers.items()}
    assert {word: [held.start, held.end] for word, held in days.items()} == row["expected"]


def test_the_story_goes_on_over_paragraphs(nlp: Language) -> None:
    """A step at the start of a paragraph counts from the day that the paragraph before has reached."""
    story = read_dates(nlp("On 23 March, the rebels captured a village."), STORY)[1]
    _, mentions = read(nlp, "", "The following day, they captured another.", story)
    assert [m.interval.start for m in mentions] == ["2017-03-24"]


def test_a_year_named_elsewhere_in_the_article(nlp: Language) -> None:
    """Without an infobox date the years that the article mostly names place its dates."""
    texts = ["The region was annexed in May 2014.", "The battle began on 3 March 2022.", "It ended on 7 May 2022."]
    story = begin_story("Battle of Popasna", Interval(), texts)
    for text in texts[:1]:
        story = read_dates(nlp(text), story)[1]
    _, mentions = read(nlp, "", "On 18 April, the town fell.", story)
    assert [m.interval for m in mentions] == [Interval("2022-04-18", "2022-04-18")]


def test_the_body_starts_anew_after_the_lead(nlp: Language) -> None:
    """Where the lead's summary ended in a later year, the body's first dates are of the conflict's beginning again."""
    story = begin_story("Siege of X", Interval("2013-04-07", "2018-04-14"))
    story = leave_lead(read_dates(nlp("It ended on 14 April 2018."), story)[1])
    _, mentions = read(nlp, "", "On 19 April, the siege began.", story)
    assert [m.interval.start for m in mentions] == ["2013-04-19"]


def test_no_year_anywhere(nlp: Language) -> None:
    """A date whose year nothing tells is reported and not guessed."""
    _, mentions = read(nlp, "", "On 18 April, the town fell.", begin_story("Battle of X", Interval()))
    assert [(m.interval, m.kind.value) for m in mentions] == [(Interval(), "unresolved")]


WORDS = st.sampled_from([
    "On", "by", "until", "between", "from", "the", "next", "day", "later", "that", "night", "5", "25th", "31",
    "and", "–", "March", "May", "2017", "490", "BC", "two", "weeks", ",", ".", ";", "(", ")", "早", "previous",
    "48", "hours", "over", "in", "mid-", "early", "of", "offensive", "Monday", "since", "before",
])  # fmt: skip


@given(st.lists(WORDS, max_size=30))
def test_any_words_in_any_order(nlp: Language, words: list[str]) -> None:
    """Nothing fails; mentions are in order, do not overlap, and start no later than they end."""
    doc = split_sentences(nlp.make_doc(" ".join(words)))
    mentions = read_dates(doc, STORY)[0]
    assert all(one.end <= other.begin for one, other in pairwise(mentions))
    assert all(m.begin < m.end and (m.interval.start or "") <= (m.interval.end or "9999") for m in mentions)
