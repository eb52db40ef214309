"""Reads how many people and things a side had: "SSNP: c. 1,000+", "1,700–2,000 Hezbollah fighters", "40 tanks"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from hamakg.extract.infobox.actors import classify_actor, is_generic
from hamakg.extract.infobox.dates import extract_date, read_date
from hamakg.extract.infobox.figures import FigurePhrase, read_figure_phrases
from hamakg.extract.infobox.items import ListEntry, merge_entries, read_list
from hamakg.extract.infobox.sources import Attribution, read_attribution
from hamakg.extract.infobox.words import build_alternation, word_list
from hamakg.model import EntityKind, Interval
from hamakg.naming.states import states_by_lowercase_word

_YEAR = re.compile(r"\d{4}")
# Remainders of a phrase that are not worth a remark.
NO_REMARK = frozenset({"", "with", "including", "and", "of", "for", "from", "by", "in"})
# "Bf 109", "Do 217s", "T-34", "Su-25": a type of aircraft or vehicle.
_TYPE = re.compile(r"\b(?:[A-Z][a-z] \d{1,3}[A-Za-z]?s?|[A-Z][a-z]{0,2}-\d{1,3}[A-Za-z]{0,2})\b")


@dataclass(frozen=True, slots=True)
class StrengthFigure:
    """A figure with what the text says about it; ``party`` and ``heading`` are words of the text, not yet resolved."""

    words: str
    minimum: int | None
    maximum: int | None
    heading: str | None = None
    party: str | None = None
    counted_as: str | None = None
    equipment: str | None = None
    interval: Interval | None = None
    attribution: Attribution | None = None
    remarks: tuple[str, ...] = ()


def read_strengths(value: str, during: Interval) -> list[StrengthFigure]:
    """The strengths given in a field; one without a figure ("elements of the 25th Army") has no bounds."""
    strengths = []
    for entry in merge_lists(read_list(value)):
        phrases, rest = read_figure_phrases(entry.words)
        strengths += [_read_figure(phrase, entry, during) for phrase in phrases]
        if rest and rest.lower().strip(" .") not in word_list("nothing"):
            strengths.append(_read_without_figure(entry, during))
    return strengths


def merge_lists(entries: Iterable[ListEntry]) -> list[ListEntry]:
    """The entries, with lists that commas within a line have split joined: "45 guns, rocket launchers and mortars"."""
    return merge_entries(entries, _continues_list)


def _continues_list(before: ListEntry, entry: ListEntry) -> bool:
    is_same_line = entry.line is not None and before.line == entry.line
    return is_same_line and entry.words[:1].islower() and not read_figure_phrases(entry.words)[0]


def _read_without_figure(entry: ListEntry, during: Interval) -> StrengthFigure:
    interval, heading = extract_heading_date(_find_heading(entry), during)
    name = entry.name or entry.words
    is_unit = classify_actor(name) is EntityKind.MILITARY_UNIT and not is_generic(name)
    party, counted_as = (name, None) if is_unit else (None, name)
    strength = StrengthFigure(entry.words, None, None, heading, party, counted_as, interval=interval)
    return _read_remarks(strength, entry.remarks if entry.name else (), during, [])


def split_party_and_noun(words: str) -> tuple[str | None, str | None]:
    """The name of a party and the noun after it: ("Hezbollah", "fighters"), (None, "Iraqi soldiers")."""
    tokens = words.split()
    if tokens and tokens[-1].lower() in word_list("actors", "unit_counts"):
        return None, words  # "14 Rifle Divisions", "2 Panzer divisions" are not names
    end = len(tokens)
    while end and tokens[end - 1][0].islower():
        end -= 1
    name, noun = " ".join(tokens[:end]), " ".join(tokens[end:])
    is_unnamed = not name or is_generic(name) or _has_only_adjectives(name)
    return (None, words or None) if is_unnamed else (name, noun or None)


def _has_only_adjectives(name: str) -> bool:
    """Whether the words only say to which states somebody belongs: "Italian and German", but not "Italy"."""
    is_state = states_by_lowercase_word().get(name.lower()) == name
    return not is_state and all(word.lower() in states_by_lowercase_word() or word == "and" for word in name.split())


def split_circumstances(words: str) -> tuple[str, str]:
    """A noun phrase, and the circumstances after it: ("soldiers", "in the city")."""
    match = _circumstances_pattern().search(words)
    return (words[: match.start()].strip(" ,"), words[match.start() :].strip()) if match else (words, "")


def is_equipment(words: str) -> bool:
    """Whether the words are for equipment and not for people: "armoured vehicles", "T-62 tanks"."""
    equipment, people = word_list("equipment", "nouns"), word_list("people", "nouns")
    nouns = [word for word in re.findall(r"[^\W\d_]+", words.lower()) if word in equipment | people]
    units = word_list("actors", "unit") | word_list("actors", "unit_counts")
    if nouns and words.lower().split()[-1] in units:
        return False  # "heavy tank battalion"
    return bool(_TYPE.search(words)) or (bool(nouns) and nouns[-1] in equipment)


def extract_heading_date(heading: str | None, during: Interval) -> tuple[Interval | None, str | None]:
    """The days that a heading gives, and the heading without them: "June 1941", "1944", "Peak (May 1941)"."""
    if heading is None:
        return None, None
    if _YEAR.fullmatch(heading):
        return read_date(heading)[0], None
    interval, words = extract_date(heading, during)
    return interval, re.sub(r"\(\s*\)", "", words).strip() or None


def _find_heading(entry: ListEntry) -> str | None:
    """The nearest heading, unless it is "Total" or the like."""
    is_total = entry.heading is not None and entry.heading.lower() in word_list("totals", "words")
    return None if is_total else entry.heading


def _read_figure(phrase: FigurePhrase, entry: ListEntry, during: Interval) -> StrengthFigure:
    noun_phrase, circumstances = split_circumstances(phrase.after)
    interval, circumstances = extract_date(circumstances, during)
    heading_interval, heading = extract_heading_date(_find_heading(entry), during)
    attribution = read_attribution(heading) if heading else None
    heading = None if attribution else heading
    party, noun = split_party_and_noun(noun_phrase)
    total = next((h for h in entry.headings if h.lower() in word_list("totals", "words")), "")
    remarks = [words for words in (total, phrase.about, phrase.before, circumstances) if words.lower() not in NO_REMARK]
    figure = phrase.figure
    strength = StrengthFigure(
        words=" ".join(w for w in (heading, phrase.text, phrase.after) if w),
        minimum=figure.minimum,
        maximum=figure.maximum,
        heading=heading,
        party=party,
        counted_as=noun,
        interval=interval or heading_interval,
        attribution=attribution,
    )
    equipment = next((words for words in (noun_phrase, heading) if words and is_equipment(words)), None)
    if equipment:
        strength = replace(strength, party=None, counted_as=equipment, equipment=equipment)
        strength = replace(strength, heading=None) if equipment == heading else strength
    return _read_remarks(strength, phrase.remarks, during, remarks)


def _read_remarks(
    strength: StrengthFigure, brackets: Iterable[str], during: Interval, remarks: list[str]
) -> StrengthFigure:
    """The strength with the dates and speakers that the brackets give; other words there follow the remarks."""
    for part in (part.strip() for bracket in brackets for part in bracket.split(";")):
        interval, words = extract_date(part, during)
        attribution = read_attribution(words)
        strength = replace(
            strength, interval=interval or strength.interval, attribution=attribution or strength.attribution
        )
        if words and not attribution:
            remarks = [*remarks, words]
    return replace(strength, remarks=tuple(remarks))


@cache
def _circumstances_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s,])(?:{build_alternation(word_list('phrase', 'ends'))})\b", re.I)
