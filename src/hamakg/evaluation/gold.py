"""Articles with people's annotations, to measure extraction on: where they lie, and what it reached at last."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hamakg.data_files import data_folder
from hamakg.errors import HamakgError, UsageError
from hamakg.evaluation.annotations import read_annotations
from hamakg.evaluation.scores import Comparison, Score, by_slot, facts
from hamakg.extract.infobox import extract_infobox
from hamakg.model import ArticleFacts
from hamakg.rdf.ids import article_slug
from hamakg.read import find_documents, read_document

TOLERANCE = 0.01
"""So much may the F1 of facts be below the recorded figure before the tests fail."""

_RECORDED = "recorded.toml"
_HEAD = "# How well the articles are read; written by: hamakg evaluate --record\n"

Recorded = dict[str, dict[str, dict[str, float]]]
"""Precision, recall, f1 and the number annotated, by what was counted, by table: facts (all), articles, slots."""


def project_gold() -> tuple[Path, Path]:
    """The project's own annotations, and the articles that they are of.

    Raises UsageError where hamakg is installed without them: they are part of its source.
    """
    annotations, articles = data_folder("tests") / "gold", data_folder("seeds")
    if not (annotations.is_dir() and articles.is_dir()):
        raise UsageError("hamakg's own annotations come with its source alone: name a folder of annotations")
    return annotations, articles


def read_gold(annotations: Path, documents: Sequence[Path] = ()) -> Iterator[ArticleFacts]:
    """What people found in the articles of the documents; without documents, in each NAME.txt beside its NAME.json.

    Raises UsageError where an article has no annotation or the folder none at all, HamakgError for what cannot be read.
    """
    known = {article_slug(path.stem): path for path in sorted(annotations.glob("*.json"))}
    if not known:
        raise UsageError(f"{annotations} has no annotations (NAME.json with NAME.sents.txt); name a folder that has")
    for document in find_documents(documents or [path.with_suffix(".txt") for path in known.values()]):
        for article in read_document(document):
            if article.slug not in known:
                raise UsageError(f"{document}: {annotations} has no annotation of {article.title!r}; leave it out")
            yield read_annotations(known[article.slug], article, extract_infobox(article))


def recorded(annotations: Path) -> Recorded:
    """The figures that were recorded for a folder of annotations; none where nobody has."""
    path = annotations / _RECORDED
    try:
        return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise HamakgError(f"{path} cannot be read ({error}); write it anew with --record") from error


def record(annotations: Path, comparisons: Sequence[Comparison]) -> None:
    """Writes the figures down: of all facts, and by article and slot."""
    path = annotations / _RECORDED
    articles = {comparison.slug: facts([comparison]) for comparison in comparisons}
    tables = {"facts": {"all": facts(comparisons)}, "articles": articles, "slots": by_slot(comparisons)}
    try:
        path.write_text(_HEAD + "".join(_table(name, scores) for name, scores in tables.items()), "utf-8")
    except OSError as error:
        raise HamakgError(f"{path} cannot be written: {error.strerror}") from error


def _table(name: str, scores: Mapping[str, Score]) -> str:
    return "\n".join((f"\n[{name}]", *(f"{what} = {{{_row(score)}}}" for what, score in scores.items()), ""))


def _row(score: Score) -> str:
    figures = f"precision = {score.precision:.3f}, recall = {score.recall:.3f}, f1 = {score.f1:.3f}"
    return f"{figures}, annotated = {score.annotated}"
