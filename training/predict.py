"""What a model says of an article that it did not learn from: all its probabilities, for figures and for judges.

``write_scores`` writes one JSON object an article; places are ``[sentence, begin, end]``, a sentence by the number that
annotators gave it, offsets in code points into it; probabilities are rounded to four places:

- ``name``, ``title``, ``period``
- ``triggers``: ``place``; ``types``, a probability for each event type from ``FLOOR`` on; ``attributes``: probabilities
  of the factualities, of the standings, of no recapture and recapture
- ``mentions``: ``place``; ``kinds``, a probability for each kind
- ``pairs``: number of a trigger, number of a mention, and the probabilities of the roles in the order of ``Role``;
  of triggers and mentions that the model itself found
- ``given``: triggers, mentions (with the annotated ``entities``) and pairs again, of annotated triggers and mentions
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from hamakg.extract.encoder.pairs import EVENT_TYPES, KINDS, PlacedMention, PlacedTrigger, list_pairs
from hamakg.extract.encoder.tags import find_mentions, find_triggers
from training.examples import ATTRIBUTES, IGNORED, Example, Pair, Prepared, Words, index_words, is_whole, place
from training.model import Model
from training.train import encode, judge

FLOOR = 0.02  # a trigger that is less likely is not told
MENTION_FLOOR = 0.3
_PAIRED = 0.1  # a trigger that is less likely is not paired

Probabilities = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """By where their words are: the types of triggers and their attributes, kinds of mentions, roles of pairs."""

    triggers: dict[Words, Probabilities]
    attributes: dict[Words, tuple[Probabilities, ...]]
    mentions: dict[Words, Probabilities]
    roles: dict[tuple[Words, Words], Probabilities]


@dataclass(frozen=True, slots=True)
class Predicted:
    """``found``: of triggers and mentions that the model found; ``given``: of the annotated ones."""

    article: Prepared
    found: Judged
    given: Judged


def predict(model: Model, article: Prepared, vocabulary: Mapping[str, int]) -> Predicted:
    """What the model says of the article, read window by window."""
    found, given = (Judged({}, {}, {}, {}) for _ in range(2))
    with torch.inference_mode():
        for example in article.make_examples(vocabulary):
            hidden, *tags = encode(model, [example])
            _find(example, [values[0].float() for values in tags], found)
            _judge(model, hidden, _pair_found(example, article, found), found)
            _judge(model, hidden, example, given)
    return Predicted(article, found, given)


def _find(example: Example, tags: Sequence[Tensor], found: Judged) -> None:
    """Adds the triggers and mentions of the window's judged sentences."""
    types, begins, mentions = tags[0].softmax(-1).tolist(), tags[1].sigmoid().tolist(), tags[2].softmax(-1).tolist()
    for sentence, group in groupby(example.words, key=lambda word: word.sentence):
        at = [word.begin for word in group]
        for trigger in find_triggers(sentence, [types[a] for a in at], [begins[a] for a in at], FLOOR):
            found.triggers[sentence, trigger.begin, trigger.end] = trigger.types
        for mention in find_mentions(sentence, [mentions[a] for a in at], MENTION_FLOOR):
            found.mentions[sentence, mention.begin, mention.end] = mention.kinds


def _pair_found(example: Example, article: Prepared, found: Judged) -> Example:
    """The window with the triggers and mentions that were found instead of the annotated ones."""
    at = index_words(example.window)
    triggers = {
        span: PlacedTrigger(span[0], *place(span, at), EVENT_TYPES[types.index(max(types))])
        for span, types in found.triggers.items()
        if is_whole(span, at) and span[0] >= example.window.judged and max(types) >= _PAIRED
    }
    mentions = {
        span: PlacedMention(span[0], *place(span, at), KINDS[kinds.index(max(kinds))], 0, _name(span, article))
        for span, kinds in found.mentions.items()
        if is_whole(span, at)
    }
    placed = tuple(triggers.values()), tuple(mentions.values())
    return replace(
        example,
        triggers=placed[0],
        trigger_words=tuple(triggers),
        mentions=placed[1],
        mention_words=tuple(mentions),
        pairs=tuple(Pair(*pair, IGNORED) for pair in list_pairs(*placed)),
    )


def _name(span: Words, article: Prepared) -> frozenset[str]:
    """What stands for the entity of a mention that was found: its pieces."""
    words = article.sentences[span[0]].words[span[1] : span[2]]
    return frozenset({" ".join(str(piece) for word in words for piece in word.pieces)})


def _judge(model: Model, hidden: Tensor, example: Example, judged: Judged) -> None:
    """Adds what the model says of the window's triggers and pairs."""
    attributes, roles = judge(model, hidden, [example])
    parts = [part.softmax(-1).tolist() for part in attributes.float().split([len(v) for v in ATTRIBUTES], -1)]
    for number, span in enumerate(example.trigger_words):
        judged.attributes[span] = tuple(tuple(part[number]) for part in parts)
    for pair, probabilities in zip(example.pairs, roles.float().softmax(-1).tolist(), strict=True):
        key = example.trigger_words[pair.trigger], example.mention_words[pair.mention]
        judged.roles[key] = tuple(probabilities)


def write_scores(predicted: Predicted, path: Path) -> None:
    """Writes the JSON object that this module describes."""
    article = predicted.article
    value = {
        "name": article.annotated.name,
        "title": article.annotated.title,
        "period": article.annotated.period,
        **_describe(predicted.found, article),
        "given": _describe(predicted.given, article),
    }
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def _describe(judged: Judged, article: Prepared) -> dict[str, list[Any]]:
    types = judged.triggers or dict.fromkeys(judged.attributes, ())
    kinds = judged.mentions or dict.fromkeys(article.mentions, ())
    triggers, mentions = ({span: number for number, span in enumerate(spans)} for spans in (types, kinds))
    return {
        "triggers": [
            {
                "place": article.locate(span),
                "types": {str(kind): round(p, 4) for kind, p in zip(EVENT_TYPES, values, strict=False) if p >= FLOOR},
                "attributes": [_round(part) for part in judged.attributes.get(span, ())],
            }
            for span, values in types.items()
        ],
        "mentions": [
            {
                "place": article.locate(span),
                "kinds": {str(kind): round(p, 4) for kind, p in zip(KINDS, values, strict=False)},
                "entities": sorted(article.mentions[span][2]) if span in article.mentions else [],
            }
            for span, values in kinds.items()
        ],
        "pairs": [
            [triggers[trigger], mentions[mention], _round(roles)] for (trigger, mention), roles in judged.roles.items()
        ],
    }


def _round(probabilities: Sequence[float]) -> list[float]:
    return [round(probability, 4) for probability in probabilities]
