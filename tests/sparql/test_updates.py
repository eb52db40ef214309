"""After any update, the default graph is still the union of the named graphs."""

from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamakg.sparql.updates import run_update
from hamakg.store import UNION
from hamakg.store.graphs import copy_to_union
from support.solutions import value_of

OWN = "https://example.org/graph/default"
PREFIX = "PREFIX : <https://example.org/>\n"

STEPS: dict[str, str] = {
    "INSERT DATA { :s :p 1 }": "INSERT DATA { GRAPH OWN { :s :p 1 } }",
    "INSERT DATA { :s :p 1, 2 . GRAPH :a { :s :p 1 } }": """
        INSERT DATA { GRAPH OWN { :s :p 1, 2 } GRAPH :a { :s :p 1 } }""",
    "INSERT DATA { GRAPH :a { :s :p 1, 2 } GRAPH :b { :s :p 1 } . :t :p 1 }": """
        INSERT DATA { GRAPH :a { :s :p 1, 2 } GRAPH :b { :s :p 1 } GRAPH OWN { :t :p 1 } }""",
    "INSERT DATA { GRAPH :a { :s :p 007, '}', \"GRAPH :b {\" ; :q <http://[::1]/#x> } } # } ;": "",
    "DELETE DATA { :s :p 1 }": "DELETE DATA { GRAPH OWN { :s :p 1 } }",
    "DELETE DATA { GRAPH :a { :s :p 1, 7 } }": "",
    "DELETE DATA { :s :p 2 . GRAPH :b { :s :p 1 } }": "DELETE DATA { GRAPH OWN { :s :p 2 } GRAPH :b { :s :p 1 } }",
    "DELETE WHERE { :s :p ?o }": "DELETE { GRAPH OWN { :s :p ?o } } WHERE { :s :p ?o }",
    "DELETE WHERE { ?s ?p 1 GRAPH ?g { ?s ?p 1 } }": """
        DELETE { GRAPH OWN { ?s ?p 1 } GRAPH ?g { ?s ?p 1 } } WHERE { ?s ?p 1 GRAPH ?g { ?s ?p 1 } }""",
    "DELETE WHERE { GRAPH :a { ?s ?p ?o } }": "",
    "DELETE { GRAPH ?g { ?s ?p 1 } } WHERE { GRAPH ?g { ?s ?p 1 } }": "",
    "DELETE { GRAPH $g { ?s ?p ?o } } INSERT { GRAPH ?g { ?o ?p ?s . ?s :q ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }": "",
    "INSERT { GRAPH ?o { ?s :q ?g } } WHERE { { GRAPH ?g { ?s ?p ?x } } BIND(IF(?x = 1, :c, ?x) AS ?o) }": "",
    "INSERT { GRAPH ?g { ?s :q ?none } GRAPH ?none { ?s :q 4 } } WHERE { GRAPH ?g { ?s ?p 1 } }": "",
    "INSERT { GRAPH ?g { :s :p 5 } } WHERE { { SELECT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g LIMIT 1 } }": "",
    "WITH :a DELETE { ?s :p ?o } INSERT { ?s :q ?o } WHERE { ?s :p ?o }": "",
    "WITH :a DELETE { ?s :p 1 } INSERT { ?s :p 2 } USING :b WHERE { ?s :p 1 }": "",
    "WITH :a INSERT { ?s :q ?o . GRAPH :b { ?s :q ?g } } WHERE { GRAPH ?g { ?s :p ?o } }": "",
    "INSERT { GRAPH :b { ?s :q ?o } } USING :a WHERE { ?s :p ?o }": "",
    "INSERT { GRAPH :b { ?s :q ?o } } USING :a USING NAMED :b WHERE { ?s :p ?o GRAPH ?g { ?s :p ?x } }": "",
    "INSERT { ?s :q ?o } WHERE { ?s :p ?o }": "INSERT { GRAPH OWN { ?s :q ?o } } WHERE { ?s :p ?o }",
    "DELETE { ?s :p ?o } INSERT { ?s :p 1 } WHERE { ?s :p ?o }": """
        DELETE { GRAPH OWN { ?s :p ?o } } INSERT { GRAPH OWN { ?s :p 1 } } WHERE { ?s :p ?o }""",
    "CLEAR DEFAULT": "CLEAR SILENT GRAPH OWN",
    "CLEAR SILENT GRAPH :a": "",
    "DROP SILENT GRAPH :b": "",
    "CREATE SILENT GRAPH :a": "",
    "CLEAR NAMED": "CLEAR SILENT GRAPH OWN; CLEAR SILENT GRAPH :a; CLEAR SILENT GRAPH :b; CLEAR SILENT GRAPH :c",
    "CLEAR ALL": "CLEAR SILENT GRAPH OWN; CLEAR SILENT GRAPH :a; CLEAR SILENT GRAPH :b; CLEAR SILENT GRAPH :c",
    "DROP DEFAULT": "DROP SILENT GRAPH OWN",
    "DROP ALL": "",
    "DROP NAMED": "",
    "ADD SILENT DEFAULT TO :a": "",
    "ADD :b TO DEFAULT": "ADD :b TO OWN",
    "ADD GRAPH :a TO GRAPH :b": "",
    "COPY SILENT GRAPH :a TO DEFAULT": "COPY SILENT :a TO OWN",
    "COPY DEFAULT TO :c": "",
    "COPY :a TO :b": "",
    "COPY :a TO :a": "",
    "MOVE SILENT :a TO :b": "",
    "MOVE SILENT DEFAULT TO :b": "COPY DEFAULT TO :b; DROP SILENT GRAPH OWN",
    "MOVE SILENT :b TO DEFAULT": "MOVE SILENT :b TO OWN",
    "move silent default to default": "",
}
"""Operations, and where they write to the default graph, the same written to the graph for its triples."""


def run_in_engine(before: ox.Store, text: str) -> ox.Store:
    """The store after the engine has run an update that does not write to the default graph; the union made anew."""
    after = ox.Store()
    after.extend(before)
    for graph in before.named_graphs():
        after.add_graph(graph)
    after.update(PREFIX + text.replace("OWN", f"<{OWN}>"))
    after.clear_graph(UNION)
    after.extend([copy_to_union(quad) for quad in after])
    if next(after.quads_for_pattern(None, None, None, ox.NamedNode(OWN)), None) is None:
        after.remove_graph(ox.NamedNode(OWN))
    return after


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
        run_update(store, PREFIX + text, OWN, using=using)
    return store


def run_steps(store: ox.Store, steps: list[str]) -> None:
    """Runs the steps; compares the store with what the engine makes of each."""
    for step in steps:
        expected = run_in_engine(store, STEPS[step] or step)
        run(store, step)
        assert (set(store), set(store.named_graphs())) == (set(expected), set(expected.named_graphs())), step


@given(st.lists(st.sampled_from([*STEPS]), max_size=6))
def test_updates_change_named_graphs_as_the_engine_does_and_the_default_graph_stays_their_union(
    steps: list[str],
) -> None:
    run_steps(ox.Store(), ["INSERT DATA { GRAPH :a { :s :p 1, 2 } GRAPH :b { :s :p 1 } . :t :p 1 }", *steps])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from([*STEPS]), min_size=2, max_size=8))
def test_updates_do_the_same_in_a_store_on_the_disk(steps: list[str]) -> None:
    with TemporaryDirectory() as folder:
        run_steps(ox.Store(folder), ["INSERT DATA { :s :p 1, 2 . GRAPH :a { :s :p 1 } }", *steps])


@given(st.lists(st.sampled_from([*STEPS]), max_size=4))
def test_each_operation_of_an_update_sees_what_those_before_it_have_done(steps: list[str]) -> None:
    one, each = ox.Store(), ox.Store()
    run(one, "INSERT DATA { GRAPH :a { :s :p 1, 2 } }\n;" + "\n;".join(steps))
    run(each, "INSERT DATA { GRAPH :a { :s :p 1, 2 } }", *steps)
    assert set(one) == set(each)


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


def test_a_template_makes_blank_nodes_of_its_own_for_each_solution() -> None:
    """Within one solution, a label stands for the same node (https://www.w3.org/TR/sparql11-update/#insert)."""
    store = run(
        ox.Store(),
        "INSERT DATA { GRAPH :a { :s :p 1, 2 } }",
        "INSERT { _:x :n ?o GRAPH :b { _:x :q ?o . [] :l (?o) } } WHERE { ?s :p ?o }",
    )
    query = """SELECT (COUNT(DISTINCT ?x) AS ?nodes) (COUNT(*) AS ?rows) {
        ?x :n ?o ; :q ?o . GRAPH :b { ?x :q ?o . ?y :l/rdf:rest* ?list . ?list rdf:first ?o } }"""
    rdf = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    (row,) = store.query(PREFIX + rdf + query)  # type: ignore[misc]
    assert [value_of(row["nodes"]), value_of(row["rows"])] == ["2", "2"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CREATE GRAPH :a", "already exists"),
        ("CLEAR GRAPH :b", "does not exist"),
        ("DROP GRAPH :b", "does not exist"),
        ("MOVE :b TO :a", "does not exist"),
        ("DROPALL", "write spaces"),
        ("INSERT DATA { :s :p 2 } ; ADD:a TO:b", "write spaces"),
    ],
)
def test_an_update_that_cannot_be_run_says_why(text: str, message: str) -> None:
    """The engine reads some updates without spaces, but then it is not sure where words end."""
    with pytest.raises(ValueError, match=message):
        run(ox.Store(), "INSERT DATA { GRAPH :a { :s :p 1 } }", text)


def test_a_triple_is_moved_to_the_default_graph() -> None:
    """It is no longer in the other graph then, but still in the union."""
    data = "INSERT DATA { GRAPH :a { :s :p 1 } }"
    for text in (
        "MOVE :a TO DEFAULT",
        "DELETE { GRAPH :a { ?s ?p ?o } } INSERT { ?s ?p ?o } WHERE { GRAPH :a { ?s ?p ?o } }",
    ):
        store = run(ox.Store(), data, text)
        assert (named(store), len(union(store))) == ({OWN: {"p1"}}, 1)


def test_more_triples_than_are_written_at_once_are_inserted_copied_and_deleted() -> None:
    """Many are given to the bulk loader, in batches."""
    count = 25_000
    data = " ".join(f":s{n} :p {n} ." for n in range(count))
    store = run(ox.Store(), f"INSERT DATA {{ GRAPH :a {{ {data} }} }}", "COPY :a TO :b")
    run(store, "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s :q ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert len(store) == 3 * count
    run(store, "DELETE WHERE { GRAPH :a { ?s ?p ?o } }", "DROP GRAPH :b")
    assert (len(store), [str(graph) for graph in store.named_graphs()]) == (0, ["<https://example.org/a>"])
