"""A store with the made-up article of ``facts.py``, and a server over it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from facts import FACTS
from hamakg.graph import article_quads, entity_quads
from hamakg.model import ArticleFacts
from hamakg.store import Store, replace
from hamakg.terms import Names
from web.client import Client, serving

Write = Callable[..., Store]


@pytest.fixture(scope="session")
def write() -> Write:
    """Makes the next generation of the store at a path: one article's facts, and the entities'."""

    def write(path: Path, facts: ArticleFacts = FACTS) -> Store:
        store, names = Store(path), Names()
        with store.writing() as draft:
            replace(draft, names.article_graph(facts.article.slug), article_quads(facts, names))
            replace(draft, names.graph("entities"), entity_quads(draft, names))
        return store

    return write


@pytest.fixture(scope="session")
def store(write: Write, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return write(tmp_path_factory.mktemp("web") / "store")


@pytest.fixture(scope="session")
def client(store: Store) -> Iterator[Client]:
    with serving(store.path) as client:
        yield client
