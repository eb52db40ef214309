"""Reads commanders: their names, ranks, roles and fates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hamakg.extract.infobox.items import LONGEST_NAME, ListEntry, read_list
from hamakg.extract.infobox.words import build_alternation, keys_by_word, word_list
from hamakg.model import Command, Entity, EntityKind, Fate
from hamakg.rdf.ids import entity_id, fact_id

_MARK = re.compile(r"[\s,]*((?:\b|(?<=[^\W\d_]))(?:KIA|WIA|POW|MIA|DOW|Executed|Surrendered)|[†‡])$")
_NICKNAME = re.compile(
    r"[\"“](?P<quoted>[^\"”]+)[\"”]|(?:nom de guerre|a\.?k\.?a\.?|alias|also known as):? (?P<alias>.+)", re.I
)


@dataclass(frozen=True, slots=True)
class Commander:
    """A commander as the infobox describes them; ``unread`` and ``headings`` are the words that fit no other field."""

    name: str
    names: tuple[str, ...] = ()
    rank: str | None = None
    role: str | None = None
    fate: Fate | None = None
    unread: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


def read_commanders(value: str) -> list[Commander]:
    """The commanders listed in a field, without "Unknown" and the like."""
    commanders = map(_read_commander, read_list(value))
    return [commander for commander in commanders if commander.name.lower() not in word_list("nothing")]


def make_command_facts(commander: Commander, slug: str, side: str, passage: str) -> tuple[Entity, Command] | None:
    """The person, whose id lies within the article, and the command; None for an entry without a name."""
    if not commander.name:
        return None
    person = Entity(
        entity_id(EntityKind.PERSON, commander.name, slug), commander.name, EntityKind.PERSON, names=commander.names
    )
    evidence = (passage, commander.rank or "", commander.role or "", commander.fate or "")
    return person, Command(
        id=fact_id(slug, "command", commander.name, *evidence),
        commander=person.id,
        side=side,
        passage=passage,
        rank=commander.rank,
        role=commander.role,
        fate=commander.fate,
        remarks=(*commander.headings, *commander.unread),
    )


def find_unread_words(commanders: list[Commander]) -> Iterator[str]:
    """The words of entries that have no name."""
    for commander in commanders:
        if not commander.name:
            yield from (*(f"{heading}:" for heading in commander.headings), *commander.unread)


def _read_commander(entry: ListEntry) -> Commander:
    if len(entry.name) > LONGEST_NAME:
        return Commander("", unread=(entry.words,))
    name, marks = _split_off_marks(entry.name)
    fates = [_find_fate(words) for words in (*marks, *entry.headings[-1:], *entry.remarks)]
    if not marks and _find_fate(name):
        return Commander("", unread=(name,))  # a mark whose name has been lost
    rank, name = _split_off_rank(name)
    roles, names, unread = _classify_remarks(entry)
    unread += [mark for mark in marks if not _find_fate(mark)]
    return Commander(
        name=name,
        names=tuple(names),
        rank=rank,
        role="; ".join(roles) or None,
        fate=next((fate for fate in fates if fate), None),
        unread=tuple(unread),
        headings=tuple(heading for heading in entry.headings[-1:] if not _find_fate(heading)),
    )


def _split_off_marks(words: str) -> tuple[str, list[str]]:
    """The name, and the marks at its end, which may follow without a space: "Abu AhedKIA" is ("Abu Ahed", ["KIA"])."""
    marks: list[str] = []
    while (match := _MARK.search(words)) and match.start():
        marks.insert(0, match[1])
        words = words[: match.start()]
    return words, marks


def _find_fate(words: str) -> Fate | None:
    fate = keys_by_word("fates").get(words.lower().strip(" .:"))
    return Fate(fate) if fate else None


def _split_off_rank(words: str) -> tuple[str | None, str]:
    match = _rank_pattern().match(words)
    if not match or word_list("sure_ranks").isdisjoint(re.split(r"[\s]+", match[1].lower())):
        return None, words
    return match[1].strip(), words[match.end() :]


@cache
def _rank_pattern() -> re.Pattern[str]:
    return re.compile(rf"((?:(?:{build_alternation(word_list('ranks'))})(?:\s+|(?<=\.)))+)(?=[^\W\d_])", re.I)


def _classify_remarks(entry: ListEntry) -> tuple[list[str], list[str], list[str]]:
    """The remarks in brackets that are roles, other names, and neither; those that give a fate are left out."""
    roles: list[str] = []
    names: list[str] = []
    unread: list[str] = []
    for remark in entry.remarks:
        nickname = _NICKNAME.fullmatch(remark)
        if nickname:
            names.append(nickname["quoted"] or nickname["alias"])
        elif _find_fate(remark) is None:
            (roles if _is_role(remark) else unread).append(remark)
    return roles, names, unread


def _is_role(remark: str) -> bool:
    """Whether a remark says who the commander is, and not what happened to them or when."""
    words = re.findall(r"[^\W\d_]+", remark.lower())
    return bool(words) and words[0] not in word_list("no_role") and not re.search(r"\d{4}|\d+ \w+ \d", remark)
