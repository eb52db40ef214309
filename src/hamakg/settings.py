"""What one installation chooses: its base IRI, and where its store lies when nothing is said."""

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode

from hamakg.errors import UsageError
from hamakg.terms import BASE, Names

STORE = Path("store")

API = "https://en.wikipedia.org/w/api.php"
"""The MediaWiki API that is asked for articles."""

WIKIDATA_API = "https://www.wikidata.org/w/api.php"
"""The API that is asked for the items of pages."""

CONTACT = "https://w3id.org/hamakg"
"""Who asks, where nobody says it."""

_ENTITIES = "graph/entities"
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`#?]+/")


def names_at(base: str) -> Names:
    """The IRIs below a base. Raises UsageError unless it is an http(s) IRI that ends with a slash."""
    if not _BASE.fullmatch(base):
        raise UsageError(f"{base!r} cannot be a base: give an http or https IRI that ends with '/', as {BASE} does")
    return Names(base)


def names_in(store: pyoxigraph.Store) -> Names:
    """The IRIs that the data of a store are named by: a store is built under one base and keeps it."""
    return names_among(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))


def names_among(graphs: Iterable[str]) -> Names:
    """The IRIs that data in these graphs are named by: the graph of the entities tells it."""
    for graph in graphs:
        if graph.endswith(_ENTITIES):
            return Names(graph.removesuffix(_ENTITIES))
    return Names()
