"""Validation of a built graph: the SHACL shapes in ``ontology/shapes.ttl`` and the queries in ``queries/checks``."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyshacl
from pyoxigraph import BlankNode, NamedNode, QuerySolutions, Store, Triple
from pyoxigraph import Literal as OxigraphLiteral
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from hamakg.data_files import data_folder
from hamakg.rdf.iris import Iris
from hamakg.sparql.ask import ask
from hamakg.store import find_triples

_VIOLATION = "Violation"
_HEAD = re.compile(r"(?m)^# (message|severity): (.+)$")
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]*$")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the graph breaks a shape or a check.

    ``focus`` is the IRI of the resource; ``path`` that of the property, None if the finding is about the resource as a
    whole; ``value`` the wrong value, None if a value is missing or there are too many; ``message`` says what to do;
    ``severity`` is Violation, Warning or Info; ``component`` the IRI of the SHACL constraint component.
    """

    focus: str
    path: str | None
    value: str | None
    message: str
    severity: str
    component: str = field(default=str(SH.SPARQLConstraintComponent), compare=False)

    @property
    def is_violation(self) -> bool:
        """Whether the graph is invalid because of it; other findings are for a person to look at."""
        return self.severity == _VIOLATION


def validate(store: Store) -> list[Finding]:
    """Validate the union of all graphs of the store, and return the findings in a stable order, without duplicates.

    The store is not changed. Raises OSError if a file of shapes or checks cannot be read.
    """
    return sorted({*_validate_shapes(store), *_run_checks(store)}, key=repr)


def build_report(findings: Iterable[Finding]) -> Graph:
    """Return the findings as a SHACL validation report (https://www.w3.org/TR/shacl/#validation-report).

    The graph conforms unless a finding is a violation.
    """
    graph, findings = Graph(), list(findings)
    graph.bind("sh", SH)
    report = BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(not any(finding.is_violation for finding in findings))))
    for finding in findings:
        result = BNode()
        graph.add((report, SH.result, result))
        graph.add((result, RDF.type, SH.ValidationResult))
        graph.add((result, SH.focusNode, URIRef(finding.focus)))
        graph.add((result, SH.resultSeverity, SH[finding.severity]))
        graph.add((result, SH.resultMessage, Literal(finding.message)))
        graph.add((result, SH.sourceConstraintComponent, URIRef(finding.component)))
        if finding.path:
            graph.add((result, SH.resultPath, URIRef(finding.path)))
        if (value := finding.value) is not None:
            graph.add((result, SH.value, URIRef(value) if _IRI.match(value) else Literal(value)))
    return graph


# ---------------------------------------------------------------- checks: queries whose rows are findings


def _run_checks(store: Store) -> Iterator[Finding]:
    for path in sorted((data_folder("queries") / "checks").glob("*.rq")):
        yield from _run_check(store, path)


def _run_check(store: Store, path: Path) -> Iterator[Finding]:
    """Each row has ``?focus ?path ?value``; comments at the head of the file give the message and the severity."""
    text = path.read_text("utf-8")
    head = dict(_HEAD.findall(text))
    message, severity = head["message"], head.get("severity", _VIOLATION)
    rows = ask(store, text)
    assert isinstance(rows, QuerySolutions), f"{path} is not a SELECT query"
    for row in rows:
        yield Finding(row["focus"].value, row["path"].value, row["value"].value, message, severity)


# ---------------------------------------------------------------- shapes


def _validate_shapes(store: Store) -> Iterator[Finding]:
    folder = data_folder("ontology")
    with _silence_early_dates():
        graph = _copy_union(store).parse(folder / "conflict.ttl")
        shapes = Graph().parse(folder / "shapes.ttl")
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield _read_result(report, result)


def _copy_union(store: Store) -> Graph:
    """The union of all graphs, without triples that are only inferred."""
    union = Graph()
    for triple in set(find_triples(store)) - _find_only_inferred(store):
        union.add((_to_rdflib(triple.subject), _to_rdflib(triple.predicate), _to_rdflib(triple.object)))
    return union


def _find_only_inferred(store: Store) -> set[Triple]:
    """The triples that are in graphs below ``inferred/`` and in no other graph."""
    prefix = Iris.from_store(store).graph("inferred/")
    inferred, stated = set[Triple](), set[Triple]()
    for graph in store.named_graphs():
        target = inferred if graph.value.startswith(prefix) else stated
        target.update(quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
    return inferred - stated


def _to_rdflib(term: NamedNode | BlankNode | OxigraphLiteral | Triple) -> Node:
    """The term of pyoxigraph as one of rdflib."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    assert isinstance(term, OxigraphLiteral), "the data has no triple terms"
    # rdflib takes a language or a datatype, not both: with a language the datatype is rdf:langString
    datatype = None if term.language else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=datatype)


def _read_result(report: Graph, result: Node) -> Finding:
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
def _silence_early_dates() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each date before year 1, which Python's dates cannot hold.

    The shapes check the form of such dates.
    """
    log = logging.getLogger("rdflib.term")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
