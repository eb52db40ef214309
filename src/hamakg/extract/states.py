"""The names of states and of their people: the table ``states.tsv``."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).with_name("states.tsv")


@cache
def state_words() -> Mapping[str, str]:
    """Every word for a state, in lower case, with its name: ``state_words()["syrian"] == "Syria"``."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    words = {row["name"].lower(): row["name"] for row in rows}
    for row in rows:
        words |= {word.lower(): row["name"] for word in row["words"].split(", ") if word}
    return MappingProxyType(words)
