"""What stands in a generation, and how it changes: named graphs, and their union.

Oxigraph's default graph holds the union of the named graphs, each triple once, however many graphs state it; all that
writes keeps it so. Oxigraph's own unions, of all graphs or of those that FROM names, give a triple once a graph: every
count would be wrong, for a type stands in the article's graph and in the entities'.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

UNION = ox.DefaultGraph()
"""Where all graphs together stand, as a set (https://www.w3.org/TR/rdf11-concepts/#section-dataset)."""


def replace_graph(draft: ox.Store, graph: str, quads: Iterable[ox.Quad]) -> bool:
    """Make ``quads`` the whole of the named graph ``graph``; False, and nothing is touched, if they are that already.

    The union gains the triples that are new, and loses those that no other graph states. Raises ValueError if a quad
    belongs to another graph.
    """
    name = ox.NamedNode(graph)
    normal = ox.Store()  # holds values as the draft does, which stores "007"^^xsd:integer as 7
    normal.extend(quads)
    new, old = set(normal), set(draft.quads_for_pattern(None, None, None, name))
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
        draft.remove_graph(name)  # the store would go on to list it, empty
    return True


def add_to_graph(draft: ox.Store, graph: str, quads: Iterable[ox.Quad]) -> None:
    """Adds quads to the named graph ``graph``, to which all of them belong, and to the union."""
    draft.extend(copy for quad in quads for copy in (quad, copy_to_union(quad)))


@contextmanager
def copy_with_graph(snapshot: ox.Store, graph: str, quads: Iterable[ox.Quad]) -> Iterator[ox.Store]:
    """A copy of the snapshot that has the named graph ``graph`` too; it shares the files, and goes with the block."""
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
    """What the named graphs together state, each triple once; None stands for anything."""
    return (quad.triple for quad in store.quads_for_pattern(subject, predicate, value, UNION))


def find_stated_triples(
    store: ox.Store,
    inferred: str,
    subject: ox.NamedNode | ox.BlankNode | ox.Triple | None = None,
    value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None = None,
) -> list[ox.Triple]:
    """What the named graphs state, each triple once, but for what only graphs below the IRI ``inferred`` do."""
    quads = store.quads_for_pattern(subject, None, value)
    kept = (q for q in quads if isinstance(q.graph_name, ox.NamedNode) and not q.graph_name.value.startswith(inferred))
    return list(dict.fromkeys(quad.triple for quad in kept))


def copy_to_union(quad: ox.Quad) -> ox.Quad:
    """The quad's triple in the default graph."""
    return ox.Quad(quad.subject, quad.predicate, quad.object, UNION)


def is_stated(draft: ox.Store, quad: ox.Quad) -> bool:
    """Whether some named graph of the draft holds the quad's triple."""
    found = draft.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return any(other.graph_name != UNION for other in found)
