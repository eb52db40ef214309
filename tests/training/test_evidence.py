"""What judges learn from: each proposed event of an annotated article, with what speaks for it and what is right."""

import json

import pytest
from spacy.language import Language

from conftest import PROJECT, SEEDS
from hamakg.evaluation.gold import read_gold
from hamakg.extract.narrative import load_trained
from training.evidence import collect

SEPTEMBER = SEEDS / "002_6da9a0973b5c05b0.txt"


@pytest.fixture(scope="module")
def evidence(nlp: Language) -> dict[str, object]:
    (gold,) = read_gold(PROJECT / "tests" / "gold", [SEPTEMBER])
    return collect(gold, nlp, load_trained().model)


def test_the_annotated_events_are_counted(evidence: dict[str, object]) -> None:
    annotated = json.loads((PROJECT / "tests" / "gold" / "hama_offensive_september_2017.json").read_text("utf-8"))
    assert evidence["annotated"] == len(annotated["events"])


def test_nothing_of_an_event_that_is_not_annotated_is_right(evidence: dict[str, object]) -> None:
    rows = [row for row in evidence["rows"] if not row["is_event"]]  # type: ignore[attr-defined]
    assert rows
    assert [row for row in rows if row["right_days"] or any(right for *_, right in row["slots"])] == []
    assert all(row["misleads"] for row in rows)


def test_most_proposed_events_and_slots_of_a_seed_are_right(evidence: dict[str, object]) -> None:
    """The rules were written on it, and the model has learned from it."""
    rows = evidence["rows"]
    told = [row for row in rows if row["is_event"]]  # type: ignore[attr-defined]
    assert len(told) > len(rows) / 2  # type: ignore[arg-type]
    assert all({right for *_, right in row["slots"]} <= {0, 1} for row in told)
    assert sum(any(right for *_, right in row["slots"]) for row in told) > len(told) / 2


def test_it_can_be_written_as_json(evidence: dict[str, object]) -> None:
    assert json.loads(json.dumps(evidence, default=float))["annotated"] == evidence["annotated"]
