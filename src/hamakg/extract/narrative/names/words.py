"""The word lists of this room."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hamakg.extract.narrative.parse.words import Words, set_reader


@dataclass(frozen=True, slots=True)
class NameWords:
    """The sets of ``names.toml``."""

    actor: Words
    source: Words
    event: Words
    titles: Words
    place_prepositions: Words
    place_verbs: Words
    person_verbs: Words
    attacking_verbs: Words
    attacks: Words
    measures: Words
    weapon_heads: Words
    naming: Words
    articles: Words
    particles: Words
    quarters: Words
    numbered: Words
    of_heads: Words
    generic: Words
    surroundings: Words
    ship_prefixes: Words
    ships: Words
    led: Words
    subunits: Words
    parents: Words
    roads: Words
    owners: Words
    armies: Words
    linking: Words
    suburbs: Words
    hyphened: Words


@dataclass(frozen=True, slots=True)
class PartyWords:
    """The sets of ``parties.toml``."""

    group: Words
    fighters: Words
    civilians: Words
    government: Words
    rebel: Words
    army: Words
    members: Words
    militant: Words
    rising: Words
    coalition: Words
    unofficial: Words
    state: Words
    regime: Words
    pronouns: Words
    leading: Words
    holding: Words
    plural: Words


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The sets of ``places.toml``."""

    directions: Words
    other: Words
    regions: Words
    taking: Words
    land_verbs: Words
    no_kinds: Words
    inside: Words
    in_land: Words


name_words = set_reader(NameWords, __file__, "names.toml")
"""Words in and around proper names."""


party_words = set_reader(PartyWords, __file__, "parties.toml")
"""Words for people who fight."""


place_words = set_reader(PlaceWords, __file__, "places.toml")
"""Words beside the names of places and for what is not named again."""


@cache
def abbreviations() -> Mapping[str, tuple[str, ...]]:
    """The names that well-known abbreviations stand for."""
    with Path(__file__).with_name("abbreviations.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["abbreviation"]: tuple(row["names"].split(", ")) for row in rows}
