"""The command as its users run it: what it prints, where, and with which exit status."""

import hashlib
import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse
from spacy.language import Language

from conftest import SEEDS, Run
from hamakg.build import build
from hamakg.cli import cli
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_trained
from hamakg.rdf.iris import HAMA, Iris
from hamakg.store import VersionedStore

COMMAND = Path(sys.executable).with_name("hamakg")
PREFIX = f"PREFIX hama: <{HAMA}> "


@pytest.fixture(scope="module")
def built_battle(tmp_path_factory: pytest.TempPathFactory, nlp: Language) -> Path:
    """A folder with one short article and its store."""
    folder = tmp_path_factory.mktemp("battle")
    (folder / "aba.txt").write_text(
        "= Battle of Aba =\nInfobox\n- Conflict: Battle of Aba\n- Date: 2–3 May 2017\n- Place: Aba\n\n"
        "On 2 May 2017, the rebels captured the village of Aba, but the army denied it.\n",
        encoding="utf-8",
    )
    build(
        [folder / "aba.txt"],
        VersionedStore(folder / "store"),
        partial(extract_facts, nlp=nlp, trained=load_trained()),
        Iris(),
    )
    return folder


@pytest.fixture
def battle(built_battle: Path, tmp_path: Path) -> VersionedStore:
    """A copy of it in the folder where the command runs; the test may change it."""
    shutil.copytree(built_battle, tmp_path, dirs_exist_ok=True)
    return VersionedStore(tmp_path / "store")


def decode(streams: subprocess.CompletedProcess[bytes]) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    return streams.returncode, streams.stdout.decode(), streams.stderr.decode()


# ---------------------------------------------------------------- results


def test_a_build_ends_with_a_page_of_counts(hamakg: Run) -> None:
    """Of two articles with hundreds of events, no list is printed, and no line is long."""
    status, out, err = decode(hamakg("build", SEEDS))
    articles, events, *types = re.split(r"\n+", out.split("\nNot understood")[0].strip())
    assert (status, err, articles) == (0, "", "Articles: 2 new, 0 changed, 0 unchanged, 0 skipped, 0 failed")
    counts = {name: int(n) for line in types for name, n in re.findall(r"(\w+) +(\d+)", line)}
    assert (f"Events: {sum(counts.values())}", len(types), next(iter(counts))) == (events, 6, "Capture")
    assert out.split("\n\n")[-1].splitlines()[0] == "Not understood (to list it, add --report FILE):"
    assert max(map(len, out.splitlines())) < 80


def test_the_help_of_every_command_has_an_example(hamakg: Run) -> None:
    for name in cli.commands:
        status, out, err = decode(hamakg(name, "--help"))
        assert (status, err) == (0, "")
        assert f"hamakg {name}" in out.split("Options:")[0].split("\n", 1)[1], f"no example in the help of {name}"


def test_help_starts_without_the_heavy_libraries(tmp_path: Path) -> None:
    """The language model's library alone takes a second to load, so a command imports what it needs when it runs."""
    heavy = {"spacy", "numpy", "rich", "rdflib", "pyshacl", "flask", "uvicorn", "requests", "rapidfuzz"}
    check = f"import sys, hamakg.cli; print(sorted({heavy!r} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", check], capture_output=True, check=True).stdout == b"[]\n"


def test_no_help_says_that_only_fetch_opens_connections(hamakg: Run) -> None:
    """Not true since link asks Wikidata: each command says of itself when it connects."""
    helps = {name: hamakg(name, "--help").stdout.decode() for name in cli.commands}
    assert [name for name, text in helps.items() if "only command" in text] == []
    assert "connects to a service only with --wikidata or --endpoint" in " ".join(helps["link"].split())


def test_a_file_that_is_not_there_is_not_taken_for_a_question(hamakg: Run, battle: VersionedStore) -> None:
    line = "hamakg: my-question.rq: no such file; check the spelling\n"
    assert decode(hamakg("query", "my-question.rq")) == (2, "", line)


def test_an_answer_is_written_in_the_requested_format(hamakg: Run, battle: VersionedStore) -> None:
    query = (PREFIX + "SELECT DISTINCT ?name { ?e a hama:Capture ; hama:place/rdfs:label ?name }").encode()
    query = b"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> " + query
    assert hamakg("query", "-", "--format", "csv", stdin=query).stdout == b"name\r\nAba\r\n"
    assert hamakg("query", "-", "--format", "tsv", stdin=query).stdout == b'?name\n"Aba"@en\n'
    found = json.loads(hamakg("query", "-", "--format", "json", stdin=query).stdout)
    assert found["results"]["bindings"] == [{"name": {"type": "literal", "value": "Aba", "xml:lang": "en"}}]
    assert [line.split() for line in hamakg("query", "-", stdin=query).stdout.decode().splitlines()][-2] == ["Aba"]


def test_the_answer_to_construct_is_written_as_triples(hamakg: Run, battle: VersionedStore) -> None:
    query = (PREFIX + "CONSTRUCT { ?e a hama:Event } { ?e a hama:Capture }").encode()
    (triple,) = parse(hamakg("query", "-", "--format", "turtle", stdin=query).stdout, format=RdfFormat.TURTLE)
    assert triple.object.value == HAMA + "Event"


def test_the_answer_to_ask_is_yes_or_no(hamakg: Run, battle: VersionedStore) -> None:
    assert decode(hamakg("query", "-", stdin=(PREFIX + "ASK { ?e a hama:Capture }").encode())) == (0, "yes\n", "")
    assert decode(hamakg("query", "-", stdin=(PREFIX + "ASK { ?e a hama:Surrender }").encode())) == (0, "no\n", "")


def test_a_parameter_changes_the_place_of_a_question(hamakg: Run, battle: VersionedStore) -> None:
    status, out, err = decode(hamakg("query", "events-at-place", "--param", "place=Aba", "--format", "csv"))
    assert (status, err) == (0, "")
    assert "the rebels captured the village of Aba" in out or "event/capture-captured" in out


def test_events_of_less_confidence_are_left_out_only_when_asked(hamakg: Run, battle: VersionedStore) -> None:
    ask = ("query", "events-at-place", "--param", "place=Aba", "--format", "csv", "--min-confidence")
    (header, *rows), least, most = (hamakg(*ask, bar).stdout.splitlines() for bar in ("0", "0.01", "1"))
    assert rows and [header, *rows] == least and most == [header]
    assert hamakg(*ask[:-1]).stdout.splitlines() == least
    assert hamakg(*ask[:-1], "-p", "minConfidence=1").stdout.splitlines() == most


def test_export_writes_the_same_bytes_to_a_file_and_to_a_pipe(
    hamakg: Run, battle: VersionedStore, tmp_path: Path
) -> None:
    piped = hamakg("export", "--format", "trig").stdout
    assert hamakg("export", "--format", "trig", "-o", "dump.trig").returncode == 0
    assert (tmp_path / "dump.trig").read_bytes() == piped
    assert {quad.graph_name.value.rsplit("graph/")[1] for quad in parse(piped, format=RdfFormat.TRIG)} == {
        "article/battle-of-aba",
        "entities",
    }


def test_a_dump_is_written_with_its_description_and_attribution_beside_it(
    hamakg: Run, battle: VersionedStore, tmp_path: Path
) -> None:
    assert hamakg("export", "--format", "ntriples", "-o", "battle.nt").returncode == 0
    assert {path.name for path in tmp_path.glob("battle.*")} == {
        "battle.nt",
        "battle.nt.void.ttl",
        "battle.nt.ATTRIBUTION.txt",
    }
    described = parse(path=tmp_path / "battle.nt.void.ttl", format=RdfFormat.TURTLE)
    dump = (tmp_path / "battle.nt").read_bytes()
    values = {
        quad.object.value
        for quad in described
        if quad.predicate.value.endswith(("triples", "byteSize", "checksumValue"))
    }
    assert {f"{dump.count(10)}", f"{len(dump)}", hashlib.sha256(dump).hexdigest()} <= values
    assert "\nBattle of Aba\n" in (tmp_path / "battle.nt.ATTRIBUTION.txt").read_text("utf-8")


def test_a_table_is_written_with_its_metadata_and_attribution_beside_it(
    hamakg: Run, battle: VersionedStore, tmp_path: Path
) -> None:
    assert hamakg("export", "--format", "csv", "-o", "events.csv").returncode == 0
    assert (tmp_path / "events.csv").read_bytes() == hamakg("export", "--format", "csv").stdout
    assert json.loads((tmp_path / "events.csv-metadata.json").read_text("utf-8"))["url"] == "events.csv"
    assert (tmp_path / "events.csv.ATTRIBUTION.txt").read_text("utf-8").startswith("events.csv: made by hamakg ")
    assert len(list(tmp_path.glob("events.*"))) == 3


@pytest.mark.parametrize(
    ("fmt", "content", "companions"),
    [
        ("nquads", "{lines} statements", [".ATTRIBUTION.txt", ".void.ttl"]),
        ("ntriples", "{lines} statements", [".ATTRIBUTION.txt", ".void.ttl"]),
        ("csv", "1 event", [".ATTRIBUTION.txt", "-metadata.json"]),
        ("sssom", "0 links", []),
        ("quickstatements", "0 statements", []),
    ],
)
def test_an_export_to_a_file_says_what_it_wrote(
    hamakg: Run, battle: VersionedStore, tmp_path: Path, fmt: str, content: str, companions: list[str]
) -> None:
    """On standard output, where nothing else is printed then."""
    status, out, err = decode(hamakg("export", "--format", fmt, "-o", "battle"))
    data = (tmp_path / "battle").read_bytes()
    size = f"{len(data) / 1000:,.1f} kB" if len(data) >= 1000 else f"{len(data)} bytes"
    wrote = [f"wrote battle: {content.format(lines=data.count(10))}, {size}", *(f"wrote battle{c}" for c in companions)]
    assert (status, out.splitlines(), err) == (0, wrote, "")
    assert {path.name for path in tmp_path.glob("battle*")} == {"battle", *(f"battle{c}" for c in companions)}


def test_a_dry_run_of_link_names_the_links_that_it_would_write_and_remove(
    hamakg: Run, battle: VersionedStore, tmp_path: Path
) -> None:
    head = "id\tlabel\ttype\n"
    (tmp_path / "old.tsv").write_text(f"{head}Q1\tAba\tvillage\n")
    (tmp_path / "new.tsv").write_text(f"{head}Q2\tAba village\tvillage\n")
    assert hamakg("link", "--authority", "old.tsv").returncode == 0
    before = battle.generation()
    out = hamakg("link", "--authority", "new.tsv", "--dry-run").stdout.decode()
    lines = [re.split(r" {2,}", line) for line in out.splitlines() if line.startswith(("Links to", "Aba"))]
    grounds = "name 0.98, class 0.70, place or side 0.35, 0.00 ahead of the next"
    assert lines == [
        ["Links to write: 1"],
        ["Aba (place/aba)", "Aba village (Q2)", "Proposed", "new.tsv", grounds],
        ["Links to remove: 1"],
        ["Aba (place/aba)", "Aba (Q1)", "Proposed"],
    ]
    assert battle.generation() == before
    out = hamakg("link", "--authority", "old.tsv", "--dry-run").stdout.decode()
    assert out.startswith("The store has exactly these links: nothing would be written.\n\nLinks\n")


def test_diff_exits_with_1_if_there_is_a_difference(hamakg: Run, battle: VersionedStore, tmp_path: Path) -> None:
    hamakg("export", "-o", "before.nq")
    assert decode(hamakg("diff", "before.nq", "store")) == (0, "no difference\n", "")
    with battle.open_draft() as draft:
        draft.update(
            PREFIX + "DELETE { GRAPH ?g { ?e hama:confidence ?c } } WHERE { GRAPH ?g { ?e hama:confidence ?c } }"
        )
    status, out, err = decode(hamakg("diff", "before.nq", "store", "--format", "json"))
    assert (status, err) == (1, "")
    (change,) = json.loads(out)["changes"]
    assert (change["change"], change["property"], change["new"]) == ("removed", f"{HAMA}confidence", [])
    status, out, err = decode(hamakg("diff", "before.nq", "after.nq"))
    assert (status, out, err) == (2, "", "hamakg: after.nq: no such file or folder; check the spelling\n")


def test_a_dump_that_fails_leaves_no_file(hamakg: Run, battle: VersionedStore, tmp_path: Path) -> None:
    with battle.open_draft() as draft:
        draft.update(PREFIX + 'INSERT { GRAPH ?g { ?e hama:note "\\u0001" } } WHERE { GRAPH ?g { ?e a hama:Capture } }')
    status, out, err = decode(hamakg("export", "--format", "rdfxml", "-o", "battle.rdf"))
    assert (status, out) == (1, "")
    assert err == "hamakg: RDF/XML cannot carry the character U+0001; use another format, such as turtle\n"
    assert list(tmp_path.glob("battle.*")) == []


def test_explain_quotes_the_sentence_with_its_position_and_shows_the_denial(
    hamakg: Run, battle: VersionedStore
) -> None:
    query = (PREFIX + "SELECT DISTINCT ?e { ?e a hama:Capture }").encode()
    event = hamakg("query", "-", "--format", "csv", stdin=query).stdout.decode().split()[1]
    status, out, _ = decode(hamakg("explain", event))
    text = (battle.path.parent / "aba.txt").read_text(encoding="utf-8")
    sentence = "On 2 May 2017, the rebels captured the village of Aba, but the army denied it."
    assert status == 0
    assert (
        f"“{sentence}”\n    Battle of Aba, characters {text.index(sentence)} to {text.index(sentence) + len(sentence)}"
        in out
    )
    assert [line.split() for line in out.splitlines() if "standing" in line or "stance" in line] == [
        ["hama:standing", "hama:Disputed"],
        ["hama:stance", "hama:Denied"],
    ]
    assert decode(hamakg("explain", event.partition("/resource/")[2])) == (0, out, "")


def test_explain_of_a_place_shows_the_events_there(hamakg: Run, battle: VersionedStore) -> None:
    status, out, err = decode(hamakg("explain", "place/aba"))
    assert (status, err) == (0, "")
    assert "hama:Capture" in out and "“On 2 May 2017, the rebels captured the village of Aba" in out


def test_info_lists_the_articles_and_the_generation(hamakg: Run, battle: VersionedStore) -> None:
    status, out, _ = decode(hamakg("info"))
    assert status == 0
    assert out.splitlines()[0].strip() == f"Store store, generation {battle.generation()}"
    assert out.splitlines()[4].split()[:4] == ["Battle", "of", "Aba", "1"]


def test_remove_removes_an_article_by_its_title(hamakg: Run, battle: VersionedStore) -> None:
    assert decode(hamakg("remove", "Battle of Aba")) == (0, "", "")
    assert "Battle of Aba" not in hamakg("info").stdout.decode()


def test_a_graph_that_satisfies_the_shapes_is_valid(hamakg: Run, battle: VersionedStore) -> None:
    assert decode(hamakg("validate")) == (0, "the graph satisfies all shapes and checks\n", "")


def test_a_violation_of_a_shape_is_listed(hamakg: Run, battle: VersionedStore) -> None:
    with battle.open_draft() as draft:
        draft.update(PREFIX + "DELETE WHERE { ?e hama:standing ?s }")
    status, out, err = decode(hamakg("validate"))
    assert (status, err) == (1, "")
    assert "hama:standing" in out


# ---------------------------------------------------------------- errors


def test_documents_that_cannot_be_read_are_reported_and_the_others_are_built(hamakg: Run, tmp_path: Path) -> None:
    bad = {
        "binary.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "empty.txt": b"",
        "latin.txt": "= Café =\n".encode("latin-1"),
        "untitled.txt": b"Some notes.\n",
    }
    (tmp_path / "articles").mkdir()
    for name, data in bad.items():
        (tmp_path / "articles" / name).write_bytes(data)
    for seed in SEEDS.glob("*.txt"):
        (tmp_path / "articles" / seed.name).write_bytes(seed.read_bytes())
    status, out, err = decode(hamakg("build", "articles"))
    assert status == 1
    assert [line.split(":")[:2] for line in err.splitlines()] == [["hamakg", f" articles/{name}"] for name in bad]
    assert out.splitlines()[0] == "Articles: 2 new, 0 changed, 0 unchanged, 0 skipped, 4 failed"
    decode(hamakg("build", SEEDS, "--store", "alone"))
    assert hamakg("export").stdout == hamakg("export", "--store", "alone").stdout


def test_a_missing_path_and_an_empty_folder_are_wrong_use_but_the_others_are_built(hamakg: Run, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "aba.txt").write_text("= Battle of Aba =\n")
    status, out, err = decode(hamakg("build", "none.txt", "nothing", "aba.txt"))
    assert (status, out.splitlines()[0]) == (2, "Articles: 1 new, 0 changed, 0 unchanged, 0 skipped, 2 failed")
    assert err.splitlines() == [
        "hamakg: none.txt: no such file or folder; check the spelling",
        "hamakg: nothing: no article in this folder (.txt, .wiki, .wikitext, .mediawiki, .xml, .xml.bz2, .xml.gz); "
        "name a file or a folder that holds some",
    ]


def test_incomplete_articles_are_built(hamakg: Run, tmp_path: Path) -> None:
    """One without an infobox, one without a narrative, one with a field of an unknown key, which is counted."""
    (tmp_path / "no-infobox.txt").write_text("= Battle of Aba =\n\nOn 2 May 2017, the rebels captured Aba.\n")
    (tmp_path / "no-narrative.txt").write_text("= Battle of Bebe =\nInfobox\n- Conflict: Battle of Bebe\n")
    (tmp_path / "unknown.txt").write_text(
        "= Battle of Coco =\nInfobox\n- Conflict: Battle of Coco\n- Moonphase: full\n"
    )
    status, out, err = decode(hamakg("build", "."))
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Articles: 3 new, 0 changed, 0 unchanged, 0 skipped, 0 failed",
        "",
        "Events: 1",
        "  Capture  1",
        "",
        "Not understood (to list it, add --report FILE):",
        "  names of actors about which nothing else is said  1",
        "  other pieces of infoboxes and texts               1",
    ]


@pytest.mark.parametrize(
    ("name", "text", "status", "page"),
    [
        ("empty.txt", "", 1, "The build failed: no article could be read. The store is unchanged.\n"),
        (
            "towns.xml",
            "<mediawiki><page><title>Aba</title><ns>0</ns></page><page><title>Bebe</title><ns>0</ns></page></mediawiki>",
            0,
            "Nothing was built: there is no article about a conflict. The store is unchanged.\n\n"
            "Skipped pages: 2\n  no infobox of a military conflict  2\n",
        ),
    ],
)
def test_a_build_that_read_no_article_says_so(
    hamakg: Run, tmp_path: Path, name: str, text: str, status: int, page: str
) -> None:
    (tmp_path / name).write_text(text)
    done = hamakg("build", name)
    assert (done.returncode, done.stdout.decode(), done.stderr.count(b"\n")) == (status, page, status)


def test_a_line_of_a_megabyte_is_reported_as_not_understood(hamakg: Run, tmp_path: Path) -> None:
    line = "word " * 200_001
    (tmp_path / "long.txt").write_text(f"= Battle of Dodo =\n\nThe rebels captured Dodo.\n{line}\n")
    status, out, err = decode(hamakg("build", "long.txt", "--report", "report.json"))
    assert (status, err) == (0, "")
    assert out.splitlines()[2:] == [
        "Events: 1",
        "  Capture  1",
        "",
        "Not understood (listed in report.json):",
        "  names of actors about which nothing else is said  1",
        "  other pieces of infoboxes and texts               1",
    ]
    (article,) = json.loads((tmp_path / "report.json").read_text("utf-8"))["articles"]
    assert [(piece["where"], piece["text"][:10]) for piece in article["not understood"]] == [("narrative", line[:10])]


def test_the_error_names_a_store_that_cannot_be_written(hamakg: Run, tmp_path: Path) -> None:
    (tmp_path / "aba.txt").write_text("= Battle of Aba =\n")
    (tmp_path / "file").touch()
    status, out, err = decode(hamakg("build", "aba.txt", "--store", "file/store"))
    assert (status, out) == (1, "")
    assert err == "hamakg: cannot write to the store file/store: it, or a folder above it, is a file\n"


@pytest.mark.parametrize(
    "command", [("query", "timeline"), ("export",), ("explain", "x"), ("info",), ("validate",), ("serve",)]
)
def test_without_a_store_the_error_says_how_to_make_one(hamakg: Run, command: tuple[str, ...]) -> None:
    line = "hamakg: no store in store; make one with: hamakg build PATH --store store\n"
    assert decode(hamakg(*command)) == (1, "", line)


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("query", "timelime"), "no query 'timelime'; there is timeline"),
        (("query", "timeline", "-p", "year=2017"), "timeline has no parameter year; its parameters: conflict"),
        (
            ("query", "order-of-battle", "--min-confidence", "0.5"),
            "order-of-battle is not about events; leave out --min-confidence",
        ),
        (("query", "-", "--min-confidence", "0.5"), "--min-confidence is for the questions that come with hamakg; "),
        (("query", "timeline", "--min-confidence", "70"), "Invalid value for '--min-confidence': 70.0 is not in the"),
        (("query", "timeline", "-p", "year"), "--param year: write it as name=value"),
        (("query", "timeline", "--format", "yaml"), "Invalid value for '--format': 'yaml' is not one of"),
        (
            ("explain", "place/nowhere"),
            "the store has nothing about https://w3id.org/hamakg/resource/place/nowhere; copy an id",
        ),
        (("explain", "://"), "'://' is not an id or IRI; copy one from the answer of a query"),
        (("export", "--graph", "entitys"), "no graph 'entitys' in the store; did you mean entities"),
        (("export", "--only", "links"), "the store has no graphs of the part 'links'; leave out --only links"),
        (("build", "aba.txt", "--base", "example.org"), "'example.org' cannot be a base: give an http or https IRI"),
        (
            ("build", "aba.txt", "--base", "https://example.org/"),
            "this store was built with --base https://w3id.org/hamakg/",
        ),
        (("build",), "Missing argument 'PATH...'. (hamakg build --help)"),
        (("biuld",), "No such command 'biuld'."),
        (("serve", "--port", "seven"), "Invalid value for '--port': 'seven' is not a valid integer range."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_the_error_for_wrong_use_is_one_line_that_says_what_to_do(
    hamakg: Run, battle: VersionedStore, args: tuple[str, ...], line: str
) -> None:
    status, out, err = decode(hamakg(*args))
    assert (status, out, err.count("\n")) == (2 if "has nothing about" not in line else 1, "", 1)
    assert err.startswith(f"hamakg: {line}")


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("SELECT *\nWHERE { ?s ?p }", "the query is malformed at line 2, column 16"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused: "),
        ("DELETE WHERE { ?s ?p ?o }", "only queries are answered, not updates (DELETE)"),
    ],
    ids=["malformed", "service", "update"],
)
def test_a_query_that_is_refused_is_wrong_use(hamakg: Run, battle: VersionedStore, query: str, line: str) -> None:
    status, out, err = decode(hamakg("query", "-", stdin=query.encode()))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"hamakg: {line}")


def test_an_answer_is_not_written_in_a_format_that_cannot_hold_it(hamakg: Run, battle: VersionedStore) -> None:
    status, _, err = decode(hamakg("query", "-", "--format", "turtle", stdin=b"ASK {}"))
    assert (status, err) == (2, "hamakg: the answer cannot be written as turtle; choose json, csv, tsv, xml\n")


def test_the_error_names_a_model_that_is_not_installed(hamakg: Run) -> None:
    status, out, err = decode(hamakg("build", SEEDS, "--model", "en_none"))
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "'en_none' is not installed" in err


# ---------------------------------------------------------------- as a process


def test_a_closed_pipe_causes_no_message(battle: VersionedStore) -> None:
    line = f"{COMMAND} export --store {battle.path} --format ntriples | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.count(b"\n"), done.stderr) == (0, 1, b"")


def test_serve_runs_until_ctrl_c_and_a_second_server_cannot_use_its_port(hamakg: Run, battle: VersionedStore) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [COMMAND, "serve", "--store", battle.path, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"Serving on http://127.0.0.1:{port}/ (Ctrl-C stops)\n".encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?query=ASK%20%7B%7D", timeout=10) as answer:
            assert json.load(answer)["boolean"] is True
        status, out, err = decode(hamakg("serve", "--port", port))
        assert (status, out) == (1, "")
        problem = f"cannot listen on 127.0.0.1 port {port}: Address already in use"
        assert err == f"hamakg: {problem}; choose another --host or --port\n"
        server.send_signal(signal.SIGINT)
        assert server.communicate(timeout=20) == (b"", b"")
        assert server.returncode == 0
    finally:
        server.kill()


def test_wikitext_and_exports_are_built_with_a_report_as_json(hamakg: Run, tmp_path: Path) -> None:
    """One article in each form; the report has what was understood and what was not, for each article."""
    box = "{{Infobox military conflict|conflict=%s|casualties1=5 killed|moonphase=full}}\n"
    (tmp_path / "aba.wiki").write_text(box % "Battle of Aba" + "{{odd}}On 2 May 2017, the rebels captured Aba.\n")
    (tmp_path / "b.xml").write_text(
        "<mediawiki><page><title>Battle of Bebe</title><ns>0</ns><revision><id>3</id><text>"
        + box % "Battle of Bebe"
        + "The two armies never attacked.</text></revision></page>"
        + "<page><title>Bebe</title><ns>0</ns></page></mediawiki>"
    )
    status, out, err = decode(hamakg("build", ".", "--report", "report.json"))
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "Articles: 2 new, 0 changed, 0 unchanged, 1 skipped, 0 failed",
        "",
        "Events: 1",
        "  Capture  1",
        "",
        "Skipped pages: 1",
        "  no infobox of a military conflict  1",
        "",
        "Not understood (listed in report.json):",
        "  sentences with a word for an event, but no event found  1",
        "  names of actors about which nothing else is said        1",
        "  templates                                               1",
        "  other pieces of infoboxes and texts                     2",
    ]
    counted: dict[str, Any] = {"claims": 0, "participations": 0, "commands": 0, "strengths": 0, "casualties": 1}
    counted["equipment losses"] = 0
    entry: dict[str, Any] = {
        "outcome": "new",
        "not understood": [{"where": "moonphase", "text": "full"}],
        "silent": [],
        "unclear": [],
    }
    assert json.loads((tmp_path / "report.json").read_text()) == {
        "articles": [
            {
                **entry,
                "title": "Battle of Aba",
                "slug": "battle-of-aba",
                "facts": counted | {"events": {"Capture": 1}},
                "unclear": ["rebels"],
                "templates": {"odd": 1},
            },
            {
                **entry,
                "title": "Battle of Bebe",
                "slug": "battle-of-bebe",
                "facts": counted | {"events": {}},
                "silent": ["The two armies never attacked."],
                "templates": {},
            },
        ],
        "skipped": [{"title": "Bebe", "why": "no infobox of a military conflict"}],
        "failures": [],
    }


def test_the_error_names_a_report_that_cannot_be_written(hamakg: Run, tmp_path: Path) -> None:
    (tmp_path / "aba.wiki").write_text("{{Infobox military conflict|conflict=Battle of Aba}}\n")
    status, _, err = decode(hamakg("build", "aba.wiki", "--report", "none/report.json"))
    assert status == 1
    assert (
        err == "hamakg: the report none/report.json cannot be written (No such file or directory); name another file\n"
    )
