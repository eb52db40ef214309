"""Compares two dumps or stores: which statements were added, removed, or have other values."""

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


class ChangeKind(StrEnum):
    """Values of a property only in the new data, only in the old, or different ones in each."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A property of a subject in a graph, with the values that only the old and only the new data have."""

    graph: Graph
    kind: ChangeKind
    subject: Subject
    property: ox.NamedNode
    old: tuple[Term, ...]
    new: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class DumpDiff:
    """The changes, sorted by graph, kind, subject and property, with the labels of the resources in them."""

    changes: tuple[PropertyChange, ...]
    labels: dict[Term, str]
    iris: Iris


def compare_dumps(old: Path, new: Path) -> DumpDiff:
    """The changes from one dump or store folder to another; the order of statements does not matter.

    Of a store, those graphs are compared that an export writes by default. If either is in a format without graphs, the
    unions of the graphs are compared. Both are held in memory. Raises UsageError, which names the file, for a file or
    store that cannot be read.
    """
    before, after = _read(old), _read(new)
    iris = Iris.from_graphs({quad.graph_name.value for quad in after if isinstance(quad.graph_name, ox.NamedNode)})
    if not (_has_graphs(old) and _has_graphs(new)):
        before, after = _merge_graphs(before), _merge_graphs(after)
    changes = sorted(_find_changes(before - after, after - before), key=_sort_key)
    return DumpDiff(tuple(changes), _find_labels(changes, before) | _find_labels(changes, after), iris)


def _find_changes(removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> Iterator[PropertyChange]:
    values: dict[tuple[Graph, Subject, ox.NamedNode], tuple[list[Term], list[Term]]] = defaultdict(lambda: ([], []))
    for side, quads in enumerate((removed, added)):
        for quad in quads:
            values[quad.graph_name, quad.subject, quad.predicate][side].append(quad.object)
    for (graph, subject, prop), (old, new) in values.items():
        kind = ChangeKind.CHANGED if old and new else ChangeKind.REMOVED if old else ChangeKind.ADDED
        yield PropertyChange(graph, kind, subject, prop, tuple(sorted(old, key=str)), tuple(sorted(new, key=str)))


def _sort_key(change: PropertyChange) -> tuple[str, int, bytes]:
    """By graph and kind, then by subject and property as in a dump."""
    kind = list(ChangeKind).index(change.kind)
    return str(change.graph), kind, sort_key(ox.Triple(change.subject, change.property, change.property))


def _find_labels(changes: Iterable[PropertyChange], quads: Iterable[ox.Quad]) -> dict[Term, str]:
    """{resource in the changes: its ``rdfs:label``, or else the label that an article gives it}."""
    resources = {node for change in changes for node in (change.subject, *change.old, *change.new)}
    labels: dict[Term, tuple[int, str]] = {}
    for quad in quads:
        if quad.predicate in _LABELS and quad.subject in resources and isinstance(quad.object, ox.Literal):
            label = _LABELS.index(quad.predicate), quad.object.value
            labels[quad.subject] = min(label, labels.get(quad.subject, label))
    return {node: label for node, (_, label) in labels.items()}


def diff_to_json(difference: DumpDiff) -> dict[str, Any]:
    """The changes as JSON: graphs, resources and properties by IRI, values as in N-Triples."""
    return {
        "changes": [
            {
                "graph": change.graph.value if isinstance(change.graph, ox.NamedNode) else None,
                "change": change.kind.value,
                "resource": change.subject.value if isinstance(change.subject, ox.NamedNode) else str(change.subject),
                "label": difference.labels.get(change.subject),
                "property": change.property.value,
                "old": [str(value) for value in change.old],
                "new": [str(value) for value in change.new],
            }
            for change in difference.changes
        ]
    }


# ---------------------------------------------------------------- reading


def _has_graphs(path: Path) -> bool:
    return path.is_dir() or _find_format(path).supports_datasets


def _read(path: Path) -> set[ox.Quad]:
    quads = set(_read_store(path) if path.is_dir() else _read_file(path))
    with_blank_nodes = {quad for quad in quads if has_blank_node(quad)}
    return quads - with_blank_nodes | {*canonicalize_blank_nodes(with_blank_nodes)}


def _read_store(path: Path) -> Iterator[ox.Quad]:
    try:
        snapshot = VersionedStore(path).snapshot()
    except HamakgError as error:
        raise UsageError(str(error)) from error
    for graph in select_graphs(snapshot, Iris.from_store(snapshot)):
        yield from snapshot.quads_for_pattern(None, None, None, ox.NamedNode(graph))


def _read_file(path: Path) -> Iterator[ox.Quad]:
    rdf = _find_format(path)
    try:
        yield from ox.parse(path=path, format=rdf)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file or folder; check the spelling") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    except SyntaxError as error:
        raise UsageError(f"{path} is not well-formed {rdf.name}: {error}") from error


def _find_format(path: Path) -> ox.RdfFormat:
    rdf = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if rdf is None:
        suffixes = ", ".join(f".{known.file_extension}" for known in FORMATS.values())
        raise UsageError(f"{path}: its suffix is not that of an RDF format; rename it to one of {suffixes}")
    return rdf


def _merge_graphs(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    return {ox.Quad(*quad.triple) for quad in quads}
