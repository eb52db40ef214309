"""Annotations without texts, and joining them with texts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hamakg.model import Article, Paragraph
from training.annotations import FOLDER, Annotated, Mention, find_spelling, join, read, take_in, write
from training.folds import assign, read_folds

FIRST, SECOND = "The rebels captured Suran and captured Maan.", "They left the town."
WRITTEN = {
    "doc": "test",
    "entities": [
        {"id": "side1", "name": "rebels", "kind": "side", "side": 1, "aliases": ["The rebels"]},
        {"id": "suran", "name": "Suran", "kind": "place", "aliases": ["the town"]},
        {"id": "maan", "name": "Maan", "kind": "place", "side": None, "aliases": ["the town"]},
    ],
    "events": [
        {"id": "e1", "sent": 1, "trigger": "captured", "type": "Capture", "agents": ["side1"], "places": ["suran"]},
        {"id": "e2", "sent": 1, "trigger": "captured", "type": "Capture", "agents": ["side1"], "places": ["maan"]},
        {
            **{"id": "e3", "sent": 2, "trigger": "left", "type": "Withdrawal", "places": ["maan"]},
            **{"relations": {"maan": "from"}, "sources": [{"source": "side1", "stance": "reports"}]},
            **{"agents": ["side1"], "factuality": "planned"},
        },
        {"id": "e4", "sent": 2, "trigger": "not there", "type": "Clash"},
    ],
}


@pytest.fixture
def annotated(tmp_path: Path) -> Annotated:
    (tmp_path / "test.json").write_text(json.dumps(WRITTEN), "utf-8")
    (tmp_path / "test.sents.txt").write_text(f"= Test =\n\n[1] {FIRST}\n[2] {SECOND}\n", "utf-8")
    return take_in(tmp_path / "test.json", "recent")[0]


def test_the_same_trigger_is_looked_for_at_its_next_place(annotated: Annotated) -> None:
    assert [(e.sentence, e.begin, e.type) for e in annotated.events] == [
        (1, 11, "Capture"),
        (1, 30, "Capture"),
        (2, 5, "Withdrawal"),
    ]


def test_an_agent_who_is_the_source_too_is_the_agent(annotated: Annotated) -> None:
    assert dict(annotated.events[2].roles) == {"side1": "agent", "maan": "from"}


def test_mentions_are_the_longest_names_and_a_shared_name_is_one_of_each(annotated: Annotated) -> None:
    assert set(annotated.mentions) == {
        Mention(1, 0, 10, "side1"),
        Mention(1, 20, 25, "suran"),
        Mention(1, 39, 43, "maan"),
        Mention(2, 10, 18, "suran"),
        Mention(2, 10, 18, "maan"),
    }


def test_a_name_in_capitals_is_no_word_in_lower_case() -> None:
    assert find_spelling("US", "They told us that US troops left.") == [(18, 20)]
    assert find_spelling("the army", "The army left the army's base.") == [(0, 8), (14, 22)]


def test_what_was_written_is_read_again_and_holds_no_text(annotated: Annotated, tmp_path: Path) -> None:
    write(annotated, tmp_path)
    assert read(tmp_path / "test.json") == annotated
    assert "captured" not in (tmp_path / "test.json").read_text("utf-8")


def test_sentences_are_found_in_an_article(annotated: Annotated) -> None:
    paragraphs = tuple(Paragraph(text, 0, len(text)) for text in (f"A new lead. {FIRST}", f"{SECOND} More."))
    article = Article(slug="test", title="Test", text="", source="", paragraphs=paragraphs)
    assert join(annotated, article) == {1: FIRST, 2: SECOND}
    assert join(annotated, replace(article, paragraphs=paragraphs[1:])) == {2: SECOND}


def test_each_annotated_article_is_in_a_fold() -> None:
    articles = [read(path) for path in FOLDER.glob("*.json")]
    assert assign(articles) == read_folds()
    assert {article.name for article in articles} == set(read_folds())
