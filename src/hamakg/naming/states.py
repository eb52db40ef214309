"""The names of states and the words for their people, from the table ``states.tsv``."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).with_name("states.tsv")


@cache
def state_names() -> Mapping[str, str]:
    """The name of a state by every word for it: ``state_names()["Syrian"] == "Syria"``."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    words = {row["name"]: row["name"] for row in rows}
    return MappingProxyType(words | {word: row["name"] for row in rows for word in row["words"].split(", ") if word})


@cache
def state_words() -> Mapping[str, str]:
    """The name of a state by every word for it in lower case: ``state_words()["syrian"] == "Syria"``."""
    return MappingProxyType({word.lower(): name for word, name in state_names().items()})
