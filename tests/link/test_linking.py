"""Things are linked where name, class, place or side and the margin agree, and never to a namesake.

``authority.tsv`` has the true items, spelt as Wikidata spells them and without other names, and two or more distractors
for each: the same label in another class, at another place or of another state. ``namesakes.tsv`` is harsher: six or
more for each, of the same class too, and classes as ids or words, other names and countries in many styles. Ids of ten
digits stand for no item.
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
def authority(file: Path = FILES[0]) -> Authority:
    return read_authority(file)


def true_items(known: Mapping[Ref, Thing]) -> Mapping[Ref, set[str]]:
    """The items of the things that a sure row of the tables names."""
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
    """Links the things with one source."""
    return link_things(things, decisions, ask_sources(things, [ItemSource("a source", find_items)]))


def accepted(links: Sequence[EntityLink]) -> Mapping[Ref, str]:
    return {one.subject: one.object.removeprefix(WIKIDATA) for one in links if one.status is LinkStatus.ACCEPTED}


def wrong_and_missing(store: VersionedStore, file: Path) -> tuple[Mapping[Ref, str], set[Ref], int]:
    """With no decisions: the accepted links that are wrong, the things with a sure row that have none, their number."""
    snapshot = store.snapshot()
    known = read_things(snapshot, Iris.from_store(snapshot))
    truth, found = true_items(known), accepted(link_by(known, [], authority(file).find_items).links)
    wrong = {ref: item for ref, item in found.items() if ref in truth and item not in truth[ref]}
    return wrong, truth.keys() - found.keys(), len(truth)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_seeds_are_linked_without_a_wrong_link(seeds_store: VersionedStore, file: Path) -> None:
    """Of the sure rows that name a thing 0.85 are found; what is no place ("Jabhat al-Nusra") or two is left open."""
    wrong, missing, number = wrong_and_missing(seeds_store, file)
    assert wrong == {}
    assert missing <= {"place/idlib", "place/jabhat-al-nusra", "place/damascus", "actor/hezbollah"}
    assert number - len(missing) >= 0.85 * number


@pytest.fixture(scope="module")
def corpus_store(nlp: "Language", tmp_path_factory: pytest.TempPathFactory) -> VersionedStore:
    """The graph of all articles that stand beside the project: three minutes' work."""
    if not CORPUS.is_dir():
        pytest.skip("../shared is not there")
    store = VersionedStore(tmp_path_factory.mktemp("corpus") / "store")
    build([CORPUS], store, partial(extract_facts, nlp=nlp), Iris())
    return store


NOT_TO_LINK = re.compile(
    r"actor/(aleppo|hama|idlib|raqqa)"  # places that do something in a text, read as parties
    r"|place/(bashar-al-assad|idlib|(north|east)\w*-aleppo)"  # no place; town or governorate; parts of a town
    r"|actor/islamic-state-of-iraq-and-the-levant-naqshbandi-army"  # two parties read as one
)


@pytest.mark.slow
def test_the_corpus_is_linked_without_a_wrong_link(corpus_store: VersionedStore) -> None:
    """The same on articles for which nothing was decided; what was not read as what it is has no link."""
    wrong, missing, number = wrong_and_missing(corpus_store, FILES[0])
    unfit = {ref for ref in missing if NOT_TO_LINK.fullmatch(ref)}
    assert wrong == {}
    assert number - len(missing) >= 0.85 * (number - len(unfit)) > 30
    assert wrong_and_missing(corpus_store, FILES[1])[0] == {}


@pytest.mark.slow
def test_on_the_corpus_too_two_runs_agree_and_each_decision_bears_on_its_own_subject_alone(
    corpus_store: VersionedStore,
) -> None:
    bears_on_its_own_alone(corpus_store)


def test_two_runs_agree_and_each_decision_bears_on_its_own_subject_alone(seeds_store: VersionedStore) -> None:
    """Whatever the sources offer: without one decision only the links of what it was about are others."""
    bears_on_its_own_alone(seeds_store)


def bears_on_its_own_alone(store: VersionedStore) -> None:
    snapshot = store.snapshot()
    known, decisions = read_things(snapshot, Iris.from_store(snapshot)), read_decisions(SHIPPED_DECISIONS)
    whole = link_by(known, decisions, authority().find_items)
    assert link_by(known, decisions[::-1], authority().find_items) == whole
    about = [one for one in decisions if one.subject in known]
    assert len(about) > 20
    for left_out in about:
        rest = link_by(known, [one for one in decisions if one is not left_out], authority().find_items)
        assert {one.subject for one in {*whole.links} ^ {*rest.links}} == {left_out.subject}


def test_a_build_has_the_shipped_links_and_keeps_them(seeds_store: VersionedStore) -> None:
    """The graph says what the decisions say of what is there: linking again without a network changes nothing."""
    snapshot = seeds_store.snapshot()
    links = pyoxigraph.NamedNode(Iris().graph("links"))
    assert any(snapshot.quads_for_pattern(None, None, None, links))
    before = seeds_store.generation()
    link(seeds_store, partial(read_decisions, SHIPPED_DECISIONS), [])
    assert seeds_store.generation() == before


def test_what_is_decided_while_services_are_asked_counts(seeds_store: VersionedStore, tmp_path: Path) -> None:
    """A person may decide in the browser while a run waits for an answer."""
    store, file = VersionedStore(tmp_path / "copy"), tmp_path / "d.sssom.tsv"
    seeds_store.backup(store.path)
    write_decisions([], file, Iris())
    decision = EntityLink("place/idlib", WIKIDATA + "Q9000000001", LinkStatus.ACCEPTED, "Idlib", reviewer="A. Reader")

    def slow(asked: Sequence[Thing]) -> Mapping[Ref, Sequence[Item]]:
        write_decisions([decision], file, Iris())
        return authority().find_items(asked)

    found = link(store, partial(read_decisions, file), [ItemSource("slow", slow)])
    assert accepted(found.links)["place/idlib"] == "Q9000000001"
    assert accepted([*read_links(store.snapshot(), Iris())]) == accepted(found.links)


def test_no_item_is_the_same_as_a_place_and_a_party(seeds_store: VersionedStore) -> None:
    """A reasoner that merges what is the same would find the dump inconsistent: nothing is both."""
    links = [*read_links(seeds_store.snapshot(), Iris())]
    both = {one.object for one in links if one.subject == "place/syria"} & {
        one.object for one in links if one.subject.startswith("actor/")
    }
    assert both, "the seeds have an item that is linked from a place and a party"
    same = build_same_as_quads(links, Iris())
    assert {value_of(quad.object) for quad in same} == {
        one.object for one in links if one.status is LinkStatus.ACCEPTED and one.object.startswith(WIKIDATA)
    } - both


def test_of_a_subject_the_shipped_decisions_accept_one_item() -> None:
    decisions = [d for d in read_decisions(SHIPPED_DECISIONS) if d.object.startswith(WIKIDATA)]
    assert len(accepted(decisions)) == len(decisions) > 30


# ---------------------------------------------------------------- homonyms


def place(ref: str, *names: str, kinds: tuple[str, ...] = (), article: str = ARTICLE) -> Thing:
    return Thing(f"place/{ref}", ("Place",), names, {article: 1}, kinds)


def town(id_: str, label: str, lat: str, long: str, type_: str = "Q3957", country: str = "Syria") -> Item:
    return Item(id_, label, (), (type_,), Point(lat, long), (country,))


AROUND = {
    "place/xan": ("Xanba", town("Q11", "Xanba", "35.26", "36.60")),
    "place/yar": ("Yardos", town("Q12", "Yardos", "35.25", "36.75")),
    "place/zul": ("Zullam", town("Q13", "Zullam", "35.30", "36.65")),
}


def verdicts(thing: Thing, *items: Item) -> list[EntityLink]:
    """What becomes of a thing that is told of beside three places, all within ten kilometres of 35.27, 36.68."""
    known = {thing.ref: thing} | {ref: place(ref[6:], name) for ref, (name, _) in AROUND.items()}
    offers = {thing.ref: items} | {ref: (item,) for ref, (_, item) in AROUND.items()}
    found = link_by(known, [], lambda asked: {one.ref: offers[one.ref] for one in asked if one.ref in offers})
    return [one for one in found.links if one.subject == thing.ref]


def only(links: Sequence[EntityLink]) -> tuple[str, LinkStatus]:
    (found,) = links
    return found.object.removeprefix(WIKIDATA), found.status


NEAR, FAR = town("Q21", "Suran", "35.29", "36.75"), town("Q22", "Suran", "36.57", "37.21")


def test_of_two_towns_of_a_name_the_one_beside_the_articles_places_is_meant() -> None:
    assert only(verdicts(place("suran", "Suran"), NEAR, FAR)) == ("Q21", LinkStatus.ACCEPTED)


def test_of_two_near_ones_none_is_accepted() -> None:
    links = verdicts(place("abu-dali", "Abu Dali"), *(town(f"Q3{n}", "Abu Dali", f"35.2{n}", "36.7") for n in (1, 2)))
    assert {one.status for one in links} == {LinkStatus.PROPOSED} and len(links) == 2


def test_a_lone_namesake_at_the_other_end_of_the_world_is_not_accepted() -> None:
    links = verdicts(place("hama", "Hama"), town("Q41", "Hama", "34.7", "137.7", "Q515", "Japan"))
    assert LinkStatus.ACCEPTED not in {one.status for one in links}


def test_where_all_have_namesakes_beside_each_other_none_is_accepted() -> None:
    """Two groups of towns, each as near together as the other: nothing tells which the article is set in."""
    here = {ref: item for ref, (_, item) in AROUND.items()}
    there = {
        ref: replace(item, id=item.id + "9", point=Point("36.5", f"37.{n}"))
        for n, (ref, item) in enumerate(here.items())
    }
    known = {ref: place(ref[6:], name) for ref, (name, _) in AROUND.items()}
    found = link_by(known, [], lambda asked: {one.ref: (here[one.ref], there[one.ref]) for one in asked})
    assert accepted(found.links) == {}


def test_a_city_may_be_meant_from_afar_but_no_village() -> None:
    far = town("Q31", "Zorba", "33.5", "36.3", "Q515")
    assert only(verdicts(place("zorba", "Zorba"), far)) == ("Q31", LinkStatus.ACCEPTED)
    assert only(verdicts(place("zorba", "Zorba"), replace(far, types=("Q532",)))) == ("Q31", LinkStatus.PROPOSED)
    assert only(verdicts(place("zorba", "Zorba", kinds=("village",)), far)) == ("Q31", LinkStatus.PROPOSED)


def test_a_part_of_a_town_is_not_the_town() -> None:
    links = verdicts(place("eastern-suran", "Eastern Suran", "Suran"), NEAR)
    assert LinkStatus.ACCEPTED not in {one.status for one in links}


CITY = town("Q51", "Ḩamāh", "35.13", "36.76", "Q515")
DISTRICT = town("Q52", "Hama", "35.28", "37.12", "Q13220204")
GOVERNORATE = town("Q53", "Hama", "35.22", "37.21", "governorate of Syria")


def test_city_district_and_governorate_of_one_name_are_three_things() -> None:
    items = (CITY, DISTRICT, GOVERNORATE)
    assert only(verdicts(place("hama", "Hama", kinds=("city",)), *items)) == ("Q51", LinkStatus.ACCEPTED)
    governorate = place("hama-governorate", "Hama Governorate", kinds=("governorate",))
    assert only(verdicts(governorate, *items)) == ("Q53", LinkStatus.ACCEPTED)


def test_what_texts_call_a_governorate_but_is_named_like_its_town_is_left_to_a_person() -> None:
    links = verdicts(place("hama", "Hama", kinds=("governorate",)), CITY, DISTRICT, GOVERNORATE)
    assert LinkStatus.ACCEPTED not in {one.status for one in links}


def test_a_name_that_only_sounds_alike_is_not_accepted_away_from_the_articles_places() -> None:
    links = verdicts(place("sarrin", "Sarrin"), town("Q61", "Souran", "36.57", "37.21"))
    assert LinkStatus.ACCEPTED not in {one.status for one in links}


def group(ref: str, *names: str) -> Thing:
    return Thing(f"actor/{ref}", ("ArmedGroup",), names, {ARTICLE: 1})


def test_a_group_is_its_item_by_another_of_its_names_but_not_by_a_translation_that_nobody_gives() -> None:
    izza = Item("Q71", "Jaysh al-Izza", ("Army of Glory",), ("Q17149090",))
    assert only(verdicts(group("army-of-glory", "Army of Glory"), izza)) == ("Q71", LinkStatus.ACCEPTED)
    assert verdicts(group("army-of-glory", "Army of Glory"), replace(izza, aliases=())) == []


def test_an_item_of_another_class_is_no_candidate() -> None:
    assert verdicts(group("hezbollah", "Hezbollah"), Item("Q81", "Hezbollah", (), ("Q11424",))) != []
    assert verdicts(group("hezbollah", "Hezbollah"), Item("Q82", "Hezbollah", (), ("Q5",))) == []


def test_of_two_groups_of_a_name_none_is_accepted_for_being_of_a_state_that_articles_speak_of() -> None:
    """Armed groups fight abroad: an article on Syria need not name the state of one from Lebanon."""
    groups = [
        Item(f"Q8{n}", "Hezbollah", (), ("Q17149090",), countries=(c,)) for n, c in ((3, "Lebanon"), (4, "Syria"))
    ]
    known = {one.ref: one for one in (group("hezbollah", "Hezbollah"), group("x", "Syrian Army"))}
    found = link_by(known, [], lambda _: {"actor/hezbollah": groups}).links
    assert [one.status for one in found] == [LinkStatus.PROPOSED] * 2


@pytest.mark.parametrize("name", ["Russian Federation", "Syria"])
def test_what_is_called_as_a_state_is_the_state_and_nothing_else(name: str) -> None:
    actor = Thing("actor/a", ("Actor",), (name,), {ARTICLE: 1})
    state, party = Item("Q1", name, (), ("Q6256",)), Item("Q2", name, (), ("Q7278",))
    assert accepted(verdicts(actor, party)) == {}
    assert accepted(verdicts(actor, party, state)) == {"actor/a": "Q1"}
    assert accepted(verdicts(replace(actor, names=("Russian", "Syrian", "US$")), state, party)) == {}


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
def test_the_last_words_of_a_class_say_what_it_is(types: str, groups: set[str]) -> None:
    assert find_groups([types]) == groups


def test_without_a_class_nothing_is_accepted_whatever_a_service_says() -> None:
    links = verdicts(place("suran", "Suran"), replace(NEAR, types=()))
    assert [one.status for one in links] == [LinkStatus.PROPOSED]


def test_a_unit_of_another_state_is_not_ours() -> None:
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


def test_a_conflict_of_another_year_is_another() -> None:
    battle = Thing("conflict/battle-of-xan", ("Battle",), ("Battle of Xan",), {ARTICLE: 1}, start_years=("2016",))
    items = [
        Item("Q101", "Battle of Xan", (), ("Q178561",), description="battle of 1918"),
        Item("Q102", "Battle of Xan", (), ("Q178561",), description="battle of 2016"),
    ]
    found = link_by({battle.ref: battle}, [], lambda _: {battle.ref: items}).links
    assert accepted(found) == {"conflict/battle-of-xan": "Q102"}


def test_a_conflict_whose_years_nobody_gives_is_of_the_time_that_its_articles_tell_of() -> None:
    war = Thing("conflict/war", ("War",), ("Xanian Civil War",), {ARTICLE: 1}, article_years=("2017",))
    old = Item("Q111", "Xanian Civil War", (), ("Q198",), description="war of 1925")
    ours = Item("Q112", "Xanian Civil War", (), ("Q198",), description="war since 2011")
    battle = Item("Q113", "Xanian Civil War", (), ("Q178561",), description="battle of 2016")

    def found(*items: Item) -> Mapping[Ref, str]:
        return accepted(link_by({war.ref: war}, [], lambda _: {war.ref: items}).links)

    assert found(old) == {}
    assert found(old, ours, battle) == {"conflict/war": "Q112"}


def test_what_a_person_rejected_is_not_proposed_again_and_what_is_called_otherwise_now_does_not_hold() -> None:
    suran = place("suran", "Suran")
    given = {suran.ref: [NEAR]}
    no = EntityLink(suran.ref, WIKIDATA + "Q21", LinkStatus.REJECTED, "Suran", reviewer="a person")
    found = link_by({suran.ref: suran}, [no], lambda _: given)
    assert (found.links, found.notes) == ((no,), ())
    moved = replace(no, status=LinkStatus.ACCEPTED, label="Palmyra")
    told = link_things({suran.ref: suran}, [moved], {})
    assert (told.links, told.notes) == ((), ("place/suran is 'Suran' here, 'Palmyra' in the decisions: left out",))


def test_an_articles_own_link_decides_where_label_and_class_agree() -> None:
    suran = place("suran", "Suran")
    page = replace(FAR, linked_by_article=True)
    assert only(verdicts(suran, NEAR, page)) == ("Q22", LinkStatus.ACCEPTED)
    other = replace(page, label="Aleppo")
    assert only(verdicts(suran, NEAR, other)) == ("Q21", LinkStatus.ACCEPTED)
