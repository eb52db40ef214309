"""What the rules of OWL 2 RL (https://www.w3.org/TR/owl2-profiles/, section 4.3) make of data.

owlrl closes the ontology with its alignments once; of the closed ontology are made SPARQL updates that apply to data
what it says of them: superclasses, superproperties, domains and ranges, inverse and transitive properties. One pass is
enough, for what follows from the rules together is in the closed ontology. Left out, on purpose:

- equality (eq-*, prp-fp, prp-ifp, prp-key): the ontology has no functional property, and equality with things of others
  would copy facts onto their IRIs;
- what is true of everything (axiomatic triples, ``a owl:Thing``, ``a rdfs:Resource``) or of every term (that it is
  its own subclass), and the types of literals (dt-*): they tell nobody anything;
- what follows for terms of the ontology itself: it is the ontology's, not the data's;
- contradictions (cax-dw, prp-*-dis …): ``hamakg validate`` finds them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from hamakg.data_files import data_folder
from hamakg.rdf.iris import HAMA
from hamakg.sparql.query_files import query_text

ONTOLOGIES = ("conflict.ttl", "alignments.ttl")
"""The files of ``ontology/`` that the data are told in and aligned by."""

_HAND_WRITTEN = ("schema-dates",)
_EVERYTHING = frozenset({OWL.Thing, RDFS.Resource, OWL.Nothing})
_BESIDE = ox.NamedNode("urn:inferred")


@dataclass(frozen=True, slots=True)
class Step:
    """What follows for a property: another, from subject to object or, ``inverse``, from object to subject."""

    given: str
    follows: str
    inverse: bool = False


def infer_triples(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """The triples that follow from the quads of one graph by the ontology and are not among them, in a steady order."""
    store = ox.Store()
    given = {quad.triple for quad in quads}
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in given)
    for update in compile_updates():
        store.update(update)
    for query in _hand_written():
        found = store.query(query)
        assert isinstance(found, ox.QueryTriples), "a rule that is no CONSTRUCT query"
        store.extend([ox.Quad(t.subject, t.predicate, t.object, _BESIDE) for t in found])
    new = {quad.triple for quad in store.quads_for_pattern(None, None, None, _BESIDE)} - given
    return sorted((triple for triple in new if not str(triple.subject).startswith(f"<{HAMA}")), key=str)


@cache
def _hand_written() -> tuple[str, ...]:
    return tuple(query_text(f"rules/{name}") for name in _HAND_WRITTEN)


@cache
def compile_updates() -> tuple[str, ...]:
    """The SPARQL updates, in the order in which they run, that put what follows into the graph ``urn:inferred``."""
    ontology = closed_ontology()
    steps = _steps(ontology)
    return (
        *_transitive(ontology, steps),
        _insert("?s ?q ?o", "?s ?p ?o", ((s.given, s.follows) for s in steps if not s.inverse), "?p ?q"),
        _insert(
            "?o ?q ?s", "?s ?p ?o . FILTER(isIRI(?o))", ((s.given, s.follows) for s in steps if s.inverse), "?p ?q"
        ),
        _insert("?s a ?d", "?s ?p ?o", _pairs(ontology, RDFS.domain), "?p ?d"),
        _insert("?o a ?d", "?s ?p ?o . FILTER(isIRI(?o))", _pairs(ontology, RDFS.range), "?p ?d"),
        _insert("?s a ?d", "?s a ?c", _pairs(ontology, RDFS.subClassOf), "?c ?d"),
    )


@cache
def closed_ontology() -> Graph:
    """The ontology and its alignments with all that follows for them by OWL 2 RL."""
    graph = Graph()
    for name in ONTOLOGIES:
        graph.parse(data_folder("ontology") / name)
    DeductiveClosure(OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return graph


def _steps(ontology: Graph) -> list[Step]:
    """Every property that follows for a property, by any number of superproperties and inverses."""
    above = {(p, q, False) for p, q in _pairs(ontology, RDFS.subPropertyOf)}
    inverse = {(p, q, True) for p, q in _pairs(ontology, OWL.inverseOf)}
    inverse |= {(q, p, True) for p, q, _ in inverse}
    direct = above | inverse
    found = set(direct)
    while new := {(p, r, one != other) for p, q, one in found for given, r, other in direct if q == given} - found:
        found |= new
    return sorted((Step(*step) for step in found if step[0] != step[1] or step[2]), key=str)


def _transitive(ontology: Graph, steps: list[Step]) -> Iterator[str]:
    for prop in sorted(map(str, ontology.subjects(RDF.type, OWL.TransitiveProperty))):
        below = [f"{'^' * step.inverse}<{step.given}>" for step in steps if step.follows == prop]
        path = "|".join(sorted({f"<{prop}>", *below}))
        yield f"INSERT {{ GRAPH <{_BESIDE.value}> {{ ?x <{prop}> ?y }} }} WHERE {{ ?x ({path})+ ?y }}"


def _pairs(ontology: Graph, axiom: URIRef) -> list[tuple[str, str]]:
    """The pairs of named terms that an axiom relates, but for what is true of everything or of each term alone."""
    found = ontology.subject_objects(axiom)
    return sorted((str(a), str(b)) for a, b in found if a != b and _tells(a) and _tells(b))


def _tells(term: Node) -> bool:
    meta = (str(OWL), str(RDF), str(RDFS), "http://www.w3.org/2001/XMLSchema#")
    return isinstance(term, URIRef) and term not in _EVERYTHING and not str(term).startswith(meta)


def _insert(follows: str, given: str, pairs: Iterable[tuple[str, str]], names: str) -> str:
    """One rule for all pairs of terms; what a rule before has found counts as given."""
    rows = " ".join(f"(<{a}> <{b}>)" for a, b in pairs)
    variables = " ".join(names.split())
    both = f"{{ {given} }} UNION {{ GRAPH <{_BESIDE.value}> {{ {given} }} }}"
    return f"INSERT {{ GRAPH <{_BESIDE.value}> {{ {follows} }} }} WHERE {{ VALUES ({variables}) {{ {rows} }} {both} }}"
