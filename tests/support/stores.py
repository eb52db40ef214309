"""Stores to test with."""

from pathlib import Path

from hamakg.graph import build_article_quads, build_entity_quads
from hamakg.model import ArticleFacts
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore, replace_graph
from support.complete_facts import FACTS


def write_store(path: Path, facts: ArticleFacts = FACTS) -> VersionedStore:
    """Writes the next generation of a store: the facts of one article, and its entities."""
    store, iris = VersionedStore(path), Iris()
    with store.open_draft() as draft:
        replace_graph(draft, iris.article_graph(facts.article.slug), build_article_quads(facts, iris))
        replace_graph(draft, iris.graph("entities"), build_entity_quads(draft, iris))
    return store
