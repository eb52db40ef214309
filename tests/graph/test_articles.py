"""The graph of an article uses the vocabulary of the contract, has evidence and a fixed order, and survives a store."""

import random
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import PROJECT
from hamakg.graph import build_article_quads, build_entity_quads
from hamakg.model import Article, ArticleFacts, Entity, EntityKind, InfoboxFacts, Interval
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.rdf.terms import term
from hamakg.validate import validate
from support.complete_facts import ABA, CAPTURE, CONFLICT, FACTS, REDS
from support.solutions import value_of

IRIS = Iris()
EXPECTED = Path(__file__).with_name("battle_of_aba.trig")  # the made-up article's graphs, checked against the contract
ONTOLOGY = PROJECT / "ontology" / "conflict.ttl"


def make_store(*articles: ArticleFacts) -> ox.Store:
    store = ox.Store()
    for facts in articles:
        store.extend(build_article_quads(facts, IRIS))
    store.extend(build_entity_quads(store, IRIS))
    return store


def make_article(slug: str, *entities: Entity) -> ArticleFacts:
    conflict = replace(CONFLICT, part_of=(), places=(), casualties=(), passages=(), names=())
    return ArticleFacts(Article(slug, slug, "text", "file.txt"), InfoboxFacts(conflict), entities)


def read_objects(store: ox.Store, subject: str, prop: str, graph: str) -> list[str]:
    found = store.quads_for_pattern(
        ox.NamedNode(IRIS.resource(subject)), term(prop), None, ox.NamedNode(IRIS.graph(graph))
    )
    return sorted(value_of(quad.object) for quad in found)


def test_every_property_of_every_class_is_written_as_in_the_contract() -> None:
    expected = set(ox.parse(path=EXPECTED, format=ox.RdfFormat.TRIG))
    assert set(make_store(FACTS)) == expected


def test_quads_come_in_a_fixed_order_and_only_once() -> None:
    quads = build_article_quads(FACTS, IRIS)
    assert quads == build_article_quads(FACTS, IRIS)
    assert len(quads) == len(set(quads))


def test_the_graph_conforms_to_the_shapes() -> None:
    assert validate(make_store(FACTS)) == []


def test_every_term_is_defined_in_the_ontology() -> None:
    declared = {quad.subject.value for quad in ox.parse(path=ONTOLOGY, format=ox.RdfFormat.TURTLE)}
    used = {node.value for quad in make_store(FACTS) for node in quad if isinstance(node, ox.NamedNode)}
    assert {iri for iri in used if iri.startswith(HAMA)} <= declared


def test_every_iri_of_our_own_begins_with_the_base() -> None:
    away = Iris("https://example.org/kg/")
    quads = build_article_quads(FACTS, away)
    moved = {
        str(quad).replace(f"{IRIS.base}resource/", f"{away.base}resource/") for quad in build_article_quads(FACTS, IRIS)
    }
    moved = {line.replace(f"{IRIS.base}graph/", f"{away.base}graph/") for line in moved}
    assert {str(quad) for quad in quads} == moved


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Syrian Civil War", "War"),
        ("War in Donbas", "War"),
        ("Russian military intervention in the Syrian Civil War", "MilitaryConflict"),
        ("Battle of Kyiv (2022)", "Battle"),
        ("Siege of Mariupol", "Siege"),
        ("Eastern Ukraine campaign", "Campaign"),
        ("2014 Idlib offensive", "Offensive"),
    ],
)
def test_a_larger_conflict_gets_its_class_from_its_name(name: str, expected: str) -> None:
    facts = replace(FACTS, infobox=replace(FACTS.infobox, conflict=replace(CONFLICT, part_of=(("conflict/x", name),))))
    assert read_objects(make_store(facts), "conflict/x", "rdf:type", "article/aba") == [HAMA + expected]


def test_the_three_kinds_of_skos_labels_are_disjoint() -> None:
    """In the fixture, the name and an alternative name are repeated among the descriptions."""
    store = make_store(FACTS)
    for graph, label in (("article/aba", "skos:prefLabel"), ("entities", "rdfs:label")):
        found = [read_objects(store, REDS.id, prop, graph) for prop in (label, "skos:altLabel", "skos:hiddenLabel")]
        assert found == [["Reds"], ["Red Front"], ["the fighters"]]


@pytest.mark.parametrize("source", ["seeds/a b.txt", "https://example.org/a b", "Wikipedia"])
def test_a_source_that_is_not_a_web_address_becomes_a_literal(source: str) -> None:
    facts = replace(FACTS, article=replace(FACTS.article, source=source))
    assert [quad.object for quad in build_article_quads(facts, IRIS) if quad.predicate == term("dcterms:source")] == [
        ox.Literal(source)
    ]


def test_a_date_before_our_era_and_its_edtf_are_written_unchanged() -> None:
    event = replace(CAPTURE, interval=Interval("-0489-09-12", "-0489-09-12", edtf="-0489-09-12~"))
    store = make_store(replace(FACTS, events=(event, *FACTS.events[1:])))
    found = {str(quad.object) for quad in store.quads_for_pattern(ox.NamedNode(IRIS.resource(event.id)), None, None)}
    date = '"-0489-09-12"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert {date, f'"-0489-09-12~"^^<{PREFIXES["edtf"]}EDTF>'} <= found


@given(
    name=st.text(st.characters(codec="utf-8"), min_size=1),
    distance=st.floats(0, 1e9),
    confidence=st.floats(0, 1),
    number=st.integers(0, 2**62),
)
@settings(max_examples=60, deadline=None)
def test_a_store_returns_every_value_unchanged(name: str, distance: float, confidence: float, number: int) -> None:
    """So building an unchanged article again finds no change, whatever its text contains."""
    event = replace(
        CAPTURE, trigger=name, distance=distance, confidence=confidence, minimum_count=number, codename=name
    )
    entities = tuple(replace(entity, name=name) if entity is REDS else entity for entity in FACTS.entities)
    quads = build_article_quads(replace(FACTS, events=(event, *FACTS.events[1:]), entities=entities), IRIS)
    store = ox.Store()
    store.extend(quads)
    assert set(store) == set(quads)


def make_articles_with_labels(*names: str) -> list[ArticleFacts]:
    return [make_article(f"article-{n}", replace(ABA, name=name, within=None)) for n, name in enumerate(names)]


@pytest.mark.parametrize(
    ("names", "label", "others"),
    [
        (["Aba", "Ába", "Ába"], "Ába", ["Aba"]),
        (["Zur", "Aba"], "Aba", ["Zur"]),
        (["Aba", "Aba"], "Aba", []),
    ],
)
def test_the_label_is_the_most_frequent_name_or_else_the_first(names: list[str], label: str, others: list[str]) -> None:
    for order in (names, names[::-1]):
        store = make_store(*make_articles_with_labels(*order))
        assert read_objects(store, ABA.id, "rdfs:label", "entities") == [label]
        assert read_objects(store, ABA.id, "skos:altLabel", "entities") == others


def test_a_description_in_one_article_that_is_a_name_in_another_is_a_name() -> None:
    first = make_article("first", Entity("actor/x", "X", EntityKind.ACTOR, descriptions=("Reds", "them")))
    second = make_article("second", Entity("actor/x", "X", EntityKind.STATE, names=("Reds",)))
    store = make_store(first, second)
    assert read_objects(store, "actor/x", "skos:altLabel", "entities") == ["Reds"]
    assert read_objects(store, "actor/x", "skos:hiddenLabel", "entities") == ["them"]
    assert read_objects(store, "actor/x", "rdf:type", "entities") == [HAMA + "Actor", HAMA + "State"]


def test_the_graph_of_entities_depends_only_on_the_graphs_of_articles() -> None:
    """It does not depend on their order, on other graphs, or on the earlier graph of entities."""
    store = make_store(FACTS, *make_articles_with_labels("Zur", "Zur"))
    quads = [quad for quad in store if quad.graph_name.value.startswith(IRIS.article_graph(""))]
    random.Random(7).shuffle(quads)
    other = ox.Store()
    for quad in quads:
        other.add(quad)
    elsewhere = ox.NamedNode(IRIS.graph("links"))
    other.add(ox.Quad(ox.NamedNode(IRIS.resource(ABA.id)), term("skos:prefLabel"), ox.Literal("not this"), elsewhere))
    assert build_entity_quads(other, IRIS) == build_entity_quads(store, IRIS)
