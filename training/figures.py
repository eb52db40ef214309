"""Figures of what a model says of articles apart: events, mentions, attributes, and roles of what annotators marked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hamakg.extract.encoder.pairs import ATTRIBUTES, ROLES, Role
from training.predict import Predicted

THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Score:
    """How many were right, told, and annotated."""

    right: int
    told: int
    annotated: int

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.told + other.told, self.annotated + other.annotated)

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.told), self.right / max(1, self.annotated)
        return f"P {precision:.3f} R {recall:.3f} F1 {2 * self.right / max(1, self.told + self.annotated):.3f}"


def score_events(article: Predicted, threshold: float) -> Score:
    """By sentence and type, as ``hamakg evaluate`` counts."""
    told = Counter(
        (score.words.sentence, score.type) for score in article.found.triggers if score.probability >= threshold
    )
    annotated = Counter((span.sentence, event.type) for span, event in article.article.events.items())
    return Score((told & annotated).total(), told.total(), annotated.total())


def score_mentions(article: Predicted, threshold: float, by_kind: bool) -> Score:
    """Mentions whose words, and by choice whose kind, are those of an annotated one."""
    told = {
        (score.words, score.kind if by_kind else None)
        for score in article.found.mentions
        if sum(score.kinds) >= threshold
    }
    annotated = {(span, named.kind if by_kind else None) for span, named in article.article.mentions.items()}
    return Score(len(told & annotated), len(told), len(annotated))


def score_roles(article: Predicted) -> dict[Role, Score]:
    """Of annotated triggers and mentions; an entity has the likeliest role that one of its mentions has.

    Every annotated slot counts, also those whose entity no sentence near names. An entity that shares a name counts as
    told only where none that fills a slot bears it.
    """
    given = article.of_given.roles
    scores = {role: Score(0, 0, 0) for role in ROLES[1:]}
    for trigger, pairs in groupby(sorted(given), key=lambda pair: pair[0]):
        wanted = dict(article.article.events[trigger].roles)
        likeliest: dict[str, tuple[float, int]] = {}
        for pair in pairs:
            entities = article.article.mentions[pair[1]].entities
            probabilities = given[pair]
            best = max(range(len(ROLES)), key=probabilities.__getitem__)
            if not best:
                continue
            for entity in (entities & set(wanted)) or [min(entities)]:
                likeliest[entity] = max(likeliest.get(entity, (0.0, 0)), (probabilities[best], best))
        for entity, (_, number) in likeliest.items():
            scores[ROLES[number]] += Score(int(wanted.get(entity) == ROLES[number]), 1, 0)
    for event in article.article.events.values():
        for _, role in event.roles:
            scores[role] += Score(0, 0, 1)
    return scores


def score_attributes(article: Predicted) -> list[Score]:
    """Of factuality other than actual, of standing other than narrated, and of recapture, at annotated triggers."""
    scores = [Score(0, 0, 0)] * len(ATTRIBUTES)
    for span, said in article.of_given.attributes.items():
        event = article.article.events[span]
        values = (event.factuality, event.standing, event.recapture)
        for number, (known, value, part) in enumerate(zip(ATTRIBUTES, values, said, strict=True)):
            told, wanted = part.index(max(part)), known.index(value)
            scores[number] += Score(int(told == wanted > 0), int(told > 0), int(wanted > 0))
    return scores


def list_figures(articles: Sequence[Predicted]) -> Iterator[str]:
    """Lines of Markdown by period."""
    for period in sorted({article.article.annotated.period for article in articles}):
        own = [article for article in articles if article.article.annotated.period == period]
        yield f"\n## {period}: {len(own)} articles\n"
        for threshold in THRESHOLDS:
            yield f"- events at {threshold}: {_total(score_events(article, threshold) for article in own)}"
        for threshold in (0.3, 0.5):
            told = _total(score_mentions(article, threshold, True) for article in own)
            yield f"- mentions at {threshold}, words and kind: {told}; words: " + str(
                _total(score_mentions(article, threshold, False) for article in own)
            )
        roles = [score_roles(article) for article in own]
        yield f"- roles, triggers and names given: {_total(s for row in roles for s in row.values())}"
        yield from (f"    - {role}: {_total(row[role] for row in roles)}" for role in ROLES[1:])
        for number, name in enumerate(("factuality", "standing", "recapture")):
            yield f"- {name}, triggers given: {_total(score_attributes(article)[number] for article in own)}"


def _total(scores: Iterable[Score]) -> Score:
    return sum(scores, Score(0, 0, 0))
