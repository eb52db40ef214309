"""Which graphs of a store go out: its parts by name, or single graphs."""

from collections.abc import Collection
from difflib import get_close_matches
from types import MappingProxyType

import pyoxigraph as ox

from hamakg.errors import UsageError
from hamakg.terms import Names

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


def select(store: ox.Store, names: Names, parts: Collection[str] = (), graphs: Collection[str] = ()) -> list[str]:
    """The IRIs of the graphs of these parts (of PARTS), and of ``graphs``, in alphabetical order; of core, if of none.

    A graph is named by its IRI or the part of it below ``graph/``. Raises UsageError for a graph that is not there, and
    for a part that has none; only an empty core is let pass.
    """
    there = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    chosen = {_graph(name, there, names) for name in graphs}
    for part in parts or (() if graphs else (CORE,)):
        found = [iri for iri in there if _is_in(part, iri, names)]
        if not found and part != CORE:
            raise UsageError(f"the store has no graphs of the part {part!r}; leave out --only {part}")
        chosen.update(found)
    return sorted(chosen)


def articles_among(graphs: Collection[str], names: Names) -> list[str]:
    """Those of the graphs that hold what an article says."""
    return [graph for graph in graphs if graph.startswith(names.article_graph(""))]


def _is_in(part: str, iri: str, names: Names) -> bool:
    name = iri.removeprefix(names.graph("")) if iri.startswith(names.graph("")) else ""
    return any(name.startswith(graph) if graph.endswith("/") else name == graph for graph in PARTS[part])


def _graph(name: str, there: Collection[str], names: Names) -> str:
    for iri in (name, names.graph(name)):
        if iri in there:
            return iri
    near = get_close_matches(name, [iri.removeprefix(names.graph("")) for iri in there])
    raise UsageError(f"no graph {name!r} in the store" + (f"; did you mean {' or '.join(near)}?" if near else ""))
