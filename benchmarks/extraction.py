"""Compares the time of extraction with that of spaCy alone, and shows whether memory grows with the number of articles.

python benchmarks/extraction.py [PATH]

Each article at PATH (default: the seeds) is parsed with the model's own components and then extracted, in one process
and in turn, so that other load on the machine affects both alike. Facts are dropped at once, so the memory measured is
what extraction itself holds.
"""

import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from spacy.language import Language

from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_pipeline, load_trained
from hamakg.model import Article
from hamakg.read import find_documents, read_document

SEEDS = Path(__file__).parents[1] / "seeds"
LIMIT = 1.5  # of the time of extraction divided by that of spaCy


def time_article(article: Article, nlp: Language) -> tuple[float, float]:
    """The seconds that spaCy alone takes for the article's paragraphs, and the seconds that extraction takes."""
    with nlp.select_pipes(disable=[name for name in nlp.pipe_names if name.startswith("hamakg_")]):
        start = perf_counter()
        for _ in nlp.pipe(paragraph.text for paragraph in article.paragraphs):
            pass
        parsed = perf_counter()
    extract_facts(article, nlp, load_trained())
    return parsed - start, perf_counter() - parsed


def measure_peak_memory() -> float:
    """The highest memory use of the process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def read_articles(path: Path) -> Iterator[Article]:
    """The articles one by one, so that only one is in memory."""
    for document in find_documents([path]):
        yield from read_document(document)


def main(path: Path) -> None:
    """Print a line whenever the number of articles has doubled, and at the end."""
    nlp = load_pipeline()
    articles, words, alone, extracted = 0, 0, 0.0, 0.0
    print(f"{'articles':>8}{'words':>10}{'spaCy s':>10}{'all s':>10}{'ratio':>8}{'peak MB':>10}")

    def print_row() -> None:
        print(
            f"{articles:8}{words:10}{alone:10.1f}{extracted:10.1f}{extracted / alone:8.2f}{measure_peak_memory():10.0f}"
        )

    for article in read_articles(path):
        parse_time, extraction_time = time_article(article, nlp)
        articles, alone, extracted = articles + 1, alone + parse_time, extracted + extraction_time
        words += sum(len(paragraph.text.split()) for paragraph in article.paragraphs)
        if articles & (articles - 1) == 0:
            print_row()
    print_row()
    print(f"{extracted / alone:.2f} times as long as spaCy alone (limit: {LIMIT})")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else SEEDS)
