"""Which graphs of a store go out: its parts by name, or single graphs."""

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
"""The graphs of each part, below ``graph/``; one that ends with a slash stands for all below it."""

CORE = "core"


def select_graphs(store: ox.Store, iris: Iris, parts: Collection[str] = (), graphs: Collection[str] = ()) -> list[str]:
    """The IRIs of the graphs of these parts (of PARTS), and of ``graphs``, in alphabetical order; of core, if of none.

    A graph is named by its IRI or the part of it below ``graph/``. Raises UsageError for a graph that is not there, and
    for a part that has none; only an empty core is let pass.
    """
    there = _there(store)
    chosen = {_graph(name, there, iris) for name in graphs}
    for part in parts or (() if graphs else (CORE,)):
        found = list_part_graphs(part, store, iris)
        if not found and part != CORE:
            raise UsageError(f"the store has no graphs of the part {part!r}; leave out --only {part}")
        chosen.update(found)
    return sorted(chosen)


def list_part_graphs(part: str, store: ox.Store, iris: Iris) -> list[str]:
    """The IRIs of the graphs of a part (of PARTS), in alphabetical order."""
    return [iri for iri in _there(store) if _is_in(part, iri, iris)]


def name_selection(parts: Collection[str], graphs: Collection[str], iris: Iris) -> str:
    """The name of what :func:`select_graphs` chooses: the parts and graphs as one, ``""`` for the core."""
    short = {graph.removeprefix(iris.graph("")) for graph in graphs}
    return "+".join(sorted({*parts, *short} - ({CORE} if not graphs and len(parts) == 1 else set())))


def find_source_graphs(store: ox.Store, chosen: Collection[str], iris: Iris) -> list[str]:
    """The graphs of the articles that the chosen graphs are made from.

    An article's is made from the article, the ontology from none; any other, such as the entities, from all.
    """
    own = filter_article_graphs(chosen, iris)
    if {*chosen} <= {*own, iris.graph("ontology")}:
        return own
    return filter_article_graphs(list_part_graphs(CORE, store, iris), iris)


def filter_article_graphs(graphs: Collection[str], iris: Iris) -> list[str]:
    """Those of the graphs that hold what an article says."""
    return [graph for graph in graphs if graph.startswith(iris.article_graph(""))]


def _there(store: ox.Store) -> list[str]:
    return sorted(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))


def _is_in(part: str, iri: str, iris: Iris) -> bool:
    name = iri.removeprefix(iris.graph("")) if iri.startswith(iris.graph("")) else ""
    return any(name.startswith(graph) if graph.endswith("/") else name == graph for graph in PARTS[part])


def _graph(name: str, there: Collection[str], iris: Iris) -> str:
    for iri in (name, iris.graph(name)):
        if iri in there:
            return iri
    near = get_close_matches(name, [iri.removeprefix(iris.graph("")) for iri in there])
    raise UsageError(f"no graph {name!r} in the store" + (f"; did you mean {' or '.join(near)}?" if near else ""))
