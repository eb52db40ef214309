"""Measures how far apart two spellings of a name are if each may follow another romanisation.

A spelling becomes a string of sounds, one character each, and two such strings are aligned at the lowest cost (a
weighted edit distance). Differences between romanisations of Arabic and Cyrillic ("kh" and "k", "q" and "k", "ou" and
"u", "-iv" and "-ov") cost little, other consonants cost much; ``romanisation.toml`` holds the costs. The distance is
written by hand because rapidfuzz has one weight for each kind of edit, not one for each pair of letters.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

_TABLE = Path(__file__).with_name("romanisation.toml")


@dataclass(frozen=True, slots=True)
class _Romanisation:
    """The table, prepared for use: ``near`` holds costs of substitution, ``classes`` maps near consonants to one."""

    letters: Mapping[int, str]
    sounds: tuple[str, ...]
    spellings: re.Pattern[str]
    vowels: frozenset[str]
    weights: Mapping[str, float]
    near: Mapping[str, Mapping[str, float]]
    classes: Mapping[int, str | None]


@cache
def _table() -> _Romanisation:
    raw = tomllib.loads(_TABLE.read_text("utf-8"))
    vowels = raw["vowels"]["sounds"]
    light = {sound for sound in raw["weights"] if len(sound) == 1}
    return _Romanisation(
        letters=str.maketrans(raw["letters"]),
        sounds=tuple(sound for _, sound in raw["spellings"]),
        spellings=re.compile("|".join(f"({spelling})" for spelling, _ in raw["spellings"])),
        vowels=frozenset(vowels),
        weights=raw["weights"],
        near=_make_symmetric(raw["near"]),
        classes=str.maketrans(
            _merge_near_sounds(raw["near"], light.union(vowels)) | dict.fromkeys(light.union(vowels))
        ),
    )


def _make_symmetric(near: Mapping[str, float]) -> Mapping[str, Mapping[str, float]]:
    costs: dict[str, dict[str, float]] = {}
    for (a, b), cost in ((tuple(pair), cost) for pair, cost in near.items()):
        costs.setdefault(a, {a: 0.0})[b] = cost
        costs.setdefault(b, {b: 0.0})[a] = cost
    return costs


def _merge_near_sounds(near: Iterable[str], excluded: Collection[str]) -> dict[str, str | None]:
    """Map each sound to the first of its class: the sounds that are near each other directly or through others."""
    classes: dict[str, str | None] = {}
    for a, b in map(tuple, near):
        if a not in excluded and b not in excluded:
            old, new = classes.get(b, b), classes.get(a, a)
            classes |= {a: new, b: new} | {sound: new for sound, first in classes.items() if first == old}
    return classes


def to_plain_letters(text: str) -> str:
    """The text in lower case without accents, with letters beyond a to z written as romanisations write them."""
    spelt = unicodedata.normalize("NFC", text).lower().translate(_table().letters)
    return "".join(c for c in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 16)
def to_sounds(word: str) -> str:
    """The sounds of a plain word, one character each, without doubles: ``to_sounds("khattab") == "xatab"``."""
    table = _table()

    def sound(match: re.Match[str]) -> str:
        return table.sounds[(match.lastindex or 0) - 1]

    return _drop_doubles(table.spellings.sub(sound, _drop_doubles(word)))


def _drop_doubles(word: str) -> str:
    """The word with each doubled letter written once."""
    return "".join([letter for letter, before in zip(word, " " + word, strict=False) if letter != before])


def to_skeleton(sounds: str) -> str:
    """The consonants without light ones, near ones as one letter; two spellings of a name differ in one at most."""
    return sounds.translate(_table().classes)


def distance(a: str, b: str) -> float:
    """The lowest cost of aligning the sounds of two names (words joined by spaces); a wrong consonant costs about 1."""
    table = _table()
    substitution = table.weights["substitution"]
    gaps_b = _compute_gap_costs(b)
    row = list(accumulate(gaps_b, initial=0.0))
    for i, (sound, gap) in enumerate(zip(a, _compute_gap_costs(a), strict=True)):
        near = table.near.get(sound, {sound: 0.0})
        start = table.weights["start"] if i == 0 and not table.vowels.isdisjoint(sound + b[:1]) else 1.0
        diagonal, row[0] = row[0], row[0] + gap
        for j, other in enumerate(b):
            substituted = diagonal + near.get(other, substitution) * (start if j == 0 else 1.0)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, diagonal + gap, row[j] + gaps_b[j])
    return row[-1]


@lru_cache(maxsize=1 << 16)
def _compute_gap_costs(sounds: str) -> tuple[float, ...]:
    """The cost of each sound if the other spelling lacks it."""
    around = f" {sounds} "
    return tuple(_compute_gap_cost(*around[i : i + 3]) for i in range(len(sounds)))


def _compute_gap_cost(before: str, sound: str, after: str) -> float:
    weights = _table().weights
    if before == " ":
        return min(1.0, weights["start"] * weights[_find_role(before, sound, after)])
    return weights[_find_role(before, sound, after)]


def _find_role(before: str, sound: str, after: str) -> str:
    """The key of a sound's weight: the sound itself if it has one, else its role between its neighbours."""
    table = _table()
    if sound not in table.vowels:
        return sound if sound in table.weights else "consonant"
    if after == " ":
        return "end"
    return "glide" if sound in "iu" and not {before, after}.isdisjoint(table.vowels) else "vowel"
