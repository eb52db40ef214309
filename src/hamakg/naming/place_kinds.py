"""The words for kinds of places ("village", "hilltops", "military airport"), from the table ``place_kinds.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).with_name("place_kinds.toml")


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """One kind of place, identified by its label ("hill").

    Only names of one ``family`` can be the same. ``transparent`` lists the positions in which the word adds nothing to
    a name: "before" it ("town of Suran"), "after" it ("Hama city"). ``generics`` are words of other languages that
    stand before a name and mean the kind ("Jabal").
    """

    label: str
    family: str
    transparent: frozenset[str] = frozenset()
    generics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KindWord:
    """A word or phrase for a kind, singular or plural."""

    kind: PlaceKind
    plural: bool


@cache
def kind_words() -> Mapping[str, KindWord]:
    """Every word of the table in lower case, with its kind: ``kind_words()["hilltops"].kind.label == "hill"``."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    words: dict[str, KindWord] = {}
    for label, row in table.items():
        kind = PlaceKind(
            label,
            row.get("family", label),
            frozenset(row.get("transparent", ())),
            frozenset(row.get("generic", ())),
        )
        words |= {word: KindWord(kind, plural=False) for word in row["singular"]}
        words |= {word: KindWord(kind, plural=True) for word in row["plural"]}
    return MappingProxyType(words)


@cache
def generics() -> Mapping[str, PlaceKind]:
    """The kinds that words of other languages before a name mean: ``generics()["jabal"].label == "mountain"``."""
    kinds = {entry.kind for entry in kind_words().values()}
    return MappingProxyType({word: kind for kind in kinds for word in kind.generics})
