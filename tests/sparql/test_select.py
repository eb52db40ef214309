"""The queries that come with hamakg: how they are run, and which graphs and values they see."""

import pytest
from pyoxigraph import NamedNode, Quad, Store

from hamakg.errors import UsageError
from hamakg.sparql.query_files import query_text
from hamakg.sparql.select import select, select_text
from hamakg.store import replace_graph

EX = "https://example.org/"
CITY, LABEL, NAME = (NamedNode(EX + name) for name in ("city", "label", "name"))


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    for graph, object_ in (("one", LABEL), ("two", NAME)):
        replace_graph(store, EX + graph, [Quad(CITY, LABEL, object_, NamedNode(EX + graph))])
    return store


def test_rows_are_terms_or_their_text(store: Store) -> None:
    """The same rows, as RDF terms and as text."""
    assert [(row["graph"], row["triples"].value) for row in select(store, "pages/graphs")] == [
        (NamedNode(EX + "one"), "1"),
        (NamedNode(EX + "two"), "1"),
    ]
    assert list(select_text(store, "pages/graphs")) == [
        {"graph": EX + "one", "triples": "1"},
        {"graph": EX + "two", "triples": "1"},
    ]


def test_graph_patterns_see_only_the_graphs_that_are_named(store: Store) -> None:
    assert list(select_text(store, "pages/graphs", graphs=[EX + "two"])) == [{"graph": EX + "two", "triples": "1"}]
    assert list(select_text(store, "pages/graphs", graphs=[])) == []


def test_a_value_takes_the_place_of_its_parameter_wherever_it_is_bound(store: Store) -> None:
    (row,) = select_text(store, "pages/statement-count", resource=CITY.value)
    assert row == {"count": "2"}
    assert query_text("pages/statement-count", resource=CITY.value).count(f"VALUES ?resource {{ {CITY} }}") == 2


def test_a_variable_without_a_value_is_missing_from_its_row(store: Store) -> None:
    ontology = Store()
    ontology.extend([Quad(CITY, NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), LABEL)])
    assert list(select_text(ontology, "pages/names", resource=CITY.value)) == []


def test_an_unknown_parameter_and_a_value_that_is_not_an_iri_are_refused(store: Store) -> None:
    with pytest.raises(KeyError, match="has no parameter resorce"):
        select(store, "pages/outgoing", resorce=CITY.value)
    with pytest.raises(UsageError, match="parameter resource"):
        select(store, "pages/outgoing", resource="> } #")
