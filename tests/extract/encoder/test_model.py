"""Reading an article with a model whose answers are known."""

from collections.abc import Mapping

import numpy as np
import pytest

from hamakg.extract.encoder.model import Array, Model, judge, read_article
from hamakg.extract.encoder.pairs import ATTRIBUTES, EVENT_TYPES, KINDS, ROLES, Kind, Named, Role
from hamakg.extract.encoder.windows import Sentence, Words
from hamakg.extract.encoder.wordpiece import read_vocabulary, split_words
from hamakg.model import EventType

TEXTS = ("Suran fell.", "Troops left Maan.", "It was quiet.")
TRIGGERS = {"fell": EventType.CAPTURE, "left": EventType.WITHDRAWAL}
SURE = 20.0  # a logit


class Reader:
    """Says what ``TRIGGERS`` says, and that pieces after the title's "Test" with a capital begin a place's mention."""

    def run(self, names: list[str], inputs: Mapping[str, Array]) -> list[Array]:
        assert names == ["vectors", "types", "begins", "mentions"]
        pieces, shapes = inputs["pieces"], inputs["shapes"]
        size = pieces.shape[1]
        types, mentions = np.zeros((1, size, 1 + len(EVENT_TYPES))), np.zeros((1, size, 1 + 2 * len(KINDS)))
        types[..., 0] = mentions[..., 0] = SURE / 2
        for word, event_type in TRIGGERS.items():
            types[pieces == read_vocabulary()[word], 1 + EVENT_TYPES.index(event_type)] = SURE
        mentions[shapes == 1, 1 + 2 * KINDS.index(Kind.PLACE)] = SURE
        return [np.arange(size, dtype=np.float32)[None, :, None], types, np.zeros((1, size)), mentions]


class Judge:
    """Says that every mention is a place, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Array]] = []

    def run(self, names: list[str], inputs: Mapping[str, Array]) -> list[Array]:
        assert names == ["attributes", "roles"]
        self.asked.append(inputs)
        roles = np.zeros((len(inputs["features"]), len(ROLES)))
        roles[:, ROLES.index(Role.PLACE)] = SURE
        return [np.zeros((len(inputs["triggers"]), sum(map(len, ATTRIBUTES)))), roles]


@pytest.fixture
def sentences() -> list[Sentence]:
    return [Sentence(split_words(text, read_vocabulary()), number == 0) for number, text in enumerate(TEXTS)]


def test_triggers_and_mentions_are_found_by_words(sentences: list[Sentence]) -> None:
    article = read_article(Model(Reader(), Judge()), "Test", sentences)
    assert [(score.words, score.type) for score in article.triggers if score.probability > 0.5] == [
        (Words(0, 1, 2), EventType.CAPTURE),
        (Words(1, 1, 2), EventType.WITHDRAWAL),
    ]
    assert [score.words for score in article.mentions] == [
        *(Words(0, 0, 1), Words(1, 0, 1), Words(1, 2, 3), Words(2, 0, 1)),
    ]


def test_each_trigger_is_paired_with_its_sentence_and_those_before(sentences: list[Sentence]) -> None:
    model = Model(Reader(), asked := Judge())
    suran, maan = Words(0, 0, 1), Words(1, 2, 3)
    named = {span: Named(Kind.PLACE, 0, frozenset({str(span)})) for span in (suran, maan)}
    fell, left = Words(0, 1, 2), Words(1, 1, 2)
    article = read_article(model, "Test", sentences)
    judgements = judge(model, article, {left: EventType.WITHDRAWAL, fell: EventType.CAPTURE}, named)
    assert list(judgements.roles) == [(fell, suran), (left, suran), (left, maan)]
    assert all(ROLES[roles.index(max(roles))] is Role.PLACE for roles in judgements.roles.values())
    assert [sum(part) for part in judgements.attributes[fell]] == pytest.approx([1.0] * len(ATTRIBUTES))
    (inputs,) = asked.asked
    assert inputs["triggers"].tolist() == [[5.0], [8.0]]  # means of their pieces: [CLS] Test [SEP] Sura ##n fell


def test_without_triggers_nothing_is_asked(sentences: list[Sentence]) -> None:
    model = Model(Reader(), asked := Judge())
    judgements = judge(model, read_article(model, "Test", sentences), {}, {})
    assert (judgements.roles, judgements.attributes, asked.asked) == ({}, {}, [])
