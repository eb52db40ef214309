"""How many people and things a side brought: "SSNP: c. 1,000+", "1,700–2,000 Hezbollah fighters", "40 tanks"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from hamakg.extract.infobox.actors import is_generic, kind_of
from hamakg.extract.infobox.dates import read_date, read_dated
from hamakg.extract.infobox.figures import Phrase, read_phrases
from hamakg.extract.infobox.items import Item, read_items, whole_items
from hamakg.extract.infobox.sources import Saying, read_saying
from hamakg.extract.infobox.words import alternatives, listed
from hamakg.model import EntityKind, Interval
from hamakg.naming.states import state_words

_YEAR = re.compile(r"\d{4}")
# What is left of a phrase and says nothing by itself.
NO_REMARK = frozenset({"", "with", "including", "and", "of", "for", "from", "by", "in"})
# "Bf 109", "Do 217s", "T-34", "Su-25": a type of aircraft or vehicle.
_TYPE = re.compile(r"\b(?:[A-Z][a-z] \d{1,3}[A-Za-z]?s?|[A-Z][a-z]{0,2}-\d{1,3}[A-Za-z]{0,2})\b")


@dataclass(frozen=True, slots=True)
class Strength:
    """One figure with what the text says of it; ``party`` and ``heading`` are the text's words, not yet resolved."""

    words: str
    minimum: int | None
    maximum: int | None
    heading: str | None = None
    party: str | None = None
    counted_as: str | None = None
    equipment: str | None = None
    interval: Interval | None = None
    saying: Saying | None = None
    remarks: tuple[str, ...] = ()


def read_strengths(value: str, during: Interval) -> list[Strength]:
    """The strengths that a field gives; one without a figure ("elements of the 25th Army") has no bounds."""
    strengths = []
    for item in whole_lists(read_items(value)):
        phrases, left = read_phrases(item.words)
        strengths += [_strength(phrase, item, during) for phrase in phrases]
        if left and left.lower().strip(" .") not in listed("nothing"):
            strengths.append(_unnumbered(item, during))
    return strengths


def whole_lists(items: Iterable[Item]) -> list[Item]:
    """The items, with what a comma of one line cuts made whole: "45 guns, rocket launchers and mortars"."""
    return whole_items(items, _lists_on)


def _lists_on(before: Item, item: Item) -> bool:
    same = item.line is not None and before.line == item.line
    return same and item.words[:1].islower() and not read_phrases(item.words)[0]


def _unnumbered(item: Item, during: Interval) -> Strength:
    interval, heading = read_when(_heading(item), during)
    name = item.name or item.words
    unit = kind_of(name) is EntityKind.MILITARY_UNIT and not is_generic(name)
    known = Strength(item.words, None, None, heading, name if unit else None, None if unit else name, interval=interval)
    return _with_remarks(known, item.remarks if item.name else (), during, [])


def party_and_noun(words: str) -> tuple[str | None, str | None]:
    """A name and what its people are called: ("Hezbollah", "fighters"); (None, "Iraqi soldiers") has no name."""
    tokens = words.split()
    if tokens and tokens[-1].lower() in listed("actors", "unit_counts"):
        return None, words  # "14 Rifle Divisions", "2 Panzer divisions" name none
    small = len(tokens)
    while small and tokens[small - 1][0].islower():
        small -= 1
    name, noun = " ".join(tokens[:small]), " ".join(tokens[small:])
    nameless = not name or is_generic(name) or _only_adjectives(name)
    return (None, words or None) if nameless else (name, noun or None)


def _only_adjectives(name: str) -> bool:
    """Whether words only say of which states somebody is: "Italian and German", but not "Italy"."""
    is_state = state_words().get(name.lower()) == name
    return not is_state and all(word.lower() in state_words() or word == "and" for word in name.split())


def cut_phrase(words: str) -> tuple[str, str]:
    """The words of a noun phrase, and the circumstances after it: ("soldiers", "in the city")."""
    match = _circumstances().search(words)
    return (words[: match.start()].strip(" ,"), words[match.start() :].strip()) if match else (words, "")


def is_equipment(words: str) -> bool:
    """Whether the words name things rather than people: "armoured vehicles", "T-62 tanks"."""
    known = [
        w
        for w in re.findall(r"[^\W\d_]+", words.lower())
        if w in listed("equipment", "nouns") | listed("people", "nouns")
    ]
    if known and words.lower().split()[-1] in listed("actors", "unit") | listed("actors", "unit_counts"):
        return False  # "heavy tank battalion"
    return bool(_TYPE.search(words)) or (bool(known) and known[-1] in listed("equipment", "nouns"))


def read_when(heading: str | None, during: Interval) -> tuple[Interval | None, str | None]:
    """The days that a heading tells, and the heading without them: "June 1941", "1944", "Peak (May 1941)"."""
    if heading is None:
        return None, None
    if _YEAR.fullmatch(heading):
        return read_date(heading)[0], None
    interval, words = read_dated(heading, during)
    return interval, re.sub(r"\(\s*\)", "", words).strip() or None


def _heading(item: Item) -> str | None:
    """What stands next over the item, but for "Total"."""
    return item.heading if item.heading and item.heading.lower() not in listed("totals", "words") else None


def _strength(phrase: Phrase, item: Item, during: Interval) -> Strength:
    noun_phrase, circumstances = cut_phrase(phrase.after)
    interval, circumstances = read_dated(circumstances, during)
    over, heading = read_when(_heading(item), during)
    said = read_saying(heading) if heading else None
    heading = None if said else heading
    party, noun = party_and_noun(noun_phrase)
    total = next((h for h in item.headings if h.lower() in listed("totals", "words")), "")
    beside = [words for words in (total, phrase.about, phrase.before, circumstances) if words.lower() not in NO_REMARK]
    figure = phrase.figure
    strength = Strength(
        words=" ".join(w for w in (heading, phrase.text, phrase.after) if w),
        minimum=figure.minimum,
        maximum=figure.maximum,
        heading=heading,
        party=party,
        counted_as=noun,
        interval=interval or over,
        saying=said,
    )
    things = noun_phrase if is_equipment(noun_phrase) else heading if heading and is_equipment(heading) else None
    if things:
        strength = replace(strength, party=None, counted_as=things, equipment=things)
        strength = replace(strength, heading=None) if things == heading else strength
    return _with_remarks(strength, phrase.remarks, during, beside)


def _with_remarks(strength: Strength, remarks: Iterable[str], during: Interval, beside: list[str]) -> Strength:
    for remark in (part.strip() for whole in remarks for part in whole.split(";")):
        interval, rest = read_dated(remark, during)
        saying = read_saying(rest)
        strength = replace(strength, interval=interval or strength.interval, saying=saying or strength.saying)
        if rest and not saying:
            beside.append(rest)
    return replace(strength, remarks=tuple(beside))


@cache
def _circumstances() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,])(?:{alternatives(listed('phrase', 'ends'))})\b", re.I)
