"""Annotation files: what they say becomes facts as it stands, and a fault in them is one clear line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hamakg.errors import HamakgError
from hamakg.evaluation.annotations import Annotation, find_missing_sentences, make_facts, read_annotation
from hamakg.model import (
    ArticleFacts,
    CasualtyKind,
    CasualtyReport,
    Claim,
    Entity,
    EntityKind,
    Event,
    EventType,
    Extent,
    Factuality,
    Interval,
    Passage,
    Side,
    Stance,
    Standing,
)
from support.invented_battle import make_battle

SENTENCES = "[1] The Reds took parts of Aba and a post near Oba.\n[2] Radio Oba said they killed 20\u00a0to 30 there.\n"
ARTICLE, INFOBOX = make_battle(
    "The Reds took parts of Aba and a post near Oba.\nRadio Oba said they killed 20 to 30 there."
)
EVENT: dict[str, Any] = {
    **{"id": "e1", "sent": 1, "trigger": "took", "type": "Capture", "agents": ["side1"], "places": ["aba", "oba"]},
    **{"relations": {"oba": "near"}, "extent": "part", "count": {"min": 2, "max": None}, "recapture": True},
    **{"start": None, "end": "2017-05-03", "factuality": "planned", "standing": "narrated"},
}
KILLED: dict[str, Any] = {
    **{"id": "e2", "sent": 2, "trigger": "killed", "type": "Killing", "agents": ["side1"], "places": []},
    **{"start": None, "end": None, "factuality": "actual", "standing": "attributed"},
    **{"sources": [{"source": "radio", "stance": "reports"}, {"source": None, "stance": "denies"}]},
    **{"casualties": [{"kind": "casualties", "min": 20, "max": 30, "victims": "they"}]},
}
ENTITIES: list[dict[str, Any]] = [
    {"id": "side1", "name": "Reds", "kind": "side", "side": 1, "aliases": ["the rebels"]},
    {"id": "radio", "name": "Radio Oba", "kind": "source"},
    {"id": "aba", "name": "Aba", "kind": "place", "side": None, "aliases": ["Abba"]},
    {"id": "oba", "name": "Oba", "kind": "place", "side": None, "aliases": []},
]
DOCUMENT: dict[str, Any] = {"doc": "aba", "entities": ENTITIES, "events": [EVENT, KILLED]}

Read = Callable[..., Annotation]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a document, given as it stands or as what is changed in its first event."""

    def reading(document: Any = DOCUMENT, sentences: str = SENTENCES, **changes: Any) -> Annotation:
        if changes:
            document = document | {"events": [document["events"][0] | changes]}
        path = tmp_path / "aba.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
        path.with_name("aba.sents.txt").write_text(sentences, "utf-8")
        return read_annotation(path)

    return reading


def test_annotations_become_facts_as_they_stand(read: Read) -> None:
    """Entities are not joined with those of the infobox, and what a file leaves out is the default."""
    first, second = "The Reds took parts of Aba and a post near Oba.", "Radio Oba said they killed 20 to 30 there."
    assert make_facts(read(), ARTICLE, INFOBOX) == ArticleFacts(
        article=ARTICLE,
        infobox=INFOBOX,
        entities=(
            Entity("radio", "Radio Oba", EntityKind.SOURCE, ("radio",)),
            Entity("aba", "Aba", EntityKind.PLACE, ("Abba", "aba")),
            Entity("oba", "Oba", EntityKind.PLACE, ("oba",)),
        ),
        sides=(Side("side1", 1, "Reds", descriptions=("Reds", "the rebels", "side1")),),
        events=(
            Event(
                id="e1",
                type=EventType.CAPTURE,
                passage="1",
                trigger="took",
                trigger_begin=0,
                agents=("side1",),
                places=("aba",),
                near=("oba",),
                extent=Extent.PART,
                interval=Interval(None, "2017-05-03"),
                factuality=Factuality.PLANNED,
                recapture=True,
                minimum_count=2,
            ),
            Event(
                id="e2",
                type=EventType.KILLING,
                passage="2",
                trigger="killed",
                trigger_begin=0,
                agents=("side1",),
                standing=Standing.ATTRIBUTED,
                recapture=False,
                casualties=("e2/casualties/0",),
            ),
        ),
        casualties=(
            CasualtyReport("e2/casualties/0", CasualtyKind.KILLED_OR_WOUNDED, "2", 20, 30, victim_description="they"),
        ),
        claims=(
            Claim("e2/claim/0", "e2", Stance.REPORTED, "2", "radio"),
            Claim("e2/claim/1", "e2", Stance.DENIED, "2", None),
        ),
        passages=(
            Passage("1", first, 0, len(first)),
            Passage("2", second, len(first) + 1, len(first) + 1 + len(second)),
        ),
    )


def test_sentences_are_found_whatever_their_white_space(read: Read) -> None:
    assert find_missing_sentences(read(), ARTICLE) == []
    assert find_missing_sentences(read(sentences=f"{SENTENCES}[7] The Greens left."), ARTICLE) == [7]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"agents": ["greens"]}, "e1: agents: 'greens' is not one of the file's entities"),
        ({"agents": "side1"}, 'e1: agents: "side1" is not a list of ids of entities'),
        ({"relations": {"zed": "near"}}, "e1: relations: 'zed' is not one of the file's entities"),
        ({"relations": {"oba": "over"}}, 'e1: relations: {"oba": "over"} is not places, each with near, from, toward'),
        ({"type": "Battle"}, 'e1: type: "Battle" is not one of OffensiveLaunch, '),
        ({"factuality": "sure"}, 'e1: factuality: "sure" is not one of actual, planned, attempted, failed'),
        ({"standing": None}, "e1: standing: null is not one of narrated, attributed, disputed"),
        ({"sources": [{"source": None, "stance": "sings"}]}, 'e1: sources: stance: "sings" is not one of reports'),
        ({"sources": [{"source": "bbc", "stance": "reports"}]}, "e1: sources: 'bbc' is not one of the file's entities"),
        ({"casualties": [{"kind": "killed", "least": 3}]}, "e1: casualties: least unknown; there is kind, min, max"),
        ({"start": "2017-02-30"}, 'e1: start: "2017-02-30" is not a day (2017-03-22) or null'),
        ({"count": {"min": "two"}}, 'e1: count: {"min": "two"} is not min and max, each a number or null'),
        ({"sent": 9}, "e1: there is no sentence 9"),
        ({"sent": True}, "e1: sent: true is not the number of a sentence"),
        ({"agent": ["side1"]}, "e1: agent unknown; there is id, sent, trigger"),
        ({"document": DOCUMENT | {"events": [{"id": "e1", "sent": 1}]}}, "e1: trigger, type, agents, places"),
        ({"document": DOCUMENT | {"events": [EVENT, EVENT]}}, "e1: this id is there twice"),
        ({"document": DOCUMENT | {"entities": [ENTITIES[0] | {"side": None}]}}, "side1: an entity of kind side needs"),
        ({"document": DOCUMENT | {"entities": [ENTITIES[0] | {"kind": "ship"}]}}, 'side1: kind: "ship" is not one of'),
        ({"document": "{"}, "not JSON (Expecting property name"),
        ({"document": "[" * 100_000}, "nested too deeply"),
        ({"document": "[]"}, "[] is not an object with doc, entities, events"),
        ({"document": {"doc": "aba", "events": []}}, "entities missing"),
    ],
)
def test_a_fault_is_one_line_that_names_the_file_and_the_place(read: Read, changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(HamakgError) as raised:
        read(**changes)
    assert f"aba.json: {fault}" in str(raised.value) or f": {fault}" in str(raised.value)
    assert str(raised.value).endswith("; correct the annotation") and "\n" not in str(raised.value)


def test_missing_files_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "aba.json"
    with pytest.raises(HamakgError, match=r"aba\.json: No such file"):
        read_annotation(path)
    path.write_text(json.dumps(DOCUMENT))
    with pytest.raises(HamakgError, match=r"aba\.json: its numbered sentences, aba\.sents\.txt, cannot be read"):
        read_annotation(path)
