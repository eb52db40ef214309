"""How many and how far: numbers in a sentence with their bounds and the noun that they count.

Numbers are found by their wording, in the characters of the text; "over 150" has no maximum, "up to 30" no minimum,
"dozens" neither, "about 40" is 40.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from hamakg.extract.date_parts import MONTHS


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


# ---------------------------------------------------------------- words

NUMERALS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * (tens + 2)
    for tens, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
MULTIPLIERS = {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1000, "million": 1_000_000}

# What stands before a number and bounds it from below or above; other words ("about", "nearly") leave it as it is.
AT_LEAST = (
    "over", "more than", "at least", "no less than", "not less than", "no fewer than", "not fewer than", "upwards of",
    "in excess of", "a minimum of", "exceeding", "above", "well over", "greater than", ">",
)  # fmt: skip
AT_MOST = (
    "up to", "as many as", "at most", "no more than", "not more than", "less than", "fewer than", "under",
    "a maximum of", "<",
)  # fmt: skip
ABOUT = (
    "about", "around", "approximately", "roughly", "nearly", "almost", "an estimated", "circa", "c.", "ca.", "~",
    "some", "just", "only", "another", "a further", "an additional", "close to", "exactly", "a total of",
)  # fmt: skip
VAGUE = (
    "dozens", "scores", "tens", "hundreds", "thousands", "tens of thousands", "hundreds of thousands", "several",
    "several dozen", "several hundred", "several hundreds", "several thousand", "a few", "a few dozen",
    "a few hundred", "few", "many", "numerous", "multiple", "a number", "a large number", "large numbers",
    "a small number", "an unknown number", "an unspecified number", "a handful", "a couple", "various",
)  # fmt: skip
FIXED = {"both": 2, "a pair": 2, "a dozen": 12, "half a dozen": 6, "a hundred": 100, "a thousand": 1000, "a single": 1}

# Before a number these make a name of it: "Hill 800", "Brigade 550", "Highway 4".
DESIGNATIONS = frozenset(
    [
        "hill",
        "point",
        "brigade",
        "division",
        "battalion",
        "regiment",
        "unit",
        "highway",
        "route",
        "road",
        "motorway",
        "no.",
        "number",
        "sector",
        "phase",
        "checkpoint",
        "resolution",
        "flight",
        "base",
        "group",
        "zone",
        "area",
        "district",
        "block",
        "army",
        "corps",
        "protocol",
        "page",
        "article",
        "height",
        "sector",
        "chapter",
        "operation",
        "squadron",
    ]
)
METRES = {
    "km": 1000, "kilometer": 1000, "kilometre": 1000, "kilometers": 1000, "kilometres": 1000, "kms": 1000, "m": 1,
    "meter": 1, "metre": 1, "meters": 1, "metres": 1, "mile": 1609.344, "miles": 1609.344, "mi": 1609.344,
    "yard": 0.9144, "yards": 0.9144, "foot": 0.3048, "feet": 0.3048, "ft": 0.3048, "league": 4828.032,
    "leagues": 4828.032, "nmi": 1852,
}  # fmt: skip

# ---------------------------------------------------------------- patterns


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s") for w in sorted(words, key=len, reverse=True)) + ")"


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?)"
_NUMBER = rf"(?:{_DIGITS}|\b{_any(NUMERALS)}\b)(?:[\s-](?:and\s)?\b{_any([*NUMERALS, *MULTIPLIERS])}\b)*"
_LEADING = _any([*AT_LEAST, *AT_MOST, *ABOUT])
_NUMBERED = re.compile(
    rf"(?i:(?<![\w.,$£€:’'–/-])(?<!\bno\s)(?P<bound>{_LEADING}(?<=\W)|{_LEADING}\s)?"
    rf"(?:{_any(ABOUT)}\s)?(?:(?P<between>between)\s|from\s)?"
    rf"(?P<first>{_NUMBER})(?:(?(between)\sand\s|(?:\s?[–—-]\s?|\sto\s|\sor\s))(?P<second>{_NUMBER}))?"
    r"(?P<more>\s?\+|\sor\smore\b)?(?![\w:%°]|[.,]\d|\s(?:%|percent|per\scent)))"
)
_WORDED = re.compile(
    rf"(?i:\b(?P<fixed>{_any(FIXED)})\b|\b(?P<vague>{_any(VAGUE)})\b|\b(?P<one>an?)\s(?!few\b|number\b|lot\b|total\b))"
)


def numeral(text: str) -> float | None:
    """The value of a number as written ("8,000", "1.5 million", "two hundred and fifty"); None where it is none."""
    total = 0.0
    for word in re.split(r"[\s-]+", text.lower().replace(",", "")):
        if word in MULTIPLIERS:
            total = max(total, 1) * MULTIPLIERS[word]
        elif word in NUMERALS:
            total += NUMERALS[word]
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
    for match in _NUMBERED.finditer(span.text):
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
    if bound in AT_MOST:
        return None, second
    if match["more"] or bound in AT_LEAST:
        return first, None if second == first else second
    return min(first, second), max(first, second)


def _worded(span: Doc | Span) -> Iterator[Quantity]:
    for match in _WORDED.finditer(span.text):
        begin, end = _tokens(span, match.start(), match.end())
        counted = _counted(span, end)
        if match["vague"]:
            yield Quantity(begin, end, None, None, counted)
        elif counted is not None and not _measures(span, end):
            value = FIXED[re.sub(r"\s+", " ", match["fixed"].lower())] if match["fixed"] else 1
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
    if after.rstrip(".") in MONTHS or dated or before in DESIGNATIONS:
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


# ---------------------------------------------------------------- distances

_DISTANCE = re.compile(
    rf"(?i:\b(?:(?:to\s)?(?:within|less\sthan|about|around|approximately|some|only|just|nearly|over|more\sthan|roughly)\s)*"
    rf"(?:(?P<low>{_NUMBER})(?:\s?[–—-]\s?|\sto\s|\sor\s))?(?P<number>{_NUMBER}|\ban?\b|\bhalf\sa\b)[\s-]?(?P<unit>{_any(METRES)})\b)(?!\s?²|2)"
)


def read_distances(span: Doc | Span) -> list[Distance]:
    """The distances in a sentence in their order, in metres; of a range ("one or two kilometers") the longer."""
    found = []
    for match in _DISTANCE.finditer(span.text):
        number = {"a": 1.0, "an": 1.0, "half a": 0.5}.get(match["number"].lower()) or numeral(match["number"]) or 0.0
        begin, end = _tokens(span, match.start(), match.end())
        if _at(span, end - 1) in METRES or match["unit"].lower() in METRES:
            found.append(Distance(begin, end, round(number * METRES[match["unit"].lower()], 3), end - 1))
    return found
