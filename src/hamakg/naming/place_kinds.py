"""The words for kinds of places: "village", "hilltops", "military airport".

The table is ``place_kinds.toml``; whoever recognises a place's kind, or tells a name from the kind beside it, asks
here.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).with_name("place_kinds.toml")


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """One kind of place, by its label ("hill").

    Names are compared within a ``family`` only. ``transparent`` says where the word adds nothing to a name: "before" it
    ("town of Suran"), "after" it ("Hama city"). ``generics`` are words of other languages before a name that mean the
    kind ("Jabal").
    """

    label: str
    family: str
    transparent: frozenset[str] = frozenset()
    generics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KindWord:
    """A word (or words) for a kind, singular or plural."""

    kind: PlaceKind
    plural: bool


@cache
def kind_words() -> Mapping[str, KindWord]:
    """Every word of the table, lower case, with its kind: ``kind_words()["hilltops"].kind.label == "hill"``."""
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
    """The words of other languages before a name that mean a kind: ``generics()["jabal"].label == "mountain"``."""
    kinds = {entry.kind for entry in kind_words().values()}
    return MappingProxyType({word: kind for kind in kinds for word in kind.generics})
