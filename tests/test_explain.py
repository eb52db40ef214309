"""Explanations of events, with the parse of their sentences."""

from functools import partial
from pathlib import Path

import pyoxigraph
import pytest
from spacy.language import Language

from conftest import Run
from hamakg.build import build
from hamakg.explain import Explanation, Word, explain
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative.parse.pipeline import plain
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore

TEXT = """= Battle of Aba =

The war was long. The “rebels” captured Aba, and shelled Bebe.
SOHR reported that the army captured the village of Coco. The army shelled Coco and shelled Dodo.
"""
NAMES = Iris()


@pytest.fixture(scope="module")
def folder(nlp: Language, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article and its store."""
    folder = tmp_path_factory.mktemp("aba")
    (folder / "aba.txt").write_text(TEXT, encoding="utf-8")
    build([folder / "aba.txt"], VersionedStore(folder / "store"), partial(extract_facts, nlp=nlp), NAMES)
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> pyoxigraph.Store:
    return VersionedStore(folder / "store").snapshot()


def events_at(store: pyoxigraph.Store, place: str, nlp: Language) -> list[Explanation]:
    """The events at a place, with their parses."""
    return explain(store, place, NAMES, lambda paragraph: nlp(plain(paragraph)))[1:]


def test_an_event_has_its_rule_and_the_parse_of_only_its_sentence(store: pyoxigraph.Store, nlp: Language) -> None:
    """Words and heads are numbered within the sentence; the sentence before it is not shown."""
    (capture,) = events_at(store, "place/aba", nlp)
    assert dict(capture.facts)["hama:extractedBy"] == "verb capture"
    (passage,) = capture.passages
    assert passage.parse == (
        Word(1, "The", "DET", "det", 3, False),
        Word(2, "“", "PUNCT", "punct", 3, False),
        Word(3, "rebels", "NOUN", "nsubj", 5, False),
        Word(4, "”", "PUNCT", "punct", 3, False),
        Word(5, "captured", "VERB", "ROOT", 5, True),
        Word(6, "Aba", "PROPN", "dobj", 5, False),
        Word(7, ",", "PUNCT", "punct", 5, False),
        Word(8, "and", "CCONJ", "cc", 5, False),
        Word(9, "shelled", "VERB", "conj", 5, False),
        Word(10, "Bebe", "PROPN", "dobj", 9, False),
        Word(11, ".", "PUNCT", "punct", 5, False),
    )


def test_each_event_of_a_sentence_marks_its_own_trigger(store: pyoxigraph.Store, nlp: Language) -> None:
    (shelling,) = events_at(store, "place/bebe", nlp)
    assert [word.text for word in shelling.passages[0].parse if word.trigger] == ["shelled"]


def test_both_of_two_equal_words_are_marked_as_triggers(store: pyoxigraph.Store, nlp: Language) -> None:
    """The id of an event does not say which of two equal words is its trigger."""
    (shelling,) = events_at(store, "place/dodo", nlp)
    assert [word.text for word in shelling.passages[0].parse if word.trigger] == ["shelled", "shelled"]


def test_claims_have_no_parse_and_without_a_parser_nothing_has(store: pyoxigraph.Store, nlp: Language) -> None:
    (claimed,) = (event for event in events_at(store, "place/coco", nlp) if event.claims)
    assert [word.text for word in claimed.passages[0].parse if word.trigger] == ["captured"]
    assert [passage.parse for claim in claimed.claims for passage in claim.passages] == [()]
    assert {p.parse for explanation in explain(store, "place/coco", NAMES) for p in explanation.passages} == {()}


def test_the_command_prints_one_word_a_line_and_marks_the_trigger(hamakg: Run, folder: Path) -> None:
    shown = hamakg("explain", "place/aba", "--parse", "--store", folder / "store")
    lines = shown.stdout.decode().splitlines()
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert "       3 rebels   NOUN  nsubj of 5 captured" in lines
    assert "    *  5 captured VERB  ROOT" in lines


def test_the_error_names_a_model_that_is_not_installed(hamakg: Run, folder: Path) -> None:
    shown = hamakg("explain", "place/aba", "--parse", "--model", "en_none", "--store", folder / "store")
    assert (shown.returncode, shown.stdout) == (1, b"")
    assert shown.stderr.startswith(b"hamakg: the language model 'en_none' is not installed")
