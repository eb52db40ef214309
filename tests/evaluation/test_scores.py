"""Facts found are compared with facts annotated: what counts as the same, and that extraction has not got worse."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from conftest import PROJECT, Run
from hamakg.evaluation.gold import TOLERANCE, find_project_gold, read_gold, read_recorded_scores, record_scores
from hamakg.evaluation.scores import (
    EVENT,
    SLOTS,
    Comparison,
    ConfidenceBin,
    Score,
    SlotDifference,
    bin_by_confidence,
    compare,
    judge_events,
    score_facts,
    score_slots,
    score_types,
    to_json_values,
)
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative.events.confidence import Reading, confidence
from hamakg.model import (
    ArticleFacts,
    CasualtyKind,
    CasualtyReport,
    Claim,
    Entity,
    EntityKind,
    Event,
    EventType,
    Factuality,
    Interval,
    Passage,
    Stance,
    Standing,
)
from hamakg.publish import select_graphs, write_dump
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from support.invented_battle import make_battle

SHARED = PROJECT.parent / "shared"
GOLD, SEEDS = find_project_gold()

SENTENCE = Passage("s", "The Reds took Aba and Oru, killing 5, the Blues said.", 0, 53)
REDS = Entity("actor/reds", "Reds", EntityKind.ARMED_GROUP, (), ("the rebels",))
BLUES = Entity("source/blues", "Blues", EntityKind.SOURCE)
ABA = Entity("place/aba", "Aba", EntityKind.PLACE, ("Abba",))
ORU = Entity("place/oru", "Oru", EntityKind.PLACE)
DEAD = CasualtyReport("dead", CasualtyKind.KILLED, SENTENCE.id, 5, 5)
TOOK = Event(
    "took", EventType.CAPTURE, SENTENCE.id, "took", 9, agents=(REDS.id,), places=(ABA.id,), near=(ORU.id,),
    interval=Interval("2017-05-01", "2017-05-02"), casualties=(DEAD.id,),
)  # fmt: skip
SAID = Claim("said", DEAD.id, Stance.REPORTED, SENTENCE.id, BLUES.id)
ARTICLE, INFOBOX = make_battle("")
ANNOTATED = ArticleFacts(
    ARTICLE, INFOBOX, (REDS, BLUES, ABA, ORU), (), (TOOK,), (DEAD,), (SAID,), (SENTENCE,)
)  # fmt: skip


def found(*events: Event, entities: tuple[Entity, ...] = ANNOTATED.entities) -> ArticleFacts:
    """The annotated facts with these events, and with these entities."""
    return replace(ANNOTATED, events=events, entities=entities)


def slots_that_differ(comparison: Comparison) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {d.slot: (d.annotated, d.found) for d in comparison.differences}


# ---------------------------------------------------------------- what is the same


def test_annotations_do_not_differ_from_themselves() -> None:
    for annotated in read_gold(GOLD, [SEEDS]):
        comparison = compare(annotated, annotated)
        score = score_facts([comparison])
        assert comparison.differences == () and score == Score(score.found, score.found, score.found)


def test_every_filler_is_one_fact() -> None:
    one, two = Score(1, 1, 1), Score(2, 2, 2)
    unsaid = dict.fromkeys((EVENT, *SLOTS), Score())
    said = {EVENT: one, "agent": one, "place": two, "relation": one, "start": one, "end": one, "casualties": one}
    assert score_slots([compare(ANNOTATED, ANNOTATED)]) == unsaid | said | {"sources": one}


def test_precision_recall_and_f1() -> None:
    score = Score(hits=2, annotated=4, found=3)
    assert (score.precision, score.recall, score.f1) == (2 / 3, 1 / 2, 4 / 7)
    assert (Score().precision, Score().recall, Score().f1) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("slot", "change", "annotated", "found_fillers"),
    [
        ("agent", {"agents": ()}, ("Reds",), ()),
        ("target", {"targets": (REDS.id,)}, (), ("Reds",)),
        ("relation", {"near": (), "toward": (ORU.id,)}, ("near Oru",), ("toward Oru",)),
        ("start", {"interval": Interval(None, "2017-05-02")}, ("2017-05-01",), ()),
        ("end", {"interval": Interval("2017-05-01", "2017-05-01")}, ("2017-05-02",), ("2017-05-01",)),
        ("factuality", {"factuality": Factuality.PLANNED}, (), ("Planned",)),
        ("standing", {"standing": Standing.DISPUTED}, (), ("Disputed",)),
        ("recapture", {"recapture": True}, (), ("True",)),
        ("count", {"minimum_count": 3}, (), ("3 …",)),
    ],
)
def test_a_difference_names_its_slot_and_its_fillers(
    slot: str, change: dict[str, Any], annotated: tuple[str, ...], found_fillers: tuple[str, ...]
) -> None:
    comparison = compare(found(replace(TOOK, **change)), ANNOTATED)
    assert slots_that_differ(comparison) == {slot: (annotated, found_fillers)}


def test_an_event_of_another_type_is_missed_and_spurious() -> None:
    comparison = compare(found(replace(TOOK, type=EventType.ASSAULT)), ANNOTATED)
    where = (ARTICLE.slug, SENTENCE.text)
    assert comparison.differences == (
        SlotDifference(*where, EventType.CAPTURE, "took", EVENT, ("Capture",), ()),
        SlotDifference(*where, EventType.ASSAULT, "took", EVENT, (), ("Assault",)),
    )
    assert score_types([comparison]) == {"Assault": Score(0, 0, 1), "Capture": Score(0, 1, 0)}


def test_the_event_that_shares_most_is_the_partner() -> None:
    elsewhere = replace(TOOK, id="a", places=(), near=())
    comparison = compare(found(elsewhere, TOOK), ANNOTATED)
    assert [(p.annotated, p.found) for p in comparison.pairs] == [(TOOK, TOOK), (None, elsewhere)]


def test_events_are_paired_even_if_sentences_are_split_differently() -> None:
    longer = replace(SENTENCE, text=f"{SENTENCE.text} Then", end=SENTENCE.end + 5)
    assert not compare(replace(ANNOTATED, passages=(longer,)), ANNOTATED).differences
    after = replace(SENTENCE, begin=60, end=113)
    assert score_facts([compare(replace(ANNOTATED, passages=(after,)), ANNOTATED)]).hits == 0


def test_an_entity_is_known_by_any_of_its_names() -> None:
    other = replace(ABA, id="place/abba", name="The Ábba", names=())
    renamed = found(replace(TOOK, places=(other.id,)), entities=(REDS, BLUES, other, ORU))
    assert not compare(renamed, ANNOTATED).differences


def test_slots_are_lost_where_two_spellings_remain_two_entities() -> None:
    abba = Entity("place/abba", "Abba", EntityKind.PLACE)
    again = replace(TOOK, id="took-again", trigger="captured", trigger_begin=20, casualties=())
    both = replace(ANNOTATED, events=(TOOK, again))
    split = found(TOOK, replace(again, places=(abba.id,)), entities=(*ANNOTATED.entities, abba))
    assert slots_that_differ(compare(split, both)) == {"place": (("Aba", "Oru"), ("Abba ?", "Oru"))}


def test_slots_are_lost_where_two_villages_become_one() -> None:
    one = replace(ABA, names=("Oru",))
    merged = found(replace(TOOK, near=(one.id,)), entities=(REDS, BLUES, one))
    differences = slots_that_differ(compare(merged, ANNOTATED))
    assert differences == {"place": (("Aba", "Oru"), ("Aba",)), "relation": (("near Oru",), ("near Aba",))}


def test_an_event_is_right_by_its_type_agents_places_first_day_and_factuality() -> None:
    """Its figures and sources are not judged."""
    no_figures = replace(ANNOTATED, events=(replace(TOOK, casualties=()),), casualties=(), claims=())
    wrong = (replace(TOOK, agents=()), replace(TOOK, near=(), toward=(ORU.id,)), replace(TOOK, type=EventType.ASSAULT))
    assert list(judge_events([compare(no_figures, ANNOTATED)])) == [(no_figures.events[0], True)]
    assert [right for event in wrong for _, right in judge_events([compare(found(event), ANNOTATED)])] == [False] * 3


def test_the_scores_are_those_of_the_shared_scorer(
    annotated: list[ArticleFacts], comparisons: list[Comparison], seeds_store: VersionedStore, tmp_path: Path
) -> None:
    """To three digits, all of them. Skipped where ../shared is absent."""
    scorer = SHARED / "score" / "score.py"
    if not scorer.exists():
        pytest.skip("../shared is not there")
    graph, result = tmp_path / "seeds.nq", tmp_path / "result.json"
    snapshot, iris = seeds_store.snapshot(), Iris()
    with graph.open("wb") as out:
        write_dump(snapshot, "nquads", out, select_graphs(snapshot, iris), iris)
    subprocess.run([sys.executable, scorer, GOLD, graph, "--json", result], check=True, capture_output=True)
    theirs, ours = json.loads(result.read_text()), to_json_values(comparisons, 0)
    events = ours["slots"].pop(EVENT)
    assert theirs["documents"].keys() == {path.stem for path in GOLD.glob("*.json")}
    documents = {name.replace("_", "-"): figures["facts"] for name, figures in theirs["documents"].items()}
    assert _rename_keys(theirs["facts"]) == ours["facts"] and _rename_keys(theirs["events"]) == events
    for part, expected in (("slots", theirs["slots"]), ("types", theirs["types"]), ("articles", documents)):
        assert {name: _rename_keys(figures) for name, figures in expected.items()} == ours[part]


def _rename_keys(figures: dict[str, float]) -> dict[str, float]:
    return {{"gold": "annotated", "system": "found"}.get(name, name): figure for name, figure in figures.items()}


# ---------------------------------------------------------------- how well the seeds are read


@pytest.fixture(scope="module")
def annotated() -> list[ArticleFacts]:
    return list(read_gold(GOLD, [SEEDS]))


@pytest.fixture(scope="module")
def comparisons(annotated: list[ArticleFacts], nlp: Language) -> list[Comparison]:
    return [compare(extract_facts(one.article, nlp), one) for one in annotated]


def test_extraction_is_at_most_one_point_worse_than_recorded(comparisons: list[Comparison]) -> None:
    """After an improvement, or a change for the worse that is justified, run: hamakg evaluate --record."""
    best = read_recorded_scores(GOLD)
    now = {"all": score_facts(comparisons).f1} | {one.slug: score_facts([one]).f1 for one in comparisons}
    fallen = {
        name: (figures["f1"], now[name])
        for name, figures in (best["facts"] | best["articles"]).items()
        if now[name] < figures["f1"] - TOLERANCE
    }
    assert fallen == {}


def test_recorded_scores_are_read_back(comparisons: list[Comparison], tmp_path: Path) -> None:
    record_scores(tmp_path, comparisons)
    figures, kept = to_json_values(comparisons, 0), read_recorded_scores(tmp_path)
    for part, names in (("slots", figures["slots"]), ("articles", figures["articles"])):
        assert kept[part] == {
            name: {key: values[key] for key in ("precision", "recall", "f1", "annotated")}
            for name, values in names.items()
        }
    assert kept["facts"]["all"]["f1"] == figures["facts"]["f1"]


# ---------------------------------------------------------------- confidence


def test_events_are_grouped_by_tenths_of_confidence() -> None:
    events = [(0.3, True), (0.39, False), (0.4, True), (1.0, True), (0.0, False)]
    lowest, third, *rest = bin_by_confidence(events)
    assert lowest == ConfidenceBin(0.0, 1, 0.0, 0)
    assert (third.low, third.events, third.right) == (0.3, 2, 1)
    assert third.confidence == pytest.approx(0.345)
    assert rest == [ConfidenceBin(0.4, 1, 0.4, 1), ConfidenceBin(0.9, 1, 1.0, 1)]


def test_every_event_has_a_confidence_and_none_is_certain() -> None:
    shares = {
        (kind, standing, agents, places): confidence(kind, standing, agents, places)
        for kind in EventType
        for standing in Standing
        for agents in (True, False)
        for places in (True, False)
    }
    assert all(0 < share < 0.95 for share in shares.values())
    assert len(set(shares.values())) > len(Reading._fields)


def test_confidence_follows_from_what_the_text_gives(nlp: Language) -> None:
    """An event with agent and place is more certain than one with neither."""
    article, _ = make_battle(
        "On 5 May 2015, the Chadian Army captured the town of Bardai. Clashes were also said to go on."
    )
    taken, clashes = extract_facts(article, nlp).events
    assert taken.confidence == confidence(EventType.CAPTURE, Standing.NARRATED, True, True)
    assert clashes.confidence == confidence(EventType.CLASH, clashes.standing, bool(clashes.agents), False)
    assert taken.confidence > clashes.confidence


# ---------------------------------------------------------------- the command


@pytest.fixture
def zouar(tmp_path: Path) -> Path:
    """A folder with one annotated article."""
    folder = tmp_path / "gold"
    folder.mkdir()
    sentence = "On 5 May 2015, the Chadian Army captured the town of Bardai."
    (folder / "battle_of_zouar_2015.txt").write_text(make_battle(sentence)[0].text, "utf-8")
    (folder / "battle_of_zouar_2015.sents.txt").write_text(f"[1] {sentence}\n", "utf-8")
    army = {"id": "army", "name": "Chadian Army", "kind": "actor", "side": 2, "aliases": []}
    town = {"id": "bardai", "name": "Bardai", "kind": "place", "aliases": ["the town"]}
    event = {
        **{"id": "e1", "sent": 1, "trigger": "captured", "type": "Capture", "recapture": False, "agents": ["army"]},
        **{"targets": [], "places": ["bardai"], "start": "2015-05-04", "end": "2015-05-05", "factuality": "actual"},
        **{"standing": "narrated", "sources": [], "casualties": [], "note": ""},
    }
    document = {"doc": "battle_of_zouar_2015", "entities": [army, town], "events": [event]}
    (folder / "battle_of_zouar_2015.json").write_text(json.dumps(document), "utf-8")
    return folder


def test_evaluate_prints_figures_and_differences(hamakg: Run, zouar: Path) -> None:
    run = hamakg("evaluate", zouar, "--errors", 5)
    lines = run.stdout.decode().splitlines()
    assert (run.returncode, run.stderr) == (0, b"")
    assert lines[:2] == [
        "battle-of-zouar-2015: Capture “captured”, start: annotated 2015-05-04; found 2015-05-05",
        "  “On 5 May 2015, the Chadian Army captured the town of Bardai.”",
    ]
    assert [line.split() for line in lines if line.startswith(("all ", "Capture "))] == [
        ["Capture", "1.000", "1.000", "1.000", "1", "1", "1"],
        ["all", "0.800", "0.800", "0.800", "4", "5", "5"],
    ]


def test_evaluate_prints_json_for_the_named_article(hamakg: Run, zouar: Path) -> None:
    run = hamakg("evaluate", zouar, "--article", zouar / "battle_of_zouar_2015.txt", "--json", "--errors", 1)
    figures = json.loads(run.stdout)
    assert figures["articles"] == {"battle-of-zouar-2015": figures["facts"]}
    assert figures["facts"] == {
        **{"precision": 0.8, "recall": 0.8, "f1": 0.8, "hits": 4, "annotated": 5, "found": 5},
    }
    assert [d["slot"] for d in figures["differences"]] == ["start"]


def test_evaluate_records_only_when_asked(hamakg: Run, zouar: Path) -> None:
    hamakg("evaluate", zouar)
    assert read_recorded_scores(zouar) == {}
    hamakg("evaluate", zouar, "--record")
    assert read_recorded_scores(zouar)["facts"]["all"] == {"precision": 0.8, "recall": 0.8, "f1": 0.8, "annotated": 5}
    assert hamakg("evaluate", zouar).stdout.decode().splitlines()[-1] == "F1 of facts 0.800, recorded 0.800"


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
