"""Reads an article with the trained model: scores of triggers and mentions, then of what a mention is to an event.

Between the two the narrative decides which mentions name one entity, and which triggers to follow up. Each window is
run alone, on one thread, so that an article's scores depend on nothing but the article and the processor.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hamakg.extract.encoder.pairs import ATTRIBUTES, FEATURE_SIZES, Named, PlacedMention, PlacedTrigger, list_pairs
from hamakg.extract.encoder.tags import MentionScore, TriggerScore, find_mentions, find_triggers
from hamakg.extract.encoder.windows import Sentence, Window, Words, arrange_windows
from hamakg.extract.encoder.wordpiece import read_vocabulary, split_words
from hamakg.model import EventType

TRIGGER_FLOOR = 0.02  # a trigger that is less likely is not told
MENTION_FLOOR = 0.3

Array = NDArray[Any]
Probabilities = tuple[float, ...]


class Session(Protocol):
    """What runs a graph of ONNX."""

    def run(self, names: list[str], inputs: Mapping[str, Array]) -> list[Array]:
        """The named outputs."""


@dataclass(frozen=True, slots=True)
class Model:
    """The reader scores the words of a window; the judge scores triggers and pairs by the reader's vectors."""

    reader: Session
    judge: Session


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article in windows, the vectors of each window's pieces, and what the model found."""

    windows: tuple[Window, ...]
    vectors: tuple[Array, ...]
    triggers: tuple[TriggerScore, ...]
    mentions: tuple[MentionScore, ...]


@dataclass(frozen=True, slots=True)
class Judgements:
    """The probabilities of each trigger's ``ATTRIBUTES``, and of each pair's roles, in the order of ``Role``."""

    attributes: dict[Words, tuple[Probabilities, ...]]
    roles: dict[tuple[Words, Words], Probabilities]


def read_article(model: Model, title: str, sentences: Sequence[Sentence]) -> ReadArticle:
    """The triggers and mentions of the sentences, with all their probabilities from a low floor on."""
    vocabulary = read_vocabulary()
    windows = arrange_windows(split_words(title, vocabulary), sentences, vocabulary)
    vectors: list[Array] = []
    triggers: list[TriggerScore] = []
    mentions: list[MentionScore] = []
    for window in windows:
        pieces, shapes = (np.array([row], dtype=np.int64) for row in (window.pieces, window.shapes))
        inputs = {"pieces": pieces, "shapes": shapes, "mask": np.ones_like(pieces)}
        hidden, types, begins, tags = model.reader.run(["vectors", "types", "begins", "mentions"], inputs)
        vectors.append(hidden[0])
        of_types, of_mentions = _softmax(types[0]), _softmax(tags[0])
        of_begins: list[float] = (1 / (1 + np.exp(-begins[0].astype(np.float64)))).tolist()
        judged = (word for word in window.words if word.sentence >= window.judged)
        for sentence, group in groupby(judged, key=lambda word: word.sentence):
            at = [word.begin for word in group]  # a word's first piece speaks for it
            triggers += find_triggers(sentence, [of_types[a] for a in at], [of_begins[a] for a in at], TRIGGER_FLOOR)
            mentions += find_mentions(sentence, [of_mentions[a] for a in at], MENTION_FLOOR)
    return ReadArticle(tuple(windows), tuple(vectors), tuple(triggers), tuple(mentions))


def judge(
    model: Model, article: ReadArticle, triggers: Mapping[Words, EventType], mentions: Mapping[Words, Named]
) -> Judgements:
    """What the model says of these triggers, and of each with the mentions of its sentence and of the three before.

    A trigger that a window does not hold whole (in a sentence that is longer than a window) is left out.
    """
    judgements = Judgements({}, {})
    for window, vectors in zip(article.windows, article.vectors, strict=True):
        told = {
            span: PlacedTrigger(span.sentence, *place, triggers[span])
            for span, place in window.place(span for span in triggers if span.sentence >= window.judged).items()
        }
        named = {
            span: PlacedMention(span.sentence, *place, mentions[span]) for span, place in window.place(mentions).items()
        }
        if told:
            _judge_window(model, vectors, told, named, judgements)
    return judgements


def _judge_window(
    model: Model,
    vectors: Array,
    triggers: Mapping[Words, PlacedTrigger],
    mentions: Mapping[Words, PlacedMention],
    judgements: Judgements,
) -> None:
    pairs = list(list_pairs(list(triggers.values()), list(mentions.values())))
    inputs = {
        "triggers": _average(vectors, triggers.values()),
        "mentions": _average(vectors, mentions.values()),
        "trigger_of": np.array([pair[0] for pair in pairs], dtype=np.int64),
        "mention_of": np.array([pair[1] for pair in pairs], dtype=np.int64),
        "features": np.array([pair[2] for pair in pairs], dtype=np.int64).reshape(-1, len(FEATURE_SIZES)),
    }
    attributes, roles = model.judge.run(["attributes", "roles"], inputs)
    bounds = np.cumsum([len(values) for values in ATTRIBUTES])[:-1]
    parts = [_softmax(part) for part in np.split(attributes, bounds, axis=-1)]
    for number, span in enumerate(triggers):
        judgements.attributes[span] = tuple(tuple(part[number]) for part in parts)
    spans = list(triggers), list(mentions)
    for (trigger, mention, _), probabilities in zip(pairs, _softmax(roles), strict=True):
        judgements.roles[spans[0][trigger], spans[1][mention]] = tuple(probabilities)


def _average(vectors: Array, spans: Collection[PlacedTrigger | PlacedMention]) -> Array:
    """The mean vector of each span's pieces, of (spans, width)."""
    if not spans:
        return np.zeros((0, vectors.shape[1]), dtype=np.float32)
    return np.stack([vectors[span.begin : span.end].mean(axis=0) for span in spans]).astype(np.float32)


def _softmax(logits: Array) -> list[list[float]]:
    """The probabilities along the last axis, in double precision."""
    raised = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True, initial=-np.inf))
    rows: list[list[float]] = (raised / raised.sum(axis=-1, keepdims=True)).tolist()
    return rows
