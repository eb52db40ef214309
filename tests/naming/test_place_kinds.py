"""The table of words for kinds of places is well-formed and complete."""

import tomllib
from collections import Counter
from pathlib import Path

from hamakg.naming import place_kinds
from hamakg.naming.place_kinds import KindWord, PlaceKind, generics, kind_words

TABLE = tomllib.loads(Path(place_kinds.__file__).with_name("place_kinds.toml").read_text("utf-8"))


def test_each_word_has_one_kind() -> None:
    words = Counter(word for row in TABLE.values() for word in (*row["singular"], *row["plural"]))
    assert [word for word, times in words.items() if times > 1] == []
    assert set(words) == set(kind_words())


def test_rows_have_known_fields_and_words_in_lower_case() -> None:
    fields = {"family", "transparent", "singular", "plural", "generic"}
    assert {label: set(row) - fields for label, row in TABLE.items() if set(row) - fields} == {}
    assert [word for word in (*kind_words(), *generics()) if word != word.lower()] == []
    assert {position for row in TABLE.values() for position in row.get("transparent", ())} <= {"before", "after"}


def test_a_word_has_a_kind_and_a_number() -> None:
    hill = PlaceKind("hill", "height", frozenset(), generics()["tell"].generics)
    assert kind_words()["hilltops"] == KindWord(hill, plural=True)
    assert kind_words()["military airport"].kind.label == "airbase"
    assert generics()["jabal"].label == "mountain"


def test_kinds_of_places_of_any_war_are_known() -> None:
    words = """
    village, town, city, hill, ridge, height, fort, fortress, castle, bridge, crossing, checkpoint, base,
    barracks, airfield, airport, island, peninsula, bay, beach, river, canal, pass, valley, farm, factory,
    plant, suburb, neighbourhood, neighborhood, quarter, roundabout, square, station, port, harbour, oilfield,
    gas field, mountain, dam, hospital, silo, governorate, province, district, road, highway, front, forest,
    trench
    """
    singulars = [word.strip() for word in words.split(",")]
    assert [word for word in singulars if word not in kind_words() or kind_words()[word].plural] == []
