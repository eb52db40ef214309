"""The built graph against ``ontology/shapes.ttl`` and ``queries/checks``: what is wrong, where, what to do about it."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyshacl
from pyoxigraph import BlankNode, NamedNode, Store, Triple
from pyoxigraph import Literal as OxigraphLiteral
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from hamakg.data_files import data_folder
from hamakg.rdf.iris import Iris
from hamakg.sparql.query_files import query_text
from hamakg.sparql.select import select_text
from hamakg.store import find_triples

_VIOLATION = "Violation"
_HEAD = re.compile(r"(?m)^# (message|severity): (.+)$")
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]*$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the graph breaks a shape or a check.

    ``focus`` is the resource's IRI; ``path`` the property's, None where the resource as a whole is at fault; ``value``
    the property's value at fault, None where one is missing or there are too many; ``message`` what to do;
    ``severity`` Violation, Warning or Info; ``component`` the IRI of SHACL's kind of constraint.
    """

    focus: str
    path: str | None
    value: str | None
    message: str
    severity: str
    component: str = field(default=str(SH.SPARQLConstraintComponent), compare=False)

    @property
    def violates(self) -> bool:
        """Whether the graph must not be so, rather than something a person should look at or know."""
        return self.severity == _VIOLATION


def validate(store: Store) -> list[Finding]:
    """The faults of the union of all graphs of the store, each once, in a steady order; none if all is well.

    The store stays as it is. Raises OSError if a file of shapes or checks cannot be read.
    """
    return sorted({*_broken_shapes(store), *_failed_checks(store)}, key=repr)


# ---------------------------------------------------------------- checks: queries that must find nothing


def _failed_checks(store: Store) -> Iterator[Finding]:
    for path in sorted((data_folder("queries") / "checks").glob("*.rq")):
        yield from _run_check(store, f"checks/{path.stem}")


def _run_check(store: Store, name: str) -> Iterator[Finding]:
    """The findings of a check: its rows are ``?focus ?path ?value``, its head has a message and may have a severity."""
    head = dict(_HEAD.findall(query_text(name)))
    message, severity = head["message"], head.get("severity", _VIOLATION)
    for row in select_text(store, name):
        yield Finding(row["focus"], row["path"], row["value"], message, severity)


def report(faults: Iterable[Finding]) -> Graph:
    """The faults as a SHACL validation report (https://www.w3.org/TR/shacl/#validation-report).

    What a check finds is a result of SPARQL; only violations make the graph one that does not conform.
    """
    graph, faults = Graph(), list(faults)
    graph.bind("sh", SH)
    whole = BNode()
    graph.add((whole, RDF.type, SH.ValidationReport))
    graph.add((whole, SH.conforms, Literal(not any(fault.violates for fault in faults))))
    for fault in faults:
        result = BNode()
        graph.add((whole, SH.result, result))
        graph.add((result, RDF.type, SH.ValidationResult))
        graph.add((result, SH.focusNode, URIRef(fault.focus)))
        graph.add((result, SH.resultSeverity, SH[fault.severity]))
        graph.add((result, SH.resultMessage, Literal(fault.message)))
        graph.add((result, SH.sourceConstraintComponent, URIRef(fault.component)))
        if fault.path:
            graph.add((result, SH.resultPath, URIRef(fault.path)))
        if fault.value is not None:
            graph.add((result, SH.value, URIRef(fault.value) if _IRI.match(fault.value) else Literal(fault.value)))
    return graph


# ---------------------------------------------------------------- shapes


def _broken_shapes(store: Store) -> Iterator[Finding]:
    """The results of SHACL validation (https://www.w3.org/TR/shacl/#validation-report)."""
    folder = data_folder("ontology")
    with _no_word_on_early_dates():
        graph = _union(store).parse(folder / "conflict.ttl")
        shapes = Graph().parse(folder / "shapes.ttl")
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield _fault(report, result)


def _union(store: Store) -> Graph:
    """A copy of what all graphs together state, but for what only follows from it by the ontology."""
    union = Graph()
    for triple in set(find_triples(store)) - _only_inferred(store):
        union.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    return union


def _only_inferred(store: Store) -> set[Triple]:
    """What no graph states but those of what follows by the ontology."""
    prefix = Iris.from_store(store).graph("inferred/")
    inferred, stated = set[Triple](), set[Triple]()
    for graph in store.named_graphs():
        of_graph = inferred if graph.value.startswith(prefix) else stated
        of_graph.update(quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
    return inferred - stated


def _node(term: NamedNode | BlankNode | OxigraphLiteral | Triple) -> Node:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    assert isinstance(term, OxigraphLiteral), "no triple is about a triple"
    # rdflib takes a language or a datatype, and knows that the datatype of the former is rdf:langString
    datatype = None if term.language else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=datatype)


def _fault(report: Graph, result: Node) -> Finding:
    path = _text(report, result, SH.resultPath)
    return Finding(
        focus=str(report.value(result, SH.focusNode)),
        path=path,
        value=_text(report, result, SH.value) if path else None,
        message=str(report.value(result, SH.resultMessage)),
        severity=str(report.value(result, SH.resultSeverity)).removeprefix(str(SH)),
        component=str(report.value(result, SH.sourceConstraintComponent)),
    )


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
