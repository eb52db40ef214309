"""The scores that were last recorded for a folder of annotations; tests compare later ones with them."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from hamakg.errors import HamakgError
from hamakg.evaluation.scores import Comparison, Score, score_facts, score_slots

TOLERANCE = 0.01
"""How far the F1 of facts may fall below the recorded figure before the tests fail."""

_RECORDED = "recorded.toml"
_HEAD = """\
# How well the articles are read; written by: hamakg evaluate --record
# The annotations were made by language models that read by the written guidelines; no human expert has checked them.
"""

RecordedScores = dict[str, dict[str, dict[str, float]]]
"""Precision, recall, f1 and the number annotated, by table (facts, articles, slots) and row ("all", a slug, a slot)."""


def read_recorded_scores(annotations: Path) -> RecordedScores:
    """The scores recorded for a folder of annotations; an empty dictionary where none were."""
    path = annotations / _RECORDED
    try:
        return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise HamakgError(f"{path} cannot be read ({error}); write it again with --record") from error


def record_scores(annotations: Path, comparisons: Sequence[Comparison]) -> None:
    """Write the scores of all facts, of each article and of each slot to a file beside the annotations."""
    path = annotations / _RECORDED
    articles = {comparison.slug: score_facts([comparison]) for comparison in comparisons}
    tables = {"facts": {"all": score_facts(comparisons)}, "articles": articles, "slots": score_slots(comparisons)}
    try:
        path.write_text(_HEAD + "".join(_format_table(name, scores) for name, scores in tables.items()), "utf-8")
    except OSError as error:
        raise HamakgError(f"{path} cannot be written: {error.strerror}") from error


def _format_table(name: str, scores: Mapping[str, Score]) -> str:
    rows = (f"{row} = {{{_format_score(score)}}}" for row, score in scores.items())
    return "\n".join((f"\n[{name}]", *rows, ""))


def _format_score(score: Score) -> str:
    figures = f"precision = {score.precision:.3f}, recall = {score.recall:.3f}, f1 = {score.f1:.3f}"
    return f"{figures}, annotated = {score.annotated}"
