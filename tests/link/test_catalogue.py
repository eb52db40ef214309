"""Somebody else's list is matched with what the graph names: alike names are proposed, sure ones called a match."""

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamakg.link.catalogue import ALL, SHOULD, Catalogue, QueryValue
from hamakg.link.catalogue import CatalogueQuery as Query
from hamakg.link.catalogue.properties import PropertyReader, properties
from hamakg.link.catalogue.taxonomy import thing_types
from hamakg.link.items import WIKIDATA
from hamakg.link.things import Thing
from hamakg.model import EntityLink, LinkStatus, Ref
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.store import VersionedStore

NAMES = Iris()
ARTICLE = NAMES.article_graph("a")


def thing(ref: Ref, class_: str, *names: str, told: int = 1) -> Thing:
    return Thing(ref, (class_,), names, {ARTICLE: told})


THINGS = {
    one.ref: one
    for one in (
        thing("place/xanba", "Place", "Xanba", "Khanba", told=9),
        thing("place/xanba-governorate", "Place", "Xanba Governorate"),
        thing("place/yar", "Place", "Yar", told=2),
        thing("place/yar-2", "Place", "Yar", told=5),
        thing("actor/yar", "ArmedGroup", "Yar"),
        thing("actor/front", "ArmedGroup", "Front of the Free", told=3),
        thing("a/person/abu-x", "Person", "Abu Xan"),
        thing("a/actor/special-forces", "Actor", "special forces"),
    )
}
LINK = EntityLink("place/xanba", WIKIDATA + "Q77", LinkStatus.ACCEPTED)
PROPOSED = EntityLink("place/yar", WIKIDATA + "Q78", LinkStatus.PROPOSED)
CATALOGUE = Catalogue(THINGS, [LINK, PROPOSED])


def statements(*said: tuple[Ref, str, ox.Literal | ox.NamedNode]) -> PropertyReader:
    """A graph that says this, by subject, property and value."""
    store = ox.Store()
    for ref, prop, value in said:
        store.add(ox.Quad(ox.NamedNode(NAMES.resource(ref)), ox.NamedNode(prop), value))
    return PropertyReader(store, NAMES)


NOTHING = statements()
KINDS = statements(
    ("place/yar", HAMA + "placeKind", ox.Literal("village")),
    ("place/yar-2", HAMA + "placeKind", ox.Literal("hill")),
    ("place/yar", PREFIXES["wgs"] + "lat", ox.Literal("35.1")),
    ("place/yar", PREFIXES["wgs"] + "long", ox.Literal("36.7")),
    ("place/yar-2", HAMA + "within", ox.NamedNode(NAMES.resource("place/xanba"))),
)


def found(wanted: Query, graph: PropertyReader = NOTHING) -> list[tuple[Ref, float, bool]]:
    return [(one.thing.ref, round(one.score, 2), one.is_match) for one in CATALOGUE.find(wanted, graph)]


def test_an_equal_name_is_a_match_where_nothing_else_has_it() -> None:
    assert found(Query("Xanba")) == [("place/xanba", 1.0, True), ("place/xanba-governorate", 0.78, False)]
    assert found(Query("Xanba governorate"))[0] == ("place/xanba-governorate", 1.0, True)
    assert found(Query("Khanbā"))[0] == ("place/xanba", 1.0, True)


def test_of_namesakes_none_is_a_match_and_that_of_which_more_is_told_comes_first() -> None:
    assert found(Query("Yar")) == [
        ("place/yar-2", 1.0, False),
        ("place/yar", 1.0, False),
        ("actor/yar", 1.0, False),
    ]


def test_a_type_tells_namesakes_apart() -> None:
    assert found(Query("Yar", ("ArmedGroup",))) == [("actor/yar", 1.0, True)]
    assert found(Query("Yar", ("Actor",))) == [("actor/yar", 1.0, True)]
    assert found(Query("Yar", ("Person",))) == []
    assert found(Query("Yar", ("Actor", "ArmedGroup"), ALL)) == [("actor/yar", 1.0, True)]
    assert found(Query("Yar", ("Actor", "Place"), ALL)) == []
    assert found(Query("Yar", ("Actor",), SHOULD)) == [
        ("actor/yar", 1.0, True),
        ("place/yar-2", 0.5, False),
        ("place/yar", 0.5, False),
    ]
    assert found(Query("Yar", ("Q515",))) == []


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
    (first, score, match), (_, other, no) = found(wanted, KINDS)
    assert (first, score, match, no) == (best, 1.0, True, False) and other < 0.95


def test_what_is_not_known_of_a_thing_leaves_its_match_open() -> None:
    wanted = Query("Xanba", properties=(("placeKind", ("town",)), ("no-such-property", ("x",))))
    assert found(wanted, KINDS)[0] == ("place/xanba", 0.78, False)


def test_without_a_name_things_are_found_by_a_value_letter_for_letter() -> None:
    """That it is the only hill here does not say that it is the one that is meant; an item of Wikidata does."""
    assert found(Query("", properties=(("placeKind", ("hill",)),)), KINDS) == [("place/yar-2", 1.0, False)]
    assert found(Query("", properties=(("within", ("place/xanba",)),)), KINDS) == [("place/yar-2", 1.0, False)]
    item = statements(("place/yar", PREFIXES["skos"] + "exactMatch", ox.NamedNode(WIKIDATA + "Q78")))
    assert found(Query("", properties=(("wikidata", ("Q78",)),)), item) == [("place/yar", 1.0, True)]
    assert found(Query("", properties=(("placeKind", ("hil",)),)), KINDS) == []


def test_an_id_is_found_by_itself_and_an_accepted_item_of_wikidata_too() -> None:
    assert found(Query("place/xanba")) == found(Query("Q77")) == [("place/xanba", 1.0, True)]
    assert found(Query(WIKIDATA + "Q77")) == [("place/xanba", 1.0, True)]
    assert found(Query("Q78")) == []


def test_a_byname_and_a_common_noun_are_nobodys_own_name() -> None:
    assert found(Query("Abu Xan")) == [("a/person/abu-x", 1.0, False)]
    assert found(Query("special forces")) == [("a/actor/special-forces", 1.0, False)]


@pytest.mark.parametrize("name", ["Army", "the Police", "Central Prison", "Defence Ministry", "Airport"])
def test_a_common_noun_is_no_match_even_where_something_is_called_so(name: str) -> None:
    named = thing("actor/x", "Actor", name, told=7)
    (one,) = Catalogue({named.ref: named}).find(Query(name), NOTHING)
    assert (one.score, one.is_match) == (1.0, False)


def test_a_name_that_only_sounds_alike_is_a_match_where_something_else_agrees() -> None:
    known = Catalogue({"place/yardis": thing("place/yardis", "Place", "Yardis")})
    (one,) = known.find(Query("Yardes"), NOTHING)
    assert one.score >= 0.95 and not one.is_match
    assert known.find(Query("Yardes", ("Place",)), NOTHING)[0].is_match


def test_a_spelling_with_a_letter_more_or_less_is_a_candidate_either_way() -> None:
    for here, asked in (("Deir ez-Zor", "Deir Ezzor"), ("Deir Ezzor", "Deir ez-Zor")):
        known = Catalogue({"place/x": thing("place/x", "Place", here)})
        assert [one.thing.ref for one in known.find(Query(asked), NOTHING)] == ["place/x"]


def test_of_two_values_for_a_property_both_have_to_agree() -> None:
    both = Query("Yar", properties=(("placeKind", ("hill",)), ("placeKind", ("village",))))
    assert not any(match for *_, match in found(both, KINDS))


def test_an_item_that_two_things_are_names_neither() -> None:
    twice = Catalogue(THINGS, [LINK, EntityLink("place/xanba-governorate", LINK.object, LinkStatus.ACCEPTED)])
    assert [(one.thing.ref, one.is_match) for one in twice.find(Query("Q77"), NOTHING)] == [
        ("place/xanba", False),
        ("place/xanba-governorate", False),
    ]


@pytest.mark.parametrize(
    "id_",
    ["Q77", "wd:Q77", WIKIDATA + "Q77", "https://www.wikidata.org/wiki/Q77", NAMES.resource("place/xanba")],
)
def test_an_id_may_come_in_any_form(id_: str) -> None:
    known = Catalogue(THINGS, [LINK], NAMES.resource(""))
    assert [one.thing.ref for one in known.find(Query(id_), NOTHING)] == ["place/xanba"]


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
def test_days_agree_where_one_lies_in_the_other(given: str, known: str, agree: float | None) -> None:
    graph = statements(("place/yar", HAMA + "placeKind", ox.Literal(known)))
    candidates = CATALOGUE.find(Query("Yar", properties=(("placeKind", (given,)),)), graph)
    (found,) = (one.features["property:placeKind"] for one in candidates if one.thing.ref == "place/yar")
    assert found < 1.0 if agree is None else found == agree


def test_nothing_alike_is_nothing() -> None:
    assert found(Query("Qqq")) == found(Query("?!")) == []


@given(ref=st.sampled_from(sorted(THINGS)), limit=st.integers(1, 3))
def test_every_name_finds_its_thing(ref: Ref, limit: int) -> None:
    for name in THINGS[ref].names:
        assert ref in {one.thing.ref for one in CATALOGUE.find(Query(name), NOTHING)}
        assert len(CATALOGUE.find(Query(name, limit=limit), NOTHING)) <= limit


@given(text=st.text(max_size=30), other=st.text(max_size=5))
def test_any_text_may_be_asked(text: str, other: str) -> None:
    """Scores lie between 0 and 1, the best come first, and at most the first is a match."""
    wanted = Query(text, ("Place",), SHOULD, (("placeKind", (other,)), ("coordinates", (text, 3.5))))
    candidates = CATALOGUE.find(wanted, KINDS)
    scores = [one.score for one in candidates]
    assert scores == sorted(scores, reverse=True) and all(0.0 <= score <= 1.0 for score in scores)
    assert not any(one.is_match for one in candidates[1:])


def beginning(prefix: str, *of: str) -> list[Ref]:
    return [one.ref for one in CATALOGUE.suggest(prefix, of)]


def test_suggestions_begin_with_what_is_typed_in_any_word() -> None:
    assert beginning("xan") == ["place/xanba", "place/xanba-governorate", "a/person/abu-x"]
    assert beginning("fre") == ["actor/front"]
    assert beginning("Yar", "Actor") == ["actor/yar"]
    assert beginning("Q77") == ["place/xanba"]
    assert beginning("zzz") == []
    assert {*beginning("")} == {*THINGS}


def test_every_property_has_a_value_on_the_seeds(seeds_store: VersionedStore) -> None:
    """None of the patterns is dead, and none gives a value to what is of another class."""
    snapshot = seeds_store.snapshot()
    from hamakg.link import read_things

    known = read_things(snapshot, Iris.from_store(snapshot))
    graph = PropertyReader(snapshot, Iris.from_store(snapshot))

    def classes(refs: Iterable[Ref]) -> set[str]:
        return {class_ for ref in refs for class_ in known[ref].classes}

    for prop in properties().values():
        told = graph.read_values(known, prop.id)
        assert told, prop.id
        assert {class_ for class_ in classes(told) if not prop.applies_to(class_)} == set(), prop.id


def test_the_types_are_the_classes_of_what_is_linked() -> None:
    assert thing_types()["ArmedGroup"].lineage == {"ArmedGroup", "Actor"}
    assert {id_ for id_, type_ in thing_types().items() if type_.broader is None} == {
        "Actor",
        "Place",
        "MilitaryConflict",
    }
    assert "Event" not in thing_types()
