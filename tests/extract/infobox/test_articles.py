"""Whole infoboxes: the two seeds as annotated, a small one in every detail, and random ones."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamakg.extract.infobox import extract_infobox
from hamakg.model import (
    CasualtyKind,
    CasualtyReport,
    Claim,
    Command,
    Conflict,
    Entity,
    EntityKind,
    Fate,
    InfoboxFacts,
    Interval,
    Participation,
    Ref,
    Side,
    Stance,
    Standing,
    StrengthReport,
    Timing,
    Unread,
)
from hamakg.read.plain import parse_plain

HERE = Path(__file__).parent
SEEDS = HERE.parents[2] / "seeds"
SHARED = HERE.parents[3] / "shared"

GOLD_KINDS = {CasualtyKind.KILLED_OR_WOUNDED: "casualties"}


def read(path: Path) -> InfoboxFacts:
    return extract_infobox(parse_plain(path.read_text("utf-8")))


def document(*fields: str, title: str = "Battle of Xan") -> InfoboxFacts:
    return extract_infobox(parse_plain("\n".join([f"= {title} =", "", "Infobox", f"- Conflict: {title}", *fields, ""])))


# ---------------------------------------------------------------- annotated infoboxes


class InGoldForm:
    """Facts in the form in which infoboxes are annotated."""

    def __init__(self, facts: InfoboxFacts, sources: set[str]) -> None:
        self.facts, self.sources = facts, sources
        self.entities = {entity.id: entity for entity in facts.entities}
        self.sides = {side.id: side for side in facts.sides}

    def name(self, ref: Ref | None) -> str | None:
        return self.entities[ref].name if ref else None

    def number(self, ref: Ref | None) -> int | None:
        return self.sides[ref].number if ref else None

    def source(self, ref: Ref | None) -> str | None:
        """The wording that the annotators kept, if it is one of those that the entity has."""
        if ref is None:
            return None
        who = self.entities.get(ref) or self.sides[ref]
        wordings = [who.name, *who.descriptions, *(who.names if isinstance(who, Entity) else ())]
        return next((w for w in wordings if w in self.sources), wordings[0])

    def members(self, kind: str) -> list[tuple[Side, Participation]]:
        fields = {passage.id: passage.field or "" for passage in self.facts.passages}
        found = [p for p in self.facts.participations if fields[p.passage].startswith(kind)]
        return [(self.sides[p.side], p) for p in sorted(found, key=lambda p: self.sides[p.side].number)]

    def whole(self) -> dict[str, object]:
        conflict = self.facts.conflict
        wider = {e.id: next((n for n in e.names if n.startswith(f"{e.name}, ")), e.name) for e in self.facts.entities}
        return {
            "title": conflict.name,
            "part_of": [name for _, name in conflict.part_of],
            "start": conflict.interval.start,
            "end": conflict.interval.end,
            "places": [wider[ref] for ref in conflict.places],
            "results": list(conflict.results),
            "belligerents": [
                {"side": side.number, "name": self.name(p.participant), "front": p.front, "group": p.group}
                for side, p in self.members("combatant")
            ],
            "commanders": [
                {
                    "side": self.number(c.side),
                    "name": self.name(c.commander),
                    "rank": c.rank,
                    "role": c.role,
                    "killed": c.fate is Fate.KILLED_IN_ACTION,
                }
                for c in self.facts.commands
            ],
            "units": [
                {"side": side.number, "name": self.name(p.participant), "parent": self.name(p.under)}
                for side, p in self.members("units")
            ],
            "strengths": [
                {
                    "side": self.number(s.side),
                    "party": self.name(s.party),
                    "min": s.minimum,
                    "max": s.maximum,
                    "unit": s.counted_as,
                }
                for s in self.facts.strengths
            ],
            "casualties": [self.casualties(report) for report in self.facts.casualties],
        }

    def casualties(self, report: CasualtyReport) -> dict[str, object]:
        interval = report.interval or Interval()
        return {
            "side": self.number(report.side),
            "victims": report.victim_description,
            "kind": GOLD_KINDS.get(report.kind, report.kind.value.lower()),
            "min": report.minimum,
            "max": report.maximum,
            "source": self.source(report.according_to),
            "from": interval.start,
            "to": interval.end,
        }


def annotated(path: Path) -> tuple[dict[str, object], set[str]]:
    gold = json.loads(path.read_text("utf-8"))
    sources = {report["source"] for report in gold["casualties"] if report["source"]}
    return {key: value for key, value in gold.items() if key != "doc"}, sources


@pytest.mark.parametrize("seed", ["000_7834ccb5ee2b691a", "002_6da9a0973b5c05b0"])
def test_a_seed_is_read_as_annotated_and_nothing_is_left_unread(seed: str) -> None:
    facts = read(SEEDS / f"{seed}.txt")
    golds = [annotated(path) for path in sorted((HERE / "gold").glob("*.json"))]
    gold, sources = next(g for g in golds if g[0]["title"] == facts.conflict.name)
    assert InGoldForm(facts, sources).whole() == gold
    assert facts.unread == ()


def test_an_article_beside_the_project_is_read_as_annotated() -> None:
    path = SHARED / "infobox" / "flat" / "al-qusayr_offensive.txt"
    if not path.exists():
        pytest.skip("needs the folder ../shared beside the checkout")
    facts = read(path)
    gold, sources = annotated(SHARED / "infobox" / "gold" / "al-qusayr_offensive.json")
    assert InGoldForm(facts, sources).whole() == gold
    (unit,) = (p for p in facts.participations if p.remarks)
    assert unit.remarks == ("Hezbollah",) and facts.unread == ()


@pytest.mark.parametrize("folder", ["corpus", "infobox/flat"])
def test_every_article_beside_the_project_is_read(folder: str) -> None:
    """Nothing crashes, every reference resolves, and few words are not understood."""
    if not SHARED.exists():
        pytest.skip("needs the folder ../shared beside the checkout")
    read_facts = [read(path) for path in sorted((SHARED / folder).glob("*.txt"))]
    for facts in read_facts:
        assert find_dangling_references(facts) == set()
    stated = sum(len(f.participations) + len(f.commands) + len(f.strengths) + len(f.casualties) for f in read_facts)
    assert sum(len(f.unread) for f in read_facts) < 0.15 * stated


# ---------------------------------------------------------------- every detail


def test_a_small_infobox_gives_these_facts_and_no_others() -> None:
    facts = document(
        "- Date: 3 May 2014",
        "- Place: Xan, Syria",
        "- Combatant1: Syria",
        "- Combatant2: Xan Front (XF)",
        "- Commander2: Col. Abu YanKIA, (chief)",
        "- Units1: * Syrian Army",
        "- Strength2: 40+ fighters",
        "- Casualties2: 5 killed (Army claim)",
        "- Caption: A picture",
        "- Weather: rain",
    )
    one, two, slug = "battle-of-xan/side/1", "battle-of-xan/side/2", "battle-of-xan"
    killed, claimed = "killed-5-killed-army-claim", "claimed-by-actor-syrian-army"
    (report,), (claim,), (strength,) = facts.casualties, facts.claims, facts.strengths
    (command,), fights = facts.commands, {p.participant: p.id for p in facts.participations}
    assert facts == InfoboxFacts(
        conflict=Conflict(
            id="conflict/battle-of-xan",
            name="Battle of Xan",
            type="Battle",
            interval=Interval("2014-05-03", "2014-05-03", Timing.THROUGHOUT),
            places=("place/xan",),
            casualties=(report.id,),
            passages=tuple(f"{slug}/infobox/{key}" for key in ("conflict", "date", "place")),
        ),
        entities=(
            Entity("place/syria", "Syria", EntityKind.PLACE),
            Entity("place/xan", "Xan", EntityKind.PLACE, names=("Xan, Syria",), within="place/syria"),
            Entity("actor/syria", "Syria", EntityKind.STATE),
            Entity("actor/xan-front", "Xan Front", EntityKind.ARMED_GROUP, names=("XF",)),
            Entity("actor/syrian-army", "Syrian Army", EntityKind.ARMED_FORCE, descriptions=("Army",)),
            Entity(f"{slug}/person/abu-yan", "Abu Yan", EntityKind.PERSON),
        ),
        sides=(
            Side(
                id=one,
                number=1,
                name="Side 1 in the Battle of Xan",
                belligerents=("actor/syria",),
                units=("actor/syrian-army",),
                passages=(f"{slug}/infobox/combatant1", f"{slug}/infobox/units1"),
            ),
            Side(
                id=two,
                number=2,
                name="Side 2 in the Battle of Xan",
                belligerents=("actor/xan-front",),
                passages=(f"{slug}/infobox/combatant2", f"{slug}/infobox/commander2"),
            ),
        ),
        participations=(
            Participation(fights["actor/syria"], "actor/syria", one, f"{slug}/infobox/combatant1"),
            Participation(fights["actor/xan-front"], "actor/xan-front", two, f"{slug}/infobox/combatant2"),
            Participation(fights["actor/syrian-army"], "actor/syrian-army", one, f"{slug}/infobox/units1"),
        ),
        commands=(
            Command(
                id=command.id,
                commander=f"{slug}/person/abu-yan",
                side=two,
                passage=f"{slug}/infobox/commander2",
                rank="Col.",
                role="chief",
                fate=Fate.KILLED_IN_ACTION,
            ),
        ),
        strengths=(
            StrengthReport(strength.id, f"{slug}/infobox/strength2", minimum=40, side=two, counted_as="fighters"),
        ),
        casualties=(
            CasualtyReport(
                id=report.id,
                kind=CasualtyKind.KILLED,
                passage=f"{slug}/infobox/casualties2",
                minimum=5,
                maximum=5,
                side=two,
                according_to="actor/syrian-army",
                standing=Standing.ATTRIBUTED,
            ),
        ),
        claims=(Claim(claim.id, report.id, Stance.CLAIMED, f"{slug}/infobox/casualties2", "actor/syrian-army"),),
        passages=facts.passages,
        unread=(Unread("weather", "rain"),),
    )
    assert report.id.rsplit("-", 1)[0] == f"{slug}/casualties/{killed}"
    assert claim.id.rsplit("-", 1)[0] == f"{slug}/claim/{claimed}"
    assert [(p.field, p.text) for p in facts.passages] == [
        ("conflict", "Battle of Xan"),
        ("date", "3 May 2014"),
        ("place", "Xan, Syria"),
        ("combatant1", "Syria"),
        ("combatant2", "Xan Front (XF)"),
        ("commander2", "Col. Abu YanKIA, (chief)"),
        ("units1", "* Syrian Army"),
        ("strength2", "40+ fighters"),
        ("casualties2", "5 killed (Army claim)"),
    ]


def test_an_article_without_fields_has_a_conflict_named_by_the_title() -> None:
    facts = extract_infobox(parse_plain("= Siege of Xan =\n\nThe siege was long.\n"))
    assert facts == InfoboxFacts(Conflict("conflict/siege-of-xan", "Siege of Xan", "Siege"))


def test_spellings_of_one_actor_are_one_entity_with_all_its_names() -> None:
    facts = document("- Combatant1: National Defence Forces", "- Units1: National Defense Forces, * Guards")
    assert [(e.name, e.names) for e in facts.entities if e.name.startswith("National")] == [
        ("National Defence Forces", ("National Defense Forces",))
    ]
    assert len({p.participant for p in facts.participations}) == 2


def test_ids_of_unnamed_actors_and_persons_are_within_the_article_and_named_ones_are_shared() -> None:
    ids = {}
    for title in ("Battle of Xan", "Battle of Yan"):
        facts = document("- Units1: Syrian Army, * Special forces", "- Commander1: Abu Zan", title=title)
        ids[title] = {entity.name: entity.id for entity in facts.entities}
    shared = {name for name in ids["Battle of Xan"] if ids["Battle of Xan"][name] == ids["Battle of Yan"][name]}
    assert shared == {"Syrian Army"}


@pytest.mark.parametrize(
    "fields", [("- Combatant1: Syria", "- Combatant2: Xan Front"), ("- Combatant1: A", "- Combatant2: B")]
)
def test_the_rebels_are_a_side_if_only_the_other_has_a_state(fields: tuple[str, ...]) -> None:
    facts = document(*fields, "- Casualties1: 3 killed (per the rebels)")
    known = "Syria" in fields[0]
    assert facts.casualties[0].according_to == (
        "battle-of-xan/side/2" if known else "battle-of-xan/source/rebels-sources"
    )
    assert [side.descriptions for side in facts.sides] == ([(), ("the rebels",)] if known else [(), ()])


def test_two_fields_of_one_name_keep_their_own_passages() -> None:
    facts = document("- Casualties1: 3 killed", "- Casualties1: 3 killed")
    assert [r.passage for r in facts.casualties] == [
        "battle-of-xan/infobox/casualties1",
        "battle-of-xan/infobox/casualties1/2",
    ]
    assert len({report.id for report in facts.casualties}) == 2


def test_a_value_of_a_megabyte_is_reported_within_a_second() -> None:
    start = time.perf_counter()
    facts = document("- Units1: " + "A killed, " * 100_000)
    assert time.perf_counter() - start < 1
    assert facts.unread == (Unread("units1", ("A killed, " * 8) + "… (999,999 characters, too long for a field)"),)


# ---------------------------------------------------------------- random infoboxes

WORDS = [
    *(
        "A",
        "Syrian Army",
        "Syria",
        "fighters",
        "killed",
        "wounded",
        "captured",
        "KIA",
        "POW",
        "Killed:",
        "Col.",
        "tanks",
    ),
    *(
        "1,900",
        "12",
        "c.",
        "up to",
        "several",
        "+",
        "–",
        "3 May 2014",
        "May",
        "per",
        "claim",
        "the rebels",
        "and",
        "the",
        "War",
    ),
    *(
        "*",
        "**",
        ",",
        ", ",
        "(",
        ")",
        "()",
        ":",
        ";",
        "----",
        "<hr>",
        "18px",
        "X.svg",
        "\n",
        "Governorate",
        "governorates",
        "''",
    ),
]
KEYS = [
    *(
        "Partof",
        "Date",
        "Place",
        "Result",
        "Territory",
        "Combatant1",
        "Combatant2",
        "Commander1",
        "Units1",
        "Strength1",
    ),
    *("Casualties1", "Casualties3", "Other"),
]


@pytest.mark.parametrize("value", ["the rebels * A", "Aba and Oru * Xan", "Northern Aba Governorate Syria * Xan"])
def test_a_place_in_a_nested_list_lies_within_a_place_that_is_described_or_in_none(value: str) -> None:
    assert find_dangling_references(document(f"- Place: {value}")) == set()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(KEYS),
            st.one_of(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), st.text(max_size=30)),
        ),
        max_size=6,
    )
)
def test_the_facts_of_any_infobox_are_consistent(fields: list[tuple[str, str]]) -> None:
    """Every reference resolves, no id is used twice, and a second reading gives the same facts."""
    lines = [f"- {key}: {value}" for key, value in fields]
    facts = document(*lines)
    assert find_dangling_references(facts) == set()
    groups = (facts.entities, facts.sides, facts.participations, facts.commands, facts.strengths, facts.casualties)
    for group in (*groups, facts.equipment, facts.claims):
        ids = [fact.id for fact in group]
        assert len(ids) == len(set(ids))
    assert document(*lines) == facts


def find_dangling_references(facts: InfoboxFacts) -> set[Ref]:
    """The references in facts that do not resolve."""
    reports = {r.id for group in (facts.casualties, facts.strengths, facts.equipment) for r in group}
    known = {e.id for e in facts.entities} | {s.id for s in facts.sides} | {p.id for p in facts.passages} | reports
    used: list[Ref | None] = [*facts.conflict.places, *facts.conflict.casualties, *facts.conflict.passages]
    used += [ref for s in facts.sides for ref in (*s.belligerents, *s.units, *s.passages)]
    used += [ref for p in facts.participations for ref in (p.participant, p.side, p.passage, p.under)]
    used += [ref for c in facts.commands for ref in (c.commander, c.side, c.passage)]
    used += [ref for r in facts.strengths for ref in (r.party, r.side, r.passage, r.according_to)]
    used += [ref for r in facts.equipment for ref in (r.party, r.side, r.passage, r.according_to)]
    used += [ref for r in facts.casualties for ref in (r.victims, r.side, r.passage, r.according_to, r.included_in)]
    used += [ref for c in facts.claims for ref in (c.about, c.source, c.passage)]
    used += [e.within for e in facts.entities]
    return {ref for ref in used if ref is not None} - known
