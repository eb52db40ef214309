"""What a model says of an article that it did not learn from: all its probabilities, for figures and for judges.

``write_scores`` writes one JSON object an article; places are ``[sentence, begin, end]``, a sentence by the number that
annotators gave it, offsets in code points into it; probabilities are rounded to four places:

- ``name``, ``title``, ``period``
- ``triggers``: ``place``; ``types``, a probability for each event type from ``TRIGGER_FLOOR`` on; ``attributes``:
  probabilities of the factualities, of the standings, of no recapture and recapture
- ``mentions``: ``place``; ``kinds``, a probability for each kind; ``entities``, the ids of those that annotators saw
- ``pairs``: number of a trigger, number of a mention, and the probabilities of the roles in the order of ``Role``; of
  triggers and mentions that the model itself found
- ``given``: triggers, mentions and pairs again, where annotators marked them
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hamakg.extract.encoder.model import TRIGGER_FLOOR, Judgements, Model, ReadArticle, judge, read_article
from hamakg.extract.encoder.pairs import EVENT_TYPES, KINDS, Named
from hamakg.extract.encoder.windows import Words
from training.examples import Prepared

_PAIRED = 0.1  # a trigger that is less likely is not paired


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the model finds in an article, and what it says of the triggers and mentions: of those, and of annotated."""

    article: Prepared
    found: ReadArticle
    of_found: Judgements
    of_given: Judgements


def predict(model: Model, article: Prepared) -> Predicted:
    """Reads the article as the narrative's reader would that knows neither sides nor what names the same entity."""
    found = read_article(model, article.annotated.title, article.sentences)
    triggers = {score.words: score.type for score in found.triggers if score.probability >= _PAIRED}
    mentions = {score.words: Named(score.kind, 0, article.spell(score.words)) for score in found.mentions}
    return Predicted(
        article=article,
        found=found,
        of_found=judge(model, found, triggers, mentions),
        of_given=judge(model, found, {span: event.type for span, event in article.events.items()}, article.mentions),
    )


def write_scores(predicted: Predicted, path: Path) -> None:
    """Writes the JSON object that this module describes."""
    article = predicted.article
    types = {score.words: score.types for score in predicted.found.triggers}
    kinds = {score.words: score.kinds for score in predicted.found.mentions}
    value = {
        "name": article.annotated.name,
        "title": article.annotated.title,
        "period": article.annotated.period,
        **_describe(article, types, kinds, predicted.of_found),
        "given": _describe(
            article, dict.fromkeys(article.events, ()), dict.fromkeys(article.mentions, ()), predicted.of_given
        ),
    }
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def _describe(
    article: Prepared,
    types: Mapping[Words, Sequence[float]],
    kinds: Mapping[Words, Sequence[float]],
    judgements: Judgements,
) -> dict[str, list[Any]]:
    triggers, mentions = ({span: number for number, span in enumerate(spans)} for spans in (types, kinds))
    return {
        "triggers": [
            {
                "place": article.locate(span),
                "types": _name(EVENT_TYPES, values, TRIGGER_FLOOR),
                "attributes": [_round(part) for part in judgements.attributes.get(span, ())],
            }
            for span, values in types.items()
        ],
        "mentions": [
            {
                "place": article.locate(span),
                "kinds": _name(KINDS, values, 0.0),
                "entities": sorted(article.mentions[span].entities) if span in article.mentions else [],
            }
            for span, values in kinds.items()
        ],
        "pairs": [
            [triggers[trigger], mentions[mention], _round(roles)]
            for (trigger, mention), roles in judgements.roles.items()
        ],
    }


def _name(names: Iterable[str], values: Sequence[float], floor: float) -> dict[str, float]:
    """By name what reaches the floor; nothing where there are no values, because annotators gave the answer."""
    return {str(name): round(value, 4) for name, value in zip(names, values, strict=False) if value >= floor}


def _round(probabilities: Sequence[float]) -> list[float]:
    return [round(probability, 4) for probability in probabilities]
