"""How similar two names are, whatever their spelling or official style, and the keys by which similar names are found.

The words of the rules are in the table ``name_styles.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from hamakg.naming.place_kinds import generics, kind_words
from hamakg.naming.romanisation import to_plain_letters, to_skeleton, to_sounds
from hamakg.naming.spellings import similarity_without_kinds
from hamakg.naming.states import states_by_lowercase_word

EXACT = 1.0
"""The similarity of names that differ only in case, accents and punctuation."""

SAME_STYLED = 0.97
"""The similarity of two official styles of one name: "US State Department", "United States Department of State"."""

_MAX_SPELLED = 0.98
"""The similarity of names that sound the same in some romanisation; less, the less alike they sound."""

_MIN_SHARED_LETTERS = 45.0
"""Percent: two spellings of one name share at least this many letters, so others need no closer look."""

_LONGEST_STATE = 4
"""Words in the longest name of a state that is looked for."""

_LONGEST_BYNAME = 3
"""Words in the longest byname: "Abu Omar al-Homsi" is one, a longer name is a person's own."""

_TABLE = Path(__file__).with_name("name_styles.toml")
_WORD = re.compile(r"[^\W_]+|[$\u20ac\u00a3]")  # currency signs count as words, so that "US$" is not the US
_APOSTROPHES = re.compile("['`\u2018-\u201d\u02bc\u02be\u02bf\u2032]")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class NameAgreement:
    """The two most similar names of a thing and an item, and their similarity from 0 to 1."""

    score: float
    ours: str
    theirs: str


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_TABLE.read_text("utf-8"))


# ---------------------------------------------------------------- normal forms of a name


@lru_cache(maxsize=1 << 16)
def fold_name(name: str) -> str:
    """Return the words of a name in lower case without accents: "Ḩalfāyā" becomes "halfaya"."""
    return " ".join(_WORD.findall(to_plain_letters(_APOSTROPHES.sub("", name))))


@lru_cache(maxsize=1 << 16)
def _fold_style(name: str) -> str:
    """Return the words of a body's name in alphabetical order, each state and synonym in one form.

    "US State Department" and "United States Department of State" both become "department state united-states".
    """
    synonyms, dropped = _table()["words"], _dropped_words()
    words = [word for word in _replace_states(fold_name(name).split()) if word not in dropped]
    return " ".join(sorted({synonyms.get(word, word) for word in words}))


@cache
def _dropped_words() -> frozenset[str]:
    return frozenset(_table()["dropped"]["words"])


def lookup_keys(name: str) -> tuple[str, str]:
    """Return two keys: equal names share the first; other spellings share the second, or differ in one letter of it.

    The second key is the consonants of the words that are neither articles nor kinds of places.
    """
    words = fold_name(name).split()
    own = [word for word in words if word not in _unspecific_words()] or words
    return f"={_fold_style(name)}", "".join(map(_consonants, own))


@cache
def _unspecific_words() -> frozenset[str]:
    return frozenset({*kind_words(), *generics(), *_dropped_words()})


@lru_cache(maxsize=1 << 16)
def _consonants(word: str) -> str:
    return to_skeleton(to_sounds(word))


def drop_shortened_names(names: Sequence[str]) -> Sequence[str]:
    """Return the label, which comes first, and the other names, without those that only leave out words of the label.

    A text that has introduced "Eastern Aleppo" may go on calling it "Aleppo"; that does not make it Aleppo.
    """
    label = {*fold_name(names[0]).split()}
    return (names[0], *(name for name in names[1:] if not {*fold_name(name).split()} < label))


# ---------------------------------------------------------------- states and years in a name


def is_state_name(name: str) -> bool:
    """Whether the whole name names a state: "Syria" and "Syrian Arab Republic" do, "Syrian" does not."""
    return fold_name(name) in _state_names()


@lru_cache(maxsize=1 << 16)
def find_states(name: str) -> frozenset[str]:
    """Return the states that a name mentions, folded, with hyphens: of "Syrian Arab Army" Syria."""
    return _state_tokens() & {*_replace_states(fold_name(name).split())}


def find_years(text: str) -> frozenset[str]:
    """Return the years from 1000 to 2999 in a text."""
    return frozenset(_YEAR.findall(text))


def _replace_states(words: Sequence[str]) -> Iterator[str]:
    """Yield the words, with each phrase for a state (the longest that begins there) replaced by the state's name."""
    at = 0
    while at < len(words):
        longest = min(len(words), at + _LONGEST_STATE) if words[at] in _first_words_of_states() else at
        for end in range(longest, at, -1):
            phrase = " ".join(words[at:end])
            state = _states_by_phrase().get(phrase) or (None if at else _table()["opening"].get(phrase))
            if state:
                yield state.replace(" ", "-")
                at = end
                break
        else:
            yield words[at]
            at += 1


@cache
def _states_by_phrase() -> Mapping[str, str]:
    known = {fold_name(word): fold_name(name) for word, name in states_by_lowercase_word().items()}
    return known | {fold_name(word): name for word, name in _table()["states"].items()}


@cache
def _first_words_of_states() -> frozenset[str]:
    return frozenset(phrase.partition(" ")[0] for phrase in (*_states_by_phrase(), *_table()["opening"]))


@cache
def _state_names() -> frozenset[str]:
    return frozenset(map(fold_name, (*states_by_lowercase_word().values(), *_table()["states"])))


@cache
def _state_tokens() -> frozenset[str]:
    return frozenset(state.replace(" ", "-") for state in _states_by_phrase().values())


# ---------------------------------------------------------------- comparing names


@lru_cache(maxsize=1 << 16)
def compare_names(a: str, b: str, at_least: float = 0.0) -> float:
    """Return the similarity of two names, from 0 to 1; words for kinds of places play no part.

    It is EXACT, SAME_STYLED, or lower: how alike the names sound, where each may follow its own romanisation. A
    similarity below ``at_least`` may be returned as 0, which is faster.
    """
    if fold_name(a) == fold_name(b) and fold_name(a):
        return EXACT
    if _fold_style(a) == _fold_style(b) and _fold_style(a) and is_state_name(a) == is_state_name(b):
        return SAME_STYLED
    if find_years(a) and find_years(b) and find_years(a) != find_years(b):
        return 0.0
    if at_least and fuzz.partial_ratio(fold_name(a), fold_name(b)) < _MIN_SHARED_LETTERS:
        return 0.0
    return _MAX_SPELLED * similarity_without_kinds(a, b, at_least)


def best_agreement(ours: Iterable[str], theirs: Iterable[str], at_least: float = 0.0) -> NameAgreement:
    """Return the most similar pair of our and their names, the first of equals; see :func:`compare_names`."""
    best, their_names = NameAgreement(0.0, "", ""), tuple(theirs)
    for a in ours:
        for b in their_names:
            score = compare_names(a, b, at_least)
            if score > best.score:
                best = NameAgreement(score, a, b)
            if score == EXACT:
                return best
    return best


def is_generic_name(name: str) -> bool:
    """Whether a name consists only of words that many things bear: "Army", "Central Prison"."""
    words = {_table()["words"].get(word, word) for word in fold_name(name).split()}
    return words <= _generic_words()


@cache
def _generic_words() -> frozenset[str]:
    return _unspecific_words() | {*_table()["common"]["words"]}


def is_byname(name: str) -> bool:
    """Whether a person's name is one that many people bear: a single word, or "Abu Mahmoud"."""
    words = fold_name(name).split()
    return len(words) <= 1 or (len(words) <= _LONGEST_BYNAME and words[0] in _table()["bynames"]["first"])
