"""The built graph against the shapes: what is wrong, where, and what to do about it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyoxigraph
import pyshacl
from rdflib import RDF, SH, BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from hamakg import resources


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the graph breaks a shape.

    ``focus`` is the resource's IRI, ``path`` the property's (None: the resource as a whole), ``value`` the value at fault
    (None: one is missing or too many are there), ``message`` what to do, ``severity`` Violation, Warning or Info.
    """

    focus: str
    path: str | None
    value: str | None
    message: str
    severity: str


def validate(data: pyoxigraph.Store | Graph) -> list[Fault]:
    """The faults of the union of all graphs of ``data``, each once and sorted; none if it conforms to the shapes.

    ``data`` stays as it is. Raises OSError if the ontology's files cannot be read.
    https://www.w3.org/TR/shacl/#validation
    """
    folder = resources.folder("ontology")
    with _no_word_on_early_dates():
        graph = _union(data).parse(folder / "conflict.ttl")
        shapes = Graph().parse(folder / "shapes.ttl")
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    return _faults(report)


def _union(data: pyoxigraph.Store | Graph) -> Graph:
    """A copy of all triples, whatever graph they stand in."""
    union = Graph()
    if isinstance(data, pyoxigraph.Store):
        triples = ((_node(q.subject), _node(q.predicate), _node(q.object)) for q in data)
    elif isinstance(data, Dataset):
        triples = ((s, p, o) for s, p, o, _ in data.quads())
    else:
        triples = iter(data)
    for triple in triples:
        union.add(triple)
    return union


def _node(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal) -> Node:
    match term:
        case pyoxigraph.NamedNode():
            return URIRef(term.value)
        case pyoxigraph.BlankNode():
            return BNode(term.value)
    # a literal in a language has the datatype rdf:langString, which rdflib infers and does not take
    datatype = None if term.language else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=datatype)


def _faults(report: Graph) -> list[Fault]:
    """The results of a validation report (https://www.w3.org/TR/shacl/#results-validation-result)."""
    found = {
        Fault(
            focus=str(report.value(result, SH.focusNode)),
            path=_text(report, result, SH.resultPath),
            value=_text(report, result, SH.value),
            message=str(report.value(result, SH.resultMessage)),
            severity=str(report.value(result, SH.resultSeverity)).removeprefix(str(SH)),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    return sorted(found, key=repr)


def _text(report: Graph, result: Node, prop: URIRef) -> str | None:
    value = report.value(result, prop)
    return None if value is None else str(value)


@contextmanager
def _no_word_on_early_dates() -> Iterator[None]:
    """rdflib logs a traceback for each date before year 1, where Python's dates begin; the shapes check their form."""
    log = logging.getLogger("rdflib.term")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
