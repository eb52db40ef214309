"""Dates of a paragraph and the day that holds for an event.

Each line of ``tests/cases/narrative_dates.jsonl`` has a sentence, what stands before it in its paragraph (and above it
as headings) and every date mention in it; of ``narrative_days.jsonl`` the days of the events whose triggers it names.
The article is one of 21 March – 28 April 2017.
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from hamakg.extract.narrative.parse.pipeline import split_sentences
from hamakg.extract.narrative.time.dates import DateMention, begin_story, leave_lead, read_dates
from hamakg.extract.narrative.time.holding import find_interval
from hamakg.extract.narrative.time.story import Story
from hamakg.model import Interval

CASES = Path(__file__).parents[3] / "cases"
STORY = begin_story("Hama offensive (March–April 2017)", Interval("2017-03-21", "2017-04-28"))


def rows(name: str) -> list[object]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(row, id=row["why"]) for row in map(json.loads, lines)]


def read(
    nlp: Language, before: str, sentence: str, story: Story = STORY, headings: Sequence[str] = ()
) -> tuple[Doc, tuple[DateMention, ...]]:
    doc = nlp(f"{before} {sentence}".strip())
    return doc, read_dates(doc, story, headings)[0]


def dated(nlp: Language, story: Story, *paragraphs: tuple[str, ...]) -> list[str | None]:
    """The first day of the last mention of each paragraph; a paragraph is its headings and its text."""
    starts = []
    for *headings, text in paragraphs:
        mentions, story = read_dates(nlp(text), story, headings)
        starts.append(mentions[-1].interval.start)
    return starts


@pytest.mark.parametrize("row", rows("narrative_dates"))
def test_mentions(row: dict[str, Any], nlp: Language) -> None:
    """Every date mention of the sentence, resolved, with its kind and whether the story goes on from it."""
    before, sentence = str(row["before"]), str(row["sentence"])
    doc, mentions = read(nlp, before, sentence, headings=row.get("headings", ()))
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
def test_day_of_an_event(row: dict[str, Any], nlp: Language) -> None:
    """The date that holds for each trigger of the sentence."""
    before = str(row["before"])
    doc, mentions = read(nlp, before, str(row["sentence"]), headings=row.get("headings", ()))
    triggers = {word: next(t for t in doc if t.idx >= len(before) and t.text == word) for word in row["expected"]}
    days = {word: find_interval(token.sent, token.i, mentions) for word, token in triggers.items()}
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


ERA = begin_story("Battle of X", Interval(), ["It began on 1 August 2022.", "On 3 March 2022 they came."])


def test_the_year_turns_with_the_story(nlp: Language) -> None:
    """A new year need not be named where the story goes on into it, paragraph by paragraph."""
    texts = "On 28 December, it fell.", "On 7 January, they left.", "In February, it was shelled."
    assert dated(nlp, ERA, *(("Battle", text) for text in texts)) == ["2022-12-28", "2023-01-07", "2023-02-01"]


def test_a_heading_tells_the_year(nlp: Language) -> None:
    """Months and years in headings, the outer ones' for the inner ones too, place the dates below them."""
    paragraphs = (
        ("Battle", "Winter (November–December 2022)", "On 3 December, it fell."),
        ("Battle", "March 2023", "On 20 March, they left."),
        ("2024 campaign", "April–May", "By 5 May they came back. It was shelled on 3 April."),
        ("June 2023–present", "On 2 August, it ceased."),
    )
    assert dated(nlp, ERA, *paragraphs) == ["2022-12-03", "2023-03-20", "2024-04-03", "2023-08-02"]


def test_an_aside_ends_with_its_section(nlp: Language) -> None:
    """What a section tells of a later year does not draw the next section after it."""
    paragraphs = (
        ("Prisoners", "In May 2023, the last of them came home."),
        ("Casualties", "On 14 April, a hospital was bombed."),
    )
    assert dated(nlp, ERA, *paragraphs) == ["2023-05-01", "2022-04-14"]


def test_a_background_goes_on_in_its_own_years(nlp: Language) -> None:
    """Years before the conflict's are kept until the section ends."""
    paragraphs = (
        ("Background", "In May 2014, militants took the city."),
        ("Background", "In August, it was shelled; in February, they left."),
        ("Battle", "On 24 February, the army attacked."),
    )
    assert dated(nlp, ERA, *paragraphs) == ["2014-05-01", "2015-02-01", "2022-02-24"]


def test_meanwhile_is_the_day_of_the_paragraph_before(nlp: Language) -> None:
    """A paragraph that opens with such a word is at the time with which the one before began."""
    story = read_dates(nlp("On 23 March, it was shelled. On 25 March, it fell."), STORY)[1]
    doc, mentions = read(nlp, "", "Concurrently, the army advanced. It was halted the next day.", story)
    days = [find_interval(t.sent, t.i, mentions).start for t in doc if t.text in {"advanced", "halted"}]
    assert days == ["2017-03-23", "2017-03-24"]


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
