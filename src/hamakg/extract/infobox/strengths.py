"""How many people and things a side brought: "SSNP: c. 1,000+", "1,700–2,000 Hezbollah fighters", "40 tanks"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from hamakg.extract.infobox.actors import is_generic
from hamakg.extract.infobox.dates import read_dated
from hamakg.extract.infobox.figures import Phrase, read_phrases
from hamakg.extract.infobox.items import Item, read_items
from hamakg.extract.infobox.sources import Saying, read_saying
from hamakg.extract.infobox.words import alternatives, listed
from hamakg.extract.states import state_words
from hamakg.model import Interval


@dataclass(frozen=True, slots=True)
class Strength:
    """One figure with what the text says of it; ``party`` is a name in the text's words."""

    words: str
    minimum: int | None
    maximum: int | None
    party: str | None = None
    counted_as: str | None = None
    equipment: str | None = None
    interval: Interval | None = None
    saying: Saying | None = None


def read_strengths(value: str, during: Interval) -> tuple[list[Strength], list[str]]:
    """The strengths that a field gives, and the words that were not understood."""
    strengths, unread = [], []
    for item in read_items(value):
        phrases, left = read_phrases(item.words)
        if left and left.lower() not in listed("nothing"):
            unread.append(left)
        for phrase in phrases:
            strength, missed = _strength(phrase, item, during)
            strengths.append(strength)
            unread += missed
    return strengths, unread


def party_and_noun(words: str) -> tuple[str | None, str | None]:
    """A name and what its people are called: ("Hezbollah", "fighters"); (None, "Iraqi soldiers") has no name."""
    tokens = words.split()
    small = len(tokens)
    while small and tokens[small - 1][0].islower():
        small -= 1
    name, noun = " ".join(tokens[:small]), " ".join(tokens[small:])
    nameless = not name or is_generic(name) or all(t.lower() in state_words() or t == "and" for t in tokens[:small])
    return (None, words or None) if nameless else (name, noun or None)


def cut_phrase(words: str) -> tuple[str, str]:
    """The words of a noun phrase, and the circumstances after it: ("soldiers", "in the city")."""
    match = _circumstances().search(words)
    return (words[: match.start()].strip(" ,"), words[match.start() :].strip()) if match else (words, "")


def is_equipment(words: str) -> bool:
    """Whether the words name things rather than people: "armoured vehicles", "T-62 tanks"."""
    low = set(re.findall(r"[^\W\d_]+", words.lower()))
    return not low.isdisjoint(listed("equipment", "nouns")) and low.isdisjoint(listed("people", "nouns"))


def names_of(strengths: Iterable[Strength]) -> list[str]:
    """The parties' names in the order in which they come."""
    return [s.party for s in strengths if s.party]


def _strength(phrase: Phrase, item: Item, during: Interval) -> tuple[Strength, list[str]]:
    noun_phrase, circumstances = cut_phrase(phrase.after)
    heading = item.headings[-1] if item.headings else None
    party, noun = party_and_noun(noun_phrase)
    unread = [words for words in (phrase.before, circumstances) if words]
    if heading and party is None and not is_equipment(heading):
        party = heading if party_and_noun(heading)[0] else None
        unread += [] if party else [f"{heading}:"]
    figure = phrase.figure
    strength = Strength(
        words=" ".join(w for w in (heading, phrase.text, phrase.after) if w),
        minimum=figure.minimum,
        maximum=figure.maximum,
        party=party,
        counted_as=noun,
    )
    things = noun_phrase if is_equipment(noun_phrase) else heading if heading and is_equipment(heading) else None
    if things:
        strength = replace(strength, party=None, counted_as=things, equipment=things)
    return _with_remarks(strength, phrase.remarks, during, unread)


def _with_remarks(
    strength: Strength, remarks: Iterable[str], during: Interval, unread: list[str]
) -> tuple[Strength, list[str]]:
    for remark in (part.strip() for whole in remarks for part in whole.split(";")):
        interval, rest = read_dated(remark, during)
        saying = read_saying(rest)
        strength = replace(strength, interval=interval or strength.interval, saying=saying or strength.saying)
        if rest and not saying:
            unread.append(f"({rest})")
    return strength, unread


@cache
def _circumstances() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,])(?:{alternatives(listed('phrase', 'ends'))})\b", re.I)
