"""Runs the SELECT queries that come with hamakg: files of ``queries/``, by folder and name.

These files are part of the program, so nothing about them is checked; a query that a user writes runs through
:func:`hamakg.sparql.ask.ask` instead.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, QuerySolutions, Store

from hamakg.sparql.query_files import query_text


def select(store: Store, name: str, *, graphs: Iterable[str] | None = None, **values: str) -> QuerySolutions:
    """Runs a query such as ``"pages/graphs"`` with these values for its parameters; returns its rows as RDF terms.

    GRAPH patterns see only the named graphs ``graphs``, or all if it is None; the default graph is the union of all
    graphs in either case.
    """
    text = query_text(name, **values)
    named: list[NamedNode | BlankNode] | None = None if graphs is None else [NamedNode(graph) for graph in graphs]
    solutions = store.query(text, named_graphs=named)
    assert isinstance(solutions, QuerySolutions), f"queries/{name}.rq is not a SELECT query"
    return solutions


def select_text(
    store: Store, name: str, *, graphs: Iterable[str] | None = None, **values: str
) -> Iterator[Mapping[str, str]]:
    """Runs a query as :func:`select` does; yields each row as the text of its values by variable.

    The text is the IRI or the lexical form of a literal. A variable without a value is missing from its row.
    """
    solutions = select(store, name, graphs=graphs, **values)
    variables = [variable.value for variable in solutions.variables]
    for row in solutions:
        yield {variable: term.value for variable, term in zip(variables, row, strict=True) if term is not None}
