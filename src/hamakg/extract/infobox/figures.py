"""Figures as infoboxes write them: "c. 1,000+", "740–809", "at least 5", "up to 427", "several hundreds"."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from hamakg.extract.infobox.dates import find_dates
from hamakg.extract.infobox.items import BRACKETS
from hamakg.extract.infobox.words import alternatives, words

_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?"
# "Bf 109", "Do 217": a number after two letters, the first a capital, names a type.
_NOT_A_TYPE = r"(?<!\b(?-i:[A-Z][a-z])\s(?=\d{1,3}(?!\d|,\d)))"
# Of "350–550+" the bounds are 350 and none: the words keep the 550.
_OPEN_RANGE = re.compile(r".*\d\s*[–—-]\s*\d.*\+")
_YEARS = re.compile(r"(?:1\d{3}|20\d\d)\s*(?:[–—-]|to)\s*(?:1\d{3}|20\d\d)")
_THOUSAND = 1_000
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Figure:
    """Bounds of a count; both open is "several", "dozens". ``begin``, ``end``: where it stands in the words."""

    minimum: int | None
    maximum: int | None
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A figure and its words, those before it (if it is the first) and after it, and the remarks after those.

    ``about``: how the text says that it is no exact one ("c.").
    """

    figure: Figure
    text: str
    before: str
    after: str
    remarks: tuple[str, ...] = ()
    about: str = ""


def find_figures(text: str) -> list[Figure]:
    """The counts in some words, in order; ordinals, percentages, codes ("Su-25"), money and dates are none."""
    dates = find_dates(text)
    figures = [_figure(match) for match in _pattern().finditer(text) if not _YEARS.fullmatch(match[0].strip())]
    return [f for f in figures if not any(begin < f.end and f.begin < end for begin, end in dates)]


def read_phrases(words: str) -> tuple[list[Phrase], str]:
    """The figures of one item, each with its own words and remarks; where there is no figure, the words themselves.

    Line ends may be lost, so a figure begins a phrase wherever it stands outside brackets: "12 killed (X) 2 missing".
    """
    brackets = list(BRACKETS.finditer(words))
    plain = BRACKETS.sub(lambda m: " " * len(m[0]), words)
    figures = find_figures(plain)
    phrases = []
    for index, (figure, following) in enumerate(zip_longest(figures, figures[1:])):
        end = following.begin if following else len(words)
        remarks = tuple(b[0][1:-1].strip() for b in brackets if figure.end <= b.start() < end)
        before = "" if index else _tidy(plain[: figure.begin])
        text = plain[figure.begin : figure.end].strip()
        about = _about().match(text) or _OPEN_RANGE.fullmatch(text)
        after = _tidy(plain[figure.end : end])
        phrases.append(Phrase(figure, text, before, after, remarks, about[0].strip() if about else ""))
    return phrases, "" if figures else words.strip()


def _tidy(text: str) -> str:
    return re.sub(r"(?i)^[\s,;.:]+|(?:[\s,;.:]|\band$)+$", "", " ".join(text.split()))


@cache
def _about() -> re.Pattern[str]:
    exact = {"a total of", "total"}
    return re.compile(rf"(?:{alternatives(w for w in words()['bounds']['about'] if w not in exact)})(?![^\W\d])", re.I)


@cache
def _pattern() -> re.Pattern[str]:
    table = words()
    bounds = table["bounds"]
    counts = rf"(?:{_NUMBER})(?:\s(?:{alternatives(_SCALES)}))?"
    qualifier = "|".join(
        rf"(?P<{kind}>(?<!\w)(?:{alternatives(bounds[kind])})(?![^\W\d])\s*)"
        for kind in ("minimum", "maximum", "about")
    )
    number = rf"(?P<low>{counts}|(?:{alternatives(table['numbers'])})\b)(?P<plus>\s?\+)?"
    high = rf"(?:(?:\s*[–—-]\s*|\sto\s)(?:(?:{alternatives(bounds['about'])})\s?)?(?P<high>{counts})(?P<more>\s?\+)?)?"
    between = rf"between (?P<from>{counts}) and (?P<to>{counts})"
    indefinite = rf"(?:{alternatives(bounds['indefinite'])})\b"
    start = rf"(?<![\w$€£₽#.,+–-]){_NOT_A_TYPE}"
    return re.compile(
        rf"(?:{qualifier})*{start}(?:{between}|{number}{high}|(?P<vague>{indefinite}))(?![\w%°]|\s%|[-–]\w|[.,]\d)",
        re.I,
    )


def _figure(match: re.Match[str]) -> Figure:
    minimum, maximum = _bounds(match)
    return Figure(minimum, maximum, match.start(), match.end())


def _bounds(match: re.Match[str]) -> tuple[int | None, int | None]:
    if match["vague"]:
        return None, None
    if match["from"]:
        return _count(match["from"]), _count(match["to"])
    low = _count(match["low"])
    high = _count(match["high"]) if match["high"] else low
    if low < _THOUSAND <= _THOUSAND * low <= high:
        low *= _THOUSAND  # "10–15,000"
    high = max(low, high)  # "1,200–300" is no range; the first figure stands
    if match["maximum"] and not match["high"]:
        return None, high
    if match["plus"] or match["more"] or match["minimum"]:
        return low, None
    return low, high


def _count(text: str) -> int:
    number, _, scale = text.lower().replace(",", "").partition(" ")
    if number in words()["numbers"]:
        return int(words()["numbers"][number])
    return round(float(number) * _SCALES.get(scale, 1))
