"""Infers triples by the rules of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/, section 4.3).

owlrl computes the closure of the ontology and its alignments once. From the closed ontology this module makes SPARQL
updates that apply its axioms to data: superclasses, superproperties, domains and ranges, inverse and transitive
properties. The updates run once, without a fixpoint, because the closed ontology already contains what follows from
several axioms together. (owlrl on the data themselves gives the same triples, but takes thirty times as long: see
benchmarks/reasoning.py.) Left out on purpose are:

- equality (eq-*, prp-fp, prp-ifp, prp-key): the ontology has no functional property, and equality with resources of
  other data sets would copy our facts onto their IRIs;
- what holds for every resource (axiomatic triples, ``a owl:Thing``, ``a rdfs:Resource``) or for every term (that it is
  a subclass of itself), and the types of literals (dt-*): they carry no information;
- what follows for terms of the ontology: it belongs to the ontology, not to the data;
- contradictions (cax-dw, prp-*-dis, ...): ``hamakg validate`` finds them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rdflib.term import Node

from hamakg.data_files import data_folder
from hamakg.rdf.iris import HAMA
from hamakg.sparql.query_files import query_text

ONTOLOGIES = ("conflict.ttl", "alignments.ttl")
"""The files of ``ontology/`` whose axioms apply to the data."""

_OWN_RULES = ("rules/schema-dates",)
"""CONSTRUCT queries of ``queries/`` for what OWL cannot express."""

_INFERRED = ox.NamedNode("urn:inferred")
_UNIVERSAL = frozenset({OWL.Thing, RDFS.Resource, OWL.Nothing})
_META = (str(OWL), str(RDF), str(RDFS), str(XSD))


@dataclass(frozen=True, slots=True)
class _Implication:
    """``implied`` holds wherever ``prop`` does: in the same direction or, if ``inverse``, in the opposite one."""

    prop: str
    implied: str
    inverse: bool = False


def infer_triples(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """The triples that the ontology infers from the quads of one graph and that are not among them, sorted."""
    store = ox.Store()
    given = {quad.triple for quad in quads}
    store.extend(ox.Quad(*triple) for triple in given)
    for update in compile_updates():
        store.update(update)
    for name in _OWN_RULES:
        triples = store.query(query_text(name))
        assert isinstance(triples, ox.QueryTriples), f"queries/{name}.rq is not a CONSTRUCT query"
        store.extend([ox.Quad(t.subject, t.predicate, t.object, _INFERRED) for t in triples])
    inferred = {quad.triple for quad in store.quads_for_pattern(None, None, None, _INFERRED)} - given
    return sorted((triple for triple in inferred if not str(triple.subject).startswith(f"<{HAMA}")), key=str)


@cache
def compile_updates() -> tuple[str, ...]:
    """SPARQL updates that add what the ontology infers to the graph ``urn:inferred``; to be run in this order."""
    ontology = _close_ontology()
    implications = _find_implications(ontology)
    along = [(i.prop, i.implied) for i in implications if not i.inverse]
    against = [(i.prop, i.implied) for i in implications if i.inverse]
    domains, ranges, superclasses = (
        _find_pairs(ontology, axiom) for axiom in (RDFS.domain, RDFS.range, RDFS.subClassOf)
    )
    return (
        *_compile_transitive(ontology, implications),
        _compile_rule("?s ?q ?o", "?s ?p ?o", "?p ?q", along),
        _compile_rule("?o ?q ?s", "?s ?p ?o . FILTER(isIRI(?o))", "?p ?q", against),
        _compile_rule("?s a ?d", "?s ?p ?o", "?p ?d", domains),
        _compile_rule("?o a ?d", "?s ?p ?o . FILTER(isIRI(?o))", "?p ?d", ranges),
        _compile_rule("?s a ?d", "?s a ?c", "?c ?d", superclasses),
    )


def _close_ontology() -> Graph:
    """The ontology and its alignments with everything that follows for them by OWL 2 RL."""
    graph = Graph()
    for name in ONTOLOGIES:
        graph.parse(data_folder("ontology") / name)
    DeductiveClosure(OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return graph


def _find_implications(ontology: Graph) -> list[_Implication]:
    """Every property that another one implies, over any number of superproperties and inverses."""
    superproperties = {(p, q, False) for p, q in _find_pairs(ontology, RDFS.subPropertyOf)}
    inverses = {(p, q, True) for p, q in _find_pairs(ontology, OWL.inverseOf)}
    direct = superproperties | inverses | {(q, p, True) for p, q, _ in inverses}
    implied = set(direct)
    while new := {(p, r, one != other) for p, q, one in implied for prop, r, other in direct if q == prop} - implied:
        implied |= new
    return sorted((_Implication(p, q, inverse) for p, q, inverse in implied if p != q or inverse), key=str)


def _compile_transitive(ontology: Graph, implications: list[_Implication]) -> Iterator[str]:
    """An update for each transitive property that follows paths of it and of the properties that imply it."""
    for prop in sorted(map(str, ontology.subjects(RDF.type, OWL.TransitiveProperty))):
        implying = {f"{'^' * i.inverse}<{i.prop}>" for i in implications if i.implied == prop}
        path = "|".join(sorted({f"<{prop}>", *implying}))
        yield f"INSERT {{ GRAPH {_INFERRED} {{ ?x <{prop}> ?y }} }} WHERE {{ ?x ({path})+ ?y }}"


def _find_pairs(ontology: Graph, axiom: URIRef) -> list[tuple[str, str]]:
    """The pairs of named terms that an axiom relates, without those that hold for every resource or term."""
    pairs = ontology.subject_objects(axiom)
    return sorted((str(a), str(b)) for a, b in pairs if a != b and _is_informative(a) and _is_informative(b))


def _is_informative(term: Node) -> bool:
    return isinstance(term, URIRef) and term not in _UNIVERSAL and not str(term).startswith(_META)


def _compile_rule(conclusion: str, premise: str, variables: str, pairs: Iterable[tuple[str, str]]) -> str:
    """One update for all pairs of terms that ``variables`` stand for; premises may have been inferred before."""
    values = " ".join(f"(<{a}> <{b}>)" for a, b in pairs)
    premises = f"{{ {premise} }} UNION {{ GRAPH {_INFERRED} {{ {premise} }} }}"
    return (
        f"INSERT {{ GRAPH {_INFERRED} {{ {conclusion} }} }} WHERE {{ VALUES ({variables}) {{ {values} }} {premises} }}"
    )
