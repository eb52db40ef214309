"""How fast each stage is on this machine, over the articles at a path (the seeds, if none is given).

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
from hamakg.extract.narrative import load_pipeline
from hamakg.graph import build_article_quads
from hamakg.publish import select_graphs, write_dump
from hamakg.rdf.iris import Iris
from hamakg.read import find_documents, read_document
from hamakg.sparql import query_files
from hamakg.sparql.ask import ask
from hamakg.store import VersionedStore

SEEDS = Path(__file__).parents[1] / "seeds"


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Prints how long the block took."""
    start = perf_counter()
    yield
    print(f"{what:<40}{perf_counter() - start:8.3f} s")


def main(path: Path) -> None:
    """Prints a line a stage, then a line a sample question."""
    iris = Iris()
    with timed("load the language model"):
        nlp = load_pipeline()
    with timed("read"):
        articles = [article for document in find_documents([path]) for article in read_document(document)]
    words = sum(len(paragraph.text.split()) for article in articles for paragraph in article.paragraphs)
    print(f"{len(articles)} articles, {words} words of narrative")
    with timed("extract infoboxes"):
        for article in articles:
            extract_infobox(article)
    with timed("extract all"):
        facts = [extract_facts(article, nlp) for article in articles]
    with timed("make quads"):
        quads = sum(len(build_article_quads(each, iris)) for each in facts)
    print(f"{quads} quads")
    with tempfile.TemporaryDirectory() as folder:
        store = VersionedStore(Path(folder) / "store")
        with timed("build into a fresh store"):
            build([path], store, partial(extract_facts, nlp=nlp), iris)
        with timed("build again, nothing changed"):
            build([path], store, partial(extract_facts, nlp=nlp), iris)
        snapshot = store.snapshot()
        with timed("export as N-Quads"):
            write_dump(snapshot, "nquads", io.BytesIO(), select_graphs(snapshot, iris), iris)
        for query in query_files.read_examples():
            with timed(f"query {query.name}"):
                list(ask(snapshot, query.text))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else SEEDS)
