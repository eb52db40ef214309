"""A split query returns the same rows in the same order as the whole query."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.sparql.paging import split_query

STORE = ox.Store()
STORE.extend(ox.Quad(ox.NamedNode(f"urn:{n // 3}"), ox.NamedNode("urn:p"), ox.Literal(n)) for n in range(12))


def rows(query: str) -> list[str]:
    result = STORE.query(query)
    assert not isinstance(result, ox.QueryBoolean)
    return [str(row) for row in result]


QUERIES = [
    "SELECT ?o { ?s ?p ?o } ORDER BY ?o",
    "SELECT ?o { ?s ?p ?o } ORDER BY ?o # LIMIT 3",
    "SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 7",
    "SELECT ?o { ?s ?p ?o } ORDER BY ?o OFFSET 2 LIMIT 7",
    "SELECT ?o { ?s ?p ?o } ORDER BY ?o limit 9 offset 1",
    "SELECT ?o { ?s ?p ?o } ORDER BY ?o OFFSET 2",
    "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?o VALUES ?s { <urn:1> <urn:2> }",
    "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?o LIMIT 4 VALUES ?s { <urn:1> <urn:2> }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 1) ORDER BY ?s",
    "SELECT ?o { { SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 5 } } ORDER BY ?o",
    "SELECT ?o ('LIMIT 1' AS ?x) { ?s ?p ?o } ORDER BY ?o",
]


@given(st.sampled_from(QUERIES), st.integers(1, 14))
def test_both_parts_together_return_the_rows_of_the_whole(query: str, count: int) -> None:
    parts = split_query(query, count)
    if parts is None:
        assert len(rows(query)) <= count
    else:
        assert len(rows(parts.first)) <= count
        assert rows(parts.first) + rows(parts.rest) == rows(query)


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <urn:1>", "hello {"])
def test_only_select_queries_are_split(query: str) -> None:
    assert split_query(query, 1) is None
