"""Military units by their numbers: "5th Army", "II Battalion", "the 3rd, 33rd and 69th Armies", "44e BCC".

A number and a kind of unit are a name, whatever is written in lower case between them. Each of several numbers before
one kind is a unit of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from hamakg.extract.narrative.parse.words import Words, make_sets, parse_words, read_table

_ORDINAL = re.compile(r"(?:\d+/)*\d+(?:st|nd|rd|th|d|er?|re|ère|ème|º)")
_ROMAN = re.compile(r"(?=[IVXL])L?X{0,4}(?:IX|IV|V?I{0,4})")
_BARE = re.compile(r"\d{1,3}")
_MOST_BRANCHES = 5
_JOINING = frozenset({",", "and", "&", "or", "/"})


@dataclass(frozen=True, slots=True)
class Unit:
    """The tokens ``[start, end)`` of a unit's name, and the name: "69th Army" where the text has "69th Armies"."""

    start: int
    end: int
    name: str


def find_units(doc: Doc) -> dict[int, Unit]:
    """The units of a paragraph by their first tokens, none overlapping another."""
    found: dict[int, Unit] = {}
    index = 0
    while index < len(doc):
        units = _read_units(doc, index)
        found |= {unit.start: unit for unit in units}
        index = units[-1].end if units else index + 1
    return found


def is_unit_kind(lemma: str) -> bool:
    """Whether a lemma is a kind of unit: "division"."""
    return _units().kinds.get(lemma.lower()) == lemma.lower()


def is_ordinal(text: str) -> bool:
    """ "24th", "2/1st", "3e"."""
    return _ORDINAL.fullmatch(text) is not None


def _read_units(doc: Doc, index: int) -> list[Unit]:
    """The units that begin at a token: several where numbers are listed before one kind."""
    numbers = list(_list_numbers(doc, index))
    if not numbers:
        return []
    kind = _find_kind(doc, numbers[-1] + 1)
    if kind is None or not _is_number(doc[numbers[-1]], doc[kind]):
        return []
    singular = _units().singular(doc[kind].text) or (
        doc[kind].text if len(numbers) > 1 and _is_both(doc[kind]) else None
    )
    if singular is None:
        return [_with_parent(doc, Unit(numbers[-1], kind + 1, doc[numbers[-1] : kind + 1].text))]
    branches = [token.text_with_ws for token in doc[numbers[-1] + 1 : kind]]
    named = [(number, "".join((doc[number].text, " ", *branches, singular))) for number in numbers]
    return [*(Unit(number, number + 1, name) for number, name in named[:-1]), Unit(numbers[-1], kind + 1, named[-1][1])]


def _is_both(kind: Token) -> bool:
    """Whether a word is one and several: "corps"."""
    return list(_units().kinds.values()).count(kind.lower_) == 1


def _list_numbers(doc: Doc, index: int) -> Iterator[int]:
    """The numbers listed from a token on: "3rd, 33rd and 69th"; one alone is a list of one."""
    while index < len(doc) and _may_be_number(doc[index]):
        yield index
        index += 1
        joined = index
        while joined < min(index + 2, len(doc)) and doc[joined].lower_ in _JOINING:
            joined += 1
        if joined == index:
            return
        index = joined


def _find_kind(doc: Doc, index: int) -> int | None:
    """The kind of unit behind a number, after words for its branch."""
    for at in range(index, min(index + _MOST_BRANCHES + 1, len(doc))):
        token = doc[at]
        if token.is_sent_start:
            return None
        if token.lower_ in _units().kinds:
            following = doc[at + 1] if at + 1 < len(doc) else None
            longer = following is not None and following.text[0].isupper() and following.lower_ in _units().kinds
            return at + 1 if longer else at  # "3 Commando Brigade"
        name = token.text[0].isupper() and token.is_alpha and token.lower_ not in parse_words().calendar
        if not (name or token.lower_ in _units().branches or token.text in {"-", '"', "'s"}):
            return None
    return None


def _may_be_number(token: Token) -> bool:
    text = token.text
    return any(p.fullmatch(text) for p in (_ORDINAL, _ROMAN, _BARE)) or token.lower_ in _units().ordinals


def _is_number(token: Token, kind: Token) -> bool:
    """Whether a number makes a name with a kind: "the second battalion" and "3 divisions" are none."""
    capital = kind.text[0].isupper()
    if is_ordinal(token.text) or (_ROMAN.fullmatch(token.text) and capital):
        return True
    if _BARE.fullmatch(token.text):
        return capital and _units().singular(kind.text) is None and not token.is_sent_start
    return capital and (token.text[0].isupper() or token.lower_ in _units().ordinals)


def _with_parent(doc: Doc, unit: Unit) -> Unit:
    """A part of a unit with the unit that it belongs to: "1st Battalion of the 141st Regiment"."""
    if doc[unit.end - 1].lower_ not in _units().parts or unit.end + 1 >= len(doc):
        return unit
    if doc[unit.end].text == ",":
        start = unit.end + 1
    elif doc[unit.end].lower_ == "of":
        start = unit.end + 1 + (doc[unit.end + 1].lower_ == "the")
    else:
        return unit
    parents = _read_units(doc, start) if start < len(doc) and _may_be_number(doc[start]) else []
    whole = len(parents) == 1 and doc[parents[0].end - 1].lower_ not in _units().parts
    return Unit(unit.start, parents[0].end, doc[unit.start : parents[0].end].text) if whole else unit


# ---------------------------------------------------------------- words


@dataclass(frozen=True, slots=True)
class _Sets:
    branches: Words
    ordinals: Words
    parts: Words


@dataclass(frozen=True, slots=True)
class _Units:
    """The words of ``units.toml``; ``kinds`` has the kinds of unit in both numbers, each with its singular."""

    kinds: Mapping[str, str]
    branches: Words
    ordinals: Words
    parts: Words

    def singular(self, kind: str) -> str | None:
        """One of what the word calls several, written as the word is; None for a word for one."""
        one = self.kinds[kind.lower()]
        if one == kind.lower():
            return None
        return one.capitalize() if kind[0].isupper() else one


@cache
def _units() -> _Units:
    table = read_table(__file__, "units.toml")
    sets = make_sets(_Sets, table["words"])
    kinds = {word: one for one, several in table["kinds"].items() for word in (several, one)}
    return _Units(kinds, sets.branches, sets.ordinals, sets.parts)
