"""Figures of a window whose answers are known."""

import json
from pathlib import Path

import pytest

from hamakg.extract.encoder.model import Judgements, ReadArticle
from hamakg.extract.encoder.pairs import EVENT_TYPES, ROLES, Role
from hamakg.extract.encoder.tags import TriggerScore
from hamakg.extract.encoder.windows import Words
from hamakg.extract.encoder.wordpiece import read_vocabulary
from hamakg.model import EventType
from training.annotations import take_in
from training.examples import Prepared, prepare
from training.figures import Score, score_events, score_roles
from training.predict import Predicted, write_scores

WRITTEN = {
    "entities": [
        {"id": "army", "name": "army", "kind": "actor", "aliases": ["they"]},
        {"id": "suran", "name": "Suran", "kind": "place"},
        {"id": "elsewhere", "name": "Elsewhere", "kind": "place"},
    ],
    "events": [
        {"sent": 1, "trigger": "took", "type": "Capture", "agents": ["army"], "places": ["suran", "elsewhere"]},
        {"sent": 1, "trigger": "left", "type": "Withdrawal", "agents": ["army"]},
    ],
}
ARMY, TOOK, SURAN, THEY, LEFT = (Words(0, n, n + 1) for n in (1, 2, 3, 6, 7))


@pytest.fixture
def article(tmp_path: Path) -> Prepared:
    (tmp_path / "t.json").write_text(json.dumps(WRITTEN), "utf-8")
    (tmp_path / "t.sents.txt").write_text("= T =\n\n[1] The army took Suran, then they left.\n", "utf-8")
    return prepare(*take_in(tmp_path / "t.json", "recent"), read_vocabulary())


def _trigger(words: Words, event_type: EventType, probability: float) -> TriggerScore:
    return TriggerScore(words, tuple(probability * (event_type == known) for known in EVENT_TYPES))


def _say(role: Role) -> tuple[float, ...]:
    return tuple(0.65 if role is known else 0.05 for known in ROLES)


def _predict(article: Prepared, roles: dict[tuple[Words, Words], Role]) -> Predicted:
    triggers = _trigger(TOOK, EventType.CAPTURE, 0.9), _trigger(LEFT, EventType.CLASH, 0.4)
    said = Judgements({}, {pair: _say(role) for pair, role in roles.items()})
    return Predicted(article, ReadArticle((), (), triggers, ()), Judgements({}, {}), said)


def test_events_are_compared_by_sentence_and_type(article: Prepared) -> None:
    predicted = _predict(article, {})
    assert score_events(predicted, 0.5) == Score(right=1, told=1, annotated=2)
    assert score_events(predicted, 0.3) == Score(right=1, told=2, annotated=2)
    assert str(score_events(predicted, 0.3)) == "P 0.500 R 0.500 F1 0.500"


def test_roles_are_those_of_entities_and_all_annotated_ones_count(article: Prepared) -> None:
    roles = {(TOOK, ARMY): Role.NONE, (TOOK, THEY): Role.AGENT, (TOOK, SURAN): Role.FROM, (LEFT, ARMY): Role.TARGET}
    scores = score_roles(_predict(article, roles))
    assert scores[Role.AGENT] == Score(1, 1, 2)
    assert scores[Role.PLACE] == Score(0, 0, 2)  # one of them is not named in the text
    assert (scores[Role.FROM], scores[Role.TARGET]) == (Score(0, 1, 0), Score(0, 1, 0))


def test_all_probabilities_are_written(article: Prepared, tmp_path: Path) -> None:
    write_scores(_predict(article, {(TOOK, SURAN): Role.PLACE}), tmp_path / "scores.json")
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert scores["triggers"][0] == {"place": [1, 9, 13], "types": {"Capture": 0.9}, "attributes": []}
    assert scores["given"]["mentions"][1] == {"place": [1, 14, 19], "kinds": {}, "entities": ["suran"]}
    assert scores["given"]["pairs"] == [[0, 1, [0.05, 0.05, 0.05, 0.65, 0.05, 0.05, 0.05, 0.05]]]
