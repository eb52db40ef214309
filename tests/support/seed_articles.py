"""The two seed articles, the events annotated in them, and the graph of some articles' facts."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pyoxigraph

from hamakg.build import derive
from hamakg.extract.infobox import extract_infobox
from hamakg.graph import build_article_quads
from hamakg.model import Article, ArticleFacts
from hamakg.rdf.iris import Iris
from hamakg.read import read_document
from hamakg.store import replace_graph
from support.annotated_facts import read_annotations

TESTS = Path(__file__).parents[1]
FILE_NAMES = {"march": "hama_offensive_march_april_2017", "september": "hama_offensive_september_2017"}
"""The names of the annotation files in ``tests/gold``, by the short names of the articles."""

IRIS = Iris()


@cache
def seed_articles() -> Mapping[str, Article]:
    """The two seed articles by their short names."""
    seeds = [article for path in sorted((TESTS.parent / "seeds").glob("*.txt")) for article in read_document(path)]
    return dict(zip(FILE_NAMES, seeds, strict=True))


@cache
def annotated_facts() -> Mapping[str, ArticleFacts]:
    """The facts annotated in the seed articles, by the articles' short names."""
    return {
        short: read_annotations(TESTS / "gold" / f"{FILE_NAMES[short]}.json", article, extract_infobox(article))
        for short, article in seed_articles().items()
    }


def build_graph(facts: Iterable[ArticleFacts]) -> pyoxigraph.Store:
    """An in-memory store of the facts of some articles, with everything that is derived from them."""
    store = pyoxigraph.Store()
    for one in facts:
        replace_graph(store, IRIS.article_graph(one.article.slug), build_article_quads(one, IRIS))
    derive(store, IRIS)
    return store
