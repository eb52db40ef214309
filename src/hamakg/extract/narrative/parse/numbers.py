"""How many and how far: numbers in a sentence with their bounds and the noun that they count.

Numbers are found by their wording, in the characters of the text; "over 150" has no maximum, "up to 30" no minimum,
"dozens" neither, "about 40" is 40.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from spacy.tokens import Doc, Span, Token

from hamakg.extract.date_parts import MONTHS
from hamakg.extract.narrative.parse.words import Words, any_of, read_table, set_reader


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in words or digits, ``doc[begin:end]``; ``head`` is the token of the noun that it counts, if any."""

    begin: int
    end: int
    minimum: int | None
    maximum: int | None
    head: int | None


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance, ``doc[begin:end]`` with what leads it ("within 7 kilometers"); ``head`` is the token of its unit."""

    begin: int
    end: int
    metres: float
    head: int


# ---------------------------------------------------------------- words and patterns

_BLANK = r"\s"


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The sets of the table ``words`` in ``numbers.toml``."""

    at_least: Words
    at_most: Words
    about: Words
    measured: Words
    vague: Words
    designations: Words


_words = set_reader(NumberWords, __file__, "numbers.toml", "words")


@cache
def _table() -> dict[str, Any]:
    return read_table(__file__, "numbers.toml")


def numerals() -> Mapping[str, int]:
    """The value of each number below a hundred that is one word."""
    return _values("numerals")


def _values(name: str) -> Mapping[str, Any]:
    values: Mapping[str, Any] = _table()[name]
    return values


@cache
def _number() -> str:
    """A pattern of a number in digits or words."""
    digits = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?)"
    words, further = any_of(numerals(), _BLANK), any_of([*numerals(), *_values("multipliers")], _BLANK)
    return rf"(?:{digits}|\b{words}\b)(?:[\s-](?:and\s)?\b{further}\b)*"


@cache
def _numbered_pattern() -> re.Pattern[str]:
    words, about = _words(), any_of(_words().about, _BLANK)
    leading = any_of(words.at_least | words.at_most | words.about, _BLANK)
    return re.compile(
        rf"(?i:(?<![\w.,$£€:’'–/-])(?<!\bno\s)(?P<bound>{leading}(?<=\W)|{leading}\s)?"
        rf"(?:{about}\s)?(?:(?P<between>between)\s|from\s)?"
        rf"(?P<first>{_number()})(?:(?(between)\sand\s|(?:\s?[–—-]\s?|\sto\s|\sor\s))(?P<second>{_number()}))?"
        r"(?P<more>\s?\+|\sor\smore\b)?(?![\w:%°]|[.,]\d|\s(?:%|percent|per\scent)))"
    )


@cache
def _worded_pattern() -> re.Pattern[str]:
    fixed, vague = any_of(_values("fixed"), _BLANK), any_of(_words().vague, _BLANK)
    one = r"\b(?P<one>an?)\s(?!few\b|number\b|lot\b|total\b)"
    return re.compile(rf"(?i:\b(?P<fixed>{fixed})\b|\b(?P<vague>{vague})\b|{one})")


@cache
def _distance_pattern() -> re.Pattern[str]:
    number, units = _number(), any_of(_values("metres"), _BLANK)
    return re.compile(
        rf"(?i:\b(?:(?:to\s)?{any_of(_words().measured, _BLANK)}\s)*(?:(?P<low>{number})(?:\s?[–—-]\s?|\sto\s|\sor\s))?"
        rf"(?P<number>{number}|\ban?\b|\bhalf\sa\b)[\s-]?(?P<unit>{units})\b)(?!\s?²|2)"
    )


def numeral(text: str) -> float | None:
    """The value of a number as written ("8,000", "1.5 million", "two hundred and fifty"); None where it is none."""
    total = 0.0
    for word in re.split(r"[\s-]+", text.lower().replace(",", "")):
        if word in _values("multipliers"):
            total = max(total, 1) * _values("multipliers")[word]
        elif word in numerals():
            total += numerals()[word]
        elif re.fullmatch(r"\d+(\.\d+)?", word):
            total += float(word)
        elif word != "and":
            return None
    return total


def read_quantities(span: Doc | Span) -> list[Quantity]:
    """The counts in a sentence (or paragraph) in their order: no dates, ordinals, percentages or numbers of a name."""
    found = [*_numbered(span), *_worded(span)]
    found.sort(key=lambda quantity: (quantity.begin, -quantity.end))
    kept: list[Quantity] = []
    for quantity in found:
        if not kept or quantity.begin >= kept[-1].end:
            kept.append(quantity)
    return kept


# What is longer counts nothing on earth.
_MOST_DIGITS = 30


def _numbered(span: Doc | Span) -> Iterator[Quantity]:
    for match in _numbered_pattern().finditer(span.text):
        if sum(c.isdigit() for c in match[0]) > _MOST_DIGITS:
            continue
        begin, end = _tokens(span, match.start(), match.end())
        number = _tokens(span, match.start("first"), match.end())[0]
        if not _is_name(span, number, end) and not _measures(span, end):
            yield Quantity(begin, end, *_range(match), _counted(span, end))


def _range(match: re.Match[str]) -> tuple[int | None, int | None]:
    first = int(numeral(match["first"]) or 0)
    second = first if match["second"] is None else int(numeral(match["second"]) or 0)
    bound = re.sub(r"\s+", " ", (match["bound"] or "").strip().lower())
    if bound in _words().at_most:
        return None, second
    if match["more"] or bound in _words().at_least:
        return first, None if second == first else second
    return min(first, second), max(first, second)


def _worded(span: Doc | Span) -> Iterator[Quantity]:
    for match in _worded_pattern().finditer(span.text):
        begin, end = _tokens(span, match.start(), match.end())
        counted = _counted(span, end)
        if match["vague"]:
            yield Quantity(begin, end, None, None, counted)
        elif counted is not None and not _measures(span, end):
            value = _values("fixed")[re.sub(r"\s+", " ", match["fixed"].lower())] if match["fixed"] else 1
            yield Quantity(begin, end, value, value, counted)


def _tokens(span: Doc | Span, begin: int, end: int) -> tuple[int, int]:
    """The tokens of the Doc that the characters of the span's text touch, blanks at either end left out."""
    doc = span if isinstance(span, Doc) else span.doc
    text = span.text[begin:end]
    offset = (0 if isinstance(span, Doc) else span.start_char) + begin
    touched = [t.i for t in doc.char_span(offset, offset + len(text.rstrip()), alignment_mode="expand") or ()]
    return touched[0], touched[-1] + 1


def _at(span: Doc | Span, index: int) -> str:
    """The token's text in lower case, "" outside the span."""
    first, last = (0, len(span)) if isinstance(span, Doc) else (span.start, span.end)
    return _doc(span)[index].lower_ if first <= index < last else ""


def _doc(span: Doc | Span) -> Doc:
    return span if isinstance(span, Doc) else span.doc


def _is_name(span: Doc | Span, begin: int, end: int) -> bool:
    """Whether the number is part of a date ("4 April", "in 2016") or of a name ("Hill 800")."""
    before, after, text = _at(span, begin - 1), _at(span, end), _doc(span)[begin:end].text
    dated = before.rstrip(".") in MONTHS and not _at(span, begin - 2).isdigit()
    if after.rstrip(".") in MONTHS or dated or before in _words().designations:
        return True
    if re.fullmatch(r"(1\d|20)\d\d", text):
        return _counted(span, end) is None or before in {"in", "since", "during", "early", "late", "mid", "the"}
    return before == "-" and not _doc(span)[begin - 1].whitespace_


def _measures(span: Doc | Span, end: int) -> bool:
    """Whether the number is glued to its unit and counts nothing: "a 20-mile stretch"; "a 25-man unit" counts men."""
    return _at(span, end) == "-" and _at(span, end + 1) not in {"man", "person", "strong", "member", "men"}


def _counted(span: Doc | Span, end: int) -> int | None:
    """The noun that the number before ``end`` counts: the last noun of the run of adjectives and nouns after it."""
    doc, index = _doc(span), end
    if _at(span, index) == "of":
        index += 1
        while _at(span, index) in {"the", "its", "their", "his", "these", "those", "a"}:
            index += 1
    head = None
    while _at(span, index):
        token = doc[index]
        if token.tag_ in {"NNS", "NNPS"} and _ends(span, index):
            return index
        if token.tag_.startswith("NN") or (token.lower_ in {"dead", "wounded"} and head is None):
            head = index
        elif head is None and token.tag_ == "PRP":
            return index
        elif not _modifies(token):
            break
        index += 1
    return head


def _modifies(token: Token) -> bool:
    return token.tag_ in {"JJ", "JJR", "JJS", "HYPH", "VBN", "VBG", "AFX", "POS"} or token.text in {"-", "–", "/"}


def _ends(span: Doc | Span, index: int) -> bool:
    """Whether no further noun follows, as in "special forces soldiers"."""
    following = _at(span, index + 1)
    return not following or not (_doc(span)[index + 1].tag_.startswith("NN") or following in {"-", "–"})


def count_of(noun: Token, quantities: Iterable[Quantity]) -> Quantity | None:
    """The number of a noun: it counts it, or stands among the words before it ("four T-80 and T-72 tanks")."""
    own = next((q for q in quantities if q.head == noun.i or q.begin <= noun.i < q.end), None)
    inside = (q for q in quantities if noun.left_edge.i <= q.begin and q.end <= noun.i)
    return own or next((replace(q, head=noun.i) for q in inside), None)


# ---------------------------------------------------------------- distances


def read_distances(span: Doc | Span) -> list[Distance]:
    """The distances in a sentence in their order, in metres; of a range ("one or two kilometers") the longer."""
    found = []
    for match in _distance_pattern().finditer(span.text):
        metres = _values("metres")
        number = {"a": 1.0, "an": 1.0, "half a": 0.5}.get(match["number"].lower()) or numeral(match["number"]) or 0.0
        begin, end = _tokens(span, match.start(), match.end())
        found.append(Distance(begin, end, round(number * metres[match["unit"].lower()], 3), end - 1))
    return found
