"""The wordings of dates: which words name or point to days, and which days they mean at a given point of a story.

Wordings are looked for in the characters of a sentence, so that neither a tokenizer nor a parse decides what a date is.
Each row of ``wordings.toml`` is a pattern and the function that resolves what it matched.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from hamakg.extract.date_parts import MONTHS, PARTS
from hamakg.extract.narrative.parse.numbers import numerals
from hamakg.extract.narrative.parse.words import any_of, read_table
from hamakg.extract.narrative.time.days import Days, month, year
from hamakg.extract.narrative.time.resolving import RESOLVERS, Bound, Match, Resolve, bound_days, read_year
from hamakg.extract.narrative.time.story import Story


class DateKind(StrEnum):
    """What a wording is to the story: a date, a step from the last, a look back, the conflict's days, a name and so on.

    A claim's date ("its 7 January assessment") is none of what the claim tells, but steps are counted from it.
    """

    EXPLICIT = "explicit"
    RELATIVE = "relative"
    RETROSPECTIVE = "retrospective"
    SUMMARY = "summary"
    NAME = "name"
    CLAIM = "claim"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Wording:
    """A wording found in a text, how it is resolved and what it is to the story.

    ``bound`` is the preposition before it; where ``bounded``, it makes other days of those that the wording names.
    """

    match: re.Match[str]
    resolve: Resolve
    kind: DateKind
    bound: Bound | None
    bounded: bool

    @property
    def begin(self) -> int:
        """Where it begins in the text."""
        return self.match.start()

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.match.end()

    def days(self, story: Story) -> Days | None:
        """The days it means where the story stands; None where the text does not tell them."""
        days = self.resolve(Match(self.match), story)
        return bound_days(days, self.bound) if self.bounded else days


# ---------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class _Row:
    """A pattern, how its matches are resolved, and a quick cue without which no sentence can match."""

    pattern: re.Pattern[str]
    resolve: Resolve
    kind: DateKind
    bounded: bool
    cue: re.Pattern[str] | None


@cache
def _table() -> dict[str, Any]:
    return read_table(__file__, "wordings.toml")


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(
            re.compile(_expand(row["pattern"])),
            RESOLVERS[row["means"]],
            DateKind(row["kind"]),
            row.get("bounded", False),
            re.compile(_expand(f"{{{row['cue']}}}")) if "cue" in row else None,
        )
        for row in _table()["wording"]
    )


@cache
def _bounds() -> Mapping[str, Bound]:
    """What a preposition makes of the days after it."""
    return {word: Bound(name) for name, words in _table()["bounds"].items() for word in words}


@cache
def _fragments() -> Mapping[str, str]:
    """The named parts of patterns; those that are any of some words are made of these."""
    names = [name.title() for name in MONTHS]
    short = [name for name in names if len(name) <= _SHORTEST_MONTH and name not in {"May", "June", "July"}]
    words = {**_table()["words"], "months": names, "short_months": short, "bounds": _bounds(), "parts": PARTS}
    patterns = {name.upper(): any_of(own, r"[\s-]") for name, own in words.items()}
    return {**patterns, "NUMERALS": "|".join(numerals()), **_table()["fragments"]}


_SHORTEST_MONTH = 4
"""Names of months of so many letters are short forms, which have a full stop behind them; but May, June and July."""


def _expand(pattern: str) -> str:
    """The pattern with the fragments that it names. Raises KeyError for one that is not there."""
    while True:
        expanded = re.sub(r"\{([A-Z_0-9]*[A-Z][A-Z_0-9]*)\}", lambda name: _fragments()[name[1]], pattern)
        if expanded == pattern:
            return pattern
        pattern = expanded


def find_wordings(text: str) -> list[Wording]:
    """The wordings in a sentence in their order, none overlapping: which begins first holds, then the longer."""
    given = {cue for cue in {row.cue for row in _rows()} if cue is None or cue.search(text)}
    found = [
        Wording(match, row.resolve, row.kind, _find_bound(match), row.bounded)
        for row in _rows()
        if row.cue in given
        for match in row.pattern.finditer(text)
    ]
    found.sort(key=lambda wording: (wording.begin, -wording.end))
    kept: list[Wording] = []
    for wording in found:
        if not kept or wording.begin >= kept[-1].end:
            kept.append(wording)
    return kept


def _find_bound(match: re.Match[str]) -> Bound | None:
    found = match.groupdict()
    words = re.sub(r"\s", " ", found.get("bound") or "").lower()
    return _bounds().get(words) or (Bound.THROUGHOUT if found.get("lead") == "throughout" else None)


# ---------------------------------------------------------------- what a whole text, a title or a heading tells


_MONTH_AND_YEAR = r"{MONTH},?\s?(?:{DOM},?\s)?(?P<y>{YEAR})"
_IN_YEAR = r"\b(?:[Ii]n|[Ss]ince|[Dd]uring|[Tt]he)\s(?P<y>{YEAR})"


def main_years(texts: Collection[str]) -> Days:
    """The year that the texts name most often, with the years beside it that they name at least a third as often.

    Years beside a month count; only where there are none, others ("the 2022 invasion").
    """
    counts = _count_years(_MONTH_AND_YEAR, texts) or _count_years(_IN_YEAR, texts)
    if not counts:
        return Days()
    first = last = max(counts, key=lambda y: (counts[y], -y))
    enough = counts[first] / 3
    while counts[last + 1] >= enough:
        last += 1
    while counts[first - 1] >= enough:
        first -= 1
    return Days(year(first).first, year(last).last)


def _count_years(pattern: str, texts: Collection[str]) -> Counter[int]:
    compiled = _compile(pattern)
    return Counter(read_year(found["y"]) or 0 for text in texts for found in compiled.finditer(text))


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(_expand(pattern))


def title_days(title: str) -> Days:
    """The months or year that an article's title names: "Hama offensive (March–April 2017)", "2014 Idlib offensive"."""
    found = _compile(r"(?:(?P<m1>{MONTH}){DASH})?(?:(?P<m2>{MONTH})\s)?\b(?P<y>{YEAR})").search(title)
    if found is None:
        return Days()
    y = read_year(found["y"]) or 0
    if found["m2"] is None:
        return year(y)
    last = Match(found).month(2) or 12
    return Days(month(y, Match(found).month(1) or last).first, month(y, last).last)


def heading_days(heading: str, story: Story) -> Days | None:
    """The days that a section's heading names ("March 2022", "(24–26 February)", "2023"), None where it names none."""
    found = [
        days
        for wording in find_wordings(f"During {heading}")
        if wording.kind in {DateKind.EXPLICIT, DateKind.NAME} and (days := wording.days(story))
    ]
    firsts, lasts = [d.first for d in found if d.first is not None], [d.last for d in found if d.last is not None]
    return Days(min(firsts), max(lasts)) if firsts and lasts else None


def continues(text: str) -> bool:
    """Whether a paragraph tells of the time of the one before: "Meanwhile, …", "Elsewhere, …"."""
    return _compile(r"(?i:{CONTINUING}\b)").match(text) is not None
