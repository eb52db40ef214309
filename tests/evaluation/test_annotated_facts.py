"""Annotations as facts: everything that an annotation says, on the infobox's entities, with exact passages."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hamakg.errors import HamakgError
from hamakg.model import (
    Article,
    ArticleFacts,
    CasualtyKind,
    CasualtyReport,
    Claim,
    Conflict,
    Entity,
    EntityKind,
    Event,
    EventType,
    Extent,
    Factuality,
    InfoboxFacts,
    Interval,
    Paragraph,
    Passage,
    Side,
    Stance,
    Standing,
    Timing,
)
from hamakg.rdf.ids import sentence_id
from support.annotated_facts import read_annotations
from support.seed_articles import annotated_facts

SENTENCES = [
    "The Reds took parts of Aba and a post 1,500 metres from Oba by 3 May.",
    "Radio Oba said they killed 20 to 30 Blues there.",
    "The Blues denied\nit.",
    "In June the Reds left Aba.",
]
TEXT = "= Battle of Aba =\n\n" + " ".join(SENTENCES[:3]) + "\n\n==Aftermath==\n" + SENTENCES[3]
NUMBERED = "\n".join(f"[{n}] {' '.join(words.split())}" for n, words in enumerate(SENTENCES, start=1))

ARTICLE = Article(
    "aba",
    "Battle of Aba",
    TEXT,
    "https://example.org/aba",
    paragraphs=(
        Paragraph(" ".join(SENTENCES[:3]), TEXT.index("The Reds"), TEXT.index("\n\n=="), ()),
        Paragraph(SENTENCES[3], TEXT.index("In June"), len(TEXT), ("Aftermath",)),
    ),
)
REDS = Entity("actor/red-front", "Red Front", EntityKind.ARMED_GROUP)
BLUES = Side("aba/side/2", 2, "Blue Army")
INFOBOX = InfoboxFacts(
    Conflict("conflict/battle-of-aba", "Battle of Aba", "Battle", interval=Interval("2017-05-01", "2017-05-03")),
    (REDS,),
    (Side("aba/side/1", 1, "Red Front", ("actor/red-front",)), BLUES),
)

NOTHING: dict[str, Any] = {
    **{key: [] for key in ("agents", "targets", "places", "sources", "casualties")},
    **{"recapture": False, "start": None, "end": None, "factuality": "actual", "standing": "narrated", "note": ""},
}


def make_annotation(**values: Any) -> dict[str, Any]:
    return NOTHING | values


DOCUMENT: dict[str, Any] = {
    "doc": "aba",
    "entities": [
        {"id": "reds", "name": "Red Front", "kind": "actor", "side": 1, "aliases": ["the Reds", "RF"]},
        {"id": "side2", "name": "Blues", "kind": "side", "side": 2, "aliases": ["Blue soldiers"]},
        {"id": "radio", "name": "Radio Oba", "kind": "source", "side": None, "aliases": []},
        {"id": "aba", "name": "Aba", "kind": "place", "side": None, "aliases": ["village of Aba"]},
        {"id": "oba", "name": "Oba", "kind": "place", "side": None, "aliases": []},
    ],
    "events": [
        make_annotation(
            id="e1",
            sent=1,
            trigger="took",
            type="Capture",
            agents=["reds"],
            places=["aba", "oba"],
            relations={"oba": "near"},
            extent="part",
            count={"min": 2, "max": None},
            end="2017-05-03",
        ),
        make_annotation(
            id="e2",
            sent=2,
            trigger="killed",
            type="Killing",
            agents=["reds"],
            targets=["side2"],
            places=["aba"],
            start="2017-05-03",
            end="2017-05-03",
            standing="disputed",
            sources=[{"source": "radio", "stance": "reports"}, {"source": "side2", "stance": "denies"}],
            casualties=[{"kind": "killed", "min": 20, "max": 30, "victims": "Blues"}],
        ),
        make_annotation(
            id="e3",
            sent=4,
            trigger="left",
            type="Withdrawal",
            agents=["reds"],
            places=["aba"],
            relations={"aba": "from"},
            factuality="planned",
        ),
    ],
}

WITHIN, LASTED = Timing.WITHIN, Timing.THROUGHOUT

Read = Callable[..., ArticleFacts]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a document, given as it stands or as what is changed in one of its events."""

    def reading(event: int = 0, document: Any = DOCUMENT, sentences: str = NUMBERED, **changes: Any) -> ArticleFacts:
        if changes:
            events = [one | changes if n == event else one for n, one in enumerate(document["events"])]
            document = document | {"events": events}
        path = tmp_path / "aba.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
        path.with_name("aba.sents.txt").write_text(sentences, "utf-8")
        return read_annotations(path, ARTICLE, INFOBOX)

    return reading


def passage(n: int) -> Passage:
    begin = TEXT.index(SENTENCES[n - 1])
    return Passage(sentence_id("aba", SENTENCES[n - 1]), SENTENCES[n - 1], begin, begin + len(SENTENCES[n - 1]))


def test_everything_annotated_becomes_a_fact(read: Read) -> None:
    facts = read()
    took, killed, left = facts.events
    (report,) = facts.casualties
    said, denied = facts.claims
    assert facts == ArticleFacts(
        article=ARTICLE,
        infobox=INFOBOX,
        entities=(
            replace(REDS, names=("RF",), descriptions=("the Reds",)),
            Entity("source/radio-oba", "Radio Oba", EntityKind.SOURCE),
            Entity("place/aba", "Aba", EntityKind.PLACE, descriptions=("village of Aba",), kind_word="village"),
            Entity("place/oba", "Oba", EntityKind.PLACE),
        ),
        sides=(INFOBOX.sides[0], replace(BLUES, descriptions=("Blues", "Blue soldiers"))),
        events=(
            Event(
                id=took.id,
                type=EventType.CAPTURE,
                passage=passage(1).id,
                trigger="took",
                trigger_begin=TEXT.index("took"),
                agents=("actor/red-front",),
                places=("place/aba",),
                near=("place/oba",),
                extent=Extent.PART,
                distance=1500.0,
                interval=Interval(None, "2017-05-03", WITHIN, "../2017-05-03"),
                recapture=False,
                minimum_count=2,
            ),
            Event(
                id=killed.id,
                type=EventType.KILLING,
                passage=passage(2).id,
                trigger="killed",
                trigger_begin=TEXT.index("killed"),
                agents=("actor/red-front",),
                targets=("aba/side/2",),
                places=("place/aba",),
                interval=Interval("2017-05-03", "2017-05-03"),
                standing=Standing.DISPUTED,
                casualties=(report.id,),
            ),
            Event(
                id=left.id,
                type=EventType.WITHDRAWAL,
                passage=passage(4).id,
                trigger="left",
                trigger_begin=TEXT.index("left"),
                agents=("actor/red-front",),
                origin=("place/aba",),
                factuality=Factuality.PLANNED,
                part_of_conflict=False,
            ),
        ),
        casualties=(
            CasualtyReport(
                id=report.id,
                kind=CasualtyKind.KILLED,
                passage=passage(2).id,
                minimum=20,
                maximum=30,
                victims="aba/side/2",
                victim_description="Blues",
                side="aba/side/2",
                according_to="source/radio-oba",
                interval=Interval("2017-05-03", "2017-05-03"),
                standing=Standing.DISPUTED,
            ),
        ),
        claims=(
            Claim(said.id, killed.id, Stance.REPORTED, passage(2).id, "source/radio-oba"),
            Claim(denied.id, killed.id, Stance.DENIED, passage(2).id, "aba/side/2"),
        ),
        passages=(passage(1), passage(2), passage(4)),
    )


def test_a_claim_is_quoted_from_the_later_sentence_that_names_its_source(read: Read) -> None:
    """The sentence of the denial is its evidence, letter for letter with the article's own line end."""
    facts = read(event=0, sources=[{"source": "side2", "stance": "denies"}], standing="disputed", sent=1)
    assert [claim.passage for claim in facts.claims if claim.about == facts.events[0].id] == [passage(2).id]
    assert passage(2) in facts.passages


def test_claims_about_an_event_told_as_fact_are_about_its_figures(read: Read) -> None:
    facts = read(event=1, standing="narrated", sources=[{"source": None, "stance": "reports"}])
    (report,) = facts.casualties
    assert (facts.events[1].standing, report.standing) == (Standing.NARRATED, Standing.ATTRIBUTED)
    assert [(c.about, c.source, c.stance) for c in facts.claims] == [(report.id, None, Stance.REPORTED)]


def test_each_of_several_sources_gives_its_own_figure(read: Read) -> None:
    figure = DOCUMENT["events"][1]["casualties"][0]
    sources = [{"source": "radio", "stance": "claims"}, {"source": "reds", "stance": "reports"}]
    facts = read(event=1, sources=sources, casualties=[figure, figure | {"kind": "casualties", "max": None}])
    assert [(r.according_to, r.kind, r.maximum) for r in facts.casualties] == [
        ("source/radio-oba", CasualtyKind.KILLED, 30),
        ("actor/red-front", CasualtyKind.KILLED_OR_WOUNDED, None),
    ]


@pytest.mark.parametrize(
    ("victims", "party"),
    [("Blue soldiers", "aba/side/2"), ("officers of the Blues", "aba/side/2"), ("Aba", None), ("civilians", None)],
)
def test_victims_belong_to_the_party_that_their_words_name(read: Read, victims: str, party: str | None) -> None:
    facts = read(event=0, casualties=[{"kind": "killed", "min": 1, "max": 1, "victims": victims}])
    report = facts.casualties[0]
    assert (report.victims, report.side, report.victim_description) == (party, party, victims)


@pytest.mark.parametrize(
    ("kind", "start", "end", "interval"),
    [
        ("Capture", "2017-05-02", "2017-05-02", Interval("2017-05-02", "2017-05-02")),
        ("Capture", "2017-05-01", "2017-05-31", Interval("2017-05-01", "2017-05-31", WITHIN, "2017-05")),
        ("Capture", "2017-05-02", None, Interval("2017-05-02", None, WITHIN, "2017-05-02/..")),
        ("Clash", "2017-05-02", "2017-05-04", Interval("2017-05-02", "2017-05-04", LASTED, "2017-05-02/2017-05-04")),
        ("Clash", None, "2017-05-04", Interval(None, "2017-05-04", WITHIN, "../2017-05-04")),
        ("Clash", None, None, Interval()),
    ],
)
def test_an_interval_says_whether_the_event_lasted_throughout_it(
    read: Read, kind: str, start: str | None, end: str | None, interval: Interval
) -> None:
    assert read(event=0, type=kind, start=start, end=end).events[0].interval == interval


@pytest.mark.parametrize(
    ("start", "end", "sent", "part"),
    [
        ("2017-05-02", "2017-05-02", 1, True),
        ("2017-04-30", "2017-04-30", 1, True),  # the night before
        ("2017-04-29", "2017-04-29", 1, False),
        (None, "2017-04-29", 1, False),
        ("2017-05-05", None, 1, False),
        (None, None, 1, True),
        ("2017-05-02", "2017-05-02", 4, True),
        (None, "2017-06-30", 4, False),
    ],
)
def test_events_of_background_and_aftermath_do_not_belong_to_the_conflict(
    read: Read, start: str | None, end: str | None, sent: int, part: bool
) -> None:
    event = read(event=0, start=start, end=end, sent=sent, trigger="Reds").events[0]
    assert event.part_of_conflict is part


def test_a_distance_is_read_only_where_it_can_belong_to_one_place_alone(read: Read) -> None:
    nowhere = read(event=0, relations={}).events[0]
    twice = read(event=0, relations={"aba": "near", "oba": "near"}).events[0]
    assert (nowhere.distance, twice.distance) == (None, None)


def test_equal_triggers_of_one_sentence_are_two_events(read: Read) -> None:
    """Each stands at its own word and has its own id."""
    twice = DOCUMENT | {"events": [DOCUMENT["events"][0] | {"trigger": "a", "id": n} for n in ("e1", "e2")]}
    first, second = read(document=twice).events
    assert first.id != second.id
    assert [TEXT[event.trigger_begin] for event in (first, second)] == ["a", "a"]
    assert first.trigger_begin < second.trigger_begin


def test_a_side_missing_from_the_infobox_is_added(read: Read) -> None:
    third = {"id": "side3", "name": "Greens", "kind": "side", "side": 3, "aliases": []}
    facts = read(document=DOCUMENT | {"entities": [*DOCUMENT["entities"], third]})
    assert facts.sides[2] == Side("aba/side/3", 3, "Greens")


def test_persons_and_unnamed_parties_have_ids_within_the_article(read: Read) -> None:
    """The same words may mean others in another article."""
    named = {"Bo Ek": "person", "local sources": "source", "RF commanders": "actor", "old mill": "place"}
    people: list[dict[str, Any]] = [
        {"id": name, "name": name, "kind": kind, "side": None, "aliases": []} for name, kind in named.items()
    ]
    facts = read(document=DOCUMENT | {"entities": [*DOCUMENT["entities"], *people]})
    assert [entity.id for entity in facts.entities[-4:]] == [
        "aba/person/bo-ek",
        "aba/source/local-sources",
        "aba/actor/rf-commanders",
        "aba/place/old-mill",
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"trigger": "stormed"}, "e1: 'stormed' does not occur 1 times in its sentence"),
        ({"sentences": NUMBERED.replace("Reds", "Greens")}, "sentence 1 is not in the article 'Battle of Aba'"),
        ({"type": "Battle"}, 'e1: type: "Battle" is not one of'),
    ],
)
def test_a_fault_in_the_files_is_reported_with_the_name_of_the_file(
    read: Read, changes: dict[str, Any], fault: str
) -> None:
    with pytest.raises(HamakgError, match=fault) as raised:
        read(**changes)
    assert "aba.json: " in str(raised.value)


@pytest.mark.parametrize("short", ["march", "september"])
def test_every_passage_of_the_seeds_is_the_text_at_its_offsets(short: str) -> None:
    facts = annotated_facts()[short]
    assert [p.text for p in facts.passages] == [facts.article.text[p.begin : p.end] for p in facts.passages]
    assert all(facts.article.text.startswith(e.trigger, e.trigger_begin) for e in facts.events)


@pytest.mark.parametrize("short", ["march", "september"])
def test_all_references_between_the_facts_of_the_seeds_resolve(short: str) -> None:
    facts = annotated_facts()[short]
    known = {entity.id for entity in facts.entities} | {side.id for side in facts.sides}
    named = {r for e in facts.events for r in (*e.agents, *e.targets, *e.places, *e.near, *e.origin, *e.toward)}
    assert named | {claim.source for claim in facts.claims} - {None} <= known
    groups: list[Sequence[Any]] = [facts.events, facts.casualties, facts.claims, facts.passages, facts.entities]
    ids = [fact.id for group in groups for fact in group]
    assert len(set(ids)) == len(ids)
