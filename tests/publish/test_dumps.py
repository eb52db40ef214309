"""The dumps' promises: the same bytes for the same content, nothing lost, and a layout to be read."""

import io
import random
import tempfile
import tracemalloc
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamakg.errors import HamakgError, UsageError
from hamakg.graph import build_article_quads, build_entity_quads
from hamakg.publish import FORMATS, select_graphs, sorting, write_dump
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.store import replace_graph
from support.complete_facts import FACTS

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

NAMES = Iris()
TURTLE_HEAD = f"@base <{NAMES.base}> .\n" + "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in sorted(PREFIXES))
XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


def store_of(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    for quad in quads:  # one by one, so that the order of insertion is that of the list
        store.add(quad)
    return store


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = store_of(build_article_quads(FACTS, NAMES))
    store.extend(build_entity_quads(store, NAMES))
    other = ox.NamedNode(NAMES.graph("ontology"))
    store.add(ox.Quad(ox.NamedNode(HAMA + "Event"), ox.NamedNode(HAMA + "note"), ox.Literal("not data"), other))
    return store


def dumped(store: ox.Store, fmt: str, graphs: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    write_dump(store, fmt, out, select_graphs(store, NAMES, graphs=graphs), NAMES)
    return out.getvalue()


def published(store: ox.Store) -> set[ox.Quad]:
    """The quads that a dump holds unless asked for more."""
    return {quad for quad in store if quad.graph_name.value != NAMES.graph("ontology")}


def unnamed(quads: set[ox.Quad]) -> set[ox.Quad]:
    return {ox.Quad(*quad.triple) for quad in quads}


def in_rdflib(data: bytes, fmt: str) -> set[ox.Quad]:
    """What rdflib reads from the dump; it hands every statement on in N-Quads."""
    names = {"turtle": "turtle", "ntriples": "nt11", "jsonld": "json-ld", "rdfxml": "xml"}
    if FORMATS[fmt].supports_datasets:
        dataset = rdflib.Dataset()
        dataset.parse(io.BytesIO(data), format=names.get(fmt, fmt))
        return set(ox.parse(dataset.serialize(format="nquads").encode(), format=ox.RdfFormat.N_QUADS))
    graph = rdflib.Graph()
    graph.parse(io.BytesIO(data), format=names[fmt])
    return set(ox.parse(graph.serialize(format="nt11").encode(), format=ox.RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_dump_loads_into_oxigraph_without_loss(store: ox.Store, fmt: str) -> None:
    expected = published(store) if FORMATS[fmt].supports_datasets else unnamed(published(store))
    loaded = ox.Store()
    loaded.load(dumped(store, fmt), format=FORMATS[fmt])
    assert set(loaded) == expected


@pytest.fixture
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib writes the Z of a time as +00:00 unless it is told to leave literals as they are."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.usefixtures("literals_as_written")
@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")  # rdflib's own use of itself
@pytest.mark.parametrize("fmt", FORMATS)
def test_a_dump_loads_into_rdflib_without_loss(store: ox.Store, fmt: str) -> None:
    expected = published(store) if FORMATS[fmt].supports_datasets else unnamed(published(store))
    assert in_rdflib(dumped(store, fmt), fmt) == expected


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_same_content_gives_the_same_bytes_whatever_order_it_was_built_in(store: ox.Store, fmt: str) -> None:
    quads = list(store)
    random.Random(7).shuffle(quads)
    assert dumped(store_of(quads), fmt) == dumped(store_of(quads[::-1]), fmt) == dumped(store, fmt)


SUBJECT, PREDICATE = ox.NamedNode(NAMES.resource("place/aba")), ox.NamedNode(HAMA + "note")
ARTICLE = ox.NamedNode(NAMES.article_graph("aba"))


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt != "rdfxml"])
@given(text=st.text(st.characters(codec="utf-8")), language=st.sampled_from([None, "en"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_comes_back_letter_for_letter(fmt: str, text: str, language: str | None) -> None:
    store = store_of([ox.Quad(SUBJECT, PREDICATE, ox.Literal(text, language=language), ARTICLE)])
    expected = set(store) if FORMATS[fmt].supports_datasets else unnamed(set(store))
    assert set(ox.parse(dumped(store, fmt), format=FORMATS[fmt])) == expected


@given(text=XML_TEXT | st.text(st.sampled_from(" \t\r\n<>&'\"]")))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_that_xml_can_carry_comes_back_from_rdf_xml_letter_for_letter(text: str) -> None:
    """Read by another parser, which ends lines as XML wants it."""
    store = store_of([ox.Quad(SUBJECT, PREDICATE, ox.Literal(text), ARTICLE)])
    graph = rdflib.Graph()
    graph.parse(io.BytesIO(dumped(store, "rdfxml")), format="xml")
    assert [str(found) for found in graph.objects()] == [text]


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe"])
def test_rdf_xml_refuses_what_xml_cannot_carry(character: str) -> None:
    store = store_of([ox.Quad(SUBJECT, PREDICATE, ox.Literal(f"a{character}b"), ARTICLE)])
    with pytest.raises(HamakgError) as error:
        dumped(store, "rdfxml")
    assert str(error.value) == (
        f"RDF/XML cannot carry the character U+{ord(character):04X}; use another format, such as turtle"
    )


def test_turtle_reads_well() -> None:
    """Own IRIs relative, subjects apart, names first, evidence last; text that looks like syntax is left alone."""
    label, derived = ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
    tricky = f'see <{NAMES.base}resource/x> .\n"end" \\'
    dots = ox.NamedNode(NAMES.resource("a/../b"))
    store = store_of(
        [
            ox.Quad(SUBJECT, derived, dots, ARTICLE),
            ox.Quad(SUBJECT, PREDICATE, ox.Literal(tricky), ARTICLE),
            ox.Quad(SUBJECT, label, ox.Literal("Aba", language="en"), ox.NamedNode(NAMES.graph("entities"))),
            ox.Quad(ox.NamedNode(NAMES.resource("place/zur")), label, ox.Literal("Zur", language="en"), ARTICLE),
        ]
    )
    escaped = tricky.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    assert dumped(store, "turtle").decode() == (
        f"""{TURTLE_HEAD}
<resource/place/aba> rdfs:label "Aba"@en ;
	hama:note "{escaped}" ;
	prov:wasDerivedFrom <{dots.value}> .

<resource/place/zur> rdfs:label "Zur"@en .
"""
    )


@given(
    paths=st.lists(st.text("ab./:?-", max_size=8), min_size=1, max_size=3),
    note=st.sampled_from(["", "see ./.", "<x>"]),
)
@settings(max_examples=100, deadline=None)
def test_own_iris_of_any_path_come_back(paths: Sequence[str], note: str) -> None:
    """Dots, colons and empty segments mean something in a relative IRI; the text beside them changes nothing."""
    own = [ox.NamedNode(NAMES.base + kind + path) for path in paths for kind in ("resource/", "graph/", "")]
    values: list[ox.NamedNode | ox.Literal] = [*own, ox.Literal(note)]
    quads = {ox.Quad(iri, PREDICATE, value, ARTICLE) for iri in own for value in values}
    assert set(ox.parse(dumped(store_of([*quads]), "trig"), format=ox.RdfFormat.TRIG)) == quads


@pytest.mark.parametrize("fmt", ["turtle", "trig", "jsonld"])
def test_text_that_looks_like_the_layout_is_left_alone(fmt: str) -> None:
    looks = [f"<{NAMES.resource('place/aba')}> <x>", ']},{"@id":"x"}', "]},{", "@prefix a: <b> .", "\x1f\x01", " .\n"]
    quads = {ox.Quad(SUBJECT, PREDICATE, ox.Literal(a + b), ARTICLE) for a in looks for b in looks}
    expected = quads if FORMATS[fmt].supports_datasets else unnamed(quads)
    assert set(ox.parse(dumped(store_of([*quads]), fmt), format=FORMATS[fmt])) == expected


def test_json_ld_has_a_line_a_node() -> None:
    zur = ox.NamedNode(NAMES.resource("place/zur"))
    entities = ox.NamedNode(NAMES.graph("entities"))
    store = store_of([ox.Quad(s, PREDICATE, ox.Literal("a"), g) for s in (zur, SUBJECT) for g in (entities, ARTICLE)])
    nodes = "".join(
        f"""
{{"@id":"{graph.value}","@graph":[
{{"@id":"{SUBJECT.value}","{PREDICATE.value}":[{{"@value":"a"}}]}},
{{"@id":"{zur.value}","{PREDICATE.value}":[{{"@value":"a"}}]}}
]}},"""
        for graph in (ARTICLE, entities)
    )
    assert dumped(store, "jsonld").decode() == f"[{nodes[:-1]}\n]\n"


def test_trig_reads_well() -> None:
    entities = ox.NamedNode(NAMES.graph("entities"))
    zur = ox.NamedNode(NAMES.resource("place/zur"))
    store = store_of(
        [
            ox.Quad(SUBJECT, PREDICATE, ox.Literal("a"), ARTICLE),
            ox.Quad(zur, PREDICATE, ox.Literal("b"), ARTICLE),
            ox.Quad(zur, PREDICATE, ox.Literal("c"), entities),
        ]
    )
    assert dumped(store, "trig").decode() == (
        f"""{TURTLE_HEAD}
<graph/article/aba> {{
	<resource/place/aba> hama:note "a" .

	<resource/place/zur> hama:note "b" .
}}

<graph/entities> {{
	<resource/place/zur> hama:note "c" .
}}
"""
    )


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if FORMATS[fmt].supports_datasets])
def test_the_union_that_the_store_keeps_is_not_written_beside_the_graphs(fmt: str) -> None:
    kept = ox.Store()
    replace_graph(kept, NAMES.article_graph(FACTS.article.slug), build_article_quads(FACTS, NAMES))
    assert set(ox.parse(dumped(kept, fmt), format=FORMATS[fmt])) == set(build_article_quads(FACTS, NAMES))


def test_other_graphs_are_written_when_asked_for_by_short_name_or_iri(store: ox.Store) -> None:
    for name in ("ontology", NAMES.graph("ontology")):
        assert set(ox.parse(dumped(store, "nquads", [name]), format=ox.RdfFormat.N_QUADS)) == set(store) - published(
            store
        )


def test_blank_nodes_of_another_graph_get_stable_names() -> None:
    graph = ox.NamedNode(NAMES.graph("ontology"))

    def built() -> ox.Store:
        node = ox.BlankNode()
        return store_of([ox.Quad(node, PREDICATE, ox.Literal("a"), graph), ox.Quad(SUBJECT, PREDICATE, node, graph)])

    assert dumped(built(), "nquads", ["ontology"]) == dumped(built(), "nquads", ["ontology"])


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_dump_that_is_sorted_in_many_runs_has_the_bytes_of_one_sorted_at_once(
    store: ox.Store, fmt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = dumped(store, fmt)
    monkeypatch.setattr(sorting, "RUN_BYTES", 500)
    monkeypatch.setattr(sorting, "LINES_AT_ONCE", 3)
    monkeypatch.setattr(sorting, "_MERGED_AT_ONCE", 3)
    assert dumped(store, fmt) == at_once


def test_blank_nodes_keep_their_names_in_many_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two graphs that share a node, among text that looks like one."""
    node, other = ox.BlankNode(), ox.BlankNode()
    text, graph = ox.Literal("> _:a"), ox.NamedNode(NAMES.graph("ontology"))
    quads = [ox.Quad(node, PREDICATE, text, ARTICLE), ox.Quad(SUBJECT, PREDICATE, node, graph)]
    quads += [ox.Quad(other, PREDICATE, other, graph), ox.Quad(SUBJECT, PREDICATE, text, ARTICLE)]
    expected = ox.Dataset(quads)
    expected.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    at_once = dumped(store_of(quads), "nquads", ["ontology", ARTICLE.value])
    assert set(ox.parse(at_once, format=ox.RdfFormat.N_QUADS)) == set(expected)
    monkeypatch.setattr(sorting, "RUN_BYTES", 1)
    assert dumped(store_of(quads), "nquads", ["ontology", ARTICLE.value]) == at_once


class Nowhere(io.BytesIO):
    def write(self, data: "ReadableBuffer") -> int:
        return len(memoryview(data))


def peak_of(dumping: str, quads: int) -> int:
    """The most memory, in bytes, that a dump of so many quads of one graph takes from Python."""
    store = ox.Store()
    text = "".join(f'<{NAMES.resource(f"place/{n}")}> <{HAMA}note> "{n}" <{ARTICLE.value}> .\n' for n in range(quads))
    store.bulk_load(text.encode(), format=ox.RdfFormat.N_QUADS)
    del text
    graphs = select_graphs(store, NAMES)
    tracemalloc.start()
    try:
        write_dump(store, dumping, Nowhere(), graphs, NAMES)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("fmt", FORMATS)
def test_ten_times_as_many_quads_take_no_more_memory(fmt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "RUN_BYTES", 50_000)
    monkeypatch.setattr(sorting, "LINES_AT_ONCE", 200)
    monkeypatch.setattr(sorting, "_MERGED_AT_ONCE", 4)
    assert peak_of(fmt, 20_000) < 1.5 * peak_of(fmt, 2_000)


def test_where_there_is_no_room_to_sort_the_folder_is_named(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sorting, "RUN_BYTES", 500)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(HamakgError) as error:
        dumped(store, "nquads")
    assert str(error.value) == (
        f"no room to sort in {tempfile.gettempdir()} (No space left on device); name a roomier folder in TMPDIR"
    )


def test_parts_are_chosen_by_name() -> None:
    own = ["article/aba", "entities", "inferred/types", "derived/control", "links", "ontology", "dataset"]
    store = store_of([ox.Quad(SUBJECT, PREDICATE, SUBJECT, ox.NamedNode(NAMES.graph(name))) for name in own])

    def chosen(parts: Sequence[str], graphs: Sequence[str] = ()) -> list[str]:
        return [graph.removeprefix(NAMES.graph("")) for graph in select_graphs(store, NAMES, parts, graphs)]

    assert chosen([]) == chosen(["core"]) == ["article/aba", "entities"]
    assert chosen(["inferred"]) == ["inferred/types"]
    assert chosen(["derived", "links"]) == ["derived/control", "links"]
    assert chosen([], ["ontology"]) == ["ontology"]
    assert chosen(["core"], ["ontology"]) == ["article/aba", "entities", "ontology"]


def test_a_part_that_the_store_does_not_have_is_refused(store: ox.Store) -> None:
    with pytest.raises(UsageError) as error:
        select_graphs(store, NAMES, ["links"])
    assert str(error.value) == "the store has no graphs of the part 'links'; leave out --only links"


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_empty_store_gives_an_empty_dump(fmt: str) -> None:
    assert list(ox.parse(dumped(ox.Store(), fmt), format=FORMATS[fmt])) == []


def test_an_unknown_format_is_refused_with_the_known_ones(store: ox.Store) -> None:
    with pytest.raises(UsageError) as error:
        dumped(store, "parquet")
    assert str(error.value) == ("unknown format 'parquet'; there are turtle, nquads, trig, ntriples, jsonld, rdfxml")


def test_an_unknown_graph_is_refused_with_a_near_one(store: ox.Store) -> None:
    with pytest.raises(UsageError) as error:
        dumped(store, "turtle", ["ontologie"])
    assert str(error.value) == "no graph 'ontologie' in the store; did you mean ontology?"
