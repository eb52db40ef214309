"""Validation of an invented graph that has one of everything, and of that graph with one error at a time."""

import tomllib
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from rdflib import SH, Graph, URIRef
from rdflib import Literal as RdfLiteral

from hamakg.data_files import data_folder
from hamakg.graph import build_control_quads, build_happening_quads, build_link_quads, build_total_quads
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.store import replace_graph
from hamakg.validate import Finding, build_report, validate
from support.complete_facts import CONTROL, FACTS, HAPPENING, LINK, TOTAL
from support.seed_articles import annotated_facts, build_graph

NAMES = Iris()
HEAD = f"BASE <{NAMES.resource('')}>\n" + "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
ROOT = Path(__file__).parents[1]
CASES = tomllib.loads((ROOT / "tests" / "cases" / "faults.toml").read_text("utf-8"))["case"]
NO_BLANK_NODE = "Give the resource an IRI: the names of blank nodes change from dump to dump."


@pytest.fixture
def store() -> Store:
    """A store with one of everything that articles may say or that may be derived, without inferred statements."""
    store = build_graph([FACTS])
    for graph in [graph.value for graph in store.named_graphs() if "/inferred/" in graph.value]:
        replace_graph(store, graph, ())
    replace_graph(store, NAMES.graph("derived/control"), build_control_quads([CONTROL], store, NAMES))
    replace_graph(store, NAMES.graph("derived/happenings"), build_happening_quads([HAPPENING], NAMES))
    replace_graph(store, NAMES.graph("derived/totals"), build_total_quads([TOTAL], store, NAMES))
    replace_graph(store, NAMES.graph("links"), build_link_quads([LINK], NAMES))
    return store


def test_a_graph_with_one_of_everything_gives_no_finding(store: Store) -> None:
    assert validate(store) == []


def test_the_graph_of_the_annotated_seeds_has_no_violation() -> None:
    """One article tells of the night before its first day, and sources disagree."""
    findings = validate(build_graph(annotated_facts().values()))
    warned = {(finding.value, finding.message.split(":")[0]) for finding in findings if finding.severity == "Warning"}
    assert warned == {
        (NAMES.resource("conflict/hama-offensive-september-2017"), "Check whether the event belongs to the conflict")
    }
    assert [finding for finding in findings if finding.is_violation] == []
    assert {NAMES.shorten(finding.focus) for finding in findings if finding.severity == "Info"} == {
        "total/hama-offensive-march-april-2017/side-1/killed",
        "total/hama-offensive-march-april-2017/side-2/killed",
        "total/hama-offensive-september-2017/side-1/killed",
    }


def test_the_report_is_a_shacl_validation_report(store: Store) -> None:
    """It conforms unless there is a violation (https://www.w3.org/TR/shacl/#validation-report)."""
    assert (None, SH.conforms, RdfLiteral(True)) in build_report(validate(store))
    warning = Finding(NAMES.resource("a"), _iri("hama:agent"), NAMES.resource("b"), "See who acts.", "Warning")
    assert (None, SH.conforms, RdfLiteral(True)) in build_report([warning])
    violation = Finding(NAMES.resource("a"), None, "text", "Mend it.", "Violation", str(SH.OrConstraintComponent))
    graph = build_report([warning, violation])
    assert (None, SH.conforms, RdfLiteral(False)) in graph
    results = {
        tuple(graph.value(result, prop) for prop in (SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity))
        for result in graph.objects(None, SH.result)
    }
    a, b = URIRef(NAMES.resource("a")), URIRef(NAMES.resource("b"))
    assert results == {
        (a, URIRef(_iri("hama:agent")), b, SH.Warning),
        (a, None, RdfLiteral("text"), SH.Violation),
    }
    meta = Graph().parse(data=graph.serialize(format="turtle"), format="turtle")
    assert len(meta) == len(graph)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["broken"])
def test_each_error_gives_exactly_its_finding(store: Store, case: dict[str, str]) -> None:
    if "without" in case:
        store.update(f"{HEAD} DELETE WHERE {{ {case['without']} }}")
    if "with" in case:
        store.update(f"{HEAD} INSERT DATA {{ {case['with']} }}")
    expected = Finding(
        NAMES.resource(case["focus"]),
        _iri(case["path"]) if "path" in case else None,
        _iri(case["value"]) if "value" in case else None,
        case["message"],
        case.get("severity", "Violation"),
    )
    assert validate(store) == [expected]


def test_a_blank_node_gives_a_finding(store: Store) -> None:
    """Not among the other cases, because a blank node has another name each time."""
    somewhere = BlankNode()
    store.add(Quad(somewhere, NamedNode(_iri("rdf:type")), NamedNode(_iri("hama:Place"))))
    store.add(Quad(somewhere, NamedNode(_iri("rdfs:label")), Literal("Somewhere", language="en")))
    assert [(f.path, f.value, f.message) for f in validate(store)] == [(None, None, NO_BLANK_NODE)]


def test_every_message_of_shapes_and_checks_has_a_case() -> None:
    shapes = Graph().parse(data_folder("ontology") / "shapes.ttl")
    checks = (data_folder("queries") / "checks").glob("*.rq")
    messages = {str(text) for text in shapes.objects(None, SH.message)}
    messages |= {path.read_text("utf-8").splitlines()[0].removeprefix("# message: ") for path in checks}
    assert {case["message"] for case in CASES} | {NO_BLANK_NODE} == messages


def test_validation_does_not_change_the_store(store: Store) -> None:
    before = set(store)
    validate(store)
    assert set(store) == before


def test_dates_before_year_one_are_valid_and_cause_no_log(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """XSD 1.1 writes 490 BC as -0489; Python has no such date, and rdflib would log a traceback for each."""
    store.update(f"""{HEAD}
        DELETE WHERE {{ <conflict/battle-of-aba> hama:startDate ?start ; hama:endDate ?end }} ;
        INSERT DATA {{
            <conflict/battle-of-aba> hama:startDate "-0489-08-12"^^xsd:date ; hama:endDate "-0488-09-10"^^xsd:date
        }}
    """)
    assert validate(store) == []
    assert caplog.text == ""


def test_the_form_of_a_date_before_year_one_is_checked(store: Store) -> None:
    store.update(f"""{HEAD}
        DELETE WHERE {{ <conflict/battle-of-aba> hama:startDate ?x }} ;
        INSERT DATA {{ <conflict/battle-of-aba> hama:startDate "-489" }}
    """)
    assert [(finding.path, finding.value) for finding in validate(store)] == [(_iri("hama:startDate"), "-489")]


def _iri(name: str) -> str:
    """The IRI of a prefixed name or of an id; any other word is returned as it is."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return NAMES.resource(name) if "/" in name else name
