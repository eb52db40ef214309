"""A store with the made-up article of ``facts.py``, and a server for it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from hamakg.store import UNION, VersionedStore
from support.crowded import make_quads
from support.stores import write_store
from web.client import Client, serving

Write = Callable[..., VersionedStore]


@pytest.fixture(scope="session")
def write() -> Write:
    """Writes the next generation of a store: the facts of one article, and its entities."""
    return write_store


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


@pytest.fixture(scope="module")
def writable_path(store: VersionedStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the store, for the tests of one file that write."""
    path = tmp_path_factory.mktemp("writable") / "store"
    store.backup(path)
    return path


@pytest.fixture(scope="module")
def writable(writable_path: Path) -> Iterator[Client]:
    """A server for the copy, on which those who have the token may write."""
    with serving(writable_path, "--token", "secret") as client:
        yield client
