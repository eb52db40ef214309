"""The sample questions: their answers on the annotated events of the two seed articles, and how values are bound."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql.operators import register_custom_function

from conftest import PROJECT
from hamakg.errors import HamakgError, UsageError
from hamakg.link.points import Point, distance_km
from hamakg.model import Event, EventType, Extent, Factuality
from hamakg.rdf.terms import term
from hamakg.sparql.query_files import (
    MIN_CONFIDENCE,
    Parameter,
    SampleQuestion,
    bind,
    find_question,
    read_question,
    read_questions,
)
from hamakg.store import VersionedStore, replace_graph
from support.sample_answers import answer_question, ask_table, compare_tables, read_expected_answer
from support.seed_articles import IRIS, annotated_facts, build_graph
from support.solutions import select_rows

EXAMPLES = read_questions()
each_example = pytest.mark.parametrize("query", EXAMPLES, ids=lambda query: query.name)

GEOF = rdflib.Namespace("http://www.opengis.net/def/function/geosparql/")

HAPPENED = ["air-strikes-by-day", "changes-of-hands", "chemical-attacks", "closest-approach", "suicide-bombings"]


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    return build_graph(annotated_facts().values())


def changed(change: Callable[[Event], Event]) -> pyoxigraph.Store:
    """The store of the annotated events, each of them changed."""
    return build_graph(replace(facts, events=tuple(map(change, facts.events))) for facts in annotated_facts().values())


def metres_apart(one: rdflib.Literal, other: rdflib.Literal, unit: rdflib.URIRef) -> rdflib.Literal:
    """GeoSPARQL's distance of two points, which rdflib lacks (OGC 22-047r1, 8.7)."""
    points = (re.findall(r"[-.\d]+", str(wkt))[::-1] for wkt in (one, other))
    return rdflib.Literal(1000 * distance_km(*(Point(*point) for point in points)))


# ---------------------------------------------------------------- answers


@each_example
def test_a_question_has_its_expected_answer(query: SampleQuestion, store: pyoxigraph.Store) -> None:
    """Every row, in order, is the one worked out from the articles and their annotations."""
    assert answer_question(store, query) == read_expected_answer(query.name)


def test_questions_and_expected_answers_match_one_to_one() -> None:
    files = sorted(path.stem for path in (PROJECT / "tests" / "expected").iterdir())
    assert files == [query.name for query in EXAMPLES]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Dataset.:DeprecationWarning")  # rdflib's own, of its parser
def test_another_engine_gives_the_same_rows(store: pyoxigraph.Store) -> None:
    """The questions are standard SPARQL 1.1: rdflib finds the same as Oxigraph, also in the union of the graphs."""
    register_custom_function(GEOF.distance, metres_apart)  # type: ignore[arg-type]  # rdflib passes plain terms too
    peer = rdflib.Dataset(default_union=True)
    peer.parse(data=store.dump(format=pyoxigraph.RdfFormat.N_QUADS), format="nquads")
    for query in EXAMPLES:
        answer = [row for row in peer.query(query.text) if not isinstance(row, bool)]
        rows = [["" if term is None else str(term) for term in row] for row in answer]
        assert sorted(rows) == sorted(list(row.values()) for row in ask_table(store, query.text)), query.name


@pytest.mark.parametrize("factuality", [Factuality.PLANNED, Factuality.ATTEMPTED, Factuality.FAILED])
def test_events_that_did_not_happen_are_not_counted(factuality: Factuality) -> None:
    unreal = changed(lambda event: replace(event, factuality=factuality))
    assert {name: ask_table(unreal, find_question(name).text) for name in HAPPENED} == {name: [] for name in HAPPENED}


def test_capturing_a_part_or_a_place_nearby_is_not_a_change_of_hands() -> None:
    partial = changed(lambda event: replace(event, extent=Extent.PART))
    nearby = changed(lambda event: replace(event, places=(), near=event.places))
    question = find_question("changes-of-hands").text
    assert (ask_table(partial, question), ask_table(nearby, question)) == ([], [])


def test_tellings_of_one_happening_count_once(store: pyoxigraph.Store) -> None:
    """If a derived graph says that two captures of a hill are one happening, they are one change of hands."""
    derived = pyoxigraph.Store()
    derived.extend(store)
    graph, telling_of = pyoxigraph.NamedNode(IRIS.graph("derived/happenings")), term("hama:tellingOf")
    hill = "place/tal-shihah"
    captures = [e for e in annotated_facts()["march"].events if e.type is EventType.CAPTURE and hill in e.places]
    events = [pyoxigraph.NamedNode(IRIS.resource(capture.id)) for capture in captures]
    happening = pyoxigraph.NamedNode("https://example.org/happening")
    replace_graph(derived, graph.value, [pyoxigraph.Quad(event, telling_of, happening, graph) for event in events])
    counts = {row["place"]: row["narrated"] for row in ask_table(derived, find_question("changes-of-hands").text)}
    assert (len(captures), counts["Tal Shihah"], counts["Kawkab"]) == (2, "1", "4")


def test_a_place_is_found_by_any_of_its_spellings(store: pyoxigraph.Store) -> None:
    question = find_question("events-at-place")
    answers = [ask_table(store, bind(question, {"place": name})) for name in ("Khitab", "Khattab", "village of Khitab")]
    assert answers[0] == answers[1] == answers[2]
    assert [(row["end"], row["factuality"]) for row in answers[0]] == [
        ("", "Planned"),
        ("2017-03-22", "Actual"),
        ("2017-03-23", "Actual"),
        ("2017-03-31", "Actual"),
    ]


def test_the_extracted_graph_answers_every_question(
    store: pyoxigraph.Store, seeds_store: VersionedStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """How far the answers agree is printed, not asserted, since extraction makes mistakes."""
    extracted = seeds_store.snapshot()
    counts = {query.name: compare_tables(content(extracted, query), content(store, query)) for query in EXAMPLES}
    with capsys.disabled():
        print(f"\n\n{'Rows of the answers':<30}{'both':>6}{'extracted only':>16}{'true only':>11}")
        for name, (both, ours, true) in counts.items():
            print(f"{name:<30}{both:>6}{ours:>16}{true:>11}")
    assert sorted(counts) == sorted(query.name for query in EXAMPLES)


def content(store: pyoxigraph.Store, query: SampleQuestion) -> list[dict[str, str]]:
    """The answer without the columns that depend on which words of the text an event was read from."""
    hidden = {"event", "report", "includedIn", "statement"}
    return [{name: value for name, value in row.items() if name not in hidden} for row in ask_table(store, query.text)]


def test_agreement_counts_rows_as_often_as_they_occur() -> None:
    row, other = {"a": "1"}, {"a": "2"}
    assert compare_tables([row, row, other], [row, {"a": "3"}]) == (1, 2, 1)


# ---------------------------------------------------------------- the least confidence

OF_NO_EVENTS = {"as-wikidata", "commanders-killed", "groups-in-several-conflicts", "order-of-battle"}
COUNTING = {"air-strikes-by-day", "changes-of-hands"}
"""Their rows are counts of events, not events."""

LOW, HIGH, ABOVE = "0.4", "0.9", "0.91"


@each_example
def test_every_question_about_events_takes_a_least_confidence(query: SampleQuestion) -> None:
    """By default no event is left out. The other questions are about what infoboxes say."""
    defaults = {parameter.name: parameter.default for parameter in query.parameters}
    assert defaults.get(MIN_CONFIDENCE) == (None if query.name in OF_NO_EVENTS else "0.0")


@pytest.fixture(scope="module")
def unequal() -> pyoxigraph.Store:
    """The store of the annotated events, every other one of low confidence, the rest of high confidence."""
    return build_graph(
        replace(
            facts,
            events=tuple(
                replace(event, confidence=float(LOW if n % 2 else HIGH)) for n, event in enumerate(facts.events)
            ),
        )
        for facts in annotated_facts().values()
    )


@pytest.fixture(scope="module")
def uncertain(unequal: pyoxigraph.Store) -> set[str]:
    """The events of low confidence, their figures, and the periods of control that one of them shows."""
    prefixes = "PREFIX hama: <https://w3id.org/hamakg/ontology#> PREFIX prov: <http://www.w3.org/ns/prov#>"
    path = "hama:casualties?|^prov:wasDerivedFrom"
    text = f"{prefixes} SELECT ?thing {{ ?event hama:confidence {LOW} ; {path} ?thing }}"
    return {row["thing"] for row in ask_table(unequal, text)}


@pytest.mark.parametrize("query", [q for q in EXAMPLES if q.name not in OF_NO_EVENTS], ids=lambda query: query.name)
def test_a_least_confidence_leaves_out_what_less_certain_events_say(
    query: SampleQuestion, store: pyoxigraph.Store, unequal: pyoxigraph.Store, uncertain: set[str]
) -> None:
    """The other rows stay; figures of infoboxes stay at any confidence."""
    every, low, high, above = (
        ask_table(unequal, bind(query, {MIN_CONFIDENCE: bar})) for bar in ("0", LOW, HIGH, ABOVE)
    )
    certain = [row for row in every if uncertain.isdisjoint(row.values())]
    assert every == low == ask_table(store, query.text)
    match query.name:
        case "evidence":  # of the event that is asked for, whatever its confidence, and others of its sentence
            assert [row["what"] for row in above] == [every[0]["what"]]
        case "told-twice":  # with one event left, nothing is told twice
            happenings = Counter(row["happening"] for row in certain)
            assert high == [row for row in certain if happenings[row["happening"]] > 1] and above == []
        case name if name in COUNTING:
            assert 0 < len(high) <= len(every) and high != every and above == []
        case _:
            assert high == certain
            assert [row for row in above if not is_of_infobox(row)] == []


def is_of_infobox(row: Mapping[str, str]) -> bool:
    """Whether the row is about figures of an infobox alone."""
    return bool(row.get("field")) or row.get("of", "").startswith("Range of figures")


# ---------------------------------------------------------------- heads and values


@each_example
def test_a_question_has_a_complete_head(query: SampleQuestion) -> None:
    """It has title, description and keywords, and each default value is the one in the query."""
    assert query.title and query.description.endswith(".") and all(query.keywords)
    assert bind(query, {p.name: p.default for p in query.parameters}) == bind(query, {}) == query.text


@each_example
def test_questions_about_events_and_reports_show_their_standing(query: SampleQuestion) -> None:
    """Questions about who takes part have no standing to show."""
    assert ("hama:standing" in query.text) == (query.name not in OF_NO_EVENTS)


def test_a_question_is_found_by_name_and_similar_names_are_suggested() -> None:
    assert find_question("timeline").title == "The timeline of an offensive"
    with pytest.raises(UsageError, match="no query 'time-line'; there is timeline"):
        find_question("time-line")


def question(default: str) -> SampleQuestion:
    text = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?x {{ VALUES ?x {{ {default} }} }}"
    return SampleQuestion("q", "", "", (), (Parameter("x", "", default),), text)


def bound(query: SampleQuestion, value: str) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    (row,) = select_rows(pyoxigraph.Store(), bind(query, {"x": value}))
    value_bound = row["x"]
    assert isinstance(value_bound, pyoxigraph.NamedNode | pyoxigraph.Literal)
    return value_bound


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_a_value_and_stays_within_its_literal(value: str) -> None:
    """Quotes, backslashes, line ends and braces cannot end the literal, so a value cannot change the query."""
    assert bound(question('"a"@en'), value) == pyoxigraph.Literal(value, language="en")
    assert bound(question('"a \\"b\\""'), value) == pyoxigraph.Literal(value)


@pytest.mark.parametrize(
    ("default", "value", "meant"),
    [
        ("1", "-12", pyoxigraph.Literal(-12)),
        ("0.0", "0.70", pyoxigraph.Literal("0.7", datatype=term("xsd:decimal"))),
        ("0.0", "1e-3", pyoxigraph.Literal("0.001", datatype=term("xsd:decimal"))),
        ("0.0", "1", pyoxigraph.Literal("1", datatype=term("xsd:decimal"))),
        ('"2017-03-21"^^xsd:date', "-0489-09-12", pyoxigraph.Literal("-0489-09-12", datatype=term("xsd:date"))),
        ("<http://example.org/a>", "http://example.org/b", pyoxigraph.NamedNode("http://example.org/b")),
    ],
)
def test_a_value_becomes_a_term_of_the_kind_of_its_default(default: str, value: str, meant: object) -> None:
    assert bound(question(default), value) == meant


@pytest.mark.parametrize(
    ("default", "value"),
    [
        ("1", "one"),
        ("1", "1 } SERVICE <http://example.org> {"),
        ("0.0", "0,7"),
        ("0.0", "NaN"),
        ("0.0", "Infinity"),
        ("0.0", "0.7 } SERVICE <http://example.org> {"),
        ('"2017-03-21"^^xsd:date', "21 March"),
        ("<http://example.org/a>", "http://example.org/> } #"),
        ("<http://example.org/a>", "no IRI"),
    ],
)
def test_a_value_of_another_kind_is_refused(default: str, value: str) -> None:
    with pytest.raises(UsageError, match=r"parameter x: .* is not the same kind of value as"):
        bind(question(default), {"x": value})


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(UsageError, match="timeline has no parameter place; its parameters: conflict, minConfidence"):
        bind(find_question("timeline"), {"place": "Maardis"})


@pytest.mark.parametrize("value", ["-0.1", "1.01", "70"])
def test_a_confidence_is_between_0_and_1(value: str) -> None:
    with pytest.raises(UsageError, match=f"parameter minConfidence: {value} is not between 0 and 1"):
        bind(find_question("timeline"), {"minConfidence": value})


HEAD = "# title: T\n# description: D.\n# keywords: a, b\n"


def test_a_file_is_read_with_its_head(tmp_path: Path) -> None:
    text = HEAD + '# parameter: place = "Aba" | the place\n\nSELECT * { VALUES ?place { "Aba"@en } }\n'
    path = tmp_path / "there.rq"
    path.write_text(text, "utf-8")
    assert read_question(path) == SampleQuestion(
        "there", "T", "D.", ("a", "b"), (Parameter("place", "the place", "Aba"),), text
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT * {}", "its head must have one line '# title: …'"),
        (HEAD + "# keywords: c\nSELECT * {}", "its head must have one line '# keywords: …'"),
        (HEAD + '# parameter: place = "Aba" | the place\nSELECT * {}', "VALUES"),
        (HEAD + '# parameter: place = "Aba" | the place\nSELECT * { VALUES ?place { "Oba"@en } }', "VALUES"),
        (HEAD + "# parameter: place\nSELECT * {}", "parameter"),
    ],
)
def test_an_incomplete_head_is_an_error_that_names_the_file(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.rq"
    path.write_text(text, "utf-8")
    with pytest.raises(HamakgError, match=problem) as raised:
        read_question(path)
    assert str(path) in str(raised.value)
