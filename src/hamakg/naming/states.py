"""The names of states, the words for their people, and their Wikidata items, from the table ``states.tsv``.

The items' ids are those of PyPI's rigour 2.6.1 (OpenSanctions, MIT licence); most historical states have none here.
"""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).with_name("states.tsv")


@cache
def _rows() -> Sequence[Mapping[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter="\t"))


@cache
def states_by_word() -> Mapping[str, str]:
    """The name of a state by every word for it: ``states_by_word()["Syrian"] == "Syria"``."""
    words = {row["name"]: row["name"] for row in _rows()}
    return MappingProxyType(words | {word: row["name"] for row in _rows() for word in row["words"].split(", ") if word})


@cache
def states_by_lowercase_word() -> Mapping[str, str]:
    """The name of a state by every word for it in lower case: ``states_by_lowercase_word()["syrian"] == "Syria"``."""
    return MappingProxyType({word.lower(): name for word, name in states_by_word().items()})


@cache
def states_by_item() -> Mapping[str, str]:
    """The name of a state by the id of its Wikidata item: ``states_by_item()["Q858"] == "Syria"``."""
    return MappingProxyType({row["item"]: row["name"] for row in _rows() if row["item"]})
