"""The compiled rules infer the same triples as owlrl, on the graphs of the seeds."""

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDFS, Graph, Literal
from rdflib.term import Node

from hamakg.build import derive
from hamakg.data_files import data_folder
from hamakg.graph import build_article_quads
from hamakg.infer import infer_triples
from hamakg.infer.owl_rl import ONTOLOGIES
from hamakg.rdf.iris import HAMA
from hamakg.rdf.terms import term
from hamakg.store import replace_graph
from support.seed_articles import IRIS, annotated_facts, build_graph

SCHEMA_DATES = {"https://schema.org/startDate", "https://schema.org/endDate"}  # by a rule of our own
TYPED = {":e rdf:type schema:Event"}
EX = "https://example.org/"


def parse_triples(triples: Iterable[ox.Triple]) -> Graph:
    return Graph().parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")


def close_with_owlrl(data: Graph) -> set[tuple[Node, Node, Node]]:
    """What owlrl infers for the data, without what :mod:`hamakg.infer.owl_rl` leaves out on purpose."""
    ontology = Graph()
    for name in ONTOLOGIES:
        ontology.parse(data_folder("ontology") / name)
    both = data + ontology
    DeductiveClosure(OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(both)
    return {
        (subject, predicate, value)
        for subject, predicate, value in set(both) - set(data)
        if (subject, None, None) in data or (None, None, subject) in data
        if predicate != OWL.sameAs  # eq-ref: each thing is itself
        if value not in {OWL.Thing, RDFS.Resource}  # true of everything
        if not isinstance(subject, Literal)  # dt-type2: what a literal is
        if not str(subject).startswith((HAMA, "http://www.w3.org/2001/XMLSchema#"))  # the ontology's own, and datatypes
    }


@pytest.mark.parametrize("article", ["march", "september"])
def test_the_rules_infer_the_same_triples_as_owlrl_from_the_seeds(article: str) -> None:
    quads = build_article_quads(annotated_facts()[article], IRIS)
    ours = {triple for triple in parse_triples(infer_triples(quads)) if str(triple[1]) not in SCHEMA_DATES}
    theirs = close_with_owlrl(parse_triples(quad.triple for quad in quads))
    assert len(theirs) > 1000
    assert (ours - theirs, theirs - ours) == (set(), set())


def infer(*triples: str) -> set[str]:
    """The triples inferred from some triples, with prefixed names."""
    head = f"@prefix hama: <{HAMA}> . @prefix : <{EX}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    quads = list(ox.parse(head + " . ".join(triples) + " .", format=ox.RdfFormat.TURTLE))
    return {" ".join(IRIS.shorten(part.value).replace(EX, ":") for part in triple) for triple in infer_triples(quads)}


def test_a_unit_belongs_to_every_unit_above_it() -> None:
    found = infer(":company hama:subUnitOf :battalion", ":battalion hama:subUnitOf :brigade")
    assert {line for line in found if "hama:belongsTo" in line} == {
        ":company hama:belongsTo :battalion",
        ":battalion hama:belongsTo :brigade",
        ":company hama:belongsTo :brigade",
    }
    assert not any("hama:subUnitOf" in line for line in found), "the next above alone is hama:subUnitOf"


def test_within_is_transitive_and_contains_is_its_inverse() -> None:
    found = infer(":village hama:within :district", ":district hama:within :province")
    assert ":village hama:within :province" in found
    assert {line for line in found if "hama:contains" in line} == {
        ":district hama:contains :village",
        ":province hama:contains :district",
        ":province hama:contains :village",
    }


def test_inverse_properties_are_inferred() -> None:
    assert {":reds hama:agentIn :capture", ":capture sem:hasActor :reds"} <= infer(":capture hama:agent :reds")


@pytest.mark.parametrize(
    ("timing", "dates"),
    [
        ("hama:Throughout", {":e schema:startDate 2017-05-01", ":e schema:endDate 2017-05-03"}),
        ("hama:Within", set()),
    ],
)
def test_only_an_event_that_lasted_for_its_interval_gets_schema_org_dates(timing: str, dates: set[str]) -> None:
    """An event on some day of several did not last from the first to the last of them."""
    told = ':e hama:startDate "2017-05-01"^^xsd:date ; hama:endDate "2017-05-03"^^xsd:date'
    assert {line for line in infer(f"{told} ; hama:timing {timing}") if " schema:" in line} - TYPED == dates


def test_an_event_on_one_day_gets_schema_org_dates() -> None:
    told = ':e hama:startDate "2017-05-01"^^xsd:date ; hama:endDate "2017-05-01"^^xsd:date ; hama:timing hama:Within'
    assert {":e schema:startDate 2017-05-01", ":e schema:endDate 2017-05-01"} <= infer(told)


def test_no_triples_give_no_triples() -> None:
    assert infer_triples([]) == []


def test_inferred_graphs_are_updated_and_removed_with_their_articles() -> None:
    store = build_graph(annotated_facts().values())
    march = IRIS.article_graph("hama-offensive-march-april-2017")
    march_follows, whole = ox.NamedNode(IRIS.inferred_graph(march)), set(store)
    mark = ox.Quad(ox.NamedNode(EX), term("rdf:type"), ox.NamedNode(EX), march_follows)
    store.add(mark)
    derive(store, IRIS)
    assert mark in store, "what did not change is left as it is"
    derive(store, IRIS, [march])
    assert set(store) == whole
    quads = list(store.quads_for_pattern(None, None, None, ox.NamedNode(march)))
    replace_graph(store, march, [])
    derive(store, IRIS)
    assert march_follows not in set(store.named_graphs())
    replace_graph(store, march, quads)
    derive(store, IRIS)
    assert set(store) == whole
