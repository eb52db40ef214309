"""Added, removed and changed values between two dumps or stores, whatever their order and format."""

import random
from dataclasses import replace as but
from pathlib import Path

import pyoxigraph as ox
import pytest

from hamakg.cli.terminal.diff import show_diff
from hamakg.errors import UsageError
from hamakg.graph import build_article_quads, build_entity_quads
from hamakg.model import ArticleFacts
from hamakg.publish import FORMATS, select_graphs, write_dump
from hamakg.publish.diff import compare_dumps, diff_to_json
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.store import VersionedStore, replace_graph
from support.complete_facts import CAPTURE, FACTS, LOSS

IRIS = Iris()
EARLIER = FACTS
LATER = but(FACTS, events=(but(CAPTURE, weapons=("axe", "mortar"), confidence=0.5, codename=None),))


def build_store(folder: Path, facts: ArticleFacts) -> Path:
    """A store folder with the article."""
    with VersionedStore(folder).open_draft() as draft:
        replace_graph(draft, IRIS.article_graph("aba"), build_article_quads(facts, IRIS))
        replace_graph(draft, IRIS.graph("entities"), build_entity_quads(draft, IRIS))
        unlike = ox.Quad(
            ox.NamedNode(HAMA), ox.NamedNode(HAMA), ox.Literal(str(folder)), ox.NamedNode(IRIS.graph("ontology"))
        )
        replace_graph(draft, IRIS.graph("ontology"), [unlike])
    return folder


def write_dump_of(store: Path, fmt: str) -> Path:
    """A dump of the store, beside it."""
    path = store.with_name(f"{store.name}.{FORMATS[fmt].file_extension}")
    snapshot = VersionedStore(store).snapshot()
    with path.open("wb") as out:
        write_dump(snapshot, fmt, out, select_graphs(snapshot, IRIS), IRIS)
    return path


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_store(tmp_path_factory.mktemp("diff") / "old", EARLIER)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_store(tmp_path_factory.mktemp("diff") / "new", LATER)


def shorten(text: str) -> str:
    """Shortens an IRI, with or without angle brackets; returns other text unchanged."""
    return IRIS.shorten(text[1:-1] if text.startswith("<") else text)


def list_changes(old: Path, new: Path) -> list[tuple[str | None, str, str, str, list[str], list[str]]]:
    """Each change: graph, kind, resource, property, old and new values, all shortened."""
    return [
        (
            change["graph"] and change["graph"].removeprefix(IRIS.graph("")),
            change["change"],
            shorten(change["resource"]),
            shorten(change["property"]),
            [shorten(value) for value in change["old"]],
            [shorten(value) for value in change["new"]],
        )
        for change in diff_to_json(compare_dumps(old, new))["changes"]
    ]


CAPTURED, LOST = CAPTURE.id, LOSS.id
LABEL = '"Planned equipment loss: 2 to 3 tanks"@en'
INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"
GONE = [
    ("rdf:type", ["hama:EquipmentLoss"]),
    ("skos:prefLabel", [LABEL]),
    ("hama:equipment", ['"tanks"']),
    ("hama:factuality", ["hama:Planned"]),
    ("hama:maximum", [f'"3"{INTEGER}']),
    ("hama:minimum", [f'"2"{INTEGER}']),
    ("hama:standing", ["hama:Narrated"]),
    ("prov:wasDerivedFrom", ["aba/sentence/the-reds"]),
]
DECIMAL = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
IN_ARTICLE = [
    ("added", CAPTURED, "hama:weapon", [], ['"axe"']),
    ("removed", CAPTURED, "hama:codename", ['"Thunder"'], []),
    *(("removed", LOST, prop, values, []) for prop, values in GONE),
    ("changed", CAPTURED, "hama:confidence", [f'"0.25"{DECIMAL}'], [f'"0.5"{DECIMAL}']),
]
IN_ENTITIES: list[tuple[str, str, str, list[str], list[str]]] = [
    ("removed", LOST, "rdf:type", ["hama:EquipmentLoss"], []),
    ("removed", LOST, "rdfs:label", [LABEL], []),
]


def test_added_removed_and_changed_values_are_listed_by_graph(old: Path, new: Path) -> None:
    assert list_changes(old, new) == [
        *(("article/aba", *change) for change in IN_ARTICLE),
        *(("entities", *change) for change in IN_ENTITIES),
    ]


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if FORMATS[fmt].supports_datasets])
def test_a_store_and_its_dump_do_not_differ(old: Path, new: Path, fmt: str) -> None:
    assert list_changes(old, write_dump_of(old, fmt)) == []
    assert list_changes(write_dump_of(old, fmt), new) == list_changes(old, new)


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if not FORMATS[fmt].supports_datasets])
def test_graphs_are_ignored_if_one_dump_has_none(old: Path, new: Path, fmt: str) -> None:
    assert list_changes(old, write_dump_of(old, fmt)) == []
    both = [*IN_ARTICLE, ("removed", LOST, "rdfs:label", [LABEL], [])]
    assert sorted(list_changes(write_dump_of(old, fmt), new)) == sorted((None, *change) for change in both)


def test_the_order_of_statements_does_not_matter(old: Path, tmp_path: Path) -> None:
    lines = write_dump_of(old, "nquads").read_bytes().splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    (tmp_path / "shuffled.nq").write_bytes(b"".join(lines))
    assert list_changes(old, tmp_path / "shuffled.nq") == []


def test_the_names_of_blank_nodes_do_not_matter(tmp_path: Path) -> None:
    for name, node in (("one.ttl", "_:a"), ("two.ttl", "_:b")):
        (tmp_path / name).write_text(f"<http://x/s> <http://x/p> {node} . {node} <http://x/p> 1 .")
    assert list_changes(tmp_path / "one.ttl", tmp_path / "two.ttl") == []


def test_the_terminal_shows_labels_and_the_place_where_a_long_text_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, graph = "word " * 500, IRIS.article_graph("aba")
    for name, end in (("one.nq", "END"), ("two.nq", "FIN")):
        quads = (
            f'<{IRIS.resource("place/aba")}> <{PREFIXES["rdfs"]}label> "Aba"@en <{IRIS.graph("entities")}> .',
            f'<{IRIS.resource("place/aba")}> <{HAMA}note> "{text}{end}{text}" <{graph}> .',
        )
        (tmp_path / name).write_text("\n".join(quads))
    show_diff(compare_dumps(tmp_path / "one.nq", tmp_path / "two.nq"))
    assert capsys.readouterr().out == (
        "article/aba: 1 changed\n\n  changed: Aba (place/aba)\n"
        f"    hama:note             …{text[-60:]}END{text[:57]}… → …{text[-60:]}FIN{text[:57]}…\n\n"
    )
    show_diff(compare_dumps(tmp_path / "one.nq", tmp_path / "one.nq"))
    assert capsys.readouterr().out == "no difference\n"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("none.nq", None, "{}: no such file or folder; check the spelling"),
        (
            "dump.csv",
            "a",
            "{}: its suffix is not that of an RDF format; rename it to one of .ttl, .nq, .trig, .nt, .jsonld, .rdf",
        ),
        ("dump.ttl", "<a", "{} is not well-formed Turtle: Parser error"),
        ("folder/x.txt", "a", "no store in {}; make one with: hamakg build PATH --store"),
    ],
)
def test_an_unreadable_file_is_named_in_the_error(
    old: Path, tmp_path: Path, name: str, content: str | None, line: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    if content is not None:
        path.write_text(content)
    given = path.parent if "/" in name else path
    with pytest.raises(UsageError) as error:
        compare_dumps(old, given)
    assert str(error.value).startswith(line.format(given))
