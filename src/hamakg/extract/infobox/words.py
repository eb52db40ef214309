"""The lists in ``words.toml``, read once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_TABLE = Path(__file__).with_name("words.toml")


@cache
def words() -> Mapping[str, Any]:
    """The tables of ``words.toml`` as they stand there."""
    return MappingProxyType(tomllib.loads(_TABLE.read_text("utf-8")))


@cache
def listed(*path: str) -> frozenset[str]:
    """The words of one list: ``listed("people", "nouns")``."""
    table: Any = words()
    for name in path:
        table = table[name]
    return frozenset(table)


@cache
def keyed(name: str) -> Mapping[str, str]:
    """A table of lists turned round: ``keyed("fates")["kia"] == "KilledInAction"``."""
    return MappingProxyType({word: key for key, row in words()[name].items() for word in row})


def alternatives(entries: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(entries, key=lambda word: (-len(word), word)))
