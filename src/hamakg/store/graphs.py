"""The content of a generation, and how to change it: named graphs, and their union.

Oxigraph's default graph holds the union of the named graphs, each triple once, however many graphs state it. Everything
that writes to a draft maintains it. Oxigraph can query unions of graphs too, but returns a triple once for each graph
that states it. Then every count would be wrong, as an article and the graph of entities both state an entity's type.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

UNION = ox.DefaultGraph()
"""The name of the graph that holds the union (https://www.w3.org/TR/rdf11-concepts/#section-dataset)."""


def replace_graph(draft: ox.Store, graph: str, quads: Iterable[ox.Quad]) -> bool:
    """Replaces the named graph by ``quads``; returns whether that changes it.

    The union gains the new triples, and loses those that no other graph states. Raises ValueError if a quad belongs to
    another graph.
    """
    name = ox.NamedNode(graph)
    normalized = ox.Store()  # writes values as the draft does, which stores "007"^^xsd:integer as 7
    normalized.extend(quads)
    new, old = set(normalized), set(draft.quads_for_pattern(None, None, None, name))
    if new == old:
        return False
    if any(quad.graph_name != name for quad in new):
        raise ValueError(f"a quad for the graph {graph} names another graph")
    for quad in old - new:
        draft.remove(quad)
        if not is_stated(draft, quad):
            draft.remove(copy_to_union(quad))
    draft.extend(copy for quad in new - old for copy in (quad, copy_to_union(quad)))
    if not new:
        draft.remove_graph(name)  # otherwise the store would list it, empty
    return True


def add_to_graph(draft: ox.Store, graph: str, quads: Iterable[ox.Quad]) -> None:
    """Adds quads to the named graph that all of them belong to, and to the union."""
    draft.extend(copy for quad in quads for copy in (quad, copy_to_union(quad)))


@contextmanager
def copy_with_graph(snapshot: ox.Store, graph: str, quads: Iterable[ox.Quad]) -> Iterator[ox.Store]:
    """Copies the snapshot for the time of the block, with a named graph added or replaced; shares its files."""
    with tempfile.TemporaryDirectory() as folder:
        snapshot.backup(Path(folder) / "copy")
        copy = ox.Store(Path(folder) / "copy")
        replace_graph(copy, graph, quads)
        yield copy


def find_triples(
    store: ox.Store,
    subject: ox.NamedNode | ox.BlankNode | ox.Triple | None = None,
    predicate: ox.NamedNode | None = None,
    value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None = None,
) -> Iterator[ox.Triple]:
    """Finds the triples that any named graph states, each once; None stands for anything."""
    return (quad.triple for quad in store.quads_for_pattern(subject, predicate, value, UNION))


def find_stated_triples(
    store: ox.Store,
    inferred: str,
    subject: ox.NamedNode | ox.BlankNode | ox.Triple | None = None,
    value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None = None,
) -> list[ox.Triple]:
    """Finds the triples that named graphs state, each once, except those that only graphs below ``inferred`` state.

    ``inferred`` is what the IRIs of the graphs of inferred triples begin with.
    """
    quads = store.quads_for_pattern(subject, None, value)
    stated = (
        quad.triple
        for quad in quads
        if isinstance(quad.graph_name, ox.NamedNode) and not quad.graph_name.value.startswith(inferred)
    )
    return list(dict.fromkeys(stated))


def copy_to_union(quad: ox.Quad) -> ox.Quad:
    """Returns the quad's triple as a quad of the union."""
    return ox.Quad(quad.subject, quad.predicate, quad.object, UNION)


def is_stated(draft: ox.Store, quad: ox.Quad) -> bool:
    """Whether some named graph of the draft holds the quad's triple."""
    others = draft.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return any(other.graph_name != UNION for other in others)
