"""Annotated articles to measure extraction on: where they are, and the scores that were last recorded for them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hamakg.data_files import data_folder
from hamakg.errors import HamakgError, UsageError
from hamakg.evaluation.annotations import read_annotations
from hamakg.evaluation.scores import Comparison, Score, score_facts, score_slots
from hamakg.extract.infobox import extract_infobox
from hamakg.model import ArticleFacts
from hamakg.rdf.ids import article_slug
from hamakg.read import find_documents, read_document

TOLERANCE = 0.01
"""How far the F1 of facts may fall below the recorded figure before the tests fail."""

_RECORDED = "recorded.toml"
_HEAD = """\
# How well the articles are read; written by: hamakg evaluate --record
# The annotations were made by language models that read by the written guidelines; no human expert has checked them.
"""

RecordedScores = dict[str, dict[str, dict[str, float]]]
"""Precision, recall, f1 and the number annotated, by table (facts, articles, slots) and row ("all", a slug, a slot)."""


def find_project_gold() -> tuple[Path, Path]:
    """The folder of the project's own annotations and the folder of the articles annotated there.

    Raises UsageError where hamakg is installed as a package: the annotations come with its source only.
    """
    annotations, articles = data_folder("tests") / "gold", data_folder("seeds")
    if not (annotations.is_dir() and articles.is_dir()):
        raise UsageError("hamakg's own annotations come with its source only; name a folder of annotations")
    return annotations, articles


def read_gold(annotations: Path, documents: Sequence[Path] = ()) -> Iterator[ArticleFacts]:
    """The facts annotated in the articles of the documents; by default in each NAME.txt beside its NAME.json.

    Raises UsageError for an article without annotations and for a folder without any, HamakgError for a file that
    cannot be read.
    """
    known = {article_slug(path.stem): path for path in sorted(annotations.glob("*.json"))}
    if not known:
        raise UsageError(
            f"{annotations} has no annotations (NAME.json with NAME.sents.txt); name a folder that has some"
        )
    for document in find_documents(documents or [path.with_suffix(".txt") for path in known.values()]):
        for article in read_document(document):
            if article.slug not in known:
                raise UsageError(f"{document}: {annotations} has no annotations of {article.title!r}; leave it out")
            yield read_annotations(known[article.slug], article, extract_infobox(article))


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
