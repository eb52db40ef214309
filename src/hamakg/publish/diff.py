"""What changed between two dumps or stores: which statements came, went, or have another value."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from hamakg.errors import HamakgError, UsageError
from hamakg.publish.dumps import FORMATS
from hamakg.publish.selection import select_graphs
from hamakg.publish.sorting import canonicalize_blank_nodes, has_blank_node, sort_key
from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term
from hamakg.store import VersionedStore

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

_LABELS = [term("rdfs:label"), term("skos:prefLabel")]


class Kind(StrEnum):
    """Only in the new, only in the old, or of one subject and property other values in each."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """What became of one property of one subject in one graph: the values that only the old and only the new has."""

    graph: Graph
    kind: Kind
    subject: Subject
    property: ox.NamedNode
    old: tuple[Term, ...]
    new: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class DumpDiff:
    """The changes by graph, kind, subject and property; the labels of the resources in them; what IRIs begin with."""

    changes: tuple[PropertyChange, ...]
    labels: dict[Term, str]
    iris: Iris


def compare(old: Path, new: Path) -> DumpDiff:
    """The changes from one dump or store folder to another, whatever the order of their statements.

    Of a store counts what an export writes. Where one of the two is of triples, graphs do not count: their union is
    compared. Both are in memory meanwhile. Raises UsageError, which names the file, for what cannot be read.
    """
    before, after = _read(old), _read(new)
    iris = Iris.from_graphs({quad.graph_name.value for quad in after if isinstance(quad.graph_name, ox.NamedNode)})
    if not (_has_graphs(old) and _has_graphs(new)):
        before, after = _union(before), _union(after)
    changes = sorted(_changes(before - after, after - before), key=_order)
    return DumpDiff(tuple(changes), _labels(changes, before) | _labels(changes, after), iris)


def _changes(gone: Iterable[ox.Quad], come: Iterable[ox.Quad]) -> Iterator[PropertyChange]:
    values: dict[tuple[Graph, Subject, ox.NamedNode], tuple[list[Term], list[Term]]] = defaultdict(lambda: ([], []))
    for side, quads in enumerate((gone, come)):
        for quad in quads:
            values[quad.graph_name, quad.subject, quad.predicate][side].append(quad.object)
    for (graph, subject, prop), (old, new) in values.items():
        kind = Kind.CHANGED if old and new else Kind.REMOVED if old else Kind.ADDED
        yield PropertyChange(graph, kind, subject, prop, tuple(sorted(old, key=str)), tuple(sorted(new, key=str)))


def _order(change: PropertyChange) -> tuple[str, int, bytes]:
    """Of one subject as in a dump."""
    kind = list(Kind).index(change.kind)
    return str(change.graph), kind, sort_key(ox.Triple(change.subject, change.property, change.property))


def _labels(changes: Iterable[PropertyChange], quads: Iterable[ox.Quad]) -> dict[Term, str]:
    """The label of each resource in the changes that has one: ``rdfs:label`` before the article's own."""
    named = {term for change in changes for term in (change.subject, *change.old, *change.new)}
    found: dict[Term, tuple[int, str]] = {}
    for quad in quads:
        if quad.predicate in _LABELS and quad.subject in named and isinstance(quad.object, ox.Literal):
            label = _LABELS.index(quad.predicate), quad.object.value
            found[quad.subject] = min(label, found.get(quad.subject, label))
    return {term: label for term, (_, label) in found.items()}


def diff_to_json(difference: DumpDiff) -> dict[str, Any]:
    """The changes as data: graphs, resources and properties by IRI, values as N-Triples has them."""
    return {
        "changes": [
            {
                "graph": change.graph.value if isinstance(change.graph, ox.NamedNode) else None,
                "change": change.kind.value,
                "resource": _plain(change.subject),
                "label": difference.labels.get(change.subject),
                "property": change.property.value,
                "old": [str(value) for value in change.old],
                "new": [str(value) for value in change.new],
            }
            for change in difference.changes
        ]
    }


def _plain(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


# ---------------------------------------------------------------- reading


def _has_graphs(path: Path) -> bool:
    return path.is_dir() or _format(path).supports_datasets


def _read(path: Path) -> set[ox.Quad]:
    quads = set(_of_store(path) if path.is_dir() else _of_file(path))
    unsteady = {quad for quad in quads if has_blank_node(quad)}
    return quads - unsteady | {*canonicalize_blank_nodes(unsteady)}


def _of_store(path: Path) -> Iterator[ox.Quad]:
    try:
        snapshot = VersionedStore(path).snapshot()
    except HamakgError as error:
        raise UsageError(str(error)) from error
    for graph in select_graphs(snapshot, Iris.from_store(snapshot)):
        yield from snapshot.quads_for_pattern(None, None, None, ox.NamedNode(graph))


def _of_file(path: Path) -> Iterator[ox.Quad]:
    rdf = _format(path)
    try:
        yield from ox.parse(path=path, format=rdf)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file or folder; check the spelling") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    except SyntaxError as error:
        raise UsageError(f"{path} is not well-formed {rdf.name}: {error}") from error


def _format(path: Path) -> ox.RdfFormat:
    found = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if found is None:
        known = ", ".join(f".{rdf.file_extension}" for rdf in FORMATS.values())
        raise UsageError(f"{path}: its suffix names no format of RDF; rename it to one of {known}")
    return found


def _union(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    return {ox.Quad(*quad.triple) for quad in quads}
