"""Whether two names, as articles write them, are one name: spellings, kinds of place beside it, acronyms.

For names of places, groups and persons within one article. Two things that differ only in a number, a direction or the
kind of thing ("Idlib", "Idlib Governorate") are kept apart whatever their spelling.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from hamakg.naming import romanisation
from hamakg.naming.place_kinds import KindWord, PlaceKind, generics, kind_words

THRESHOLD = 0.9
"""From this similarity on, two names are one; measured by ``benchmarks/names_threshold.py``."""

_SHORTEST, _LONGEST = 6, 7
"""How many sounds names count as, at least and at most: one letter means nearly as much in a long as in a short one."""

_TABLE = Path(__file__).with_name("spellings.toml")
_WORD = re.compile(r"[^\W_]+")
_UNSPOKEN = re.compile("['`\".\u2018-\u201d\u02bc\u02be\u02bf\u2032]")
_CODE = re.compile(r"\b([A-Za-z]{1,3})-(\d+)\b")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_ROMAN = re.compile(r"[IVXLC]{2,}")
_ACRONYM = re.compile(r"[A-Z]{2}")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_POSSESSIVE = re.compile("(?<=\\w)(?:['\u2019\u02bc]s|(?<=s)['\u2019\u02bc])(?!\\w)")
_ATTACHED_ARTICLE = re.compile(r"^[ae](?=(d|n|r|s|sh|t|z)\1\w)")
_MIDDLE_INITIAL = re.compile(r"(?<=\w )[A-Z]\. ")
_QUALIFIER = re.compile(r"^(?P<name>[^,(]+?)(?:, (?P<container>.+)| \((?P<note>[^)]+)\))$")


# ---------------------------------------------------------------- the name and the kind beside it


def core_name(name: str) -> tuple[str, str | None]:
    """The name without the words for its kind that add nothing, and the label of the kind, if it has one.

    >>> core_name("town of Suran")
    ('Suran', 'town')
    >>> core_name("Tal Shihah hill")
    ('Tal Shihah', 'hill')
    >>> core_name("Maardis bridge")
    ('Maardis bridge', 'bridge')
    """
    words = _without_the(name.split())
    found = _kind_beside(words)
    if found is None:
        return " ".join(words), _kind_described(words)
    generic = _generic(found.name)
    said_twice = generic is not None and generic.family == found.word.kind.family
    adds_nothing = found.written_small and (found.transparent or said_twice)
    return " ".join(found.name if adds_nothing else words), found.word.kind.label


@dataclass(frozen=True, slots=True)
class _Beside:
    """The word for a kind that stands "before" or "after" a name, and the words of the name."""

    word: KindWord
    position: str
    written_small: bool
    name: tuple[str, ...]

    @property
    def transparent(self) -> bool:
        """Whether the word adds nothing to the name; one for several places ("villages of A and B") always does."""
        return not self.word.plural and self.position in self.word.kind.transparent


def _without_the(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(words[1:] if len(words) > 1 and words[0].lower() == "the" else words)


def _kind_beside(words: Sequence[str]) -> _Beside | None:
    """The kind of "town of Castle Hill" stands before the name, that of "Castle Hill" after it."""
    if words and words[0].islower():
        return _kind_before(words) or _kind_after(words)
    return _kind_after(words) or _kind_before(words)


def _kind_after(words: Sequence[str]) -> _Beside | None:
    for begin in range(1, len(words)):
        written = " ".join(words[begin:])
        word = kind_words().get(written.lower())
        if word:
            return _Beside(word, "after", written.islower(), tuple(words[:begin]))
    return None


def _kind_before(words: Sequence[str]) -> _Beside | None:
    """Of "strategic border town of Suran": town. Adjectives written small may stand before the word."""
    for begin in range(len(words) - 1):
        word, end = _kind_at(words, begin)
        if word:
            name = _without_the(words[end + 1 :] if words[end].lower() == "of" else words[end:])
            written_small = " ".join(words[:end]).islower()
            return _Beside(word, "before", written_small, name) if name and not name[0].islower() else None
        if not (words[begin].islower() and words[begin].isalpha()):
            return None
    return None


def _kind_at(words: Sequence[str], begin: int) -> tuple[KindWord | None, int]:
    """The longest word for a kind that begins there and leaves something after it, and where it ends."""
    for end in range(len(words) - 1, begin, -1):
        word = kind_words().get(" ".join(words[begin:end]).lower())
        if word:
            return word, end
    return None, begin


def _kind_described(words: Sequence[str]) -> str | None:
    """The kind of a place that a description stands for: of "road between Palmyra and Al-Sukhnah"."""
    for begin, word in enumerate(words):
        if not word.islower():
            return None
        found, _ = _kind_at(words, begin)
        if found:
            return found.kind.label
    return None


# ---------------------------------------------------------------- what two spellings share


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is compared of a name: the families of its kinds, its numbers and directions, the sounds of other words."""

    families: frozenset[str]
    marks: tuple[str, ...]
    words: tuple[str, ...]
    container: str | None


@lru_cache(maxsize=1 << 16)
def _parts(name: str) -> _Parts:
    name = _POSSESSIVE.sub("", name)
    qualified = _QUALIFIER.match(name)
    container, note = (qualified["container"], qualified["note"]) if qualified else (None, None)
    families, words = _families(_without_the((qualified["name"] if qualified else name).split()))
    noted = kind_words().get(note or "")
    if noted and "after" not in noted.kind.transparent:
        families |= {noted.kind.family}
    tokens = _tokens(" ".join(words))
    marks = sorted(mark for token in tokens for mark in _marks(token))
    own = _own_words([_plain(token) for token in tokens if not _marks(token)])
    return _Parts(families, tuple(marks), tuple(map(romanisation.sounds, own)), container)


def _families(words: Sequence[str]) -> tuple[frozenset[str], Sequence[str]]:
    """The families of the kinds that make another thing of a name, and the words without any word of a kind."""
    families = set()
    while found := _kind_beside(words):
        words = found.name
        if not found.transparent:
            families.add(found.word.kind.family)
    generic = _generic(words)
    if generic:
        families.add(generic.family)
        words = words[1:]
    return frozenset(families), words


def _generic(words: Sequence[str]) -> PlaceKind | None:
    return generics().get(_plain(words[0])) if len(words) > 1 else None


def _tokens(text: str) -> list[str]:
    """The words of a name, "M-5" one of them; without middle initials and apostrophes."""
    bare = _UNSPOKEN.sub("", _MIDDLE_INITIAL.sub("", text))
    return _WORD.findall(_CODE.sub(r"\1\2", bare))


@lru_cache(maxsize=1 << 16)
def _plain(word: str) -> str:
    """The word in small plain letters, abbreviations written out."""
    plain = romanisation.plain(_UNSPOKEN.sub("", word))
    return str(_table()["written_out"].get(plain, plain))


@lru_cache(maxsize=1 << 16)
def _marks(token: str) -> Sequence[str]:
    """What a word says that must be equal in both names: a number, a letter, an acronym, a direction, an age."""
    if _ROMAN.fullmatch(token):
        return [str(_roman_number(token))]
    word = token.lower()
    if len(word) == 1 or _ACRONYM.match(token) or any(c.isdigit() for c in word):
        return [_ORDINAL.sub(r"\1", word)]
    return str(_table()["marks"].get(word, "")).split()


def _roman_number(numeral: str) -> int:
    digits = [_ROMAN_DIGITS[letter] for letter in numeral]
    return sum(-digit if digit < after else digit for digit, after in zip_longest(digits, digits[1:], fillvalue=0))


def _own_words(words: Sequence[str]) -> list[str]:
    """The words without articles and titles; all of them where nothing else would be left."""
    kept = [word for word, after in zip_longest(words, words[1:]) if not (after and _is_article(word, after))]
    kept[1:] = [_ATTACHED_ARTICLE.sub("", word) for word in kept[1:]]
    titles = _table()["dropped"]["titles"]
    while len(kept) > 1 and (kept[0] in titles or " ".join(kept[:2]) in titles):
        kept = kept[1:] if kept[0] in titles else kept[2:]
    return kept


def _is_article(word: str, following: str) -> bool:
    dropped = _table()["dropped"]
    return word in dropped["articles"] or (word in dropped["assimilated"] and following[0] == word[1])


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_TABLE.read_text("utf-8"))


# ---------------------------------------------------------------- same or not


def similarity(a: str, b: str) -> float:
    """How alike two names are, from 0 to 1 (spellings of one name); 0 where a number, direction or kind differs."""
    one, two = _parts(a), _parts(b)
    return _similarity(one, two, a == b) if one.families == two.families else 0.0


def _similarity(one: _Parts, two: _Parts, equal: bool, least: float = 0.0) -> float:
    """The similarity of names whose kinds play no part; 0 where it is seen to be below the least that matters."""
    if one.marks != two.marks:
        return 0.0
    if one.container and two.container and not same_name(one.container, two.container):
        return 0.0
    if not one.words and not two.words:
        return float(bool(one.marks) or equal)
    if len(one.words) == len(two.words):
        return min(_likeness(a, b, least) for a, b in zip(one.words, two.words, strict=True))
    return _likeness(" ".join(one.words), " ".join(two.words), least)


def _likeness(a: str, b: str, least: float) -> float:
    if a == b:
        return 1.0
    length = min(max(len(a), len(b), _SHORTEST), _LONGEST)
    if least and Levenshtein.distance(romanisation.skeleton(a), romanisation.skeleton(b)) > (1.0 - least) * length:
        return 0.0  # each consonant that differs costs one
    return max(0.0, 1.0 - romanisation.distance(a, b) / length)


def same_name(a: str, b: str) -> bool:
    """Whether two names are spellings of one name."""
    return similarity(a, b) >= THRESHOLD


def may_stand_for(short: str, full: str) -> bool:
    """Whether ``short`` is ``full`` without its kind: "Wadi Deif" of "Wadi al-Deif base".

    By itself it proves nothing ("Idlib" of "Idlib Governorate"): it is for a text with no other thing of this name.
    """
    one, two = _parts(short), _parts(full)
    return one.families < two.families and _similarity(one, two, short == full) >= THRESHOLD


def similarity_of_bare(a: str, b: str, least: float = 0.0) -> float:
    """How alike two names are when the kinds beside them play no part: "Idlib" and "Idlib Governorate" are one name.

    What is less alike than ``least`` may count as not at all, which is sooner known.
    """
    return _similarity(_parts(a), _parts(b), a == b, least)


def kinds_in(name: str) -> frozenset[str]:
    """The families of the kinds that make another thing of a name: of "Idlib Governorate" that of governorates."""
    return _parts(name).families


def cluster(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The names of one article, grouped into the spellings of each; every two of a group are the same name.

    The most alike are joined first; groups and their members are sorted, so that the order of the names plays no part.
    """
    given = sorted(set(names))
    group: dict[str, tuple[str, ...]] = {name: (name,) for name in given}
    for _, a, b in sorted(_alike(given)):
        joined = tuple(sorted({*group[a], *group[b]}))
        if group[a] != group[b] and all(same_name(x, y) for x in group[a] for y in group[b]):
            group |= dict.fromkeys(joined, joined)
    return sorted(set(group.values()))


def _alike(names: Sequence[str]) -> list[tuple[float, str, str]]:
    """The pairs that are the same name, as (unlikeness, a, b)."""
    skeletons = [romanisation.skeleton("".join(_parts(name).words)) for name in names]
    pairs = []
    for i, name in enumerate(names):
        likely = process.extract(
            skeletons[i], skeletons[i + 1 :], scorer=Levenshtein.distance, score_cutoff=1, limit=None
        )
        for _, _, offset in likely:
            other = names[i + 1 + offset]
            score = similarity(name, other)
            if score >= THRESHOLD:
                pairs.append((1.0 - score, name, other))
    return pairs


# ---------------------------------------------------------------- acronyms


def is_acronym_of(short: str, full: str) -> bool:
    """Whether ``short`` is made of the initials of ``full``: ``is_acronym_of("HTS", "Hay'at Tahrir al-Sham")``."""
    letters = short.replace(".", "")
    letters = letters[:-1] if letters.endswith("s") else letters
    if sum(c.isupper() for c in letters) < 2 or not letters.isalpha():
        return False
    return len(full.split()) > 1 and re.fullmatch(_initials(full), letters, re.IGNORECASE) is not None


def _initials(full: str) -> str:
    """A pattern of a name's acronyms: each word's initial; a small word's and one after a hyphen only perhaps."""
    table = _table()["acronyms"]
    pattern, closing = "", ""
    for nth, word in enumerate(_UNSPOKEN.sub("", full).split()):
        if nth > 1 and word.lower() in table["tail"] and not closing:
            pattern, closing = pattern + "(?:", ")?"
        first, *others = [part for part in word.split("-") if part] or [word]
        small = first.lower() in table["small"]
        pattern += re.escape(first[0]) + ("?" if small else "")
        pattern += "".join(re.escape(other[0]) + ("" if small else "?") for other in others)
    return pattern + closing
