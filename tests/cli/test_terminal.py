"""How answers look in a terminal of some width, and that they always look the same without one."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from conftest import Run
from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term
from hamakg.store import VersionedStore, add_quads
from support.terminal import run_in_terminal

QUESTION = """
PREFIX hama: <https://w3id.org/hamakg/ontology#>
BASE <https://w3id.org/hamakg/resource/>
SELECT ?start ?what ?factuality ?standing ?otherSource ?event {
  VALUES (?start ?what ?factuality ?standing ?otherSource ?event) {
    ("2017-03-22" "Disputed capture: side 1, Suran, Maardis and Ma'an, by 22 March 2017" "Actual" "Disputed" "SOHR"
     <hama-offensive-march-april-2017/event/capture-captured-5ebc595cb3>)
    ("2017-03-23" "Planned [assault]: side 1" hama:Planned hama:Narrated UNDEF <aba/event/assault-attack-468fc12874>)
  }
}
"""
TABLE = """\
Answer

                                                                    other
start       what                       factuality    standing       Source  event
────────────────────────────────────────────────────────────────────────────────────────────────────
2017-03-22  Disputed capture: side 1,  Actual        Disputed       SOHR    hama-offensive-march-apr
            Suran, Maardis and Ma'an,                                       il-2017/event/capture-ca
            by 22 March 2017                                                ptured-5ebc595cb3

2017-03-23  Planned [assault]: side 1  hama:Planned  hama:Narrated          aba/event/assault-attack
                                                                            -468fc12874

"""
RECORDS = """\
Answer

  start        2017-03-22
  what         Disputed capture: side 1, Suran, Maardis and Ma'an, by 22 March 2017
  factuality   Actual
  standing     Disputed
  otherSource  SOHR
  event        hama-offensive-march-april-2017/event/capture-captured-5ebc595cb3

  start        2017-03-23
  what         Planned [assault]: side 1
  factuality   hama:Planned
  standing     hama:Narrated
  event        aba/event/assault-attack-468fc12874

"""
_STYLE = re.compile(r"\x1b\[[\d;]*m")
_COLOUR = re.compile(r"\x1b\[3\dm([\w:]+)")


def plain(shown: str) -> str:
    """The text without its styles, and without spaces at the ends of lines."""
    return "".join(f"{line.rstrip()}\n" for line in _STYLE.sub("", shown).splitlines())


@pytest.fixture
def question(tmp_path: Path) -> Path:
    """A question whose answer is the same in every store."""
    path = tmp_path / "question.rq"
    path.write_text(QUESTION, encoding="utf-8")
    return path


@pytest.mark.parametrize(("columns", "expected"), [(100, TABLE), (99, RECORDS)])
def test_a_terminal_of_100_columns_shows_a_table_that_wraps_and_a_narrower_one_records(
    seeds_store: VersionedStore, question: Path, columns: int, expected: str
) -> None:
    shown = run_in_terminal("query", question, "--store", seeds_store.path, columns=columns, cwd=question.parent)
    assert plain(shown) == expected


def test_records_wrap_beside_the_names_of_their_values(seeds_store: VersionedStore, question: Path) -> None:
    shown = run_in_terminal("query", question, "--store", seeds_store.path, columns=60, cwd=question.parent)
    assert plain(shown).splitlines()[3:9] == [
        "  what         Disputed capture: side 1, Suran, Maardis and",
        "               Ma'an, by 22 March 2017",
        "  factuality   Actual",
        "  standing     Disputed",
        "  otherSource  SOHR",
        "  event        hama-offensive-march-april-2017/event/capture",
    ]


def test_a_table_whose_columns_would_be_too_narrow_becomes_records(seeds_store: VersionedStore, tmp_path: Path) -> None:
    columns = range(12)
    values = " ".join(f'("{"word" * 9}" AS ?column{n})' for n in columns)
    (tmp_path / "question.rq").write_text(f"SELECT {values} {{}}")
    shown = run_in_terminal("query", "question.rq", "--store", seeds_store.path, columns=100, cwd=tmp_path)
    assert shown == "Answer\n\n" + "".join(f"  {f'column{n}':<8}  {'word' * 9}\n" for n in columns) + "\n"


@pytest.mark.parametrize("columns", [80, 120])
def test_colours_mark_what_is_not_narrated_or_not_actual(
    seeds_store: VersionedStore, question: Path, columns: int
) -> None:
    command = ("query", question, "--store", seeds_store.path)
    coloured = run_in_terminal(*command, columns=columns, cwd=question.parent)
    assert _COLOUR.findall(coloured) == ["Disputed", "hama:Planned"]
    assert _COLOUR.findall(run_in_terminal(*command, columns=columns, cwd=question.parent, NO_COLOR="1")) == []


def test_explain_wraps_sentences_between_words_and_colours_the_standing(
    seeds_store: VersionedStore, tmp_path: Path
) -> None:
    shown = run_in_terminal("explain", "place/suran", "--store", seeds_store.path, columns=80, cwd=tmp_path)
    quoted = "  “The rebels captured the three villages by 22 March, but this was denied by\n  Hezbollah.”\n"
    assert quoted in plain(shown)
    assert set(_COLOUR.findall(shown)) == {"hama:Attributed", "hama:Disputed"}


def test_without_a_terminal_the_answer_does_not_depend_on_the_environment(
    hamakg: Run, seeds_store: VersionedStore, question: Path
) -> None:
    done = hamakg("query", question, "--store", seeds_store.path, env={"COLUMNS": "200", "FORCE_COLOR": "1"})
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, RECORDS, b"")


HOSTILE = "\x1b]8;;file:///etc/passwd\x1b\\Aba\x1b]8;;\x1b\\ \x1b[2Jgone\x9b31mred\x07\x08\x7f"
VISIBLE = "␛]8;;file:///etc/passwd␛\\Aba␛]8;;␛\\ ␛[2Jgone�31mred␇␈␡"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A store with a place whose name would make a link in a terminal, and clear it."""
    store, graph = VersionedStore(tmp_path / "store"), Iris().graph("entities")
    place = NamedNode(Iris().resource("place/aba"))
    with store.open_draft() as draft:
        add_quads(draft, [Quad(place, term("rdfs:label"), Literal(HOSTILE), NamedNode(graph))])
    return tmp_path


@pytest.mark.parametrize("columns", [200, 60])
@pytest.mark.parametrize("command", [("explain", "place/aba"), ("query", "names.rq")])
def test_a_terminal_is_not_moved_by_what_the_graph_says(hostile: Path, command: tuple[str, str], columns: int) -> None:
    """Control characters are shown, so that they make no links and clear nothing; as a table and as records."""
    (hostile / "names.rq").write_text("SELECT ?place ?name ?again { ?place ?label ?name . ?place ?label ?again }")
    shown = _STYLE.sub("", run_in_terminal(*command, columns=columns, cwd=hostile))
    assert "".join(VISIBLE.split()) in "".join(shown.split())
    assert [character for character in shown if not character.isprintable() and character != "\n"] == []


def test_an_error_does_not_move_a_terminal(hamakg: Run) -> None:
    shown = hamakg("build", f"{HOSTILE}.txt").stderr.decode()
    assert "␛]8;;" in shown and "\x1b" not in shown
