"""SERVICE and LOAD are found in every reading of a text, and harmless uses of the words pass."""

from collections.abc import Iterator
from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, Store

from hamakg.sparql.tokens import (
    find_dataset_clauses,
    find_service_endpoints,
    find_undeclared_prefixes,
    find_words,
    may_load,
    tokenize,
    tokenize_outside_braces,
)
from support.disguises import Listener, listen, loads

HIDDEN = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { sErViCe SILENT <http://127.0.0.1:1/> {} }",
    "PREFIX : <http://127.0.0.1:1/> SELECT * {service:x{}}",
    "PREFIX : <http://127.0.0.1:1/> SELECT * { ?s ?p ?o.service:x{}}",
    "PREFIX ex: <http://127.0.0.1:1/> SELECT * {SERVICEex:a{}}",
    "PREFIX ex: <http://127.0.0.1:1/> SELECT * {SERVICE#}\nex:a{}}",
    "PREFIX ex: <http://127.0.0.1:1/> SELECT * { {} #\rSERVICE ex:a {} }",
    # "<" that compares, and looks like the beginning of an IRI
    "SELECT * { FILTER(1 <'x>') SERVICE <http://127.0.0.1:1/> {} FILTER(?b = '') }",
    "SELECT * { FILTER(1<2#>'''\n) SERVICE <http://127.0.0.1:1/> {} #'''\n}",
    # an IRI that looks like a comparison with a string
    "SELECT * { OPTIONAL {<a:b'\\u0041> ?p ?o} SERVICE <http://127.0.0.1:1/> {} #'\n}",
    # three quotes that do not open a long string
    "SELECT * { VALUES ?x {'''a'} SERVICE <http://127.0.0.1:1/> {} }",
]

INNOCENT = [
    "ASK { ?s ?p ?o }",
    "PREFIX ex: <a:b#> ASK { ?s ex:service ?o ; ex:x-service ex:Service.of }",
    "ASK { ?service ?p $SERVICE }",
    "ASK { ?s ?p 'the SERVICE <http://x/> { }' , \"service\"@en-service }",
    "ASK { ?s ?p '''a\nSERVICE 'x' \"y\" '' ''' , \"\"\"SERVICE\n\"\"\" }",
    "ASK { ?s ?p ?o } # SERVICE <http://x/> { }",
    "ASK { <http://example.org/service#SERVICE> ?p ?o }",
    "ASK { ?s ?p ?o FILTER(?o < 3 && ?o > 'service') }",
]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listen() as listener:
        yield listener


@pytest.mark.parametrize("query", [*HIDDEN, "SELECT * { ?s ?p ?x SERVICE ?x {} }"])
def test_service_is_found_however_it_is_hidden(query: str) -> None:
    assert find_service_endpoints(query)


@pytest.mark.parametrize("query", INNOCENT)
def test_the_word_in_strings_comments_iris_and_names_is_not_a_service(query: str) -> None:
    assert not find_service_endpoints(query)


@pytest.mark.parametrize("query", HIDDEN)
def test_the_engine_runs_the_hidden_queries_and_connects(query: str, listener: Listener) -> None:
    """So the cases are real dangers."""
    before = listener.connections
    _run(query.replace("http://127.0.0.1:1/", listener.base))
    assert listener.connections > before


_WORDS = "SERVICE service SILENT ex: :x a:b < > URL ' ''' # { } {} . = / ) ?a 1 true FILTER(1 VALUES ?x @en ^^"
_PIECES = st.sampled_from([*_WORDS.split(), '"', "\\", "\\u0041", " ", "\n", "\r", "VALUES ?x {", "OPTIONAL {"])
_SERVICE = st.sampled_from(["SERVICE URL {}", "SERVICE#\nex:x{}", "service:x{}", "{SERVICE SILENT URL{}}"])


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=8).map("".join), _SERVICE, st.lists(_PIECES, max_size=8).map("".join))
def test_a_query_that_passes_opens_no_connection(listener: Listener, before: str, service: str, after: str) -> None:
    """Whatever surrounds a SERVICE, the query is refused, is malformed, or opens no connection."""
    address = listener.base
    query = f"PREFIX : <{address}> PREFIX ex: <{address}> SELECT * {{ {before}{service}{after} }}".replace(
        "URL", f"<{address}>"
    )
    if find_service_endpoints(query):
        return
    before_running = listener.connections
    _run(query)
    assert listener.connections == before_running


@pytest.mark.parametrize("text", ["<#>", "<'''>", "\\'''x", "'''\\'''x", "<'", "a-", "<a", "'''"])
def test_hostile_text_is_scanned_in_bounded_time(text: str) -> None:
    """64 KiB of the text that is hardest to scan take seconds; the test passes by finishing."""
    find_service_endpoints(("#service\n" + text * 65536)[:65536])


def test_words_are_keywords_and_numbers() -> None:
    query = "SELECT*FROM<http://from.example/>{ ?from ex:from 'from' # from\n FILTER(STR(?x) = 5) }"
    assert find_words(query) == {"select", "from", "filter", "str", "5"}


def test_dataset_clauses_are_the_graphs_of_from_and_from_named() -> None:
    prologue = "BASE <http://e/> # from <c>\nPREFIX select: <a:b>\n"
    query = "SELECT*FROM<a> from # x\n select:b FROM NAMED <c> from named : { ?from select:from 'FROM <d>' , <e> }"
    assert find_dataset_clauses(prologue + query) == (["<a>", "select:b"], ["<c>", ":"], prologue)
    assert find_dataset_clauses("ASK FROM DEFAULT FROM 'x' FROM") == ([], [], "")


_OUTSIDE = [
    "'}'",
    '"{"',
    "'''}'{'''",
    "<a:b#c>",
    "# }\n",
    "SELECT",
    "?x",
    "FROM",
    "ex:a",
    "LIMIT 3",
    "<",
    ">",
    "ex:\\#",
]
_BLOCKS = ["{}", "{ '}' ?x }", "{ { # }\n } FROM <a:b> }", '{"""}"""{}{}}', "{ FILTER(1 < 2) ex:\\# }"]


@given(st.lists(st.sampled_from(_OUTSIDE + _BLOCKS)).map(" ".join))
def test_tokens_outside_braces_are_those_of_the_whole_query(query: str) -> None:
    depth, expected = 0, list[str]()
    for token in tokenize(query):
        depth += token[0] == "{"
        if not depth:
            expected.append(token[0])
        depth -= token[0] == "}"
    assert [token[0] for token in tokenize_outside_braces(query)] == expected


def test_undeclared_prefixes_are_those_used_without_a_declaration() -> None:
    query = "PREFIX ex: <a:b> prefix # y:\n : <x:y> ASK { ex:a :b foo:c , _:b , 'x:y'^^xsd:int }"
    assert find_undeclared_prefixes(query) == ["foo:", "xsd:"]


def _run(query: str) -> None:
    store = Store()
    store.add(Quad(NamedNode("a:s"), NamedNode("a:p"), Literal("1")))
    with suppress(SyntaxError, OSError, RuntimeError):
        result = store.query(query)
        if not isinstance(result, QueryBoolean):
            list(result)


@pytest.mark.parametrize(
    ("query", "endpoints"),
    [
        ("SELECT * { SERVICE <http://a.example/sparql> { ?s ?p ?o } }", ["http://a.example/sparql"]),
        ("SELECT * { service silent<http://a.example/sparql>{} }", ["http://a.example/sparql"]),
        ("SELECT * { SERVICE ?x {} }", [None]),
        ("PREFIX a: <http://a.example/> SELECT * { SERVICE a:sparql {} }", [None]),
        ("SELECT * { SERVICE # <http://a.example/sparql>\n<http://b.example/> {} }", [None]),
        ("SELECT * { SERVICE <http://a.example/\\u0061> {} }", [None]),
        (
            "SELECT * { SERVICE <http://a.example/> {} SERVICE <http://b.example/> {} }",
            ["http://a.example/", "http://b.example/"],
        ),
        ("SELECT * { ?s ?p ?o }", []),
    ],
)
def test_an_endpoint_is_known_if_it_is_written_as_a_full_iri(query: str, endpoints: list[str | None]) -> None:
    """Any other is None, which no server allows."""
    assert sorted(set(find_service_endpoints(query)), key=str) == endpoints


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_load_that_the_engine_runs_is_missed(listener: Listener, data: st.DataObject) -> None:
    """The engine itself says what it runs: if it connects, the update was known to load."""
    update, before = data.draw(loads(listener.base)), listener.connections
    with suppress(SyntaxError, OSError, RuntimeError):
        ox.Store().update(update)
    assert listener.connections == before or may_load(update)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://example.org/load> <urn:load:x> 'LOAD <http://example.org/x>' }",
        "INSERT DATA { <urn:a> ex:load ?load }",
        "PREFIX upload: <http://example.org/> INSERT DATA { upload:a upload:b 1 }",
        "# LOAD <http://example.org/x>\nCLEAR ALL",
    ],
)
def test_the_word_load_in_names_strings_and_comments_is_not_a_load(update: str) -> None:
    assert not may_load(update)
