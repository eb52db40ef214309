"""How much longer reading an article takes than its parse alone, and whether memory grows with the number of articles.

python benchmarks/extraction.py [PATH]

Each article (of the seeds, if no path is given) is parsed by spaCy with the model's own components, then extracted, in
one process and one after the other, so that whatever else the machine does weighs on both alike. Facts are dropped as
soon as they are made: memory is what reading holds on to.
"""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from spacy.language import Language

from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_pipeline
from hamakg.model import Article
from hamakg.read import find_documents, read_document

SEEDS = Path(__file__).parents[1] / "seeds"
MOST = 1.5  # times spaCy's own pass


def seconds(article: Article, nlp: Language) -> tuple[float, float]:
    """How long spaCy alone takes for the article's paragraphs, and how long the whole extraction."""
    with nlp.select_pipes(disable=[name for name in nlp.pipe_names if name.startswith("hamakg_")]):
        start = perf_counter()
        for _ in nlp.pipe(paragraph.text for paragraph in article.paragraphs):
            pass
        parsed = perf_counter()
    extract_facts(article, nlp)
    return parsed - start, perf_counter() - parsed


def megabytes() -> float:
    """The most memory that the process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def articles_at(path: Path) -> Iterator[Article]:
    """The articles one by one, none kept."""
    for document in find_documents([path]):
        yield from read_document(document)


def main(path: Path) -> None:
    """Prints a line at each doubling of the number of articles and at the end."""
    nlp = load_pipeline()
    articles, words, alone, extracted = 0, 0, 0.0, 0.0
    print(f"{'articles':>8}{'words':>10}{'spaCy s':>10}{'all s':>10}{'ratio':>8}{'peak MB':>10}")

    def row() -> None:
        print(f"{articles:8}{words:10}{alone:10.1f}{extracted:10.1f}{extracted / alone:8.2f}{megabytes():10.0f}")

    for article in articles_at(path):
        mine, whole = seconds(article, nlp)
        articles, alone, extracted = articles + 1, alone + mine, extracted + whole
        words += sum(len(paragraph.text.split()) for paragraph in article.paragraphs)
        if articles & (articles - 1) == 0:
            row()
    row()
    print(f"{extracted / alone:.2f} times spaCy's own pass; at most {MOST} is asked")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else SEEDS)
