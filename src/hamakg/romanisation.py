"""How far apart two spellings of a name are, when each may be romanised in its own way.

A spelling becomes a string of sounds, one character each, and two such strings are aligned at the least cost: letters
that differ between romanisations of Arabic and Cyrillic ("kh" and "k", "q" and "k", "ou" and "u", "-iv" and "-ov") are
cheap, other consonants dear. Which is which stands in ``romanisation.toml``.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("romanisation.toml")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class _Romanisation:
    letters: Mapping[int, str]
    sounds: tuple[str, ...]
    spellings: re.Pattern[str]
    vowels: frozenset[str]
    weights: Mapping[str, float]
    near: Mapping[str, float]


@cache
def _table() -> _Romanisation:
    raw = tomllib.loads(_TABLE.read_text("utf-8"))
    return _Romanisation(
        letters=str.maketrans(raw["letters"]),
        sounds=tuple(sound for _, sound in raw["spellings"]),
        spellings=re.compile("|".join(f"({spelling})" for spelling, _ in raw["spellings"])),
        vowels=frozenset(raw["vowels"]["sounds"]),
        weights=raw["weights"],
        near=raw["near"] | {pair[::-1]: cost for pair, cost in raw["near"].items()},
    )


def plain(text: str) -> str:
    """The text in lower case, letters beyond a to z written with these where romanisations do, no accents."""
    spelt = unicodedata.normalize("NFC", text).lower().translate(_table().letters)
    return "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))


def sounds(word: str) -> str:
    """The sounds of one plain word, one character each, doubled ones once: ``sounds("khattab") == "xatab"``."""
    table = _table()

    def sound(match: re.Match[str]) -> str:
        return table.sounds[(match.lastindex or 0) - 1]

    return _DOUBLED.sub(r"\1", table.spellings.sub(sound, _DOUBLED.sub(r"\1", word)))


def distance(a: str, b: str) -> float:
    """The least cost of aligning two strings of sounds: 0 the same, about 1 for each consonant that differs."""
    gaps_a, gaps_b = _gaps(a), _gaps(b)
    row = [0.0]
    for gap in gaps_b:
        row.append(row[-1] + gap)
    for i, (sound, gap) in enumerate(zip(a, gaps_a, strict=True)):
        above = row
        row = [above[0] + gap]
        for j, (other, other_gap) in enumerate(zip(b, gaps_b, strict=True)):
            replaced = above[j] + _substitution(sound, other, at_start=i == j == 0)
            row.append(min(replaced, above[j + 1] + gap, row[j] + other_gap))
    return row[-1]


def _substitution(a: str, b: str, at_start: bool) -> float:
    if a == b:
        return 0.0
    table = _table()
    cost = table.near.get(a + b, table.weights["substitution"])
    return cost * table.weights["start"] if at_start and a in table.vowels else cost


@cache
def _gaps(sounds: str) -> tuple[float, ...]:
    """What each sound costs where the other spelling lacks it."""
    around = f" {sounds} "
    return tuple(_gap(*around[i : i + 3]) for i in range(len(sounds)))


def _gap(before: str, sound: str, after: str) -> float:
    weights = _table().weights
    if before == " ":
        return min(1.0, weights["start"] * weights[_role(before, sound, after)])
    return weights[_role(before, sound, after)]


def _role(before: str, sound: str, after: str) -> str:
    """The key of a sound's weight: its own where it has one, else what it is between its neighbours."""
    table = _table()
    if sound not in table.vowels:
        return sound if sound in table.weights else "consonant"
    if after == " ":
        return "end"
    return "glide" if sound in "iu" and not {before, after}.isdisjoint(table.vowels) else "vowel"
