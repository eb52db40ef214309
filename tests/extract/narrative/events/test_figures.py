"""Numbers, distances, figures of people and equipment: ``tests/cases/narrative_figures.jsonl``, a sentence a line."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Span

from hamakg.extract.narrative.events.casualties import read_casualties
from hamakg.extract.narrative.events.equipment import read_equipment
from hamakg.extract.narrative.parse.numbers import numeral, read_distances, read_quantities

CASES = Path(__file__).parents[3] / "cases" / "narrative_figures.jsonl"
Row = list[object]


def quantities(sentence: Span) -> list[Row]:
    doc = sentence.doc
    return [
        [doc[q.begin : q.end].text, q.minimum, q.maximum, None if q.head is None else doc[q.head].text]
        for q in read_quantities(sentence)
    ]


def distances(sentence: Span) -> list[Row]:
    doc = sentence.doc
    return [[doc[d.begin : d.end].text, d.metres, doc[d.head].text] for d in read_distances(sentence)]


def casualties(sentence: Span) -> list[Row]:
    doc = sentence.doc
    return [[doc[m.trigger].text, m.kind, m.minimum, m.maximum, m.victims] for m in read_casualties(sentence)]


def equipment(sentence: Span) -> list[Row]:
    return [[e.what, e.minimum, e.maximum] for e in read_equipment(sentence)]


READERS: dict[str, Callable[[Span], list[Row]]] = {
    "quantities": quantities,
    "distances": distances,
    "casualties": casualties,
    "equipment": equipment,
}


def rows() -> list[object]:
    lines = map(json.loads, CASES.read_text(encoding="utf-8").splitlines())
    return [pytest.param(row, id=f"{row['reader']}: {row['why']}") for row in lines]


@pytest.mark.parametrize("row", rows())
def test_sentence(row: dict[str, object], nlp: Language) -> None:
    """All that the reader finds in the sentence, and nothing else."""
    assert READERS[str(row["reader"])](nlp(str(row["sentence"]))[:]) == row["expected"]


def test_offsets_of_a_later_sentence(nlp: Language) -> None:
    """Tokens are those of the whole Doc, whichever sentence is read."""
    doc = nlp("The town fell on 5 April. Over 150 soldiers were killed.")
    mention = read_casualties(list(doc.sents)[1])[0]
    assert mention.quantity is not None
    assert doc[slice(*mention.quantity)].text == "Over 150"
    assert (doc[mention.trigger].text, doc[mention.begin : mention.end].text) == ("killed", "soldiers")


def test_who_suffered(nlp: Language) -> None:
    """Casualties that somebody is said to have suffered point to who that is."""
    doc = nlp("The Army withdrew after suffering heavy casualties.")
    assert [doc[m.sufferer].text for m in read_casualties(doc[:]) if m.sufferer is not None] == ["Army"]


@given(st.integers(min_value=0, max_value=10**9))
def test_numeral(number: int) -> None:
    """Digits with and without commas are the number that they write."""
    assert (numeral(str(number)), numeral(f"{number:,}")) == (number, number)


WORDS = st.sampled_from([
    "over", "up", "to", "at", "least", "between", "14", "and", "20", "–", "8,000", "dozens", "of", "rebels",
    "soldiers", "were", "killed", "or", "wounded", "dead", "a", "the", "no", "one", "men", ",", ".", "(", ")",
    "7", "km", "within", "two", "hundred", "million", "lost", "tanks", "+", "%", "$", "-", "more",
])  # fmt: skip


@given(st.lists(WORDS, max_size=25))
def test_any_words_in_any_order(nlp: Language, words: list[str]) -> None:
    """Nothing fails, bounds are in order and spans lie inside the sentence."""
    doc = nlp(" ".join(words))
    found = read_quantities(doc)
    assert all(one.end <= other.begin for one, other in pairwise(found))
    assert all(q.minimum is None or q.maximum is None or q.minimum <= q.maximum for q in found)
    for sentence in doc.sents:
        assert all(sentence.start <= m.begin <= m.end <= sentence.end for m in read_casualties(sentence))
        read_distances(sentence), read_equipment(sentence)
