"""How well an item's names agree with those of a thing, and the keys by which candidates are found.

Whoever ranks items by name and type asks here: the linking of a graph, and a service over one.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from hamakg.naming.place_kinds import generics, kind_words
from hamakg.naming.romanisation import to_plain_letters, to_skeleton, to_sounds
from hamakg.naming.spellings import similarity_without_kinds
from hamakg.naming.states import state_words

_TABLE = Path(__file__).with_name("styles.toml")
_WORD = re.compile(r"[^\W_]+|[$\u20ac\u00a3]")  # an amount is no name: "US$" is not the US
_APOSTROPHES = re.compile("['`\u2018-\u201d\u02bc\u02be\u02bf\u2032]")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")

EXACT, STYLED = 1.0, 0.97
"""The agreement of names that are the same but for case and accents, and of those that name a body in another style."""

_SPELT = 0.98
_UNLIKE = 45.0  # percent of the letters: no two spellings of one name share fewer


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike two names are, from 0 to 1, and which two of all they are."""

    score: float
    ours: str
    theirs: str


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_TABLE.read_text("utf-8"))


@lru_cache(maxsize=1 << 16)
def folded(name: str) -> str:
    """The words of a name in small plain letters: "Ḩalfāyā" is "halfaya"."""
    return " ".join(_WORD.findall(to_plain_letters(_APOSTROPHES.sub("", name))))


@lru_cache(maxsize=1 << 16)
def styled(name: str) -> str:
    """The words of a body's name without order and style: "department state united-states" for both its names."""
    words = folded(name).split()
    found = [word for word in _with_states(words) if word not in _dropped()]
    return " ".join(sorted({_table()["words"].get(word, word) for word in found}))


@cache
def _dropped() -> frozenset[str]:
    return frozenset(_table()["dropped"]["words"])


@cache
def _states() -> Mapping[str, str]:
    known = {folded(word): folded(name) for word, name in state_words().items()}
    return known | {folded(word): name for word, name in _table()["states"].items()}


def _with_states(words: Sequence[str]) -> Iterable[str]:
    """The words, those for a state as its name: the longest that begin at a place."""
    at = 0
    while at < len(words):
        longest = min(len(words), at + 4) if words[at] in _state_heads() else at
        for end in range(longest, at, -1):
            phrase = " ".join(words[at:end])
            state = _states().get(phrase) or (None if at else _table()["opening"].get(phrase))
            if state:
                yield state.replace(" ", "-")
                at = end
                break
        else:
            yield words[at]
            at += 1


@cache
def _state_heads() -> frozenset[str]:
    return frozenset(phrase.partition(" ")[0] for phrase in (*_states(), *_table()["opening"]))


def is_state(name: str) -> bool:
    """Whether it is the name of a state, as "Syria" and "Syrian Arab Republic" are and "Syrian" is not."""
    return folded(name) in _state_names()


@cache
def _state_names() -> frozenset[str]:
    return frozenset(map(folded, (*state_words().values(), *_table()["states"])))


@lru_cache(maxsize=1 << 16)
def states_in(name: str) -> frozenset[str]:
    """The states that a name speaks of, folded: of "Syrian Arab Army" Syria."""
    return _state_tokens() & {*_with_states(folded(name).split())}


@cache
def _state_tokens() -> frozenset[str]:
    return frozenset(state.replace(" ", "-") for state in _states().values())


def own_names(names: Sequence[str]) -> Sequence[str]:
    """The label, which comes first, and the other names that do not leave out some of its words.

    "Eastern Aleppo" is called Aleppo where a text has said which part is meant; it is not Aleppo for that.
    """
    label = {*folded(names[0]).split()}
    return (names[0], *(name for name in names[1:] if not {*folded(name).split()} < label))


def years_in(text: str) -> frozenset[str]:
    """The years that stand in a text, from 1000 to 2999."""
    return frozenset(_YEAR.findall(text))


def agreement(ours: Iterable[str], theirs: Iterable[str], least: float = 0.0) -> Agreement:
    """The best agreement of a name of ours with one of theirs; of equals the first. Less than ``least`` may be 0."""
    best, known = Agreement(0.0, "", ""), tuple(theirs)
    for a in ours:
        for b in known:
            score = likeness(a, b, least)
            if score > best.score:
                best = Agreement(score, a, b)
            if score == EXACT:
                return best
    return best


@lru_cache(maxsize=1 << 16)
def likeness(a: str, b: str, least: float = 0.0) -> float:
    """How alike two names are, from 0 to 1, whatever the kinds of places beside them.

    EXACT; STYLED; below both, how alike they sound when each may be romanised in its own way. What is less alike than
    ``least`` may count as 0, which is sooner known.
    """
    if folded(a) == folded(b) and folded(a):
        return EXACT
    if styled(a) == styled(b) and styled(a) and is_state(a) == is_state(b):
        return STYLED
    if years_in(a) and years_in(b) and years_in(a) != years_in(b):
        return 0.0
    if least and fuzz.partial_ratio(folded(a), folded(b)) < _UNLIKE:
        return 0.0
    return _SPELT * similarity_without_kinds(a, b, least)


def keys(name: str) -> tuple[str, str]:
    """What a name is found by: equal names share the first, spellings the second or differ in one letter of it.

    The second is the consonants of the words that are no articles and kinds of places.
    """
    words = folded(name).split()
    own = [word for word in words if word not in _passed_over()] or words
    return f"={styled(name)}", "".join(map(_consonants, own))


@cache
def _passed_over() -> frozenset[str]:
    return frozenset({*kind_words(), *generics(), *_dropped()})


@lru_cache(maxsize=1 << 16)
def _consonants(word: str) -> str:
    return to_skeleton(to_sounds(word))


def is_common(name: str) -> bool:
    """Whether a name is made of words alone that many things bear: "Army", "Central Prison"."""
    words = {_table()["words"].get(word, word) for word in folded(name).split()}
    return words <= _common()


@cache
def _common() -> frozenset[str]:
    return _passed_over() | {*_table()["common"]["words"]}


def is_byname(name: str) -> bool:
    """Whether a person's name is one that many bear: a single word, or "Abu Mahmoud"."""
    words = folded(name).split()
    return len(words) < 2 or (len(words) < 4 and words[0] in _table()["bynames"]["first"])
