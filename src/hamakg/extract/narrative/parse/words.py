"""Reads the word lists that lie beside the code of each room; those of this room."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hamakg.model import Stance

_Words = TypeVar("_Words")

Words = frozenset[str]
"""A set of words or lemmas."""


def read_table(module: str, name: str) -> dict[str, Any]:
    """The TOML file of this name beside the module whose ``__file__`` is given."""
    return tomllib.loads(Path(module).with_name(name).read_text("utf-8"))


def make_sets(kind: type[_Words], table: Mapping[str, object]) -> _Words:
    """The sets of a table as a dataclass that has a field for each of them.

    Raises ValueError where a set is missing or of no use, is no list of words, or has a word twice.
    """
    wanted = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if table.keys() != wanted:
        raise ValueError(f"{kind.__name__}: missing or unknown sets: {sorted(table.keys() ^ wanted)}")
    return kind(**{name: _make_set(name, words) for name, words in table.items()})


def _make_set(name: str, words: object) -> Words:
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"{name} is no list of words")
    if twice := {word for word in words if words.count(word) > 1}:
        raise ValueError(f"{name} has words twice: {sorted(twice)}")
    return frozenset(words)


def any_of(words: Iterable[str], blank: str) -> str:
    r"""A pattern of any of the words, the longest first, with the pattern ``blank`` for the spaces in them."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", blank) for word in longest_first) + ")"


def set_reader(kind: type[_Words], module: str, name: str, table: str | None = None) -> Callable[[], _Words]:
    """A function that reads the sets of a file beside a module, or of a table in it, once, when they are asked for."""

    @cache
    def read() -> _Words:
        tables = read_table(module, name)
        return make_sets(kind, tables[table] if table else tables)

    return read


def make_stances(table: Mapping[str, Iterable[str]]) -> dict[str, Stance]:
    """The stance of each word, from lists of words by their stances."""
    return {word: Stance(name.title()) for name, words in table.items() for word in words}


@dataclass(frozen=True, slots=True)
class ParseWords:
    """The sets of ``words.toml``."""

    controlling: Words
    calendar: Words
    hyphened_verbs: Words
    described_parties: Words
    full_stops: Words
    hyphened: Words


parse_words = set_reader(ParseWords, __file__, "words.toml")
"""The words that steer how a parse is read and mended."""


@cache
def stance_verbs() -> Mapping[str, Stance]:
    """What somebody who says something does with it, by the lemma of the verb ("deny": denied)."""
    return make_stances(read_table(__file__, "speech.toml"))
