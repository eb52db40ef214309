"""What the model should say of a window."""

import json
from pathlib import Path
from random import Random

import pytest

from hamakg.extract.encoder.pairs import EVENT_TYPES, ROLES, Role
from hamakg.extract.encoder.wordpiece import read_vocabulary
from hamakg.model import EventType
from training.annotations import take_in
from training.examples import IGNORED, Example, Prepared, prepare

TEXTS = ["Rebels held Suran.", "On 4 May the army shelled Suran, and Suran fell to the army, which said so."]
WRITTEN = {
    "entities": [
        {"id": "army", "name": "army", "kind": "actor", "side": 1},
        {"id": "rebels", "name": "Rebels", "kind": "side", "side": 2},
        {"id": "suran", "name": "Suran", "kind": "place"},
    ],
    "events": [
        {"sent": 2, "trigger": "shelled", "type": "Shelling", "agents": ["army"], "targets": ["rebels"]},
        {
            "sent": 2,
            "trigger": "fell to",
            "type": "Capture",
            "agents": ["army"],
            "places": ["suran"],
            "recapture": True,
        },
    ],
}


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    (tmp_path / "t.json").write_text(json.dumps(WRITTEN), "utf-8")
    (tmp_path / "t.sents.txt").write_text(
        "= T =\n\n" + "".join(f"[{n}] {t}\n" for n, t in enumerate(TEXTS, 1)), "utf-8"
    )
    return prepare(*take_in(tmp_path / "t.json", "recent"), read_vocabulary())


@pytest.fixture
def example(prepared: Prepared) -> Example:
    (made,) = prepared.make_examples(read_vocabulary())
    return made


def test_words_have_tags(example: Example) -> None:
    capture = 1 + EVENT_TYPES.index(EventType.CAPTURE)
    assert [tag for tag in example.trigger_tags if tag] == [1 + EVENT_TYPES.index(EventType.SHELLING), capture, capture]
    assert sum(example.begins) == len(example.triggers) == 2
    assert [tag for tag in example.mention_tags if tag] == [3, 7, 1, 7, 7, 1]  # side, place, actor, …


def test_the_nearest_mention_has_the_role(example: Example) -> None:
    told = {
        (pair.trigger, pair.mention): "ignored" if pair.role == IGNORED else ROLES[pair.role] for pair in example.pairs
    }
    rebels, suran_before, army, suran, suran_again, army_again = range(6)
    assert {mention: told[0, mention] for mention in range(6)} == {
        **{rebels: Role.TARGET, suran_before: Role.NONE, army: Role.AGENT},
        **{suran: Role.NONE, suran_again: Role.NONE, army_again: "ignored"},
    }
    assert {mention: told[1, mention] for mention in range(6)} == {
        **{rebels: Role.NONE, suran_before: "ignored", army: "ignored"},
        **{suran: "ignored", suran_again: Role.PLACE, army_again: Role.AGENT},
    }


def test_other_names_have_a_kind_and_no_tag_and_fill_no_slot(prepared: Prepared) -> None:
    (plain,) = prepared.make_examples(read_vocabulary())
    (example,) = prepared.add_other_names(Random(1)).make_examples(read_vocabulary())
    (other,) = [number for number, mention in enumerate(example.mentions) if not mention.named.entities]  # "May"
    assert example.mention_tags == plain.mention_tags
    assert {ROLES[pair.role] for pair in example.pairs if pair.mention == other} == {Role.NONE}


def test_attributes_are_numbers(example: Example) -> None:
    assert example.attributes == ((0, 0, 0), (0, 0, 1))
