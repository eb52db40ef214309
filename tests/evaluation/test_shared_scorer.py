"""The figures are those of the scorers that others measure with, to the last digit. Skipped where ../shared is absent.

These score a dump of the graph, and know nothing of how hamakg reads or compares.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from conftest import PROJECT
from hamakg.build import build
from hamakg.evaluation.bars import score_bars
from hamakg.evaluation.figures import to_json_values
from hamakg.evaluation.gold import evaluate, read_gold
from hamakg.evaluation.verdicts import Verdict
from hamakg.extract.article import extract_facts
from hamakg.publish import select_graphs, write_dump
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore

SHARED = PROJECT.parent / "shared"
TRAIN = SHARED / "annotated" / "train"
GOLD = SHARED / "gold"
SHORT = ("2017_southern_raqqa_offensive", "action_of_13_may_1944", "battle_of_sidon_1941")
"""Articles of both kinds, plain and wikitext; their documents lie in docs/."""

BAR = 0.6

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not there")


def copy_articles(folder: Path) -> Path:
    """A folder with the short articles of ``train``, laid out as there."""
    (folder / "docs").mkdir(parents=True)
    for name in SHORT:
        for path in TRAIN.glob(f"{name}.*"):
            shutil.copy(path, folder)
        (document,) = (TRAIN / "docs").glob(f"{name}.*")
        shutil.copy(document, folder / "docs")
    return folder


def dump_graph(documents: list[Path], folder: Path, nlp: Language) -> Path:
    """The graph that a build makes of the documents, as N-Quads."""
    store, iris, path = VersionedStore(folder / "store"), Iris(), folder / "graph.nq"
    assert not build(documents, store, partial(extract_facts, nlp=nlp), iris).failures
    snapshot = store.snapshot()
    with path.open("wb") as out:
        write_dump(snapshot, "nquads", out, select_graphs(snapshot, iris), iris)
    return path


def run(script: str, *args: object) -> str:
    command = [sys.executable, str(SHARED / "score" / script), *map(str, args)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def rename_keys(figures: Mapping[str, float]) -> dict[str, float]:
    return {{"gold": "annotated", "system": "found"}.get(name, name): figure for name, figure in figures.items()}


@pytest.mark.parametrize("kind", ["train", pytest.param("gold", marks=pytest.mark.slow)])
def test_the_figures_are_those_of_the_shared_scorers(kind: str, nlp: Language, tmp_path: Path) -> None:
    folder = GOLD if kind == "gold" else copy_articles(tmp_path / "articles")
    gold = list(read_gold(folder))
    evaluated = list(evaluate(iter(gold), partial(extract_facts, nlp=nlp)))
    graph = dump_graph([one.document for one in gold], tmp_path, nlp)
    ours = to_json_values(evaluated, [one.compare() for one in evaluated], score_bars(evaluated, [BAR]))
    check_scores(ours, folder, graph, tmp_path / "scores.json")
    check_verdicts(ours["verdicts"], ours["confidence"], run("truth.py", folder, graph))
    check_verdicts(ours["bars"][0]["verdicts"], None, run("truth.py", folder, graph, "--bar", BAR))


def check_scores(ours: Mapping[str, Any], folder: Path, graph: Path, out: Path) -> None:
    """Events, arguments and facts; by slot, type and article."""
    run("score.py", folder, graph, "--json", out)
    theirs = json.loads(out.read_text())
    names = {name.replace("_", "-"): figures for name, figures in theirs["documents"].items()}
    for part in ("events", "arguments", "facts"):
        assert ours[part] == rename_keys(theirs[part])
        if part != "arguments":
            documents = {name: rename_keys(figures[part]) for name, figures in names.items()}
            assert {name: figures[part] for name, figures in ours["articles"].items()} == documents
    for part in ("slots", "types"):
        assert ours[part] == {name: rename_keys(figures) for name, figures in theirs[part].items()}


def check_verdicts(verdicts: Mapping[str, Any], confidence: Mapping[str, Any] | None, printed: str) -> None:
    """The verdicts and the share that misleads; the Brier score beside that of the best constant."""
    shares = {verdict.value: int(count) for verdict in Verdict for count in re.findall(rf"{verdict} (\d+)", printed)}
    assert shares == {verdict.value: verdicts[verdict.value] for verdict in Verdict}
    assert f"missed {verdicts['missed']}\n" in printed
    assert f"misleading share {verdicts['misleading']:.3f}\n" in printed
    wrong = re.findall(r"'(\w+)': (\d+)", printed)
    assert {slot: int(count) for slot, count in wrong} == verdicts["wrong slots"]
    if confidence is not None:
        assert f"Brier {confidence['brier']:.3f} (constant {confidence['constant']:.3f})" in printed
