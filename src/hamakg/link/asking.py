"""The queries behind linking: files of ``queries/linking``."""

from collections.abc import Iterator
from typing import cast

import pyoxigraph as ox

from hamakg.data_files import data_folder
from hamakg.sparql import query_files


def rows(store: ox.Store, query: str, **values: str) -> Iterator[tuple[str, ...]]:
    """The rows of a query, with these values for its parameters, as text: "" where a variable has no value."""
    found = query_files.read_query(data_folder("queries") / "linking" / f"{query}.rq")
    for row in cast(ox.QuerySolutions, store.query(query_files.bind(found, values))):
        yield tuple(cast(ox.Literal, term).value if term else "" for term in row)
