"""The shape of the RDF: the contract's vocabulary, with evidence, in a steady order; a store gives back what it got."""

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

NAMES = Iris()
EXPECTED = Path(__file__).with_name("battle_of_aba.trig")  # the made-up article's graphs, checked against the contract
ONTOLOGY = PROJECT / "ontology" / "conflict.ttl"


def store_of(*articles: ArticleFacts) -> ox.Store:
    store = ox.Store()
    for facts in articles:
        store.extend(build_article_quads(facts, NAMES))
    store.extend(build_entity_quads(store, NAMES))
    return store


def article_of(slug: str, *entities: Entity) -> ArticleFacts:
    conflict = replace(CONFLICT, part_of=(), places=(), casualties=(), passages=(), names=())
    return ArticleFacts(Article(slug, slug, "text", "file.txt"), InfoboxFacts(conflict), entities)


def objects(store: ox.Store, subject: str, prop: str, graph: str) -> list[str]:
    found = store.quads_for_pattern(
        ox.NamedNode(NAMES.resource(subject)), term(prop), None, ox.NamedNode(NAMES.graph(graph))
    )
    return sorted(value_of(quad.object) for quad in found)


def test_every_property_of_every_class_is_written_as_the_contract_has_it() -> None:
    expected = set(ox.parse(path=EXPECTED, format=ox.RdfFormat.TRIG))
    assert set(store_of(FACTS)) == expected


def test_a_graph_is_a_steady_list_without_repetition() -> None:
    quads = build_article_quads(FACTS, NAMES)
    assert quads == build_article_quads(FACTS, NAMES)
    assert len(quads) == len(set(quads))


def test_the_graph_keeps_the_shapes() -> None:
    assert validate(store_of(FACTS)) == []


def test_every_term_is_one_of_the_ontology() -> None:
    declared = {quad.subject.value for quad in ox.parse(path=ONTOLOGY, format=ox.RdfFormat.TURTLE)}
    used = {node.value for quad in store_of(FACTS) for node in quad if isinstance(node, ox.NamedNode)}
    assert {iri for iri in used if iri.startswith(HAMA)} <= declared


def test_another_base_moves_every_iri_of_ours() -> None:
    away = Iris("https://example.org/kg/")
    quads = build_article_quads(FACTS, away)
    moved = {
        str(quad).replace(f"{NAMES.base}resource/", f"{away.base}resource/")
        for quad in build_article_quads(FACTS, NAMES)
    }
    moved = {line.replace(f"{NAMES.base}graph/", f"{away.base}graph/") for line in moved}
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
def test_a_conflict_that_is_only_named_has_the_class_of_its_name(name: str, expected: str) -> None:
    facts = replace(FACTS, infobox=replace(FACTS.infobox, conflict=replace(CONFLICT, part_of=(("conflict/x", name),))))
    assert objects(store_of(facts), "conflict/x", "rdf:type", "article/aba") == [HAMA + expected]


def test_names_are_disjoint_as_skos_wants_them() -> None:
    """The fixture repeats its name and an alternative among the descriptions."""
    store = store_of(FACTS)
    for graph, label in (("article/aba", "skos:prefLabel"), ("entities", "rdfs:label")):
        found = [objects(store, REDS.id, prop, graph) for prop in (label, "skos:altLabel", "skos:hiddenLabel")]
        assert found == [["Reds"], ["Red Front"], ["the fighters"]]


@pytest.mark.parametrize("source", ["seeds/a b.txt", "https://example.org/a b", "Wikipedia"])
def test_a_source_that_is_no_web_address_stays_text(source: str) -> None:
    facts = replace(FACTS, article=replace(FACTS.article, source=source))
    assert [quad.object for quad in build_article_quads(facts, NAMES) if quad.predicate == term("dcterms:source")] == [
        ox.Literal(source)
    ]


def test_a_date_before_christ_and_its_edtf_keep_their_form() -> None:
    event = replace(CAPTURE, interval=Interval("-0489-09-12", "-0489-09-12", edtf="-0489-09-12~"))
    store = store_of(replace(FACTS, events=(event, *FACTS.events[1:])))
    found = {str(quad.object) for quad in store.quads_for_pattern(ox.NamedNode(NAMES.resource(event.id)), None, None)}
    date = '"-0489-09-12"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert {date, f'"-0489-09-12~"^^<{PREFIXES["edtf"]}EDTF>'} <= found


@given(
    name=st.text(st.characters(codec="utf-8"), min_size=1),
    distance=st.floats(0, 1e9),
    confidence=st.floats(0, 1),
    number=st.integers(0, 2**62),
)
@settings(max_examples=60, deadline=None)
def test_a_store_gives_back_what_it_was_given(name: str, distance: float, confidence: float, number: int) -> None:
    """So that building an unchanged article again finds it unchanged, whatever its text holds."""
    event = replace(
        CAPTURE, trigger=name, distance=distance, confidence=confidence, minimum_count=number, codename=name
    )
    entities = tuple(replace(entity, name=name) if entity is REDS else entity for entity in FACTS.entities)
    quads = build_article_quads(replace(FACTS, events=(event, *FACTS.events[1:]), entities=entities), NAMES)
    store = ox.Store()
    store.extend(quads)
    assert set(store) == set(quads)


def labelled(*names: str) -> list[ArticleFacts]:
    return [article_of(f"article-{n}", replace(ABA, name=name, within=None)) for n, name in enumerate(names)]


@pytest.mark.parametrize(
    ("names", "label", "others"),
    [
        (["Aba", "Ába", "Ába"], "Ába", ["Aba"]),
        (["Zur", "Aba"], "Aba", ["Zur"]),
        (["Aba", "Aba"], "Aba", []),
    ],
)
def test_the_one_label_is_the_most_frequent_name_then_the_first(
    names: list[str], label: str, others: list[str]
) -> None:
    for order in (names, names[::-1]):
        store = store_of(*labelled(*order))
        assert objects(store, ABA.id, "rdfs:label", "entities") == [label]
        assert objects(store, ABA.id, "skos:altLabel", "entities") == others


def test_a_description_in_one_article_that_is_a_name_in_another_is_a_name() -> None:
    first = article_of("first", Entity("actor/x", "X", EntityKind.ACTOR, descriptions=("Reds", "them")))
    second = article_of("second", Entity("actor/x", "X", EntityKind.STATE, names=("Reds",)))
    store = store_of(first, second)
    assert objects(store, "actor/x", "skos:altLabel", "entities") == ["Reds"]
    assert objects(store, "actor/x", "skos:hiddenLabel", "entities") == ["them"]
    assert objects(store, "actor/x", "rdf:type", "entities") == [HAMA + "Actor", HAMA + "State"]


def test_the_entities_are_a_function_of_the_article_graphs_alone() -> None:
    """Not of the order in which they came, of what other graphs say, or of the entities that there were."""
    store = store_of(FACTS, *labelled("Zur", "Zur"))
    quads = [quad for quad in store if quad.graph_name.value.startswith(NAMES.article_graph(""))]
    random.Random(7).shuffle(quads)
    other = ox.Store()
    for quad in quads:
        other.add(quad)
    elsewhere = ox.NamedNode(NAMES.graph("links"))
    other.add(ox.Quad(ox.NamedNode(NAMES.resource(ABA.id)), term("skos:prefLabel"), ox.Literal("not this"), elsewhere))
    assert build_entity_quads(other, NAMES) == build_entity_quads(store, NAMES)
