"""After any update, the default graph is still the union of the named graphs."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.sparql.updates import run_update
from hamakg.store import UNION
from support.solutions import value_of

OWN = "https://example.org/graph/default"
PREFIX = "PREFIX : <https://example.org/>\n"

STEPS = [
    "INSERT DATA { :s :p 1 }",
    "INSERT DATA { :s :p 1, 2 . GRAPH :a { :s :p 1 } }",
    "INSERT DATA { GRAPH :a { :s :p 1, 2 } GRAPH :b { :s :p 1 } }",
    "DELETE DATA { :s :p 1 }",
    "DELETE DATA { GRAPH :a { :s :p 1 } }",
    "DELETE DATA { :s :p 2 . GRAPH :b { :s :p 1 } }",
    "DELETE WHERE { :s :p ?o }",
    "DELETE WHERE { GRAPH :a { ?s ?p ?o } }",
    "DELETE { GRAPH ?g { ?s ?p 1 } } WHERE { GRAPH ?g { ?s ?p 1 } }",
    "WITH :a DELETE { ?s :p ?o } INSERT { ?s :q ?o } WHERE { ?s :p ?o }",
    "INSERT { GRAPH :b { ?s :q ?o } } USING :a WHERE { ?s :p ?o }",
    "INSERT { ?s :q ?o } WHERE { ?s :p ?o }",
    "CLEAR DEFAULT",
    "CLEAR SILENT GRAPH :a",
    "DROP SILENT GRAPH :b ; INSERT DATA { GRAPH :b { :t :p 3 } }",
    "CLEAR NAMED",
    "DROP ALL",
    "ADD SILENT DEFAULT TO :a",
    "COPY SILENT GRAPH :a TO DEFAULT",
    "MOVE SILENT :a TO :b",
    "MOVE SILENT DEFAULT TO :b",
]


def union(store: ox.Store) -> set[ox.Triple]:
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, UNION)}


def named(store: ox.Store) -> dict[str, set[str]]:
    """The objects in each named graph, each prefixed with the last letter of its predicate."""
    found: dict[str, set[str]] = {}
    for quad in store:
        if quad.graph_name != UNION:
            found.setdefault(quad.graph_name.value, set()).add(f"{quad.predicate.value[-1]}{quad.object.value}")
    return found


def run(store: ox.Store, *texts: str, using: tuple[str, ...] = ()) -> ox.Store:
    for text in texts:
        before = ox.Store()
        before.bulk_extend(store)
        run_update(store, before, PREFIX + text, OWN, using=using)
    return store


@given(st.lists(st.sampled_from(STEPS), max_size=6))
def test_the_default_graph_stays_the_union_of_the_named_graphs(steps: list[str]) -> None:
    store = run(ox.Store(), *steps)
    assert union(store) == {quad.triple for quad in store if quad.graph_name != UNION}


def test_triples_inserted_into_the_default_graph_are_stored_in_a_graph_of_their_own() -> None:
    assert named(run(ox.Store(), "INSERT DATA { :s :p 1 }")) == {OWN: {"p1"}}


def test_emptying_the_default_graph_leaves_no_empty_named_graph() -> None:
    store = run(ox.Store(), "INSERT DATA { :s :p 1 }", "CLEAR DEFAULT")
    assert (set(store), list(store.named_graphs())) == (set(), [])


def test_deleting_from_the_default_graph_keeps_triples_that_named_graphs_state() -> None:
    store = run(ox.Store(), "INSERT DATA { :s :p 1, 2 . GRAPH :a { :s :p 3 } }", "DELETE WHERE { :s :p ?o }")
    assert named(store) == {"https://example.org/a": {"p3"}}
    assert {value_of(triple.object) for triple in union(store)} == {"3"}


def test_a_pattern_without_graph_reads_all_graphs() -> None:
    store = run(
        ox.Store(), "INSERT DATA { GRAPH :a { :s :p 3 } }", "INSERT { GRAPH :b { ?s :q ?o } } WHERE { ?s :p ?o }"
    )
    assert named(store) == {"https://example.org/a": {"p3"}, "https://example.org/b": {"q3"}}


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { GRAPH :c { ?s :q ?o } } WHERE { ?s :p ?o }",
        "# WHERE { a comment\nINSERT { GRAPH :c { ?s :q ?o } } WHERE { ?s :p ?o FILTER(?o != 'WHERE {') }",
        "INSERT DATA { GRAPH :d { :s :p 9 } } ; INSERT { GRAPH :c { ?s :q ?o } } WHERE { { ?s :p ?o } }",
    ],
)
def test_the_patterns_of_an_update_see_the_data_set_of_the_request(text: str) -> None:
    store = run(ox.Store(), "INSERT DATA { GRAPH :a { :s :p 1 } GRAPH :b { :s :p 2 } }")
    run(store, text, using=("https://example.org/b",))
    assert named(store)["https://example.org/c"] == {"q2"}


def test_delete_where_deletes_from_the_data_set_of_the_request() -> None:
    """It cannot have USING, so it is rewritten (https://www.w3.org/TR/sparql11-update/#deleteWhere)."""
    store = run(ox.Store(), "INSERT DATA { :s :p 1, 2 . GRAPH :a { :s :p 1 } }")
    run(store, "DELETE WHERE { :s :p ?o }", using=("https://example.org/a",))
    assert named(store) == {OWN: {"p2"}, "https://example.org/a": {"p1"}}


@pytest.mark.parametrize("clause", ["USING :a", "USING NAMED :a"])
def test_two_data_sets_are_refused(clause: str) -> None:
    with pytest.raises(ValueError, match="names a data set too"):
        run(ox.Store(), f"INSERT {{ :s :q ?o }} {clause} WHERE {{ ?s ?p ?o }}", using=("https://example.org/b",))


def test_a_malformed_update_changes_nothing() -> None:
    store = run(ox.Store(), "INSERT DATA { :s :p 1 }")
    with pytest.raises(SyntaxError):
        run(store, "INSERT DATA { :s :p 2 } ; DELETE")
    assert named(store) == {OWN: {"p1"}}


def test_names_are_resolved_by_the_prefixes() -> None:
    """So clearing a graph by a prefixed name changes the union too."""
    store = run(ox.Store(), "INSERT DATA { GRAPH :a { :s :p 1 } }")
    run(store, "PREFIX o: <https://example.org/>\nCLEAR SILENT GRAPH :b ; DROP GRAPH o:a")
    assert set(store) == set()


@pytest.mark.parametrize(
    ("text", "left"), [("CLEAR ALL", [":a"]), ("CLEAR NAMED", [":a"]), ("DROP ALL", []), ("DROP NAMED", [])]
)
def test_a_cleared_graph_still_exists_and_a_dropped_one_does_not(text: str, left: list[str]) -> None:
    store = run(ox.Store(), "INSERT DATA { GRAPH :a { :s :p 1 } }", text)
    assert (set(store), list(store.named_graphs())) == (
        set(),
        [ox.NamedNode(f"https://example.org/{name[1:]}") for name in left],
    )
