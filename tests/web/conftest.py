"""A store with the made-up article of ``facts.py``, and a server for it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from hamakg.graph import build_article_quads, build_entity_quads
from hamakg.model import ArticleFacts
from hamakg.rdf.iris import Iris
from hamakg.store import UNION, VersionedStore, replace_graph
from support.complete_facts import FACTS
from support.crowded import make_quads
from web.client import Client, serving

Write = Callable[..., VersionedStore]


@pytest.fixture(scope="session")
def write() -> Write:
    """Writes the next generation of a store: the facts of one article, and its entities."""

    def write(path: Path, facts: ArticleFacts = FACTS) -> VersionedStore:
        store, iris = VersionedStore(path), Iris()
        with store.open_draft() as draft:
            replace_graph(draft, iris.article_graph(facts.article.slug), build_article_quads(facts, iris))
            replace_graph(draft, iris.graph("entities"), build_entity_quads(draft, iris))
        return store

    return write


@pytest.fixture(scope="session")
def store(write: Write, tmp_path_factory: pytest.TempPathFactory) -> VersionedStore:
    return write(tmp_path_factory.mktemp("web") / "store")


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> VersionedStore:
    """A place with 300,000 triples that point to it, in a graph of a million triples."""
    store = VersionedStore(tmp_path_factory.mktemp("large") / "store")
    with store.open_draft() as draft:
        draft.bulk_extend(make_quads())
        draft.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object, UNION) for quad in make_quads())
    return store


@pytest.fixture(scope="session")
def client(store: VersionedStore) -> Iterator[Client]:
    with serving(store.path) as client:
        yield client
