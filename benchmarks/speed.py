"""Measures the time of each stage on the articles at PATH (default: the seeds).

python benchmarks/speed.py [PATH]
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter

from hamakg.build import build
from hamakg.extract.article import extract_facts
from hamakg.extract.infobox import extract_infobox
from hamakg.extract.narrative import load_pipeline, load_trained
from hamakg.graph import build_article_quads
from hamakg.publish import select_graphs, write_dump
from hamakg.rdf.iris import Iris
from hamakg.read import find_documents, read_document
from hamakg.sparql import query_files
from hamakg.sparql.ask import ask
from hamakg.store import VersionedStore

SEEDS = Path(__file__).parents[1] / "seeds"


@contextmanager
def print_time(label: str) -> Iterator[None]:
    """Print how long the block took."""
    start = perf_counter()
    yield
    print(f"{label:<40}{perf_counter() - start:8.3f} s")


def main(path: Path) -> None:
    """Print a line for each stage and each sample question."""
    iris = Iris()
    with print_time("load the language model"):
        nlp = load_pipeline()
    with print_time("read"):
        articles = [article for document in find_documents([path]) for article in read_document(document)]
    words = sum(len(paragraph.text.split()) for article in articles for paragraph in article.paragraphs)
    print(f"{len(articles)} articles, {words} words of narrative")
    with print_time("extract infoboxes"):
        for article in articles:
            extract_infobox(article)
    with print_time("extract infoboxes and narratives"):
        facts = [extract_facts(article, nlp, load_trained()) for article in articles]
    with print_time("make quads"):
        quads = sum(len(build_article_quads(each, iris)) for each in facts)
    print(f"{quads} quads")
    with tempfile.TemporaryDirectory() as folder:
        store = VersionedStore(Path(folder) / "store")
        with print_time("build into a fresh store"):
            build([path], store, partial(extract_facts, nlp=nlp, trained=load_trained()), iris)
        with print_time("build again, nothing changed"):
            build([path], store, partial(extract_facts, nlp=nlp, trained=load_trained()), iris)
        snapshot = store.snapshot()
        with print_time("export as N-Quads"):
            write_dump(snapshot, "nquads", io.BytesIO(), select_graphs(snapshot, iris), iris)
        for query in query_files.read_questions():
            with print_time(f"query {query.name}"):
                list(ask(snapshot, query.text))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else SEEDS)
