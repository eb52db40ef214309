"""Selects the graphs of a store that an export writes: parts of the store by name, or single graphs."""

from collections.abc import Collection
from difflib import get_close_matches
from types import MappingProxyType

import pyoxigraph as ox

from hamakg.errors import UsageError
from hamakg.rdf.iris import Iris

PARTS = MappingProxyType(
    {
        "core": ("article/", "entities"),
        "inferred": ("inferred/",),
        "links": ("links", "links/"),
        "derived": ("derived/",),
    }
)
"""The graphs of each part, below ``graph/``; a name that ends with a slash stands for all graphs below it."""

CORE = "core"


def select_graphs(store: ox.Store, iris: Iris, parts: Collection[str] = (), graphs: Collection[str] = ()) -> list[str]:
    """The IRIs of these graphs and of those of these parts (of PARTS), sorted; without either, those of the core.

    A graph is named by its IRI, or by what follows ``graph/`` in it. Raises UsageError for a graph that the store does
    not have, and for a part without graphs unless it is the core.
    """
    existing = _list_graphs(store)
    selected = {_find_graph(name, existing, iris) for name in graphs}
    for part in parts or (() if graphs else (CORE,)):
        of_part = list_part_graphs(part, store, iris)
        if not of_part and part != CORE:
            raise UsageError(f"the store has no graphs of the part {part!r}; leave out --only {part}")
        selected.update(of_part)
    return sorted(selected)


def list_part_graphs(part: str, store: ox.Store, iris: Iris) -> list[str]:
    """The IRIs of the graphs of a part (of PARTS), sorted."""
    return [iri for iri in _list_graphs(store) if _is_in(part, iri, iris)]


def name_selection(parts: Collection[str], graphs: Collection[str], iris: Iris) -> str:
    """A name for what :func:`select_graphs` selects, joined from the parts and graphs; ``""`` for the core."""
    short = {graph.removeprefix(iris.graph("")) for graph in graphs}
    return "+".join(sorted({*parts, *short} - ({CORE} if not graphs and len(parts) == 1 else set())))


def find_source_graphs(store: ox.Store, selected: Collection[str], iris: Iris) -> list[str]:
    """The graphs of the articles that the selected graphs are made from.

    The graph of an article is made from that article and the ontology from none; any other graph, such as that of the
    entities, is made from all articles.
    """
    of_articles = filter_article_graphs(selected, iris)
    if {*selected} <= {*of_articles, iris.graph("ontology")}:
        return of_articles
    return filter_article_graphs(list_part_graphs(CORE, store, iris), iris)


def filter_article_graphs(graphs: Collection[str], iris: Iris) -> list[str]:
    """Those of the graphs that hold what one article says."""
    return [graph for graph in graphs if graph.startswith(iris.article_graph(""))]


def _list_graphs(store: ox.Store) -> list[str]:
    return sorted(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))


def _is_in(part: str, iri: str, iris: Iris) -> bool:
    name = iri.removeprefix(iris.graph("")) if iri.startswith(iris.graph("")) else ""
    return any(name.startswith(graph) if graph.endswith("/") else name == graph for graph in PARTS[part])


def _find_graph(name: str, existing: Collection[str], iris: Iris) -> str:
    for iri in (name, iris.graph(name)):
        if iri in existing:
            return iri
    near = get_close_matches(name, [iri.removeprefix(iris.graph("")) for iri in existing])
    raise UsageError(f"no graph {name!r} in the store" + (f"; did you mean {' or '.join(near)}?" if near else ""))
