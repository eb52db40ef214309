"""What tests read off answers of the engine, which may be of several kinds: rows of a SELECT, values of terms."""

from typing import Any

import pyoxigraph as ox

from hamakg.sparql.ask import ask

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def select_rows(store: ox.Store, query: str, *arguments: Any, **options: Any) -> ox.QuerySolutions:
    """The rows of a SELECT query that ``ask`` runs with these arguments."""
    result = ask(store, query, *arguments, **options)
    assert isinstance(result, ox.QuerySolutions)
    return result


def value_of(term: Term | None) -> str:
    """The IRI, label or text of a term that is there and is no triple."""
    assert term is not None and not isinstance(term, ox.Triple)
    return term.value
