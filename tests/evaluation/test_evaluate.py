"""``hamakg evaluate``: its figures for people and for programs, and a line for each article that cannot be measured."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import PROJECT, Run
from hamakg.evaluation.bars import BARS
from hamakg.evaluation.gold import find_project_gold, read_gold
from hamakg.evaluation.recorded import read_recorded_scores
from support.invented_battle import make_battle

SEEDS = find_project_gold()[1]
NAME = "battle_of_zouar_2015"
SENTENCE = "On 5 May 2015, the Chadian Army captured the town of Bardai."
FOUR_OF_FIVE = {"precision": 0.8, "recall": 0.8, "f1": 0.8, "hits": 4, "annotated": 5, "found": 5}
ALL_OF_ONE = {"precision": 1.0, "recall": 1.0, "f1": 1.0, "hits": 1, "annotated": 1, "found": 1}
WIKITEXT = "{{Infobox military conflict\n| conflict = Battle of Zouar\n| date = 5 May 2015\n}}\n%s\n"
EXPORT = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><page><title>Battle of Zouar</title><ns>0</ns>'
    "<revision><id>7</id><text>%s</text></revision></page></mediawiki>"
)


def annotate(folder: Path, name: str = NAME) -> None:
    """Write an annotation whose event begins a day earlier than the sentence says."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.sents.txt").write_text(f"[1] {SENTENCE}\n", "utf-8")
    army = {"id": "army", "name": "Chadian Army", "kind": "actor", "side": 2, "aliases": []}
    town = {"id": "bardai", "name": "Bardai", "kind": "place", "aliases": ["the town"]}
    event = {
        **{"id": "e1", "sent": 1, "trigger": "captured", "type": "Capture", "agents": ["army"], "places": ["bardai"]},
        **{"start": "2015-05-04", "end": "2015-05-05", "factuality": "actual", "standing": "narrated"},
    }
    document = {"doc": name, "entities": [army, town], "events": [event]}
    (folder / f"{name}.json").write_text(json.dumps(document), "utf-8")


@pytest.fixture
def zouar(tmp_path: Path) -> Path:
    """A folder with one annotated article."""
    folder = tmp_path / "gold"
    annotate(folder)
    (folder / f"{NAME}.txt").write_text(make_battle(SENTENCE)[0].text, "utf-8")
    return folder


def test_evaluate_prints_figures_for_people_and_writes_them_for_programs(hamakg: Run, zouar: Path) -> None:
    run = hamakg("evaluate", zouar, "--by-confidence", "--errors", 1, "--json", zouar.parent / "figures.json")
    lines = run.stdout.decode().splitlines()
    assert (run.returncode, run.stderr) == (0, b"")
    assert lines[:2] == [
        "battle-of-zouar-2015: Capture “captured”, start: annotated 2015-05-04; found 2015-05-05",
        "  “On 5 May 2015, the Chadian Army captured the town of Bardai.”",
    ]
    rows = [" ".join(line.split()) for line in lines]
    for row in (
        "events 1.000 1.000 1.000 1 1 1",
        "arguments 0.750 0.750 0.750 3 4 4",
        "facts 0.800 0.800 0.800 4 5 5",
        "start 0.000 0.000 0.000 0 1 1",
        "Capture 1.000 1.000 1.000 1 1 1",
        "since 2000: facts 0.800 0.800 0.800 4 5 5",
        "battle-of-zouar-2015 (since 2000) 0.800 0.800 0.800 4 5 5",
        "all 1 0 (0.00) 0 (0.00) 1 (1.00) 0 (0.00) 1.000 0",
        "Wrong slots: start 1",
        "0.10 1 1.000 1.000 0.800 0.800 1 1.000",
    ):
        assert row in rows
    check_figures(json.loads((zouar.parent / "figures.json").read_text("utf-8")))
    assert read_recorded_scores(zouar) == {}


def check_figures(figures: Mapping[str, Any]) -> None:
    """The same figures as in the tables."""
    assert (figures["events"], figures["facts"]) == (ALL_OF_ONE, FOUR_OF_FIVE)
    assert figures["types"] == {"Capture": ALL_OF_ONE}
    assert figures["articles"] == {
        "battle-of-zouar-2015": {"period": "since 2000", "events": ALL_OF_ONE, "facts": FOUR_OF_FIVE}
    }
    assert figures["verdicts"] == {
        **{"right": 0, "incomplete": 0, "wrong": 1, "spurious": 0, "missed": 0, "misleading": 1.0},
        "wrong slots": {"start": 1},
    }
    assert figures["confidence"]["constant"] == 0.0
    assert figures["periods"]["since 2000"]["facts"] == FOUR_OF_FIVE
    assert [bar["bar"] for bar in figures["bars"]] == list(BARS)
    assert [d["slot"] for d in figures["differences"]] == ["start"]
    assert (figures["outside"], figures["missing"], figures["failures"]) == (0, {}, [])


def test_evaluate_prints_json_alone_for_the_named_article(hamakg: Run, zouar: Path) -> None:
    run = hamakg("evaluate", zouar, "--article", zouar / f"{NAME}.txt", "--json", "-")
    assert json.loads(run.stdout)["facts"] == FOUR_OF_FIVE


def test_evaluate_records_when_asked(hamakg: Run, zouar: Path) -> None:
    hamakg("evaluate", zouar, "--record")
    assert read_recorded_scores(zouar)["facts"]["all"] == {"precision": 0.8, "recall": 0.8, "f1": 0.8, "annotated": 5}
    assert hamakg("evaluate", zouar).stdout.decode().splitlines()[-1] == "F1 of facts 0.800, recorded 0.800"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (f"docs/{NAME}.txt", make_battle(SENTENCE)[0].text),
        (f"{NAME}.wiki", WIKITEXT % SENTENCE),
        (f"docs/{NAME}.xml", EXPORT % (WIKITEXT % SENTENCE)),
    ],
)
def test_documents_may_be_wikitext_or_exports_and_lie_below(tmp_path: Path, place: str, text: str) -> None:
    annotate(tmp_path / "gold")
    document = tmp_path / "gold" / place
    document.parent.mkdir(exist_ok=True)
    document.write_text(text, "utf-8")
    (article,) = read_gold(tmp_path / "gold")
    assert (article.document, article.missing) == (document, ())
    assert SENTENCE in article.annotated.article.text


def test_sentences_that_the_document_does_not_have_are_known(zouar: Path) -> None:
    sentences = zouar / f"{NAME}.sents.txt"
    sentences.write_text(f"{sentences.read_text('utf-8')}[2] A sentence of another version.\n", "utf-8")
    assert [article.missing for article in read_gold(zouar)] == [(2,)]


# ---------------------------------------------------------------- bad input

TEXT = make_battle(SENTENCE)[0].text


def break_articles(folder: Path) -> None:
    """Add an article for each fault, named after the fault."""
    for name in ("another_text", "no_conflict", "no_document", "no_sentences", "two_documents", "unknown_type"):
        annotate(folder, name)
    (folder / "another_text.txt").write_text("= Bad =\n\nThe Army left Bardai.\n")
    (folder / "no_annotation.txt").write_text(TEXT)
    (folder / "no_conflict.xml").write_text(EXPORT % "A town in Chad.")
    (folder / "no_sentences.sents.txt").unlink()
    (folder / "no_sentences.txt").write_text(TEXT)
    (folder / "not_json.json").write_text("{")
    (folder / "not_json.txt").write_text(TEXT)
    (folder / "two_documents.txt").write_text(TEXT)
    (folder / "two_documents.wiki").write_text(TEXT)
    (folder / "unknown_type.json").write_text((folder / "unknown_type.json").read_text().replace("Capture", "Battle"))
    (folder / "unknown_type.txt").write_text(TEXT)


def test_a_fault_is_one_line_and_the_other_articles_are_measured(hamakg: Run, zouar: Path) -> None:
    break_articles(zouar)
    run = hamakg("evaluate", zouar, "--json", "-")
    beginnings = [
        "no_annotation.txt: no annotation, {0}/no_annotation.json; annotate it, or take it away",
        "no_document.json: no document, no_document.txt, .wiki or .xml, beside it or in docs; add it",
        "two_documents.wiki: {0}/two_documents.txt is the document of two_documents already; keep one of them",
        "another_text.json: none of its sentences is in {0}/another_text.txt; name the article that was annotated",
        "no_conflict.xml: no infobox of a military conflict; name the article that was annotated",
        "no_sentences.json: its numbered sentences, no_sentences.sents.txt, cannot be read: No such file or directory",
        "not_json.json: not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))",
        'unknown_type.json: e1: type: "Battle" is not one of OffensiveLaunch, Assault',
    ]
    lines, figures = run.stderr.decode().splitlines(), json.loads(run.stdout)
    assert len(lines) == len(beginnings)
    for line, beginning in zip(lines, beginnings, strict=True):
        assert line.startswith(f"hamakg: {zouar}/{beginning.format(zouar)}")
    assert (run.returncode, figures["facts"]) == (1, FOUR_OF_FIVE)
    assert [f"hamakg: {failure}" for failure in figures["failures"]] == lines


def test_a_folder_without_annotations_is_a_usage_error(hamakg: Run, tmp_path: Path) -> None:
    run = hamakg("evaluate", tmp_path)
    assert run.returncode == 2
    assert run.stderr.decode() == (
        f"hamakg: {tmp_path} has no annotations (NAME.json with NAME.sents.txt); name a folder that has some\n"
    )


def test_an_article_without_annotations_is_a_usage_error(hamakg: Run, zouar: Path) -> None:
    other = next(iter(sorted(SEEDS.glob("*.txt"))))
    run = hamakg("evaluate", zouar, "--article", other)
    assert run.returncode == 2
    assert run.stderr.decode().startswith(f"hamakg: {other}: {zouar} has no annotations of 'Hama offensive")


def test_a_place_for_figures_that_cannot_be_written_is_an_error_before_the_work(hamakg: Run, zouar: Path) -> None:
    run = hamakg("evaluate", zouar, "--json", zouar / "no" / "figures.json")
    assert run.returncode == 2
    assert run.stderr.decode().startswith(
        f"hamakg: Invalid value for '--json': '{zouar}/no/figures.json': No such file"
    )


def test_outside_a_checkout_a_folder_must_be_named(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "src" / "hamakg", tmp_path / "hamakg", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-c", "from hamakg.cli import main; main(['evaluate'])"]
    run = subprocess.run(
        command, capture_output=True, check=False, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, text=True
    )
    assert (run.returncode, run.stderr) == (
        2,
        "hamakg: hamakg's own annotations come with its source only; name a folder of annotations\n",
    )
