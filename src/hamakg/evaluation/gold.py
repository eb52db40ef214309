"""Annotated articles to measure extraction on: where they are, and how they are read.

A folder has ``NAME.json`` and ``NAME.sents.txt``, and each document (``NAME.txt``, ``NAME.wiki``, ``NAME.xml``) beside
them or in ``docs`` below. A fault of one article takes nothing from the others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hamakg.data_files import data_folder
from hamakg.errors import HamakgError, UsageError
from hamakg.evaluation.annotations import find_missing_sentences, make_facts, read_annotation
from hamakg.evaluation.scores import Comparison, compare
from hamakg.extract.infobox import extract_infobox
from hamakg.model import Article, ArticleFacts
from hamakg.rdf.ids import article_slug
from hamakg.read import SUFFIXES, Parse, SkippedPage, find_documents, locate_error, parse_page, read_document

DOCUMENTS = "docs"
_SENTENCES = ".sents.txt"

Extract = Callable[[Article], ArticleFacts]
OnFailure = Callable[[HamakgError], None]


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An article and its annotation as facts; ``missing`` are the numbers of annotated sentences that it does not have.

    The events of missing sentences cannot be found; they count as missed.
    """

    document: Path
    annotated: ArticleFacts
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluatedArticle:
    """What was found in an article beside what is annotated in it; ``missing`` as in :class:`AnnotatedArticle`."""

    found: ArticleFacts
    annotated: ArticleFacts
    missing: tuple[int, ...] = ()

    def compare(self, bar: float = 0.0) -> Comparison:
        """Compare the events of at least this confidence with the annotated ones; an event without one counts too."""
        sure = (event for event in self.found.events if event.confidence is None or event.confidence >= bar)
        return compare(replace(self.found, events=tuple(sure)), self.annotated)


def find_project_gold() -> tuple[Path, Path]:
    """The folder of the project's own annotations and the folder of the articles annotated there.

    Raises UsageError where hamakg is installed as a package: the annotations come with its source only.
    """
    annotations, articles = data_folder("tests") / "gold", data_folder("seeds")
    if not (annotations.is_dir() and articles.is_dir()):
        raise UsageError("hamakg's own annotations come with its source only; name a folder of annotations")
    return annotations, articles


def _raise(error: HamakgError) -> None:
    raise error


def read_gold(
    folder: Path, documents: Sequence[Path] = (), on_failure: OnFailure = _raise, *, parse: Parse = parse_page
) -> Iterator[AnnotatedArticle]:
    """The annotated articles of the folder, or those of the documents only, which may lie elsewhere.

    A document belongs to the annotation with its name, or with its article's title as name. ``on_failure`` is called
    for each document and annotation that cannot be read or lacks the other; by default the errors are raised. Raises
    UsageError for a folder without annotations and for a path that does not exist.
    """
    annotations = {path.stem: path for path in sorted(folder.glob("*.json"))}
    if not annotations:
        raise UsageError(f"{folder} has no annotations (NAME.json with NAME{_SENTENCES}); name a folder that has some")
    if not documents:
        documents = list(_pair_documents(folder, annotations, on_failure))
    by_slug = {article_slug(name): path for name, path in annotations.items()}
    for document in find_documents(documents):
        try:
            for article in _read_articles(document, parse):
                path = annotations.get(_find_name(document)) or by_slug.get(article.slug)
                if path is None:
                    raise UsageError(f"{document}: {folder} has no annotations of {article.title!r}; leave it out")
                yield _join(document, article, path)
        except HamakgError as error:
            on_failure(error)


def evaluate(
    articles: Iterator[AnnotatedArticle], extract: Extract, on_failure: OnFailure = _raise
) -> Iterator[EvaluatedArticle]:
    """Extract the facts of each article, to be compared with its annotation."""
    for one in articles:
        try:
            found = extract(one.annotated.article)
        except HamakgError as error:
            on_failure(locate_error(error, one.document, one.annotated.article.title))
        else:
            yield EvaluatedArticle(found, one.annotated, one.missing)


def _pair_documents(folder: Path, annotations: dict[str, Path], on_failure: OnFailure) -> Iterator[Path]:
    """The documents in the folder and in ``docs`` that belong to one annotation each; the others are reported."""
    documents: dict[str, list[Path]] = {name: [] for name in annotations}
    for path in sorted((*folder.iterdir(), *(folder / DOCUMENTS).glob("*"))):
        if path.name.endswith(SUFFIXES) and not path.name.endswith(_SENTENCES):
            documents.setdefault(_find_name(path), []).append(path)
    for name, paths in sorted(documents.items()):
        if name not in annotations:
            on_failure(HamakgError(f"{paths[0]}: no annotation, {folder / name}.json; annotate it, or take it away"))
        elif not paths:
            on_failure(
                HamakgError(
                    f"{annotations[name]}: no document, {name}.txt, .wiki or .xml, beside it or in {DOCUMENTS}; add it"
                )
            )
        elif len(paths) > 1:
            on_failure(HamakgError(f"{paths[1]}: {paths[0]} is the document of {name} already; keep one of them"))
        else:
            yield paths[0]


def _find_name(document: Path) -> str:
    """The name of a document, without its suffix."""
    suffix = max((suffix for suffix in SUFFIXES if document.name.endswith(suffix)), key=len, default="")
    return document.name.removesuffix(suffix)


def _read_articles(document: Path, parse: Parse) -> list[Article]:
    """The articles of the document that have a text. Raises HamakgError for a document without one."""
    skipped: list[SkippedPage] = []
    articles = [article for article in read_document(document, skipped.append, parse=parse) if article.paragraphs]
    if not articles:
        reason = skipped[0].reason if skipped else "no article with a text"
        raise HamakgError(f"{document}: {reason}; name the article that was annotated")
    return articles


def _join(document: Path, article: Article, path: Path) -> AnnotatedArticle:
    """The article with its annotation. Raises HamakgError where the annotation was made of another text."""
    annotation = read_annotation(path)
    missing = find_missing_sentences(annotation, article)
    if len(missing) == len(annotation.sentences):
        raise HamakgError(f"{path}: none of its sentences is in {document}; name the article that was annotated")
    return AnnotatedArticle(document, make_facts(annotation, article, extract_infobox(article)), tuple(missing))
