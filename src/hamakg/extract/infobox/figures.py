"""Reads figures as infoboxes write them: "c. 1,000+", "740–809", "at least 5", "up to 427", "several hundreds"."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from hamakg.extract.infobox.dates import find_dates
from hamakg.extract.infobox.items import BRACKETS
from hamakg.extract.infobox.words import build_alternation, word_tables

_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?"
# "Bf 109", "Do 217": a number after two letters, the first of them a capital, is a model of aircraft.
_NOT_A_MODEL_NUMBER = r"(?<!\b(?-i:[A-Z][a-z])\s(?=\d{1,3}(?!\d|,\d)))"
# "350–550+" has the minimum 350 and no maximum; the 550 is only in its words.
_OPEN_RANGE = re.compile(r".*\d\s*[–—-]\s*\d.*\+")
_YEARS = re.compile(r"(?:1\d{3}|20\d\d)\s*(?:[–—-]|to)\s*(?:1\d{3}|20\d\d)")
_THOUSAND = 1_000
_MOST_DIGITS = 30  # a longer number counts nothing on earth
_SCALES = {"thousand": _THOUSAND, "million": 1_000_000, "billion": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Figure:
    """The bounds of a count, None where open ("several" has neither), and its offsets ``begin`` and ``end``."""

    minimum: int | None
    maximum: int | None
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class FigurePhrase:
    """A figure in its context: "about 30 rebels (local sources)".

    ``text`` are the words of the figure itself; ``before`` those before it, which only the first figure of an entry
    has; ``after`` those up to the next figure, without the ``remarks`` in brackets; ``about`` says in the text's words
    that the figure is not exact ("c.").
    """

    figure: Figure
    text: str
    before: str
    after: str
    remarks: tuple[str, ...] = ()
    about: str = ""


def find_figures(text: str) -> list[Figure]:
    """The counts in the text, in order, without ordinals, percentages, codes ("Su-25"), money and dates."""
    dates = find_dates(text)
    matches = [match for match in _figure_pattern().finditer(text) if not _YEARS.fullmatch(match[0].strip())]
    matches = [match for match in matches if sum(map(str.isdigit, match[0])) <= _MOST_DIGITS]
    figures = [Figure(*_read_bounds(match), match.start(), match.end()) for match in matches]
    return [f for f in figures if not any(begin < f.end and f.begin < end for begin, end in dates)]


def read_figure_phrases(words: str) -> tuple[list[FigurePhrase], str]:
    """The figures of one entry, each with its words and remarks; an entry without a figure gives its words instead.

    Line ends may be lost, so each figure outside brackets begins a phrase: "12 killed (X) 2 missing".
    """
    brackets = list(BRACKETS.finditer(words))
    plain = BRACKETS.sub(lambda m: " " * len(m[0]), words)
    figures = find_figures(plain)
    phrases = []
    for index, (figure, following) in enumerate(zip_longest(figures, figures[1:])):
        end = following.begin if following else len(words)
        remarks = tuple(b[0][1:-1].strip() for b in brackets if figure.end <= b.start() < end)
        before = "" if index else _strip_separators(plain[: figure.begin])
        text = plain[figure.begin : figure.end].strip()
        about = _approximation_pattern().match(text) or _OPEN_RANGE.fullmatch(text)
        after = _strip_separators(plain[figure.end : end])
        phrases.append(FigurePhrase(figure, text, before, after, remarks, about[0].strip() if about else ""))
    return phrases, "" if figures else words.strip()


def _strip_separators(text: str) -> str:
    return re.sub(r"(?i)^[\s,;.:]+|(?:[\s,;.:]|\band$)+$", "", " ".join(text.split()))


@cache
def _approximation_pattern() -> re.Pattern[str]:
    approximate = set(word_tables()["bounds"]["about"]) - {"a total of", "total"}
    return re.compile(rf"(?:{build_alternation(approximate)})(?![^\W\d])", re.I)


@cache
def _figure_pattern() -> re.Pattern[str]:
    table = word_tables()
    bounds = table["bounds"]
    counts = rf"(?:{_NUMBER})(?:\s(?:{build_alternation(_SCALES)}))?"
    qualifier = "|".join(
        rf"(?P<{kind}>(?<!\w)(?:{build_alternation(bounds[kind])})(?![^\W\d])\s*)"
        for kind in ("minimum", "maximum", "about")
    )
    number = rf"(?P<low>{counts}|(?:{build_alternation(table['numbers'])})\b)(?P<plus>\s?\+)?"
    about = rf"(?:(?:{build_alternation(bounds['about'])})\s?)?"
    high = rf"(?:(?:\s*[–—-]\s*|\sto\s){about}(?P<high>{counts})(?P<more>\s?\+)?)?"
    between = rf"between (?P<from>{counts}) and (?P<to>{counts})"
    indefinite = rf"(?:{build_alternation(bounds['indefinite'])})\b"
    start = rf"(?<![\w$€£₽#.,+–-]){_NOT_A_MODEL_NUMBER}"
    return re.compile(
        rf"(?:{qualifier})*{start}(?:{between}|{number}{high}|(?P<vague>{indefinite}))(?![\w%°]|\s%|[-–]\w|[.,]\d)",
        re.I,
    )


def _read_bounds(match: re.Match[str]) -> tuple[int | None, int | None]:
    if match["vague"]:
        return None, None
    if match["from"]:
        return _parse_count(match["from"]), _parse_count(match["to"])
    low = _parse_count(match["low"])
    high = _parse_count(match["high"]) if match["high"] else low
    if low < _THOUSAND <= _THOUSAND * low <= high:
        low *= _THOUSAND  # "10–15,000"
    high = max(low, high)  # "1,200–300" is not a range; the first figure holds
    if match["maximum"] and not match["high"]:
        return None, high
    if match["plus"] or match["more"] or match["minimum"]:
        return low, None
    return low, high


def _parse_count(text: str) -> int:
    number, _, scale = text.lower().replace(",", "").partition(" ")
    if number in word_tables()["numbers"]:
        return int(word_tables()["numbers"][number])
    return round(float(number) * _SCALES.get(scale, 1))
