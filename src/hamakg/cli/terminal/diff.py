"""Prints the differences between two dumps."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from pyoxigraph import NamedNode, Triple

from hamakg.cli.terminal.answer import format_cell
from hamakg.cli.terminal.table import print_line
from hamakg.publish.diff import ChangeKind, DumpDiff, Graph, PropertyChange, Term
from hamakg.rdf.iris import Iris

_PROPERTY_WIDTH = 21
_EXCERPT = 120  # characters of a long value


def show_diff(diff: DumpDiff) -> None:
    """Print the changes by graph, kind and resource, with a line for each property."""
    if not diff.changes:
        print_line("no difference")
    for graph, of_graph in groupby(diff.changes, key=lambda change: change.graph):
        changes = list(of_graph)
        print_line(f"{_graph_name(graph, diff.iris)}: {_count_kinds(changes)}\n")
        for kind, of_kind in groupby(changes, key=lambda change: change.kind):
            for subject, of_subject in groupby(of_kind, key=lambda change: change.subject):
                print_line(f"  {kind}: {_name_resource(subject, diff)}")
                for change in of_subject:
                    print_line(f"    {_describe_change(change, diff)}")
                print_line()


def _describe_change(change: PropertyChange, diff: DumpDiff) -> str:
    """The property with its old and new values; of long values the part around the first difference."""
    sides = [
        "; ".join(_name_resource(value, diff) for value in values) for values in (change.old, change.new) if values
    ]
    sides = [" ".join(side.split()) for side in sides]
    first = next((n for n, (a, b) in enumerate(zip(sides[0], sides[-1], strict=False)) if a != b), 0)
    values = " → ".join(_excerpt(side, first) for side in sides)
    return f"{diff.iris.shorten(change.property.value):<{_PROPERTY_WIDTH}} {values}"


def _excerpt(text: str, at: int) -> str:
    """The part of a long text, such as a whole article, around the character ``at``."""
    if len(text) <= _EXCERPT:
        return text
    begin = max(0, min(at - _EXCERPT // 2, len(text) - _EXCERPT))
    end = begin + _EXCERPT
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")


def _graph_name(graph: Graph, iris: Iris) -> str:
    return graph.value.removeprefix(iris.graph("")) if isinstance(graph, NamedNode) else "All graphs"


def _name_resource(term: Term, diff: DumpDiff) -> str:
    """The label of a resource with its id, because two resources may have the same label."""
    label = diff.labels.get(term)
    shown = str(term) if isinstance(term, Triple) else format_cell(term, diff.iris)
    return f"{label} ({shown})" if label else shown


def _count_kinds(changes: Iterable[PropertyChange]) -> str:
    kinds = Counter(change.kind for change in changes)
    return ", ".join(f"{kinds[kind]} {kind}" for kind in ChangeKind if kinds[kind])
