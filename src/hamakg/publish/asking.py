"""The queries behind what is published: files of ``queries/``, asked of some graphs of a store."""

from collections.abc import Iterable
from typing import cast

import pyoxigraph as ox

from hamakg.data_files import data_folder
from hamakg.sparql import query_files

Value = ox.NamedNode | ox.Literal


def rows(store: ox.Store, query: str, graphs: Iterable[str], **values: str) -> list[list[Value | None]]:
    """The rows of a query such as ``description/classes``, with these values for its parameters.

    GRAPH in it means these graphs alone; the default graph is the union that the store keeps.
    """
    found = query_files.read_query(data_folder("queries") / f"{query}.rq")
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(graph) for graph in graphs]
    solutions = cast(ox.QuerySolutions, store.query(query_files.bind(found, values), named_graphs=named))
    return [cast(list[Value | None], [*row]) for row in solutions]


def text_of(term: Value | None) -> str:
    """An IRI or what a literal says; nothing for nothing."""
    return term.value if term else ""


def number_of(term: Value | None) -> int | None:
    """The number that a literal says, None for nothing."""
    return int(term.value) if term else None
