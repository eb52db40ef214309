"""Resolves the names that a query or update writes, IRIs and prefixed names, by its PREFIX and BASE declarations."""

from collections.abc import Sequence
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions, Store


def resolve_names(names: Sequence[str], prologue: str, base: str | None) -> list[NamedNode]:
    """Returns the IRIs that the names stand for, in the same order.

    The engine resolves them, in a query of its own. Raises SyntaxError for a name that the prologue does not explain.
    """
    if not names:
        return []
    rows = Store().query(f"{prologue} SELECT ?x {{ VALUES ?x {{ {' '.join(names)} }} }}", base_iri=base)
    return [cast(NamedNode, row["x"]) for row in cast(QuerySolutions, rows)]
