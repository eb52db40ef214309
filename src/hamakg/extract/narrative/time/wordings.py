"""The wordings of dates: which words name or point to days, and which days they mean at a given point of a story.

Wordings are looked for in the characters of a sentence, so that neither a tokenizer nor a parse decides what a date is.
Each row of ``WORDINGS`` is a pattern and the function that resolves what it matched; of two that overlap the one that
begins first holds, then the longer.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from hamakg.extract.date_parts import MONTHS, PARTS
from hamakg.extract.narrative.parse.numbers import NUMERALS
from hamakg.extract.narrative.time import story
from hamakg.extract.narrative.time.days import Days, month, year
from hamakg.extract.narrative.time.story import BOUNDS


class DateKind(StrEnum):
    """What a wording is to the story: a date, a step from the last, a look back, the conflict's days, a name …

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
    """A wording found in a text, how it is resolved and what it is to the story."""

    match: re.Match[str]
    resolve: story.Resolve
    kind: DateKind

    @property
    def begin(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()

    @property
    def bound(self) -> str | None:
        """What its preposition makes of the days: by, until, before, since or after."""
        return story.bound_of(self.match)

    def days(self, told: story.Story) -> Days | None:
        """The days it means where the story stands; None where the text does not tell them."""
        return self.resolve(self.match, told)


# ---------------------------------------------------------------- words

DAYTIMES = [
    "night", "morning", "evening", "afternoon", "dawn", "dusk", "noon", "midday", "midnight", "daybreak", "nightfall",
    "sunrise", "sunset", "eve", "hours", "hour", "day",
]  # fmt: skip
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


# A year before one of these (with capitals or the words of BETWEEN in between) is a name: "the 2016 Hama offensive".
CONFLICTS = [
    "offensive", "offensives", "counteroffensive", "counter-offensive", "operation", "campaign", "battle", "siege",
    "war", "invasion", "uprising", "revolution", "revolt", "rebellion", "insurgency", "intervention", "conflict",
    "crisis", "coup", "clash", "clashes", "fighting", "attack", "attacks", "bombing", "bombings", "massacre",
    "ceasefire", "truce", "agreement", "accords", "election", "elections", "earthquake",
    "incursion", "raid", "blockade", "mutiny", "strikes", "airstrikes",
]  # fmt: skip
BETWEEN = [
    "rebel", "government", "military", "chemical", "air", "terrorist", "missile", "suicide", "coup", "joint", "major",
]  # fmt: skip
# A date before one of these is that of a claim, not of what it tells: "its 7 January assessment".
CLAIMS = [
    "assessment", "report", "statement", "estimate", "briefing", "update", "bulletin", "communiqué", "announcement",
    "interview", "speech", "address", "post", "article", "press",
]  # fmt: skip
# Whose start "since the start of the operation" means the article's own conflict.
OWN = ["offensive", "operation", "campaign", "battle", "siege"]

# ---------------------------------------------------------------- patterns


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first, with a space or hyphen between their parts."""
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"[\s-]") for w in sorted(words, key=len, reverse=True)) + ")"


_SHORT = [name.title() for name in MONTHS if len(name) < 5 and name not in {"may", "june", "july"}]
_MONTH = rf"(?:{_any([name.title() for name in MONTHS])}(?![A-Za-z])|{_any(_SHORT)}\.)"
_DOM = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\d)"
_YEAR = r"(?:\d{1,4}\s?(?:BCE|BC|CE|AD)\b|AD\s\d{1,4}\b|(?:1\d|20)\d\d(?![\d%]|[.,]\d))"
_DIGITS = r"\d|AD"
_DASH = r"\s?[–—/-]\s?"
_JOIN = rf"(?:{_DASH}|\s(?:to|and|until|till|through)\s(?:the\s)?|\sand\s(?:ended|lasted|concluded)\s(?:on|until)\s)"
_COUNT = rf"(?P<count>\d+|an?|{'|'.join(NUMERALS)})"
_VAGUE = r"(?:several|some|many|a\sfew|few|a\scouple\sof)"
_UNIT = r"(?P<unit>minute|hour|day|night|week|fortnight|month|year)s?"
_DAYTIME = _any(DAYTIMES)
_NEXT = r"(?:next|following|subsequent|ensuing)"
_LAST = r"(?:previous|preceding|prior|last|past)"
_BY = r"(?:\b(?P<bound>by|until|since|after)\s)?"
_SAME = r"(?:that|the|this)(?:\s(?:very\s)?same)?"
_BOUND = rf"(?:\b(?P<bound>{_any(BOUNDS)})\s)?"
_PART_OF = rf"(?:\b(?:the\s)?(?P<part>{_any(PARTS)})(?:\s(?:of|in))?[\s–-])?(?:\bthe\s)?"
_PREFIX = (
    rf"(?i:{_BOUND}"
    r"(?:\b(?P<lead>on|in|at|during|around|about|over|for|of|between|throughout|(?:late|early|overnight)\son)\s)?"
    rf"(?:\b(?:the\s)?(?:early\s|late\s)?(?:morning\s)?{_DAYTIME}\s(?:of|on|between)\s)?"
    rf"{_PART_OF})"
)
_YEAR_PREFIX = rf"(?i:{_BOUND}(?:\b(?P<lead>in|during|throughout)\s)?{_PART_OF})"
# Holds only after a prefix: "May" and "March" are words, and four digits a number, where nothing says otherwise.
_PREFIXED = r"(?(bound)|(?(lead)|(?(part)|(?!))))"
_SEASON = r"(?P<season>spring|summer|autumn)"


def _date(n: int) -> str:
    """A date that names its day and month; the groups end in ``n``."""
    return (
        rf"(?:\b(?P<d{n}>{_DOM})\s?(?:of\s)?(?P<m{n}>{_MONTH})(?:,?\s?(?P<y{n}>{_YEAR}))?"
        rf"|\b(?P<M{n}>{_MONTH})\s(?P<D{n}>{_DOM})(?!,\d|{_DASH}\d)(?:,?\s(?P<Y{n}>{_YEAR}))?)"
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A pattern, how its matches are resolved, and a quick cue without which no sentence can match."""

    pattern: re.Pattern[str]
    resolve: story.Resolve
    kind: DateKind
    cue: re.Pattern[str]


def _row(pattern: str, resolve: story.Resolve, kind: DateKind = DateKind.RELATIVE, cue: str = "") -> _Row:
    return _Row(re.compile(pattern), resolve, kind, re.compile(cue))


def _dated(pattern: str, resolve: story.Resolve, cue: str = _MONTH) -> _Row:
    return _row(pattern, resolve, DateKind.EXPLICIT, cue)


# ---------------------------------------------------------------- wordings

_PEOPLE = r"\s(?:[A-Za-z-]+\s)?(?:men|people|troops|soldiers|fighters|militants|rebels|civilians|tanks)\b"
_CLOCK = _any(
    [
        "dawn",
        "dusk",
        "noon",
        "midday",
        "midnight",
        "daybreak",
        "nightfall",
        "sunrise",
        "sunset",
        "night",
        "morning",
        "evening",
        "afternoon",
    ]
)

WORDINGS = (
    # names that hold a date
    _row(
        rf"(?i:\b(?:in|during|of|since|after|by|before|until)\s)?(?:\bthe\s)?\b(?:(?P<m1>{_MONTH})\s)?(?P<y1>{_YEAR})"
        rf"(?:\s(?:[A-Z][\w'’–-]*|{_any(BETWEEN)}|of|in)){{0,4}}?\s{_any(CONFLICTS)}\b",
        story.in_name,
        DateKind.NAME,
        _DIGITS,
    ),
    _row(
        rf"{_any(CONFLICTS)}\s\((?:{_MONTH}[\s–-]+)*?(?:(?P<m1>{_MONTH})\s)?(?P<y1>{_YEAR})\)",
        story.in_name,
        DateKind.NAME,
        _DIGITS,
    ),
    # dates of claims
    _row(
        rf"(?:(?<=['’]s\s)|(?<=s['’]\s)|(?i:\b(?:its|their|his|her|a|an|the)\s)){_date(1)}\s(?:[a-z-]+\s)?{_any(CLAIMS)}s?\b",
        story.one_day,
        DateKind.CLAIM,
        _MONTH,
    ),
    # dates
    _dated(
        rf"{_PREFIX}{_date(1)}{_JOIN}(?:on\s)?{_date(2)}",
        story.two_days,
    ),
    _dated(
        rf"{_PREFIX}\b(?P<d1>{_DOM}){_JOIN}(?P<d2>{_DOM})\s?(?:of\s)?(?P<m2>{_MONTH})(?:,?\s?(?P<y2>{_YEAR}))?",
        story.two_days,
    ),
    _dated(
        rf"{_PREFIX}\b(?P<m2>{_MONTH})\s(?P<d1>{_DOM}){_JOIN}(?P<d2>{_DOM})(?!,\d)(?:,?\s(?P<y2>{_YEAR}))?",
        story.two_days,
    ),
    _dated(
        rf"{_PREFIX}{_date(1)}",
        story.one_day,
    ),
    _dated(
        rf"{_PREFIX}\b(?P<m1>{_MONTH})(?:\s(?P<y1>{_YEAR}))?{_JOIN}(?P<m2>{_MONTH})(?!\s\d{{1,2}}\b)(?:\s(?P<y2>{_YEAR}))?"
        rf"(?(y2)|{_PREFIXED})",
        story.months,
    ),
    _dated(
        rf"{_PREFIX}\b(?P<m1>{_MONTH})(?:,?\s(?:of\s)?(?P<y1>{_YEAR}))?(?(y1)|{_PREFIXED})",
        story.whole_month,
    ),
    _dated(rf"{_PREFIX}\b{_SEASON}\b(?:\s(?:of\s)?(?P<y1>{_YEAR}))", story.season, _SEASON),
    _dated(
        rf"(?i:{_BOUND}(?:\b(?P<lead>in|during)\s)?the\s(?P<part>early|mid|late)?\s?{_SEASON}\b){_PREFIXED}",
        story.season,
        _SEASON,
    ),
    _dated(
        rf"(?i:\b(?:from|between|in|during))\s(?P<y1>{_YEAR}){_JOIN}(?P<y2>{_YEAR}|\d\d\b)", story.year_span, _DIGITS
    ),
    _dated(
        rf"{_YEAR_PREFIX}\b(?<!in\sthe\s)(?<!from\sthe\s)(?P<y1>{_YEAR})(?!{_PEOPLE}){_PREFIXED}",
        story.whole_year,
        _DIGITS,
    ),
    _dated(r"\b(?P<y1>\d{1,4}\s?(?:BCE|BC|CE|AD)\b|AD\s\d{1,4}\b)", story.whole_year, _DIGITS),
    _dated(
        r"\b(?:on|by|of)\sthe\s(?P<d1>\d{1,2}(?:st|nd|rd|th))"
        r"(?=[.,;)]|$|\s(?:and|as|when|after|before|with|but|while)\b)",
        story.ordinal,
        _DIGITS,
    ),
    # steps forward
    _row(
        rf"(?i:{_BY}(?:\b(?:in|during|throughout)\s)?\b(?:the\s)?(?P<next>{_NEXT}))\s(?P<m1>{_MONTH})(?!\s\d)",
        story.such_month,
        cue=_MONTH,
    ),
    _row(rf"(?i:^(?:\w+,\s)?after\s{_VAGUE}\s(?P<unit>day|night|week|month)s?\sof\b)", story.after_some),
    _row(
        rf"(?i:{_BY}(?:\b(?:on|in|during|at|over)\s)?\b(?:the\s)?(?:early\s)?{_NEXT}\s(?:{_DAYTIME}|(?P<unit>week|month|year))\b)",
        story.next_one,
    ),
    _row(
        rf"(?i:\b(?:over|in|during|for|within|throughout)\sthe\s(?:{_NEXT}|coming)\s(?:{_COUNT}\s|{_VAGUE}\s)?{_UNIT}\b(?<=s))",
        story.coming,
    ),
    _row(rf"(?i:\b(?:{_COUNT}\s|{_VAGUE}\s)?{_UNIT}\s(?:later|afterwards?)\b)", story.later),
    _row(rf"(?i:\bafter\s{_COUNT}\s{_UNIT})(?=,)", story.later),
    _row(rf"(?i:^(?:just\s|only\s)?{_COUNT}\s{_UNIT}\safter\b)", story.later),
    # the story's own day
    _row(
        rf"(?i:{_BY}(?:\b(?:later|earlier|early|late|on|in|during|at)\s)*\b{_SAME}\s(?:early\s|late\s)?{_DAYTIME}\b)"
        r"(?!-|\s(?:of|on|between|after|before)\b)",
        story.same,
    ),
    _row(rf"(?i:\b(?:by|at|around|until|before|after)\s{_CLOCK}\b)(?!\s(?:of|on)\s)", story.same),
    _row(
        r"(?i:\b(?:(?P<when>later|earlier)\s)?(?:in\s)?(?:that|the\ssame|this)\s(?P<unit>month|year)\b)",
        story.same_period,
    ),
    _row(r"(?i:\b(?:on\s|during\s)?both\s(?:dates|days|occasions)\b)", story.both),
    # looks back
    _row(
        rf"(?i:\b(?:(?:in|during|throughout)\s)?the\s{_LAST})\s(?P<m1>{_MONTH})(?!\s\d)",
        story.such_month,
        DateKind.RETROSPECTIVE,
        _MONTH,
    ),
    _row(
        rf"(?i:\b(?:on\s|during\s|in\s|from\s|over\s)?\bthe\s{_LAST}\s(?:{_DAYTIME}|(?P<unit>week|month|year))\b)",
        story.one_before,
        DateKind.RETROSPECTIVE,
    ),
    _row(
        r"(?i:\bthe\s(?:day|night|evening|morning|afternoon)\sbefore\b|\blast\snight\b|\byesterday\b)",
        story.one_before,
        DateKind.RETROSPECTIVE,
    ),
    _row(
        rf"(?i:\b(?:over|in|during|for|within)\sthe\s{_LAST}\s(?:{_COUNT}\s|{_VAGUE}\s)?{_UNIT}\b(?<=s))",
        story.past,
        DateKind.RETROSPECTIVE,
    ),
    _row(
        rf"(?i:\b(?:{_COUNT}|{_VAGUE})\s{_UNIT}\s(?:earlier|before|ago|prior)\b)", story.earlier, DateKind.RETROSPECTIVE
    ),
    _row(
        rf"(?i:\bafter\s(?:more\sthan\s|over\s|nearly\s|about\s)?(?:{_COUNT}\s(?:full\s)?|{_VAGUE}\s)?"
        r"(?P<unit>day|week|month|year)s?\sof\b)",
        story.after_lasting,
        DateKind.RETROSPECTIVE,
    ),
    _row(r"(?i:\bover\s?night\b|\bnight-?time\b)", story.overnight, DateKind.RETROSPECTIVE),
    _row(
        rf"(?i:\b(?:since\s(?:the|its|their)\s(?:start|beginning|launch|outbreak)\sof|during|throughout)\s(?:the|their|its)\s{_any(OWN)})(?=[,;.]|\sand\b)",
        story.of_conflict,
        DateKind.SUMMARY,
    ),
    # days that nobody can tell
    _row(
        rf"\b(?:[Oo]n\s)?{_any(WEEKDAYS)}\b(?:\s(?:night|morning|evening|afternoon))?",
        story.unknown,
        DateKind.UNRESOLVED,
    ),
)


def find_wordings(text: str) -> list[Wording]:
    """The wordings in a sentence in their order, none overlapping: which begins first holds, then the longer."""
    cues = {row.cue for row in WORDINGS}
    given = {cue for cue in cues if cue.search(text)}
    rows = [row for row in WORDINGS if row.cue in given]
    found = [Wording(match, row.resolve, row.kind) for row in rows for match in row.pattern.finditer(text)]
    found.sort(key=lambda wording: (wording.begin, -wording.end))
    kept: list[Wording] = []
    for wording in found:
        if not kept or wording.begin >= kept[-1].end:
            kept.append(wording)
    return kept


_MONTH_AND_YEAR = re.compile(rf"{_MONTH},?\s?(?:{_DOM},?\s)?(?P<y>{_YEAR})")
_IN_YEAR = re.compile(rf"\b(?:[Ii]n|[Ss]ince|[Dd]uring|[Tt]he)\s(?P<y>{_YEAR})")


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


def _count_years(pattern: re.Pattern[str], texts: Collection[str]) -> Counter[int]:
    return Counter(story.year_number(found["y"]) or 0 for text in texts for found in pattern.finditer(text))


def title_days(title: str) -> Days:
    """The months or year that an article's title names: "Hama offensive (March–April 2017)", "2014 Idlib offensive"."""
    found = re.search(rf"(?:(?P<m1>{_MONTH}){_DASH})?(?:(?P<m2>{_MONTH})\s)?\b(?P<y>{_YEAR})", title)
    if found is None:
        return Days()
    y = story.year_number(found["y"]) or 0
    if found["m2"] is None:
        return year(y)
    last = story.month_number(found, "m2") or 12
    return Days(month(y, story.month_number(found, "m1", "m2") or 1).first, month(y, last).last)


def heading_days(heading: str, told: story.Story) -> Days | None:
    """The days that a section's heading names ("March 2022", "(24–26 February)", "2023"), None where it names none."""
    found = [
        days
        for wording in find_wordings(f"During {heading}")
        if wording.kind in {DateKind.EXPLICIT, DateKind.NAME} and (days := wording.days(told))
    ]
    firsts, lasts = [d.first for d in found if d.first is not None], [d.last for d in found if d.last is not None]
    return Days(min(firsts), max(lasts)) if firsts and lasts else None


_CONTINUING = re.compile(
    r"(?i:(?:meanwhile|in the meantime|concurrently|simultaneously|at the same time|around the same time|elsewhere)\b)"
)


def continues(text: str) -> bool:
    """Whether a paragraph tells of the time of the one before: "Meanwhile, …", "Elsewhere, …"."""
    return _CONTINUING.match(text) is not None
