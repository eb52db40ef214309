"""Which names of an article are one thing: spellings, shorter forms, acronyms, and names that link to one page."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from hamakg.extract.narrative.names.mentions import Role
from hamakg.extract.narrative.names.spans import is_kind_word
from hamakg.extract.narrative.names.words import abbreviations, name_words
from hamakg.model import Ref
from hamakg.naming.spellings import cluster_names, is_acronym_of
from hamakg.naming.states import states_by_word

Votes = Mapping[str, Counter[Role]]
"""The votes of all occurrences of each name."""

_PLACE_EVIDENCE = 6
"""So many votes for a place, and a name is no short form of another: places are called by their whole names."""


def group_names(
    votes: Votes,
    known: Mapping[str, Ref],
    acronyms: Mapping[str, str],
    pages: Mapping[str, str],
) -> list[tuple[str, ...]]:
    """Names that are one thing: spellings, shorter forms and acronyms, of the text and the infobox."""
    groups = [list(group) for group in cluster_names(sorted({*votes, *known}))]
    _join_linked(groups, known, pages)
    _join_short_forms(groups, votes, known)
    _join_acronyms(groups, acronyms)
    return [tuple(sorted(group)) for group in groups]


def _join_linked(groups: list[list[str]], known: Mapping[str, Ref], pages: Mapping[str, str]) -> None:
    """Puts together names that lead to one page and have the same numbers: one page tells of many battalions."""
    owners: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for group in list(groups):
        found = {pages[name] for name in group if name in pages}
        if len(found) != 1:
            continue
        key = (found.pop(), tuple(sorted(_DIGITS.findall(" ".join(group[:1])))))
        owner = owners.setdefault(key, group)
        if owner is not group and len({known[name] for name in (*owner, *group) if name in known}) <= 1:
            owner.extend(group)
            groups.remove(group)


_DIGITS = re.compile(r"\d+|\b[IVX]{1,5}\b")


_ACRONYM = re.compile(r".{2,7}")
_LISTED = 2
"""Acronyms of so few letters are only known from the text or the list."""
_MEANINGLESS = 3
"""Names of so few letters are no short forms."""


def _join_acronyms(groups: list[list[str]], stated: Mapping[str, str]) -> None:
    """Puts each acronym with the one name that it shortens: as the text says, as is well known, or by its letters."""
    for group in [g for g in groups if len(g) == 1 and _ACRONYM.fullmatch(g[0]) and g[0].isupper()]:
        short = group[0]
        full = {stated[short]} if short in stated else set()
        full |= set(abbreviations().get(short, ()))
        owners = [other for other in groups if other is not group and full & set(other)]
        if not owners and len(short) > _LISTED:
            owners = [
                other for other in groups if other is not group and any(is_acronym_of(short, name) for name in other)
            ]
        if len(owners) == 1:
            owners[0].extend(group)
            groups.remove(group)


def _join_short_forms(groups: list[list[str]], votes: Votes, known: Mapping[str, Ref]) -> None:
    """Puts "Tahrir al-Sham" with "Hay'at Tahrir al-Sham", a surname with its person, where only one name fits."""
    for group in sorted(groups, key=lambda g: max(map(len, g))):
        if any(votes[name][Role.PLACE] >= _PLACE_EVIDENCE for name in group if name in votes) or group not in groups:
            continue
        ids = {known[name] for name in group if name in known}
        owners = [
            other
            for other in groups
            if other is not group and any(_shortens(short, full) for short in group for full in other)
        ]
        owners = [other for other in owners if not ids or not {known[name] for name in other if name in known} - ids]
        if len(owners) == 1:
            owners[0].extend(group)
            groups.remove(group)


def _shortens(short: str, full: str) -> bool:
    """Whether ``short`` is the beginning or the end of ``full``, by whole words.

    A name that begins with a state's adjective is whole: the Syrian Army is no short form of the Free Syrian Army.
    """
    few, many = _words_of(short), _words_of(full)
    if few == tuple(word for word in many if word != "arab"):
        return True
    if (
        not few
        or len(few) >= len(many)
        or short.split(maxsplit=1)[0] in states_by_word()
        or set(few) <= name_words().generic
        or len(short) <= _MEANINGLESS
    ):
        return False
    if (len(few) == 1 and is_kind_word(many[-1])) or many[0] in name_words().event:
        return False
    return many[-len(few) :] == few or (
        many[: len(few)] == few and many[len(few)] in {"in", "front", "group", "party", "movement", "of"}
    )


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[str, ...]:
    return tuple(name.lower().split())


_BRACKETED = re.compile(r"((?:[\w'’.-]+ ){1,8})\(([A-Z][A-Za-z&-]{1,7})\)")


def find_acronyms(texts: Iterable[str]) -> dict[str, str]:
    """{short form: full name} where the text itself gives it in brackets: "Full Name (FN)"."""
    found: dict[str, str] = {}
    for text in texts:
        for words, short in _BRACKETED.findall(text):
            parts = words.split()
            full = next(
                (" ".join(parts[i:]) for i in range(len(parts)) if _abbreviates(short, " ".join(parts[i:]))), None
            )
            if full:
                found.setdefault(short, full)
    return found


def _abbreviates(short: str, full: str) -> bool:
    return full[0].isupper() and (is_acronym_of(short, full) or full in abbreviations().get(short, ()))
