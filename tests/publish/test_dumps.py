"""Dumps have the same bytes for the same content, lose nothing, and are laid out for people."""

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

IRIS = Iris()
TURTLE_HEAD = f"@base <{IRIS.base}> .\n" + "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in sorted(PREFIXES))
XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


def make_store(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    for quad in quads:  # one by one, so that the order of insertion is that of the list
        store.add(quad)
    return store


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = make_store(build_article_quads(FACTS, IRIS))
    store.extend(build_entity_quads(store, IRIS))
    other = ox.NamedNode(IRIS.graph("ontology"))
    store.add(ox.Quad(ox.NamedNode(HAMA + "Event"), ox.NamedNode(HAMA + "note"), ox.Literal("not data"), other))
    return store


def dump(store: ox.Store, fmt: str, graphs: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    write_dump(store, fmt, out, select_graphs(store, IRIS, graphs=graphs), IRIS)
    return out.getvalue()


def read_core(store: ox.Store) -> set[ox.Quad]:
    """The quads that a dump contains by default."""
    return {quad for quad in store if quad.graph_name.value != IRIS.graph("ontology")}


def merge_graphs(quads: set[ox.Quad]) -> set[ox.Quad]:
    return {ox.Quad(*quad.triple) for quad in quads}


def read_with_rdflib(data: bytes, fmt: str) -> set[ox.Quad]:
    """The quads that rdflib reads from a dump, passed on as N-Quads."""
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
    expected = read_core(store) if FORMATS[fmt].supports_datasets else merge_graphs(read_core(store))
    loaded = ox.Store()
    loaded.load(dump(store, fmt), format=FORMATS[fmt])
    assert set(loaded) == expected


@pytest.fixture
def keep_literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this, rdflib writes the Z of a time as +00:00."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.usefixtures("keep_literals_as_written")
@pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")  # rdflib's own use of itself
@pytest.mark.parametrize("fmt", FORMATS)
def test_a_dump_loads_into_rdflib_without_loss(store: ox.Store, fmt: str) -> None:
    expected = read_core(store) if FORMATS[fmt].supports_datasets else merge_graphs(read_core(store))
    assert read_with_rdflib(dump(store, fmt), fmt) == expected


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_same_content_gives_the_same_bytes_in_whatever_order_it_was_built(store: ox.Store, fmt: str) -> None:
    quads = list(store)
    random.Random(7).shuffle(quads)
    assert dump(make_store(quads), fmt) == dump(make_store(quads[::-1]), fmt) == dump(store, fmt)


SUBJECT, PREDICATE = ox.NamedNode(IRIS.resource("place/aba")), ox.NamedNode(HAMA + "note")
ARTICLE = ox.NamedNode(IRIS.article_graph("aba"))


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt != "rdfxml"])
@given(text=st.text(st.characters(codec="utf-8")), language=st.sampled_from([None, "en"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_back_unchanged(fmt: str, text: str, language: str | None) -> None:
    store = make_store([ox.Quad(SUBJECT, PREDICATE, ox.Literal(text, language=language), ARTICLE)])
    expected = set(store) if FORMATS[fmt].supports_datasets else merge_graphs(set(store))
    assert set(ox.parse(dump(store, fmt), format=FORMATS[fmt])) == expected


@given(text=XML_TEXT | st.text(st.sampled_from(" \t\r\n<>&'\"]")))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_that_xml_allows_is_read_back_from_rdf_xml_unchanged(text: str) -> None:
    """Another parser reads it, which treats line ends as XML requires."""
    store = make_store([ox.Quad(SUBJECT, PREDICATE, ox.Literal(text), ARTICLE)])
    graph = rdflib.Graph()
    graph.parse(io.BytesIO(dump(store, "rdfxml")), format="xml")
    assert [str(found) for found in graph.objects()] == [text]


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe"])
def test_rdf_xml_refuses_characters_that_xml_does_not_allow(character: str) -> None:
    store = make_store([ox.Quad(SUBJECT, PREDICATE, ox.Literal(f"a{character}b"), ARTICLE)])
    with pytest.raises(HamakgError) as error:
        dump(store, "rdfxml")
    assert str(error.value) == (
        f"RDF/XML cannot carry the character U+{ord(character):04X}; use another format, such as turtle"
    )


def test_turtle_is_laid_out_for_people() -> None:
    """IRIs are relative, subjects are separated, names come first and evidence last; text is never changed."""
    label, derived = ox.NamedNode(PREFIXES["rdfs"] + "label"), ox.NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
    tricky = f'see <{IRIS.base}resource/x> .\n"end" \\'
    dots = ox.NamedNode(IRIS.resource("a/../b"))
    store = make_store(
        [
            ox.Quad(SUBJECT, derived, dots, ARTICLE),
            ox.Quad(SUBJECT, PREDICATE, ox.Literal(tricky), ARTICLE),
            ox.Quad(SUBJECT, label, ox.Literal("Aba", language="en"), ox.NamedNode(IRIS.graph("entities"))),
            ox.Quad(ox.NamedNode(IRIS.resource("place/zur")), label, ox.Literal("Zur", language="en"), ARTICLE),
        ]
    )
    escaped = tricky.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    assert dump(store, "turtle").decode() == (
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
def test_our_own_iris_are_read_back_whatever_their_path(paths: Sequence[str], note: str) -> None:
    """Dots, colons and empty segments have a meaning in relative IRIs; the literal beside them makes no difference."""
    own = [ox.NamedNode(IRIS.base + kind + path) for path in paths for kind in ("resource/", "graph/", "")]
    values: list[ox.NamedNode | ox.Literal] = [*own, ox.Literal(note)]
    quads = {ox.Quad(iri, PREDICATE, value, ARTICLE) for iri in own for value in values}
    assert set(ox.parse(dump(make_store([*quads]), "trig"), format=ox.RdfFormat.TRIG)) == quads


@pytest.mark.parametrize("fmt", ["turtle", "trig", "jsonld"])
def test_text_that_looks_like_the_layout_is_not_changed(fmt: str) -> None:
    looks = [f"<{IRIS.resource('place/aba')}> <x>", ']},{"@id":"x"}', "]},{", "@prefix a: <b> .", "\x1f\x01", " .\n"]
    quads = {ox.Quad(SUBJECT, PREDICATE, ox.Literal(a + b), ARTICLE) for a in looks for b in looks}
    expected = quads if FORMATS[fmt].supports_datasets else merge_graphs(quads)
    assert set(ox.parse(dump(make_store([*quads]), fmt), format=FORMATS[fmt])) == expected


def test_json_ld_has_one_node_a_line() -> None:
    zur = ox.NamedNode(IRIS.resource("place/zur"))
    entities = ox.NamedNode(IRIS.graph("entities"))
    store = make_store([ox.Quad(s, PREDICATE, ox.Literal("a"), g) for s in (zur, SUBJECT) for g in (entities, ARTICLE)])
    nodes = "".join(
        f"""
{{"@id":"{graph.value}","@graph":[
{{"@id":"{SUBJECT.value}","{PREDICATE.value}":[{{"@value":"a"}}]}},
{{"@id":"{zur.value}","{PREDICATE.value}":[{{"@value":"a"}}]}}
]}},"""
        for graph in (ARTICLE, entities)
    )
    assert dump(store, "jsonld").decode() == f"[{nodes[:-1]}\n]\n"


def test_trig_is_laid_out_for_people() -> None:
    entities = ox.NamedNode(IRIS.graph("entities"))
    zur = ox.NamedNode(IRIS.resource("place/zur"))
    store = make_store(
        [
            ox.Quad(SUBJECT, PREDICATE, ox.Literal("a"), ARTICLE),
            ox.Quad(zur, PREDICATE, ox.Literal("b"), ARTICLE),
            ox.Quad(zur, PREDICATE, ox.Literal("c"), entities),
        ]
    )
    assert dump(store, "trig").decode() == (
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
def test_the_stored_union_of_the_graphs_is_not_written(fmt: str) -> None:
    kept = ox.Store()
    replace_graph(kept, IRIS.article_graph(FACTS.article.slug), build_article_quads(FACTS, IRIS))
    assert set(ox.parse(dump(kept, fmt), format=FORMATS[fmt])) == set(build_article_quads(FACTS, IRIS))


def test_other_graphs_are_selected_by_short_name_or_iri(store: ox.Store) -> None:
    for name in ("ontology", IRIS.graph("ontology")):
        assert set(ox.parse(dump(store, "nquads", [name]), format=ox.RdfFormat.N_QUADS)) == set(store) - read_core(
            store
        )


def test_blank_nodes_get_names_that_depend_on_their_content_only() -> None:
    graph = ox.NamedNode(IRIS.graph("ontology"))

    def built() -> ox.Store:
        node = ox.BlankNode()
        return make_store([ox.Quad(node, PREDICATE, ox.Literal("a"), graph), ox.Quad(SUBJECT, PREDICATE, node, graph)])

    assert dump(built(), "nquads", ["ontology"]) == dump(built(), "nquads", ["ontology"])


@pytest.mark.parametrize("fmt", FORMATS)
def test_sorting_in_many_runs_gives_the_same_bytes_as_sorting_at_once(
    store: ox.Store, fmt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = dump(store, fmt)
    monkeypatch.setattr(sorting, "RUN_BYTES", 500)
    monkeypatch.setattr(sorting, "LINES_AT_ONCE", 3)
    monkeypatch.setattr(sorting, "_MERGED_AT_ONCE", 3)
    assert dump(store, fmt) == at_once


def test_blank_nodes_keep_their_names_in_many_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two graphs share a blank node, among text that looks like a blank node."""
    node, other = ox.BlankNode(), ox.BlankNode()
    text, graph = ox.Literal("> _:a"), ox.NamedNode(IRIS.graph("ontology"))
    quads = [ox.Quad(node, PREDICATE, text, ARTICLE), ox.Quad(SUBJECT, PREDICATE, node, graph)]
    quads += [ox.Quad(other, PREDICATE, other, graph), ox.Quad(SUBJECT, PREDICATE, text, ARTICLE)]
    expected = ox.Dataset(quads)
    expected.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    at_once = dump(make_store(quads), "nquads", ["ontology", ARTICLE.value])
    assert set(ox.parse(at_once, format=ox.RdfFormat.N_QUADS)) == set(expected)
    monkeypatch.setattr(sorting, "RUN_BYTES", 1)
    assert dump(make_store(quads), "nquads", ["ontology", ARTICLE.value]) == at_once


class Nowhere(io.BytesIO):
    def write(self, data: "ReadableBuffer") -> int:
        return len(memoryview(data))


def measure_peak(dumping: str, quads: int) -> int:
    """The peak of Python's memory, in bytes, while a graph of so many quads is dumped."""
    store = ox.Store()
    text = "".join(f'<{IRIS.resource(f"place/{n}")}> <{HAMA}note> "{n}" <{ARTICLE.value}> .\n' for n in range(quads))
    store.bulk_load(text.encode(), format=ox.RdfFormat.N_QUADS)
    del text
    graphs = select_graphs(store, IRIS)
    tracemalloc.start()
    try:
        write_dump(store, dumping, Nowhere(), graphs, IRIS)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("fmt", FORMATS)
def test_memory_does_not_grow_with_the_number_of_quads(fmt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "RUN_BYTES", 50_000)
    monkeypatch.setattr(sorting, "LINES_AT_ONCE", 200)
    monkeypatch.setattr(sorting, "_MERGED_AT_ONCE", 4)
    assert measure_peak(fmt, 20_000) < 1.5 * measure_peak(fmt, 2_000)


def test_a_full_disk_is_an_error_that_names_the_temporary_folder(
    store: ox.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sorting, "RUN_BYTES", 500)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(HamakgError) as error:
        dump(store, "nquads")
    assert str(error.value) == (
        f"no room to sort in {tempfile.gettempdir()} (No space left on device); name a roomier folder in TMPDIR"
    )


def test_parts_are_selected_by_name() -> None:
    own = ["article/aba", "entities", "inferred/types", "derived/control", "links", "ontology", "dataset"]
    store = make_store([ox.Quad(SUBJECT, PREDICATE, SUBJECT, ox.NamedNode(IRIS.graph(name))) for name in own])

    def chosen(parts: Sequence[str], graphs: Sequence[str] = ()) -> list[str]:
        return [graph.removeprefix(IRIS.graph("")) for graph in select_graphs(store, IRIS, parts, graphs)]

    assert chosen([]) == chosen(["core"]) == ["article/aba", "entities"]
    assert chosen(["inferred"]) == ["inferred/types"]
    assert chosen(["derived", "links"]) == ["derived/control", "links"]
    assert chosen([], ["ontology"]) == ["ontology"]
    assert chosen(["core"], ["ontology"]) == ["article/aba", "entities", "ontology"]


def test_a_part_without_graphs_is_refused(store: ox.Store) -> None:
    with pytest.raises(UsageError) as error:
        select_graphs(store, IRIS, ["links"])
    assert str(error.value) == "the store has no graphs of the part 'links'; leave out --only links"


@pytest.mark.parametrize("fmt", FORMATS)
def test_an_empty_store_gives_an_empty_dump(fmt: str) -> None:
    assert list(ox.parse(dump(ox.Store(), fmt), format=FORMATS[fmt])) == []


def test_an_unknown_format_is_refused_and_the_known_ones_are_named(store: ox.Store) -> None:
    with pytest.raises(UsageError) as error:
        dump(store, "parquet")
    assert str(error.value) == ("unknown format 'parquet'; there are turtle, nquads, trig, ntriples, jsonld, rdfxml")


def test_an_unknown_graph_is_refused_and_a_similar_one_is_named(store: ox.Store) -> None:
    with pytest.raises(UsageError) as error:
        dump(store, "turtle", ["ontologie"])
    assert str(error.value) == "no graph 'ontologie' in the store; did you mean ontology?"
