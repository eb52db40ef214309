"""Queries see the graphs that they should, and an error is one line that says where it is."""

import threading

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, Store

from hamakg.sparql.ask import (
    MAX_CHARACTERS,
    STACK_BYTES,
    Dataset,
    QueryError,
    QueryRefusedError,
    QueryTooLongError,
    ask,
    explain_errors,
)
from hamakg.store import replace_graph
from support.solutions import select_rows, value_of

A, B = "http://e/graph/a", "http://e/graph/b"
EVERYWHERE = "SELECT ?o WHERE { ?s ?p ?o }"
ALL = ["a", "b", "both"]
IN_GRAPHS = "SELECT ?o WHERE { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture
def store() -> Store:
    """Two graphs of two triples each; "both" is in either."""
    store = Store()
    for graph in (A, B):
        names = NamedNode("http://e/s"), NamedNode("http://e/p")
        replace_graph(store, graph, [Quad(*names, Literal(value), NamedNode(graph)) for value in (graph[-1], "both")])
    return store


@pytest.mark.parametrize(
    ("query", "dataset", "seen"),
    [
        (EVERYWHERE, Dataset(), ["a", "b", "both"]),
        (EVERYWHERE, Dataset(default=(A,)), ["a", "both"]),
        (EVERYWHERE, Dataset(default=(A, A)), ["a", "both"]),
        (EVERYWHERE, Dataset(default=(A, B)), ["a", "b", "both"]),
        (EVERYWHERE, Dataset(named=(A,)), []),
        (EVERYWHERE.replace("WHERE", f"FROM <{B}>"), Dataset(), ["b", "both"]),
        (EVERYWHERE.replace("WHERE", f"FROM <{B}> FROM <{B}>"), Dataset(), ["b", "both"]),
        (EVERYWHERE.replace("WHERE", f"FROM <{A}> from <{B}>"), Dataset(), ["a", "b", "both"]),
        (EVERYWHERE.replace("WHERE", f"FROM <{A}> FROM <{B}>"), Dataset(default=(A,)), ["a", "both"]),
        (EVERYWHERE.replace("WHERE", f"from named <{B}>"), Dataset(), []),
        (f"PREFIX e: <http://e/graph/> {EVERYWHERE}".replace("WHERE", "FROM e:a#\nFROM e:b"), Dataset(), ALL),
        (f"BASE <http://e/graph/> {EVERYWHERE}".replace("WHERE", "FROM<a>FROM<b>"), Dataset(), ALL),
        (EVERYWHERE.replace("WHERE", "FROM <http://e/no> FROM <http://e/none>"), Dataset(), []),
        (EVERYWHERE + " # from", Dataset(), ["a", "b", "both"]),
        (f"SELECT ?o {{ ?s ?p ?o FILTER(?o != ' FROM <{A}> FROM <{A}> ') }}", Dataset(), ALL),
        (IN_GRAPHS, Dataset(), ["a", "b", "both", "both"]),
        (IN_GRAPHS, Dataset(named=(B,)), ["b", "both"]),
        (IN_GRAPHS, Dataset(named=(B, B)), ["b", "both"]),
        (IN_GRAPHS, Dataset(default=(B,)), []),
        (IN_GRAPHS, Dataset(default=(A, B)), []),
        (IN_GRAPHS, Dataset(default=(A, B), named=(B,)), ["b", "both"]),
        (IN_GRAPHS.replace("WHERE", f"FROM NAMED <{A}>"), Dataset(), ["a", "both"]),
        (IN_GRAPHS.replace("WHERE", f"FROM NAMED <{A}> FROM NAMED <{A}>"), Dataset(), ["a", "both"]),
        (IN_GRAPHS.replace("WHERE", f"FROM <{A}> FROM <{B}> FROM NAMED <{A}>"), Dataset(), ["a", "both"]),
        (IN_GRAPHS.replace("WHERE", f"FROM <{A}>"), Dataset(), []),
    ],
)  # fmt: skip
def test_a_query_sees_all_graphs_unless_it_or_the_request_names_some(
    store: Store, query: str, dataset: Dataset, seen: list[str]
) -> None:
    """The request's data set replaces the query's (https://www.w3.org/TR/sparql11-protocol/#dataset).

    A triple that several graphs state counts once.
    """
    assert sorted(value_of(solution["o"]) for solution in select_rows(store, query, dataset)) == seen


@pytest.mark.parametrize("form", ["ASK FROM <{}> FROM <{}> {{}}", "DESCRIBE <http://e/s> FROM <{}> FROM <{}>"])
def test_every_form_of_query_may_name_several_graphs(store: Store, form: str) -> None:
    answer = ask(store, form.format(A, B))
    assert bool(answer) if isinstance(answer, QueryBoolean) else len(list(answer)) == 3


def test_relative_names_of_graphs_are_resolved_against_the_base(store: Store) -> None:
    rows = select_rows(store, EVERYWHERE.replace("WHERE", "FROM <a> FROM <b>"), base="http://e/graph/")
    assert sorted(value_of(row["o"]) for row in rows) == ALL


def test_a_union_too_large_to_copy_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hamakg.sparql.ask.MAX_MERGED", 4)
    assert len(list(select_rows(store, EVERYWHERE, Dataset(default=(A, B))))) == 3
    with pytest.raises(
        QueryRefusedError, match="more than 4 statements; name fewer of them, or name none to query all"
    ):
        ask(store, EVERYWHERE, Dataset(default=(A, B), named=(A,)))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * {\n ?s ?p ", 'the query is malformed at line 2, column 8, after "?s ?p"'),
        ("", "the query is malformed at line 1, column 1"),
        (
            "ASK FROM e:a FROM <b:b> {}",
            'the query is malformed at line 1, column 15, after "ASK FROM e:a F"; no PREFIX declares e:',
        ),
        (
            "ASK { ?s ex:a ?o }",
            'the query is malformed at line 1, column 15, after "ASK { ?s ex:a"; no PREFIX declares ex:',
        ),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "only queries are answered, not updates (INSERT)"),
        ("DELETE WHERE { ?s ?p ?o }", "only queries are answered, not updates (DELETE)"),
        ("LOAD <http://127.0.0.1/>", "only queries are answered, not updates (LOAD)"),
        ("SELECT (<a:f>(1) AS ?x) {}", "the query cannot be evaluated: The custom function <a:f> is not supported"),
        (
            "ASK {} GROUP BY",
            'the query is malformed at line 1, column 16, after "ASK {} GROUP BY": expected one of $ ( : < ?',
        ),
    ],
)
def test_an_error_says_where_and_why_a_query_cannot_run(store: Store, query: str, message: str) -> None:
    with pytest.raises(QueryError) as error, explain_errors(query):
        list(select_rows(store, query))
    assert str(error.value) == message


def test_a_graph_must_be_named_by_an_iri(store: Store) -> None:
    with pytest.raises(QueryError, match="not named by an absolute IRI"):
        ask(store, EVERYWHERE, Dataset(default=("no iri",)))


def test_service_is_refused(store: Store) -> None:
    with pytest.raises(QueryRefusedError, match="SERVICE is refused"):
        ask(store, "ASK { SERVICE SILENT <http://127.0.0.1:9/> {} }")


@pytest.mark.parametrize("deep", ["{", "(", "!", "OPTIONAL{", "FILTER EXISTS{", "{}UNION"])
def test_the_most_deeply_nested_query_does_not_crash_the_process(store: Store, deep: str) -> None:
    """It runs in a thread with STACK_BYTES, as in the server; with the usual 8 MiB some of these queries crash."""
    query = ("SELECT * { FILTER" if deep in "(!" else "SELECT * {") + deep * MAX_CHARACTERS
    outcomes: list[type[Exception]] = []

    def run() -> None:
        try:
            list(select_rows(store, query[:MAX_CHARACTERS]))
        except QueryError as error:
            outcomes.append(type(error))

    before = threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=run)
    thread.start()
    threading.stack_size(before)
    thread.join()
    assert outcomes == [QueryError]


def test_a_longer_query_is_refused(store: Store) -> None:
    with pytest.raises(QueryTooLongError):
        ask(store, "ASK {}" + " " * MAX_CHARACTERS)
