"""Runs SPARQL updates under the store's rule that the default graph is the union of the named graphs.

What an update inserts into the default graph is stored in a named graph of its own, and what it deletes from the
default graph is deleted from that one only: a triple that an article states stays in the union. The engine does not
know this rule. It runs the update as written; then the graphs that may have changed are compared with the generation
before (https://www.w3.org/TR/sparql11-update/).
"""

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from hamakg.sparql.operations import add_using, clears_all_graphs, find_changed_graphs
from hamakg.sparql.prologue import resolve_names
from hamakg.store.graphs import UNION, copy_to_union, is_stated


def run_update(
    draft: ox.Store,
    before: ox.Store,
    text: str,
    default_graph: str,
    base: str | None = None,
    *,
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
) -> None:
    """Runs an update on a draft, whose content is still that of ``before``.

    ``default_graph`` is the IRI of the named graph that stores what the update inserts into the default graph.
    ``using`` and ``using_named`` are the data set that the request names
    (https://www.w3.org/TR/sparql11-protocol/#update-operation).

    Raises SyntaxError for a malformed update; ValueError if both the update and the request name a data set, or if the
    request names a graph by something other than an IRI; RuntimeError for what the engine cannot do.
    """
    clauses = [f"USING {ox.NamedNode(iri)}" for iri in using]
    clauses += [f"USING NAMED {ox.NamedNode(iri)}" for iri in using_named]
    draft.update(add_using(text, " ".join(clauses)) if clauses else text, base_iri=base)
    own = ox.NamedNode(default_graph)
    if clears_all_graphs(text):
        _restore_empty_graphs(draft, before, own)
    changed = find_changed_graphs(text)
    graphs: Iterable[ox.NamedNode | ox.BlankNode]
    if changed.named is None:
        graphs = dict.fromkeys((*draft.named_graphs(), *before.named_graphs()))
    else:
        graphs = dict.fromkeys(resolve_names(changed.named, changed.prologue, base))
    _restore_union(draft, before, graphs, own, changed.default)


def _restore_empty_graphs(draft: ox.Store, before: ox.Store, own: ox.NamedNode) -> None:
    """Lists the graphs again that CLEAR ALL emptied.

    CLEAR keeps a graph, empty (https://www.w3.org/TR/sparql11-update/#clear), but the engine's CLEAR ALL removes it.
    """
    for graph in before.named_graphs():
        if graph != own and not draft.contains_named_graph(graph):
            draft.add_graph(graph)


def _restore_union(
    draft: ox.Store,
    before: ox.Store,
    graphs: Iterable[ox.NamedNode | ox.BlankNode],
    own: ox.NamedNode,
    default_changed: bool,
) -> None:
    """Makes the default graph the union of the named graphs again, and stores what was inserted into it in ``own``."""
    removed = [quad for graph in graphs for quad in _find_quads_only_in(before, draft, graph)]
    added = [quad for graph in graphs for quad in _find_quads_only_in(draft, before, graph)]
    deleted = list(_find_quads_only_in(before, draft, UNION)) if default_changed else []
    inserted = list(_find_quads_only_in(draft, before, UNION)) if default_changed else []
    draft.extend(copy_to_union(quad) for quad in added)
    draft.extend(ox.Quad(quad.subject, quad.predicate, quad.object, own) for quad in inserted)
    for quad in deleted:
        draft.remove(ox.Quad(quad.subject, quad.predicate, quad.object, own))
    for quad in (*removed, *deleted):
        if is_stated(draft, quad):
            draft.add(copy_to_union(quad))
        else:
            draft.remove(copy_to_union(quad))
    if deleted and next(draft.quads_for_pattern(None, None, None, own), None) is None:
        draft.remove_graph(own)  # otherwise the store would list it, empty


def _find_quads_only_in(
    one: ox.Store, other: ox.Store, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph
) -> Iterator[ox.Quad]:
    return (quad for quad in one.quads_for_pattern(None, None, None, graph) if quad not in other)
