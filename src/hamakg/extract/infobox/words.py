"""The word lists of ``words.toml``, read once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_TABLE = Path(__file__).with_name("words.toml")


@cache
def word_tables() -> Mapping[str, Any]:
    """The tables of ``words.toml``."""
    return MappingProxyType(tomllib.loads(_TABLE.read_text("utf-8")))


@cache
def word_list(*path: str) -> frozenset[str]:
    """The words of one list: ``word_list("people", "nouns")``."""
    table: Any = word_tables()
    for name in path:
        table = table[name]
    return frozenset(table)


@cache
def keys_by_word(name: str) -> Mapping[str, str]:
    """The keys of a table of lists by word: ``keys_by_word("fates")["kia"] == "KilledInAction"``."""
    return MappingProxyType({word: key for key, words in word_tables()[name].items() for word in words})


def build_alternation(words: Iterable[str]) -> str:
    """A regular expression that matches any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
