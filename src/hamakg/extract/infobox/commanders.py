"""Commanders: name, rank, role and what befell them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from hamakg.extract.infobox.items import LONGEST_NAME, Item, read_items
from hamakg.extract.infobox.words import alternatives, keyed, listed
from hamakg.model import Command, Entity, EntityKind, Fate
from hamakg.rdf.ids import entity_id, fact_id

_MARK = re.compile(r"[\s,]*((?:\b|(?<=[^\W\d_]))(?:KIA|WIA|POW|MIA|DOW|Executed|Surrendered)|[†‡])$")
_NICKNAME = re.compile(
    r"[\"“](?P<quoted>[^\"”]+)[\"”]|(?:nom de guerre|a\.?k\.?a\.?|alias|also known as):? (?P<alias>.+)", re.I
)


@dataclass(frozen=True, slots=True)
class Commander:
    """One commander as the infobox has them; ``unread`` and ``headings`` are what no other slot takes."""

    name: str
    names: tuple[str, ...] = ()
    rank: str | None = None
    role: str | None = None
    fate: Fate | None = None
    unread: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


def read_commanders(value: str) -> list[Commander]:
    """The commanders that a field lists; words such as "Unknown" name nobody."""
    return [c for c in map(_commander, read_items(value)) if c.name.lower() not in listed("nothing")]


def command(commander: Commander, slug: str, side: str, passage: str) -> tuple[Entity, Command] | None:
    """The person, who is the article's own, and the command; None for an item without a name."""
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


def not_understood(commanders: list[Commander]) -> Iterator[str]:
    """What the items say that name no commander."""
    for commander in commanders:
        if not commander.name:
            yield from (*(f"{heading}:" for heading in commander.headings), *commander.unread)


def _commander(item: Item) -> Commander:
    if len(item.name) > LONGEST_NAME:
        return Commander("", unread=(item.words,))
    name, marks = _without_marks(item.name)
    fates = [_fate(word) for word in (*marks, *item.headings[-1:], *item.remarks)]
    if not marks and _fate(name):
        return Commander("", unread=(name,))  # the mark of a name that the text has lost
    rank, name = _rank_and_name(name)
    roles, names, unread = _remarks(item)
    unread += [mark for mark in marks if not _fate(mark)]
    return Commander(
        name=name,
        names=tuple(names),
        rank=rank,
        role="; ".join(roles) or None,
        fate=next((fate for fate in fates if fate), None),
        unread=tuple(unread),
        headings=tuple(heading for heading in item.headings[-1:] if not _fate(heading)),
    )


def _without_marks(words: str) -> tuple[str, list[str]]:
    """The name, and the marks glued to its end: "Abu AhedKIA" is ("Abu Ahed", ["KIA"])."""
    marks: list[str] = []
    while (match := _MARK.search(words)) and match.start():
        marks.insert(0, match[1])
        words = words[: match.start()]
    return words, marks


def _fate(words: str) -> Fate | None:
    known = keyed("fates").get(words.lower().strip(" .:"))
    return Fate(known) if known else None


def _rank_and_name(words: str) -> tuple[str | None, str]:
    match = _rank_pattern().match(words)
    if not match or listed("sure_ranks").isdisjoint(re.split(r"[\s]+", match[1].lower())):
        return None, words
    return match[1].strip(), words[match.end() :]


@cache
def _rank_pattern() -> re.Pattern[str]:
    return re.compile(rf"((?:(?:{alternatives(listed('ranks'))})(?:\s+|(?<=\.)))+)(?=[^\W\d_])", re.I)


def _remarks(item: Item) -> tuple[list[str], list[str], list[str]]:
    """Roles, other names and what is neither, from the brackets after a name."""
    roles, names, unread = [], [], []
    for remark in item.remarks:
        nickname = _NICKNAME.fullmatch(remark)
        if nickname:
            names.append(nickname["quoted"] or nickname["alias"])
        elif _fate(remark) is None and _is_role(remark):
            roles.append(remark)
        elif _fate(remark) is None:
            unread.append(remark)
    return roles, names, unread


def _is_role(remark: str) -> bool:
    """Whether a remark says who the commander is, rather than what befell them or when."""
    words = re.findall(r"[^\W\d_]+", remark.lower())
    return bool(words) and words[0] not in listed("no_role") and not re.search(r"\d{4}|\d+ \w+ \d", remark)
