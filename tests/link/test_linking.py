"""Things are linked if name, class, place or side, and margin all agree, and never to a namesake.

``authority.tsv`` has the correct items, spelled as in Wikidata and without aliases, and at least two namesakes of each,
which have another class, place or state. ``namesakes.tsv`` is harder: at least six namesakes of each, some of the same
class; classes are ids or words, and aliases and countries have many styles. Ids of ten digits are made up.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph
import pytest

from conftest import PROJECT
from hamakg.build import build, link
from hamakg.extract.article import extract_facts
from hamakg.graph import build_same_as_quads
from hamakg.link import (
    SHIPPED_DECISIONS,
    ItemSource,
    LinkingResult,
    ask_sources,
    link_things,
    read_decisions,
    read_links,
    read_things,
    summarize_links,
    write_decisions,
)
from hamakg.link.classes import find_groups
from hamakg.link.items import WIKIDATA, Item
from hamakg.link.name_similarity import fold_name
from hamakg.link.points import Point
from hamakg.link.sources.authority import Authority, read_authority
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from support.solutions import value_of

if TYPE_CHECKING:
    from spacy.language import Language

TRUTH = PROJECT.parent / "shared" / "wikidata"
FILES = [Path(__file__).with_name(name) for name in ("authority.tsv", "namesakes.tsv")]
CORPUS = PROJECT.parent / "shared" / "corpus"
ARTICLE = "https://w3id.org/hamakg/graph/article/a"


@cache
def read_items(file: Path = FILES[0]) -> Authority:
    return read_authority(file)


def read_true_items(known: Mapping[Ref, Thing]) -> Mapping[Ref, set[str]]:
    """Returns the correct items of each thing that has a row of the tables marked as sure."""
    if not TRUTH.is_dir():
        pytest.skip("../shared is not there")
    found: dict[Ref, set[str]] = {}
    for table in ("qids.tsv", "qids_extra.tsv"):
        with (TRUTH / table).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                spellings = {fold_name(row["name"]), fold_name(row["label_in_source"])}
                for ref, thing in known.items():
                    if row["confidence"] == "sure" and spellings & {*map(fold_name, thing.names)}:
                        found.setdefault(ref, set()).add(row["qid"])
    return found


def link_by(
    things: Mapping[Ref, Thing],
    decisions: Iterable[EntityLink],
    find_items: Callable[[Sequence[Thing]], Mapping[Ref, Sequence[Item]]],
) -> LinkingResult:
    """Links the things to the items of one source."""
    return link_things(things, decisions, ask_sources(things, [ItemSource("a source", find_items)]))


def accepted_items(links: Sequence[EntityLink]) -> Mapping[Ref, str]:
    return {one.subject: one.object.removeprefix(WIKIDATA) for one in links if one.status is LinkStatus.ACCEPTED}


def find_errors(store: VersionedStore, file: Path) -> tuple[Mapping[Ref, str], set[Ref], int]:
    """Links without decisions; returns the wrong links, the things without a link, and how many should have one."""
    snapshot = store.snapshot()
    known = read_things(snapshot, Iris.from_store(snapshot))
    truth, found = read_true_items(known), accepted_items(link_by(known, [], read_items(file).find_items).links)
    wrong = {ref: item for ref, item in found.items() if ref in truth and item not in truth[ref]}
    return wrong, truth.keys() - found.keys(), len(truth)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_seeds_are_linked_without_a_wrong_link(seeds_store: VersionedStore, file: Path) -> None:
    """At least 0.85 of the things are linked; what is not a place ("Jabhat al-Nusra"), or two places, is left open."""
    wrong, missing, number = find_errors(seeds_store, file)
    assert wrong == {}
    assert missing <= {"place/idlib", "place/jabhat-al-nusra", "place/damascus", "actor/hezbollah"}
    assert number - len(missing) >= 0.85 * number


@pytest.fixture(scope="module")
def corpus_store(nlp: "Language", tmp_path_factory: pytest.TempPathFactory) -> VersionedStore:
    """Builds the graph of all articles of ../shared/corpus, which takes three minutes."""
    if not CORPUS.is_dir():
        pytest.skip("../shared is not there")
    store = VersionedStore(tmp_path_factory.mktemp("corpus") / "store")
    build([CORPUS], store, partial(extract_facts, nlp=nlp), Iris())
    return store


NOT_TO_LINK = re.compile(
    r"actor/(aleppo|hama|idlib|raqqa)"  # places that were read as parties, because they act in a sentence
    r"|place/(bashar-al-assad|idlib|(north|east)\w*-aleppo)"  # not a place; town or governorate; parts of a town
    r"|actor/islamic-state-of-iraq-and-the-levant-naqshbandi-army"  # two parties that were read as one
)


@pytest.mark.slow
def test_the_corpus_is_linked_without_a_wrong_link(corpus_store: VersionedStore) -> None:
    """The same for articles without decisions; things that were read as something else are not linked."""
    wrong, missing, number = find_errors(corpus_store, FILES[0])
    unfit = {ref for ref in missing if NOT_TO_LINK.fullmatch(ref)}
    assert wrong == {}
    assert number - len(missing) >= 0.85 * (number - len(unfit)) > 30
    assert find_errors(corpus_store, FILES[1])[0] == {}


@pytest.mark.slow
def test_on_the_corpus_runs_agree_and_decisions_are_independent(
    corpus_store: VersionedStore,
) -> None:
    check_that_decisions_are_independent(corpus_store)


def test_runs_agree_and_decisions_are_independent(seeds_store: VersionedStore) -> None:
    """Leaving out a decision changes only the links of its own subject."""
    check_that_decisions_are_independent(seeds_store)


def check_that_decisions_are_independent(store: VersionedStore) -> None:
    snapshot = store.snapshot()
    known, decisions = read_things(snapshot, Iris.from_store(snapshot)), read_decisions(SHIPPED_DECISIONS)
    whole = link_by(known, decisions, read_items().find_items)
    assert link_by(known, decisions[::-1], read_items().find_items) == whole
    about = [one for one in decisions if one.subject in known]
    assert len(about) > 20
    for left_out in about:
        rest = link_by(known, [one for one in decisions if one is not left_out], read_items().find_items)
        assert {one.subject for one in {*whole.links} ^ {*rest.links}} == {left_out.subject}


def test_a_build_has_the_shipped_links_and_keeps_them(seeds_store: VersionedStore) -> None:
    """The store already has the shipped links, so linking again without a source changes nothing."""
    snapshot = seeds_store.snapshot()
    links = pyoxigraph.NamedNode(Iris().graph("links"))
    assert any(snapshot.quads_for_pattern(None, None, None, links))
    before = seeds_store.generation()
    link(seeds_store, partial(read_decisions, SHIPPED_DECISIONS), [])
    assert seeds_store.generation() == before


def test_a_decision_made_while_services_are_asked_counts(seeds_store: VersionedStore, tmp_path: Path) -> None:
    """A person may decide in the browser while a run waits for an answer."""
    store, file = VersionedStore(tmp_path / "copy"), tmp_path / "d.sssom.tsv"
    seeds_store.backup(store.path)
    write_decisions([], file, Iris())
    decision = EntityLink("place/idlib", WIKIDATA + "Q9000000001", LinkStatus.ACCEPTED, "Idlib", reviewer="A. Reader")

    def slow(asked: Sequence[Thing]) -> Mapping[Ref, Sequence[Item]]:
        write_decisions([decision], file, Iris())
        return read_items().find_items(asked)

    found = link(store, partial(read_decisions, file), [ItemSource("slow", slow)])
    assert accepted_items(found.links)["place/idlib"] == "Q9000000001"
    assert accepted_items([*read_links(store.snapshot(), Iris())]) == accepted_items(found.links)


def test_no_item_is_stated_to_be_both_a_place_and_a_party(seeds_store: VersionedStore) -> None:
    """Places and parties are disjoint classes: a reasoner would find the dump inconsistent."""
    links = [*read_links(seeds_store.snapshot(), Iris())]
    both = {one.object for one in links if one.subject == "place/syria"} & {
        one.object for one in links if one.subject.startswith("actor/")
    }
    assert both, "the seeds have an item that is linked from a place and a party"
    same = build_same_as_quads(links, Iris())
    assert {value_of(quad.object) for quad in same} == {
        one.object for one in links if one.status is LinkStatus.ACCEPTED and one.object.startswith(WIKIDATA)
    } - both


def test_the_shipped_decisions_accept_one_item_for_each_subject() -> None:
    decisions = [d for d in read_decisions(SHIPPED_DECISIONS) if d.object.startswith(WIKIDATA)]
    assert len(accepted_items(decisions)) == len(decisions) > 30


def test_a_run_is_summarized_by_name_with_sources_and_grounds() -> None:
    """As a dry run shows it: what each thing would be linked to, who says so, and why."""
    things = {one.ref: one for one in (group("a", "Abc Front"), group("b", "Bcd Front"), group("c", "Cde Front"))}
    front = Item("Q1", "Abc Front", (), ("Q17149090",))
    offers = {"actor/a": [front], "actor/b": [replace(front, id="Q2", label="Bcd Front", linked_by_article=True)]}
    decision = EntityLink(
        "actor/c", f"{WIKIDATA}Q3", LinkStatus.REJECTED, "Cde Front", "C", reviewer="A. Reader", date="2026-11-28"
    )
    sources = [ItemSource("one.tsv", lambda _: offers), ItemSource("two.tsv", lambda _: {"actor/a": [front]})]
    result = link_things(things, [decision], ask_sources(things, sources))
    assert [(one.label, one.object_label, one.status, one.sources, one.grounds) for one in summarize_links(result)] == [
        (
            "Abc Front",
            "Abc Front",
            LinkStatus.ACCEPTED,
            ("one.tsv", "two.tsv"),
            "name 1.00, class 1.00, place or side 0.50, 0.80 ahead of the next item",
        ),
        ("Bcd Front", "Bcd Front", LinkStatus.ACCEPTED, ("one.tsv",), "an article links to the item's page"),
        ("Cde Front", "C", LinkStatus.REJECTED, (), "decided by A. Reader on 2026-11-28"),
    ]


# ---------------------------------------------------------------- namesakes


def place(ref: str, *names: str, kinds: tuple[str, ...] = (), article: str = ARTICLE) -> Thing:
    return Thing(f"place/{ref}", ("Place",), names, {article: 1}, kinds)


def town(id_: str, label: str, lat: str, long: str, type_: str = "Q3957", country: str = "Syria") -> Item:
    return Item(id_, label, (), (type_,), Point(lat, long), (country,))


NEIGHBOURS = {
    "place/xan": ("Xanba", town("Q11", "Xanba", "35.26", "36.60")),
    "place/yar": ("Yardos", town("Q12", "Yardos", "35.25", "36.75")),
    "place/zul": ("Zullam", town("Q13", "Zullam", "35.30", "36.65")),
}


def link_near_neighbours(thing: Thing, *items: Item) -> list[EntityLink]:
    """Returns the links of a thing whose article names three places within ten kilometres of 35.27, 36.68."""
    known = {thing.ref: thing} | {ref: place(ref[6:], name) for ref, (name, _) in NEIGHBOURS.items()}
    offers = {thing.ref: items} | {ref: (item,) for ref, (_, item) in NEIGHBOURS.items()}
    found = link_by(known, [], lambda asked: {one.ref: offers[one.ref] for one in asked if one.ref in offers})
    return [one for one in found.links if one.subject == thing.ref]


def single(links: Sequence[EntityLink]) -> tuple[str, LinkStatus]:
    (found,) = links
    return found.object.removeprefix(WIKIDATA), found.status


NEAR, FAR = town("Q21", "Suran", "35.29", "36.75"), town("Q22", "Suran", "36.57", "37.21")


def test_of_two_towns_with_one_name_the_one_near_the_articles_places_is_accepted() -> None:
    assert single(link_near_neighbours(place("suran", "Suran"), NEAR, FAR)) == ("Q21", LinkStatus.ACCEPTED)


def test_of_two_near_towns_with_one_name_neither_is_accepted() -> None:
    links = link_near_neighbours(
        place("abu-dali", "Abu Dali"), *(town(f"Q3{n}", "Abu Dali", f"35.2{n}", "36.7") for n in (1, 2))
    )
    assert {one.status for one in links} == {LinkStatus.PROPOSED} and len(links) == 2


def test_a_lone_namesake_at_the_other_end_of_the_world_is_not_accepted() -> None:
    links = link_near_neighbours(place("hama", "Hama"), town("Q41", "Hama", "34.7", "137.7", "Q515", "Japan"))
    assert LinkStatus.ACCEPTED not in {one.status for one in links}


def test_if_the_namesakes_of_all_places_lie_together_none_is_accepted() -> None:
    """Of two equally close groups of towns, nothing tells which one the article is about."""
    here = {ref: item for ref, (_, item) in NEIGHBOURS.items()}
    there = {
        ref: replace(item, id=item.id + "9", point=Point("36.5", f"37.{n}"))
        for n, (ref, item) in enumerate(here.items())
    }
    known = {ref: place(ref[6:], name) for ref, (name, _) in NEIGHBOURS.items()}
    found = link_by(known, [], lambda asked: {one.ref: (here[one.ref], there[one.ref]) for one in asked})
    assert accepted_items(found.links) == {}


def test_a_distant_city_is_accepted_but_not_a_distant_village() -> None:
    far = town("Q31", "Zorba", "33.5", "36.3", "Q515")
    assert single(link_near_neighbours(place("zorba", "Zorba"), far)) == ("Q31", LinkStatus.ACCEPTED)
    assert single(link_near_neighbours(place("zorba", "Zorba"), replace(far, types=("Q532",)))) == (
        "Q31",
        LinkStatus.PROPOSED,
    )
    assert single(link_near_neighbours(place("zorba", "Zorba", kinds=("village",)), far)) == (
        "Q31",
        LinkStatus.PROPOSED,
    )


def test_a_part_of_a_town_is_not_the_town() -> None:
    links = link_near_neighbours(place("eastern-suran", "Eastern Suran", "Suran"), NEAR)
    assert LinkStatus.ACCEPTED not in {one.status for one in links}


CITY = town("Q51", "Ḩamāh", "35.13", "36.76", "Q515")
DISTRICT = town("Q52", "Hama", "35.28", "37.12", "Q13220204")
GOVERNORATE = town("Q53", "Hama", "35.22", "37.21", "governorate of Syria")


def test_a_city_a_district_and_a_governorate_with_one_name_are_told_apart() -> None:
    items = (CITY, DISTRICT, GOVERNORATE)
    assert single(link_near_neighbours(place("hama", "Hama", kinds=("city",)), *items)) == (
        "Q51",
        LinkStatus.ACCEPTED,
    )
    governorate = place("hama-governorate", "Hama Governorate", kinds=("governorate",))
    assert single(link_near_neighbours(governorate, *items)) == ("Q53", LinkStatus.ACCEPTED)


def test_a_governorate_with_the_name_of_its_town_is_only_proposed() -> None:
    links = link_near_neighbours(place("hama", "Hama", kinds=("governorate",)), CITY, DISTRICT, GOVERNORATE)
    assert LinkStatus.ACCEPTED not in {one.status for one in links}


def test_a_similar_sounding_name_is_not_accepted_far_from_the_articles_places() -> None:
    links = link_near_neighbours(place("sarrin", "Sarrin"), town("Q61", "Souran", "36.57", "37.21"))
    assert LinkStatus.ACCEPTED not in {one.status for one in links}


def group(ref: str, *names: str) -> Thing:
    return Thing(f"actor/{ref}", ("ArmedGroup",), names, {ARTICLE: 1})


def test_a_group_is_accepted_by_an_alias_but_not_by_a_translation_that_is_none() -> None:
    izza = Item("Q71", "Jaysh al-Izza", ("Army of Glory",), ("Q17149090",))
    assert single(link_near_neighbours(group("army-of-glory", "Army of Glory"), izza)) == ("Q71", LinkStatus.ACCEPTED)
    assert link_near_neighbours(group("army-of-glory", "Army of Glory"), replace(izza, aliases=())) == []


def test_an_item_of_another_class_is_not_proposed() -> None:
    assert link_near_neighbours(group("hezbollah", "Hezbollah"), Item("Q81", "Hezbollah", (), ("Q11424",))) != []
    assert link_near_neighbours(group("hezbollah", "Hezbollah"), Item("Q82", "Hezbollah", (), ("Q5",))) == []


def test_of_two_groups_with_one_name_none_is_accepted_for_the_state_of_the_articles() -> None:
    """Armed groups fight abroad: an article about Syria need not mention the Lebanon of a Lebanese group."""
    groups = [
        Item(f"Q8{n}", "Hezbollah", (), ("Q17149090",), countries=(c,)) for n, c in ((3, "Lebanon"), (4, "Syria"))
    ]
    known = {one.ref: one for one in (group("hezbollah", "Hezbollah"), group("x", "Syrian Army"))}
    found = link_by(known, [], lambda _: {"actor/hezbollah": groups}).links
    assert [one.status for one in found] == [LinkStatus.PROPOSED] * 2


@pytest.mark.parametrize("name", ["Russian Federation", "Syria"])
def test_a_thing_with_the_name_of_a_state_is_that_state(name: str) -> None:
    actor = Thing("actor/a", ("Actor",), (name,), {ARTICLE: 1})
    state, party = Item("Q1", name, (), ("Q6256",)), Item("Q2", name, (), ("Q7278",))
    assert accepted_items(link_near_neighbours(actor, party)) == {}
    assert accepted_items(link_near_neighbours(actor, party, state)) == {"actor/a": "Q1"}
    assert accepted_items(link_near_neighbours(replace(actor, names=("Russian", "Syrian", "US$")), state, party)) == {}


@pytest.mark.parametrize(
    ("types", "groups"),
    [
        ("town in Syria", {"settlement"}),
        ("United States federal executive department", {"agency"}),
        ("militant Islamist organization", {"organisation"}),
        ("village administrative unit", set()),
        ("fictional country", set()),
        ("football club", set()),
        ("http://www.wikidata.org/entity/Q532", {"settlement"}),
    ],
)
def test_the_last_words_of_a_class_decide_its_group(types: str, groups: set[str]) -> None:
    assert find_groups([types]) == groups


def test_an_item_without_a_class_is_only_proposed() -> None:
    links = link_near_neighbours(place("suran", "Suran"), replace(NEAR, types=()))
    assert [one.status for one in links] == [LinkStatus.PROPOSED]


def test_a_unit_of_another_state_is_not_accepted() -> None:
    above = Thing("actor/army", ("ArmedForce",), ("Syrian Army",), {ARTICLE: 1})
    unit = Thing(
        "actor/11th", ("MilitaryUnit",), ("11th Armored Division",), {ARTICLE: 1}, superior_units=("actor/army",)
    )
    item = Item("Q91", "11th Armored Division", (), ("Q176799",), countries=("United States",))

    def found(country: str) -> list[LinkStatus]:
        given = {unit.ref: [replace(item, countries=(country,))]}
        return [one.status for one in link_by({above.ref: above, unit.ref: unit}, [], lambda _: given).links]

    assert found("United States") == [LinkStatus.PROPOSED]
    assert found("Syria") == [LinkStatus.ACCEPTED]


def test_a_conflict_of_another_year_is_not_accepted() -> None:
    battle = Thing("conflict/battle-of-xan", ("Battle",), ("Battle of Xan",), {ARTICLE: 1}, start_years=("2016",))
    items = [
        Item("Q101", "Battle of Xan", (), ("Q178561",), description="battle of 1918"),
        Item("Q102", "Battle of Xan", (), ("Q178561",), description="battle of 2016"),
    ]
    found = link_by({battle.ref: battle}, [], lambda _: {battle.ref: items}).links
    assert accepted_items(found) == {"conflict/battle-of-xan": "Q102"}


def test_an_undated_conflict_is_of_the_time_of_its_articles() -> None:
    war = Thing("conflict/war", ("War",), ("Xanian Civil War",), {ARTICLE: 1}, article_years=("2017",))
    old = Item("Q111", "Xanian Civil War", (), ("Q198",), description="war of 1925")
    ours = Item("Q112", "Xanian Civil War", (), ("Q198",), description="war since 2011")
    battle = Item("Q113", "Xanian Civil War", (), ("Q178561",), description="battle of 2016")

    def found(*items: Item) -> Mapping[Ref, str]:
        return accepted_items(link_by({war.ref: war}, [], lambda _: {war.ref: items}).links)

    assert found(old) == {}
    assert found(old, ours, battle) == {"conflict/war": "Q112"}


def test_a_rejected_item_is_not_proposed_again_and_a_decision_on_another_name_is_left_out() -> None:
    suran = place("suran", "Suran")
    given = {suran.ref: [NEAR]}
    no = EntityLink(suran.ref, WIKIDATA + "Q21", LinkStatus.REJECTED, "Suran", reviewer="a person")
    found = link_by({suran.ref: suran}, [no], lambda _: given)
    assert (found.links, found.notes) == ((no,), ())
    moved = replace(no, status=LinkStatus.ACCEPTED, label="Palmyra")
    told = link_things({suran.ref: suran}, [moved], {})
    assert (told.links, told.notes) == ((), ("place/suran is 'Suran' here, 'Palmyra' in the decisions: left out",))


def test_an_articles_own_link_decides_if_label_and_class_agree() -> None:
    suran = place("suran", "Suran")
    page = replace(FAR, linked_by_article=True)
    assert single(link_near_neighbours(suran, NEAR, page)) == ("Q22", LinkStatus.ACCEPTED)
    other = replace(page, label="Aleppo")
    assert single(link_near_neighbours(suran, NEAR, other)) == ("Q21", LinkStatus.ACCEPTED)
