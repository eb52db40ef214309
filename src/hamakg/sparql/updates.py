"""Runs SPARQL updates under the store's rule that the default graph is the union of the named graphs.

What an update inserts into the default graph is stored in a named graph of its own, and what it deletes from the
default graph is deleted from that one only: a triple that an article states stays in the union. The engine does not
know this rule, and does not say what an update changes; finding it out would cost as much as the store is large. So
the operations are run here (https://www.w3.org/TR/sparql11-update/): the engine parses them, finds the solutions of
their patterns and loads documents, and the quads that are to change are written with the functions of the store.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import pyoxigraph as ox

from hamakg.sparql.operations import (
    ClearOperation,
    CreateOperation,
    DataOperation,
    LoadOperation,
    Operation,
    PatternOperation,
    TransferOperation,
    split_operations,
    split_prologue,
)
from hamakg.sparql.prologue import resolve_names
from hamakg.sparql.templates import read_data, read_template
from hamakg.store import UNION, add_quads, remove_graph, remove_quads

_SCRATCH_GRAPH = ox.NamedNode("urn:hamakg:scratch")

_MOST_UNFLUSHED = 10_000
"""How many changes are kept in the engine's tables in memory while further operations run."""


def run_update(
    draft: ox.Store,
    text: str,
    default_graph: str,
    base: str | None = None,
    *,
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
) -> None:
    """Runs an update on a draft. If it raises, some of its operations may have been run.

    ``default_graph`` is the IRI of the named graph that stores what the update inserts into the default graph.
    ``using`` and ``using_named`` are the data set that the request names
    (https://www.w3.org/TR/sparql11-protocol/#update-operation).

    Raises SyntaxError for a malformed update; ValueError if it cannot be run: it creates a graph that exists or clears
    one that does not, it and the request name a data set, or the request names a graph by something other than an IRI;
    RuntimeError for what the engine cannot do; OSError if a document cannot be loaded.
    """
    dataset = " ".join(
        [f"FROM {ox.NamedNode(iri)}" for iri in using] + [f"FROM NAMED {ox.NamedNode(iri)}" for iri in using_named]
    )
    prologue, operations = split_prologue(text)
    _check_syntax(prologue, operations, base)
    runner, unflushed = _Runner(draft, ox.NamedNode(default_graph), prologue, base), 0
    for operation in split_operations(operations):
        unflushed += runner.run(_set_dataset(operation, dataset) if dataset else operation)
        if unflushed > _MOST_UNFLUSHED:
            draft.flush()
            unflushed = 0
    if runner.is_empty(runner.own):
        draft.remove_graph(runner.own)  # otherwise the store would list it, empty


def _check_syntax(prologue: str, operations: str, base: str | None) -> None:
    """Raises SyntaxError for a malformed update. Runs nothing: the operation before it fails."""
    scratch = ox.Store()
    scratch.add_graph(_SCRATCH_GRAPH)
    try:
        scratch.update(f"{prologue} CREATE GRAPH {_SCRATCH_GRAPH} ; {operations}", base_iri=base)
    except SyntaxError:
        scratch.update(prologue + operations, base_iri=base)  # for the line and the column
        raise
    except RuntimeError:
        pass


def _set_dataset(operation: Operation, dataset: str) -> Operation:
    if not isinstance(operation, PatternOperation):
        return operation
    if operation.graph or operation.dataset:
        raise ValueError("the update has USING or WITH, and the request names a data set too; keep one of the two")
    return operation._replace(dataset=dataset)


class _Runner(NamedTuple):
    """Runs operations on a draft; ``own`` is the graph for the triples of the default graph.

    Each method returns how many changes are not on the disk yet.
    """

    draft: ox.Store
    own: ox.NamedNode
    prologue: str
    base: str | None

    def run(self, operation: Operation) -> int:
        match operation:
            case DataOperation():
                quads = read_data(operation.quads, self.prologue, self.base, self.own)
                return (remove_quads if operation.deletes else add_quads)(self.draft, quads)
            case PatternOperation():
                return self._replace_matches(operation)
            case LoadOperation():
                return self._load(operation)
            case ClearOperation():
                return self._clear(operation)
            case CreateOperation():
                return self._create(operation)
            case TransferOperation():
                return self._transfer(operation)

    def is_empty(self, graph: ox.NamedNode) -> bool:
        return next(self.draft.quads_for_pattern(None, None, None, graph), None) is None

    def _replace_matches(self, operation: PatternOperation) -> int:
        graph = self._resolve(operation.graph) if operation.graph else None
        deleted, inserted = (
            read_template(template, self.prologue, self.base, graph or self.own)
            for template in (operation.deleted, operation.inserted)
        )
        variables = " ".join(f"?{name}" for name in dict.fromkeys((*deleted.variables, *inserted.variables)))
        query = f"{self.prologue} SELECT (1 AS ?row_) {variables} {operation.dataset} WHERE {operation.pattern}"
        solutions = cast(
            ox.QuerySolutions,
            self.draft.query(query, base_iri=self.base, default_graph=None if operation.dataset else graph),
        )
        if not deleted.quads:
            return add_quads(self.draft, (quad for solution in solutions for quad in inserted.fill(solution)))
        to_add = list[ox.Quad]()

        def fill_templates() -> Iterator[ox.Quad]:
            for solution in solutions:
                to_add.extend(inserted.fill(solution))
                yield from deleted.fill(solution)

        return remove_quads(self.draft, fill_templates()) + add_quads(self.draft, to_add)

    def _load(self, operation: LoadOperation) -> int:
        documents = ox.Store()
        documents.update(f"{self.prologue} {operation.text} INTO GRAPH {_SCRATCH_GRAPH}", base_iri=self.base)
        if not documents.contains_named_graph(_SCRATCH_GRAPH):
            return 0  # it failed silently
        graph = self._resolve(operation.target) if operation.target else self.own
        self.draft.add_graph(graph)
        return add_quads(self.draft, (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in documents))

    def _clear(self, operation: ClearOperation) -> int:
        if operation.target == "default":
            remove_graph(self.draft, self.own)
        elif operation.target in ("named", "all"):
            kept = [] if operation.drops else [graph for graph in self.draft.named_graphs() if graph != self.own]
            self.draft.clear()
            for graph in kept:
                self.draft.add_graph(graph)
        else:
            graph = self._resolve(operation.target)
            exists = self._require_graph(graph, operation.silent)
            remove_graph(self.draft, graph)
            if exists and not operation.drops:
                self.draft.add_graph(graph)
        return 0

    def _create(self, operation: CreateOperation) -> int:
        graph = self._resolve(operation.target)
        if self.draft.contains_named_graph(graph) and not operation.silent:
            raise ValueError(f"the graph {graph} already exists")
        self.draft.add_graph(graph)
        return 0

    def _transfer(self, operation: TransferOperation) -> int:
        source, target = (
            None if name == "default" else self._resolve(name) for name in (operation.source, operation.target)
        )
        if (source or self.own) == (target or self.own):
            return 0
        if operation.verb == "move" and source:
            self._require_graph(source, operation.silent)
        triples = self.draft.quads_for_pattern(None, None, None, source or UNION)  # as they are now
        if operation.verb != "add":
            remove_graph(self.draft, target or self.own)
        unflushed = add_quads(
            self.draft, (ox.Quad(quad.subject, quad.predicate, quad.object, target or self.own) for quad in triples)
        )
        if operation.verb == "move":
            remove_graph(self.draft, source or self.own)
        return unflushed

    def _resolve(self, name: str) -> ox.NamedNode:
        return resolve_names((name,), self.prologue, self.base)[0]

    def _require_graph(self, graph: ox.NamedNode, silent: bool) -> bool:
        """Returns whether the graph exists. Raises ValueError if not, unless ``silent``."""
        exists = self.draft.contains_named_graph(graph)
        if not exists and not silent:
            raise ValueError(f"the graph {graph} does not exist")
        return exists
