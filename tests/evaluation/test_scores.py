"""Facts found are compared with facts annotated: what counts as the same, and that extraction has not got worse."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from hamakg.evaluation.figures import to_json_values
from hamakg.evaluation.gold import EvaluatedArticle, evaluate, find_project_gold, read_gold
from hamakg.evaluation.recorded import TOLERANCE, read_recorded_scores, record_scores
from hamakg.evaluation.scores import (
    EVENT,
    SLOTS,
    Comparison,
    Score,
    SlotDifference,
    compare,
    score_arguments,
    score_events,
    score_facts,
    score_slots,
    score_types,
)
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_trained
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
from support.invented_battle import make_battle

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
    for one in read_gold(GOLD, [SEEDS]):
        comparison = compare(one.annotated, one.annotated)
        score = score_facts([comparison])
        assert comparison.differences == () and score == Score(score.found, score.found, score.found)


def test_every_filler_is_one_fact() -> None:
    one, two = Score(1, 1, 1), Score(2, 2, 2)
    unsaid = dict.fromkeys((EVENT, *SLOTS), Score())
    said = {EVENT: one, "agent": one, "place": two, "relation": one, "start": one, "end": one, "casualties": one}
    comparison = compare(ANNOTATED, ANNOTATED)
    assert score_slots([comparison]) == unsaid | said | {"sources": one}
    assert (score_events([comparison]), score_arguments([comparison])) == (one, Score(8, 8, 8))
    assert score_facts([comparison]) == Score(9, 9, 9)


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
    part = replace(SENTENCE, text="The Reds took Aba and Oru,  killing 5")
    assert not compare(replace(ANNOTATED, passages=(part,)), ANNOTATED).differences


def test_events_of_sentences_that_are_not_annotated_are_counted_and_not_judged() -> None:
    """Nor those of a few words that may stand anywhere."""
    for text in ("Reds attack Aba in a photograph of that day", "killing 5"):
        comparison = compare(replace(ANNOTATED, passages=(replace(SENTENCE, text=text),)), ANNOTATED)
        assert (comparison.outside, score_events([comparison])) == (1, Score(0, 1, 0))


def test_an_entity_is_known_by_any_of_its_names() -> None:
    other = replace(ABA, id="place/abba", name="The Ábba", names=())
    renamed = found(replace(TOOK, places=(other.id,)), entities=(REDS, BLUES, other, ORU))
    assert not compare(renamed, ANNOTATED).differences


def test_a_source_that_is_not_annotated_counts_as_one_without_a_name() -> None:
    """ "Reportedly" says that there is a source."""
    unnamed = replace(ANNOTATED, claims=(replace(SAID, source=None),))
    assert not compare(ANNOTATED, unnamed).differences
    assert slots_that_differ(compare(unnamed, ANNOTATED)) == {"sources": (("Reported Blues",), ("Reported …",))}


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


# ---------------------------------------------------------------- how well the seeds are read


@pytest.fixture(scope="module")
def evaluated(nlp: Language) -> list[EvaluatedArticle]:
    return list(evaluate(read_gold(GOLD, [SEEDS]), lambda article: extract_facts(article, nlp, load_trained())))


@pytest.fixture(scope="module")
def comparisons(evaluated: list[EvaluatedArticle]) -> list[Comparison]:
    return [article.compare() for article in evaluated]


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


def test_recorded_scores_are_read_back(
    evaluated: list[EvaluatedArticle], comparisons: list[Comparison], tmp_path: Path
) -> None:
    record_scores(tmp_path, comparisons)
    figures, kept = to_json_values(evaluated, comparisons, ()), read_recorded_scores(tmp_path)
    slots = {EVENT: figures["events"]} | figures["slots"]
    articles = {name: values["facts"] for name, values in figures["articles"].items()}
    for part, names in (("slots", slots), ("articles", articles)):
        assert kept[part] == {
            name: {key: values[key] for key in ("precision", "recall", "f1", "annotated")}
            for name, values in names.items()
        }
    assert kept["facts"]["all"]["f1"] == figures["facts"]["f1"]
