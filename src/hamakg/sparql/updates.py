"""SPARQL updates, under the store's rule that the default graph is the union of the named graphs.

What an update writes to the default graph stands in a named graph of its own, and what it takes out of the default
graph it takes out of that one alone: a triple that an article states stays in the union. The engine knows nothing of
this. It runs the update as it is written, and then the graphs that may have changed are compared with the generation
before (https://www.w3.org/TR/sparql11-update/).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import pyoxigraph as ox

from hamakg.sparql.operations import clears_all, graphs_written, with_using
from hamakg.store.graphs import UNION, copy_to_union, is_stated


def run_update(
    draft: ox.Store,
    before: ox.Store,
    text: str,
    own: str,
    base: str | None = None,
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
) -> None:
    """Runs an update on a draft that holds what ``before`` does; what the default graph gets goes to the graph ``own``.

    ``using`` and ``using_named`` are the data set that the request names beside it
    (https://www.w3.org/TR/sparql11-protocol/#update-operation). Raises SyntaxError for a malformed update, ValueError
    where it names a data set too or one of theirs is no IRI, RuntimeError for what the engine cannot do.
    """
    clauses = [f"USING {ox.NamedNode(iri)}" for iri in using]
    clauses += [f"USING NAMED {ox.NamedNode(iri)}" for iri in using_named]
    draft.update(with_using(text, " ".join(clauses)) if clauses else text, base_iri=base)
    if clears_all(text):
        _keep_graphs(draft, before, own)
    written = graphs_written(text)
    named = None if written.named is None else _resolved(written.named, written.prologue, base)
    _settle(draft, before, _candidates(draft, before, named), ox.NamedNode(own), written.default)


def _keep_graphs(draft: ox.Store, before: ox.Store, own: str) -> None:
    """CLEAR empties graphs and takes none away, where a store knows empty ones: this engine forgets them with ALL
    (https://www.w3.org/TR/sparql11-update/#clear).
    """
    for graph in before.named_graphs():
        if graph != ox.NamedNode(own) and not draft.contains_named_graph(graph):
            draft.add_graph(graph)


def _settle(
    draft: ox.Store, before: ox.Store, graphs: Iterable[ox.NamedNode | ox.BlankNode], own: ox.NamedNode, default: bool
) -> None:
    """The union becomes that of the graphs again, and what the default graph got goes to ``own``."""
    gone = [quad for graph in graphs for quad in _only_in(before, draft, graph)]
    new = [quad for graph in graphs for quad in _only_in(draft, before, graph)]
    erased = list(_only_in(before, draft, UNION)) if default else []
    written = list(_only_in(draft, before, UNION)) if default else []
    draft.extend(copy_to_union(quad) for quad in new)
    draft.extend(ox.Quad(quad.subject, quad.predicate, quad.object, own) for quad in written)
    for quad in erased:
        draft.remove(ox.Quad(quad.subject, quad.predicate, quad.object, own))
    for quad in (*gone, *erased):
        if is_stated(draft, quad):
            draft.add(copy_to_union(quad))
        else:
            draft.remove(copy_to_union(quad))
    if erased and next(draft.quads_for_pattern(None, None, None, own), None) is None:
        draft.remove_graph(own)  # the store would go on to list it, empty


def _only_in(one: ox.Store, other: ox.Store, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    return (quad for quad in one.quads_for_pattern(None, None, None, graph) if quad not in other)


def _candidates(
    draft: ox.Store, before: ox.Store, named: Sequence[ox.NamedNode] | None
) -> Sequence[ox.NamedNode | ox.BlankNode]:
    every = (*draft.named_graphs(), *before.named_graphs())
    return list(dict.fromkeys(every if named is None else named))


def _resolved(names: Sequence[str], prologue: str, base: str | None) -> list[ox.NamedNode]:
    """The IRIs that the update means; all were read when it ran."""
    if not names:
        return []
    rows = ox.Store().query(f"{prologue} SELECT ?x {{ VALUES ?x {{ {' '.join(names)} }} }}", base_iri=base)
    return [cast(ox.NamedNode, row["x"]) for row in cast(ox.QuerySolutions, rows)]
