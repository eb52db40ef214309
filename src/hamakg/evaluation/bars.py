"""How good the events are that reach a bar of confidence, so that a user can choose one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hamakg.evaluation.gold import EvaluatedArticle
from hamakg.evaluation.scores import Score, score_events, score_facts
from hamakg.evaluation.verdicts import Verdicts, count_verdicts

BARS = (*(step / 20 for step in range(2, 20)),)
"""The bars for which figures are given: 0.1, 0.15, … 0.95."""


@dataclass(frozen=True, slots=True)
class BarScores:
    """The scores and verdicts if only events of at least this confidence are used; the others count as not found."""

    bar: float
    events: Score
    facts: Score
    verdicts: Verdicts


def score_bars(articles: Sequence[EvaluatedArticle], bars: Iterable[float] = BARS) -> tuple[BarScores, ...]:
    """The scores at each bar; the events that reach it are compared anew, since others may now be the partners."""
    return tuple(_score_bar(articles, bar) for bar in bars)


def _score_bar(articles: Iterable[EvaluatedArticle], bar: float) -> BarScores:
    comparisons = [article.compare(bar) for article in articles]
    return BarScores(bar, score_events(comparisons), score_facts(comparisons), count_verdicts(comparisons))
