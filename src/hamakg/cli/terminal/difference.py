"""What differs between two dumps."""

from collections import Counter
from itertools import groupby

from pyoxigraph import NamedNode, Triple

from hamakg.cli.terminal.answer import format_cell
from hamakg.cli.terminal.table import print_line
from hamakg.explain import Term
from hamakg.publish.diff import ChangeKind, DumpDiff, Graph, PropertyChange
from hamakg.rdf.iris import Iris

_FACT_WIDTH = 22
_EXCERPT = 120


def show_difference(difference: DumpDiff) -> None:
    """What came, went and changed, by graph, kind and resource, a line a property; or that nothing did."""
    if not difference.changes:
        print_line("no difference")
    for graph, of_graph in groupby(difference.changes, key=lambda change: change.graph):
        changes = list(of_graph)
        print_line(f"{_graph_name(graph, difference.iris)}: {_kinds(Counter(change.kind for change in changes))}\n")
        for kind, of_kind in groupby(changes, key=lambda change: change.kind):
            for subject, of_subject in groupby(of_kind, key=lambda change: change.subject):
                print_line(f"  {kind}: {_named(subject, difference)}")
                for change in of_subject:
                    print_line(f"    {_changed(change, difference)}")
                print_line()


def _changed(change: PropertyChange, difference: DumpDiff) -> str:
    sides = ["; ".join(_named(value, difference) for value in values) for values in (change.old, change.new) if values]
    sides = [" ".join(side.split()) for side in sides]
    differs = next((n for n, (a, b) in enumerate(zip(sides[0], sides[-1], strict=False)) if a != b), 0)
    shown = " → ".join(_excerpt(side, differs) for side in sides)
    return f"{difference.iris.shorten(change.property.value):<{_FACT_WIDTH - 1}} {shown}"


def _excerpt(text: str, at: int) -> str:
    """A long text, such as that of a whole article, around one of its characters."""
    if len(text) <= _EXCERPT:
        return text
    begin = max(0, min(at - _EXCERPT // 2, len(text) - _EXCERPT))
    end = begin + _EXCERPT
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")


def _graph_name(graph: Graph, iris: Iris) -> str:
    return graph.value.removeprefix(iris.graph("")) if isinstance(graph, NamedNode) else "All graphs"


def _named(term: Term | Triple, difference: DumpDiff) -> str:
    """A resource by its label, with its id, which labels need not tell apart."""
    label = difference.labels.get(term)
    shown = str(term) if isinstance(term, Triple) else format_cell(term, difference.iris)
    return f"{label} ({shown})" if label else shown


def _kinds(kinds: Counter[ChangeKind]) -> str:
    return ", ".join(f"{kinds[kind]} {kind}" for kind in ChangeKind if kinds[kind])
