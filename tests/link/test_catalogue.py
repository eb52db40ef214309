"""Other people's lists are matched with the things of a graph: similar names are returned, certain ones as matches."""

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.link import read_things
from hamakg.link.catalogue import ALL, SHOULD, Catalogue, QueryValue
from hamakg.link.catalogue import CatalogueQuery as Query
from hamakg.link.catalogue.properties import PropertyReader, properties
from hamakg.link.catalogue.taxonomy import thing_types
from hamakg.link.items import WIKIDATA
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.store import VersionedStore

IRIS = Iris()
ARTICLE = IRIS.article_graph("a")


def thing(ref: Ref, class_: str, *names: str, statement_count: int = 1) -> Thing:
    return Thing(ref, (class_,), names, {ARTICLE: statement_count})


THINGS = {
    one.ref: one
    for one in (
        thing("place/xanba", "Place", "Xanba", "Khanba", statement_count=9),
        thing("place/xanba-governorate", "Place", "Xanba Governorate"),
        thing("place/yar", "Place", "Yar", statement_count=2),
        thing("place/yar-2", "Place", "Yar", statement_count=5),
        thing("actor/yar", "ArmedGroup", "Yar"),
        thing("actor/front", "ArmedGroup", "Front of the Free", statement_count=3),
        thing("a/person/abu-x", "Person", "Abu Xan"),
        thing("a/actor/special-forces", "Actor", "special forces"),
    )
}
LINK = EntityLink("place/xanba", WIKIDATA + "Q77", LinkStatus.ACCEPTED)
PROPOSED = EntityLink("place/yar", WIKIDATA + "Q78", LinkStatus.PROPOSED)
CATALOGUE = Catalogue(THINGS, [LINK, PROPOSED])


def build_reader(*facts: tuple[Ref, str, ox.Literal | ox.NamedNode]) -> PropertyReader:
    """Reads a graph of these facts, by subject, property and value."""
    store = ox.Store()
    for ref, prop, value in facts:
        store.add(ox.Quad(ox.NamedNode(IRIS.resource(ref)), ox.NamedNode(prop), value))
    return PropertyReader(store, IRIS)


NO_FACTS = build_reader()
FACTS = build_reader(
    ("place/yar", HAMA + "placeKind", ox.Literal("village")),
    ("place/yar-2", HAMA + "placeKind", ox.Literal("hill")),
    ("place/yar", PREFIXES["wgs"] + "lat", ox.Literal("35.1")),
    ("place/yar", PREFIXES["wgs"] + "long", ox.Literal("36.7")),
    ("place/yar-2", HAMA + "within", ox.NamedNode(IRIS.resource("place/xanba"))),
)


def find(wanted: Query, graph: PropertyReader = NO_FACTS) -> list[tuple[Ref, float, bool]]:
    return [(one.thing.ref, round(one.score, 2), one.is_match) for one in CATALOGUE.find(wanted, graph)]


def test_the_same_name_is_a_match_if_nothing_else_has_it() -> None:
    assert find(Query("Xanba")) == [("place/xanba", 1.0, True), ("place/xanba-governorate", 0.78, False)]
    assert find(Query("Xanba governorate"))[0] == ("place/xanba-governorate", 1.0, True)
    assert find(Query("Khanbā"))[0] == ("place/xanba", 1.0, True)


def test_no_namesake_is_a_match_and_the_one_with_more_statements_comes_first() -> None:
    assert find(Query("Yar")) == [
        ("place/yar-2", 1.0, False),
        ("place/yar", 1.0, False),
        ("actor/yar", 1.0, False),
    ]


def test_a_type_tells_namesakes_apart() -> None:
    assert find(Query("Yar", ("ArmedGroup",))) == [("actor/yar", 1.0, True)]
    assert find(Query("Yar", ("Actor",))) == [("actor/yar", 1.0, True)]
    assert find(Query("Yar", ("Person",))) == []
    assert find(Query("Yar", ("Actor", "ArmedGroup"), ALL)) == [("actor/yar", 1.0, True)]
    assert find(Query("Yar", ("Actor", "Place"), ALL)) == []
    assert find(Query("Yar", ("Actor",), SHOULD)) == [
        ("actor/yar", 1.0, True),
        ("place/yar-2", 0.5, False),
        ("place/yar", 0.5, False),
    ]
    assert find(Query("Yar", ("Q515",))) == []


@pytest.mark.parametrize(
    ("prop", "value", "best"),
    [
        ("placeKind", "village", "place/yar"),
        ("placeKind", "hill", "place/yar-2"),
        ("coordinates", "35.11,36.71", "place/yar"),
        ("within", "place/xanba", "place/yar-2"),
        ("within", "Q77", "place/yar-2"),
        ("within", "Khanba", "place/yar-2"),
    ],
)
def test_a_property_tells_namesakes_apart(prop: str, value: QueryValue, best: Ref) -> None:
    wanted = Query("Yar", ("Place",), properties=((prop, (value,)),))
    (first, score, match), (_, other, no) = find(wanted, FACTS)
    assert (first, score, match, no) == (best, 1.0, True, False) and other < 0.95


def test_a_thing_is_no_match_if_a_property_of_the_query_is_unknown() -> None:
    wanted = Query("Xanba", properties=(("placeKind", ("town",)), ("no-such-property", ("x",))))
    assert find(wanted, FACTS)[0] == ("place/xanba", 0.78, False)


def test_without_a_name_things_are_found_by_a_value_letter_for_letter() -> None:
    """The only hill in the graph need not be the hill that is meant; the thing linked to an item is."""
    assert find(Query("", properties=(("placeKind", ("hill",)),)), FACTS) == [("place/yar-2", 1.0, False)]
    assert find(Query("", properties=(("within", ("place/xanba",)),)), FACTS) == [("place/yar-2", 1.0, False)]
    item = build_reader(("place/yar", PREFIXES["skos"] + "exactMatch", ox.NamedNode(WIKIDATA + "Q78")))
    assert find(Query("", properties=(("wikidata", ("Q78",)),)), item) == [("place/yar", 1.0, True)]
    assert find(Query("", properties=(("placeKind", ("hil",)),)), FACTS) == []


def test_things_are_found_by_their_ids_and_by_their_accepted_items() -> None:
    assert find(Query("place/xanba")) == find(Query("Q77")) == [("place/xanba", 1.0, True)]
    assert find(Query(WIKIDATA + "Q77")) == [("place/xanba", 1.0, True)]
    assert find(Query("Q78")) == []


def test_a_byname_or_a_description_is_not_a_proper_name() -> None:
    assert find(Query("Abu Xan")) == [("a/person/abu-x", 1.0, False)]
    assert find(Query("special forces")) == [("a/actor/special-forces", 1.0, False)]


@pytest.mark.parametrize("name", ["Army", "the Police", "Central Prison", "Defence Ministry", "Airport"])
def test_a_common_noun_is_no_match_even_if_something_bears_it_as_a_name(name: str) -> None:
    named = thing("actor/x", "Actor", name, statement_count=7)
    (one,) = Catalogue({named.ref: named}).find(Query(name), NO_FACTS)
    assert (one.score, one.is_match) == (1.0, False)


def test_a_similar_sounding_name_is_a_match_if_something_else_agrees() -> None:
    known = Catalogue({"place/yardis": thing("place/yardis", "Place", "Yardis")})
    (one,) = known.find(Query("Yardes"), NO_FACTS)
    assert one.score >= 0.95 and not one.is_match
    assert known.find(Query("Yardes", ("Place",)), NO_FACTS)[0].is_match


def test_a_spelling_with_one_letter_more_or_less_is_found() -> None:
    for here, asked in (("Deir ez-Zor", "Deir Ezzor"), ("Deir Ezzor", "Deir ez-Zor")):
        known = Catalogue({"place/x": thing("place/x", "Place", here)})
        assert [one.thing.ref for one in known.find(Query(asked), NO_FACTS)] == ["place/x"]


def test_two_values_for_one_property_both_have_to_agree() -> None:
    both = Query("Yar", properties=(("placeKind", ("hill",)), ("placeKind", ("village",))))
    assert not any(match for *_, match in find(both, FACTS))


def test_an_item_that_two_things_are_linked_to_matches_neither() -> None:
    twice = Catalogue(THINGS, [LINK, EntityLink("place/xanba-governorate", LINK.object, LinkStatus.ACCEPTED)])
    assert [(one.thing.ref, one.is_match) for one in twice.find(Query("Q77"), NO_FACTS)] == [
        ("place/xanba", False),
        ("place/xanba-governorate", False),
    ]


@pytest.mark.parametrize(
    "id_",
    ["Q77", "wd:Q77", WIKIDATA + "Q77", "https://www.wikidata.org/wiki/Q77", IRIS.resource("place/xanba")],
)
def test_an_id_may_come_in_any_form(id_: str) -> None:
    known = Catalogue(THINGS, [LINK], IRIS.resource(""))
    assert [one.thing.ref for one in known.find(Query(id_), NO_FACTS)] == ["place/xanba"]


@pytest.mark.parametrize(
    ("given", "known", "agree"),
    [
        ("2017", "2017-03-21", 1.0),
        ("2017-03-21", "2017-03", 1.0),
        ("2017-03-2", "2017-03-21", None),
        ("2016", "2017-03-21", 0.0),
        ("1234 Brigade", "1234", None),
    ],
)
def test_dates_agree_if_one_lies_in_the_other(given: str, known: str, agree: float | None) -> None:
    graph = build_reader(("place/yar", HAMA + "placeKind", ox.Literal(known)))
    candidates = CATALOGUE.find(Query("Yar", properties=(("placeKind", (given,)),)), graph)
    (agreement,) = (one.features["property:placeKind"] for one in candidates if one.thing.ref == "place/yar")
    assert agreement < 1.0 if agree is None else agreement == agree


def test_a_query_without_anything_similar_finds_nothing() -> None:
    assert find(Query("Qqq")) == find(Query("?!")) == []


@given(ref=st.sampled_from(sorted(THINGS)), limit=st.integers(1, 3))
def test_every_name_finds_its_thing(ref: Ref, limit: int) -> None:
    for name in THINGS[ref].names:
        assert ref in {one.thing.ref for one in CATALOGUE.find(Query(name), NO_FACTS)}
        assert len(CATALOGUE.find(Query(name, limit=limit), NO_FACTS)) <= limit


@given(text=st.text(max_size=30), other=st.text(max_size=5))
def test_any_text_can_be_queried(text: str, other: str) -> None:
    """Scores lie between 0 and 1, the best come first, and at most the first is a match."""
    wanted = Query(text, ("Place",), SHOULD, (("placeKind", (other,)), ("coordinates", (text, 3.5))))
    candidates = CATALOGUE.find(wanted, FACTS)
    scores = [one.score for one in candidates]
    assert scores == sorted(scores, reverse=True) and all(0.0 <= score <= 1.0 for score in scores)
    assert not any(one.is_match for one in candidates[1:])


def suggest(prefix: str, *of: str) -> list[Ref]:
    return [one.ref for one in CATALOGUE.suggest(prefix, of)]


def test_suggestions_have_a_word_that_begins_with_the_prefix() -> None:
    assert suggest("xan") == ["place/xanba", "place/xanba-governorate", "a/person/abu-x"]
    assert suggest("fre") == ["actor/front"]
    assert suggest("Yar", "Actor") == ["actor/yar"]
    assert suggest("Q77") == ["place/xanba"]
    assert suggest("zzz") == []
    assert {*suggest("")} == {*THINGS}


def test_every_property_has_a_value_on_the_seeds(seeds_store: VersionedStore) -> None:
    """Every pattern finds something, and only for members of the property's classes."""
    snapshot = seeds_store.snapshot()
    known = read_things(snapshot, Iris.from_store(snapshot))
    graph = PropertyReader(snapshot, Iris.from_store(snapshot))

    def classes(refs: Iterable[Ref]) -> set[str]:
        return {class_ for ref in refs for class_ in known[ref].classes}

    for prop in properties().values():
        values = graph.read_values(known, prop.id)
        assert values, prop.id
        assert {class_ for class_ in classes(values) if not prop.applies_to(class_)} == set(), prop.id


def test_the_types_are_the_classes_of_things() -> None:
    assert thing_types()["ArmedGroup"].lineage == {"ArmedGroup", "Actor"}
    assert {id_ for id_, type_ in thing_types().items() if type_.broader is None} == {
        "Actor",
        "Place",
        "MilitaryConflict",
    }
    assert "Event" not in thing_types()
