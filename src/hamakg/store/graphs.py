"""The content of a generation, and how to change it: named graphs, and their union.

Oxigraph's default graph holds the union of the named graphs, each triple once, however many graphs state it. Everything
that writes to a draft maintains it. Oxigraph can query unions of graphs too, but returns a triple once for each graph
that states it. Then every count would be wrong, as an article and the graph of entities both state an entity's type.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

import pyoxigraph as ox

from hamakg.store.loading import load_lines, load_quads, take_quads

UNION = ox.DefaultGraph()
"""The name of the graph that holds the union (https://www.w3.org/TR/rdf11-concepts/#section-dataset)."""

_FEW_QUADS = 10_000
_FEW_CHARACTERS = 4_000_000
"""How many quads, and characters of their literals, are written to the engine's tables in memory."""

_REMOVED_BATCH = 40_000
"""How many quads are removed before the draft is flushed, so that the engine's tables in memory stay far from full."""

_REMOVAL = """
DELETE {{ GRAPH {graph} {{ ?s ?p ?o }} ?subject_in_union ?p ?o }}
WHERE {{
  {{ SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }} LIMIT {batch} }}
  BIND(IF(EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != {graph}) }}, ?unbound, ?s) AS ?subject_in_union)
}}
"""
"""Removes a batch of triples from a graph, and from the union those that no other graph states: the second triple of
the template is left out where its subject is unbound."""


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
    remove_quads(draft, old - new)
    add_quads(draft, new - old)
    if not new:
        draft.remove_graph(name)  # otherwise the store would list it, empty
    return True


def add_quads(draft: ox.Store, quads: Iterable[ox.Quad]) -> int:
    """Adds quads of named graphs, and their triples to the union; returns how many are not on the disk yet.

    Few are written to tables in memory, many by the bulk loader, which takes less than half the time for each.
    """
    remaining = iter(quads)
    first = list(take_quads(remaining, _FEW_QUADS, _FEW_CHARACTERS))
    following = next(remaining, None)
    if following is None:
        draft.extend(_with_union(first))
        return len(first)
    load_quads(draft, _with_union(chain(first, (following,), remaining)))
    return 0


def add_file(draft: ox.Store, graph: ox.NamedNode, file: Path) -> None:
    """Adds the triples of a file in N-Triples to a named graph, and to the union.

    As fast as the bulk loader, except for blank nodes, which must be the same in the graph and in the union. Raises
    SyntaxError or ValueError if the file is malformed; part of it may be added then.
    """
    with NamedTemporaryFile(dir=file.parent, suffix=".nt") as blank_lines, ThreadPoolExecutor(1) as executor:
        in_graph = executor.submit(load_lines, draft, file, graph, blank_lines)
        load_lines(draft, file, UNION)
        in_graph.result()
        blank_lines.flush()
        triples = ox.parse(path=blank_lines.name, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
        add_quads(draft, (ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples))


def remove_quads(draft: ox.Store, quads: Iterable[ox.Quad]) -> int:
    """Removes quads of named graphs, and from the union their triples that no other named graph states.

    Keeps graphs that are empty then. Returns how many removals are not on the disk yet.
    """
    remaining = iter(quads)
    while True:
        count = 0
        for quad in islice(remaining, _REMOVED_BATCH):
            draft.remove(quad)
            if not is_stated(draft, quad):
                draft.remove(copy_to_union(quad))
            count += 1
        if count < _REMOVED_BATCH:
            return count
        draft.flush()


def remove_graph(draft: ox.Store, graph: ox.NamedNode) -> None:
    """Removes a named graph, and from the union its triples that no other named graph states.

    The engine removes a batch of triples at a time, since it would hold all of them in memory.
    """
    removal = _REMOVAL.format(graph=graph, batch=_REMOVED_BATCH)
    while next(draft.quads_for_pattern(None, None, None, graph), None) is not None:
        draft.update(removal)
        draft.flush()
    draft.remove_graph(graph)


@contextmanager
def copy_with_graph(snapshot: ox.Store, graph: str, quads: Iterable[ox.Quad]) -> Iterator[ox.Store]:
    """Copies the snapshot for the time of the block, with a named graph added or replaced; shares its files."""
    with TemporaryDirectory() as folder:
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


def _with_union(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yields each quad and its copy in the union."""
    for quad in quads:
        yield quad
        yield copy_to_union(quad)


def copy_to_union(quad: ox.Quad) -> ox.Quad:
    """Returns the quad's triple as a quad of the union."""
    return ox.Quad(quad.subject, quad.predicate, quad.object, UNION)


def is_stated(draft: ox.Store, quad: ox.Quad) -> bool:
    """Whether some named graph of the draft holds the quad's triple."""
    others = draft.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    return any(other.graph_name != UNION for other in others)
