"""Decides whether two names are spellings of one name; splits names from the kind of place; recognises acronyms.

It is made for names of places, groups and persons within one article. Names that differ in a number, a direction or
the kind of thing ("Idlib", "Idlib Governorate") are never the same, however similar their spelling.
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
"""Two names with at least this similarity are one; chosen with ``benchmarks/names_threshold.py``."""

_SHORTEST, _LONGEST = 6, 7
"""The length by which a distance is divided lies between these: a letter counts nearly as much in a long name."""

_TABLE = Path(__file__).with_name("spellings.toml")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['`\".\u2018-\u201d\u02bc\u02be\u02bf\u2032]")
_CODE = re.compile(r"\b([A-Za-z]{1,3})-(\d+)\b")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_ROMAN = re.compile(r"[IVXLC]{2,}")
_ACRONYM = re.compile(r"[A-Z]{2}")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_POSSESSIVE = re.compile("(?<=\\w)(?:['\u2019\u02bc]s|(?<=s)['\u2019\u02bc])(?!\\w)")
_ATTACHED_ARTICLE = re.compile(r"^[ae](?=(d|n|r|s|sh|t|z)\1\w)")
_MIDDLE_INITIAL = re.compile(r"(?<=\w )[A-Z]\. ")
_QUALIFIER = re.compile(r"^(?P<name>[^,(]+?)(?:, (?P<container>.+)| \((?P<note>[^)]+)\))$")


# ---------------------------------------------------------------- the name and its kind


def split_kind(name: str) -> tuple[str, str | None]:
    """The name without words for its kind that add nothing to it, and the label of the kind (None: it has none).

    >>> split_kind("town of Suran")
    ('Suran', 'town')
    >>> split_kind("Tal Shihah hill")
    ('Tal Shihah', 'hill')
    >>> split_kind("Maardis bridge")
    ('Maardis bridge', 'bridge')
    """
    words = _drop_the(name.split())
    split = _split_off_kind(words)
    if split is None:
        return " ".join(words), _find_described_kind(words)
    generic = _find_generic(split.name)
    is_repeated = generic is not None and generic.family == split.word.kind.family
    adds_nothing = split.is_lower and (split.is_transparent or is_repeated)
    return " ".join(split.name if adds_nothing else words), split.word.kind.label


@dataclass(frozen=True, slots=True)
class _NameWithKind:
    """A name, and the word for a kind at its ``position``: "before" or "after" it."""

    word: KindWord
    position: str
    is_lower: bool
    name: tuple[str, ...]

    @property
    def is_transparent(self) -> bool:
        """Whether the word adds nothing to the name; a plural ("villages of A and B") always adds something."""
        return not self.word.plural and self.position in self.word.kind.transparent


def _drop_the(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(words[1:] if len(words) > 1 and words[0].lower() == "the" else words)


def _split_off_kind(words: Sequence[str]) -> _NameWithKind | None:
    """The kind of "town of Castle Hill" is before the name, that of "Castle Hill" after it."""
    if words and words[0].islower():
        return _split_off_kind_before(words) or _split_off_kind_after(words)
    return _split_off_kind_after(words) or _split_off_kind_before(words)


def _split_off_kind_after(words: Sequence[str]) -> _NameWithKind | None:
    for begin in range(1, len(words)):
        kind = " ".join(words[begin:])
        word = kind_words().get(kind.lower())
        if word:
            return _NameWithKind(word, "after", kind.islower(), tuple(words[:begin]))
    return None


def _split_off_kind_before(words: Sequence[str]) -> _NameWithKind | None:
    """The kind of "strategic border town of Suran" is town: adjectives in lower case may precede the word."""
    for begin in range(len(words) - 1):
        word, end = _find_kind_at(words, begin)
        if word:
            name = _drop_the(words[end + 1 :] if words[end].lower() == "of" else words[end:])
            is_lower = " ".join(words[:end]).islower()
            return _NameWithKind(word, "before", is_lower, name) if name and not name[0].islower() else None
        if not (words[begin].islower() and words[begin].isalpha()):
            return None
    return None


def _find_kind_at(words: Sequence[str], begin: int) -> tuple[KindWord | None, int]:
    """The longest word for a kind that begins there and has words after it, and where it ends."""
    for end in range(len(words) - 1, begin, -1):
        word = kind_words().get(" ".join(words[begin:end]).lower())
        if word:
            return word, end
    return None, begin


def _find_described_kind(words: Sequence[str]) -> str | None:
    """The kind of a place that is described and not named: "road between Palmyra and Al-Sukhnah" is a road."""
    for begin, word in enumerate(words):
        if not word.islower():
            return None
        kind_word, _ = _find_kind_at(words, begin)
        if kind_word:
            return kind_word.kind.label
    return None


# ---------------------------------------------------------------- the parts of a name


@dataclass(frozen=True, slots=True)
class _NameParts:
    """The parts of a name that are compared.

    ``families`` are those of its kinds, ``markers`` its numbers, directions and the like, ``words`` the sounds of its
    other words; ``container`` is the larger place after a comma ("Palmyra, Syria").
    """

    families: frozenset[str]
    markers: tuple[str, ...]
    words: tuple[str, ...]
    container: str | None


@lru_cache(maxsize=1 << 16)
def _split_name(name: str) -> _NameParts:
    name = _POSSESSIVE.sub("", name)
    qualified = _QUALIFIER.match(name)
    container, note = (qualified["container"], qualified["note"]) if qualified else (None, None)
    families, words = _strip_kinds(_drop_the((qualified["name"] if qualified else name).split()))
    note_kind = kind_words().get(note or "")
    if note_kind and "after" not in note_kind.kind.transparent:
        families |= {note_kind.kind.family}
    tokens = _tokenize(" ".join(words))
    markers = sorted(marker for token in tokens for marker in _find_markers(token))
    proper = _drop_articles_and_titles([_to_plain_word(token) for token in tokens if not _find_markers(token)])
    return _NameParts(families, tuple(markers), tuple(map(romanisation.to_sounds, proper)), container)


def _strip_kinds(words: Sequence[str]) -> tuple[frozenset[str], Sequence[str]]:
    """The families of the kinds that distinguish the thing named, and the words without any word for a kind."""
    families = set()
    while split := _split_off_kind(words):
        words = split.name
        if not split.is_transparent:
            families.add(split.word.kind.family)
    generic = _find_generic(words)
    if generic:
        families.add(generic.family)
        words = words[1:]
    return frozenset(families), words


def _find_generic(words: Sequence[str]) -> PlaceKind | None:
    return generics().get(_to_plain_word(words[0])) if len(words) > 1 else None


def _tokenize(text: str) -> list[str]:
    """The words of a name without middle initials and apostrophes; "M-5" is one word."""
    bare = _APOSTROPHES.sub("", _MIDDLE_INITIAL.sub("", text))
    return _WORD.findall(_CODE.sub(r"\1\2", bare))


@lru_cache(maxsize=1 << 16)
def _to_plain_word(word: str) -> str:
    """The word in plain lower-case letters, abbreviations written out."""
    plain = romanisation.to_plain_letters(_APOSTROPHES.sub("", word))
    return str(_table()["written_out"].get(plain, plain))


@lru_cache(maxsize=1 << 16)
def _find_markers(token: str) -> Sequence[str]:
    """The parts of a word that must be equal in both names: a number, a letter, an acronym, a direction, "old"."""
    if _ROMAN.fullmatch(token):
        return [str(_parse_roman_numeral(token))]
    word = token.lower()
    if len(word) == 1 or _ACRONYM.match(token) or any(c.isdigit() for c in word):
        return [_ORDINAL.sub(r"\1", word)]
    return str(_table()["marks"].get(word, "")).split()


def _parse_roman_numeral(numeral: str) -> int:
    digits = [_ROMAN_DIGITS[letter] for letter in numeral]
    return sum(-digit if digit < after else digit for digit, after in zip_longest(digits, digits[1:], fillvalue=0))


def _drop_articles_and_titles(words: Sequence[str]) -> list[str]:
    """The words without articles and titles, but never without any word."""
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


# ---------------------------------------------------------------- comparing names


def similarity(a: str, b: str) -> float:
    """How similar two names are, from 0 to 1 (spellings of one name); 0 if a number, direction or kind differs."""
    one, two = _split_name(a), _split_name(b)
    return _compare(one, two, a == b) if one.families == two.families else 0.0


def _compare(one: _NameParts, two: _NameParts, equal: bool, minimum: float = 0.0) -> float:
    """The similarity of two names without regard to kinds; may be 0 where it is below the minimum."""
    if one.markers != two.markers:
        return 0.0
    if one.container and two.container and not is_same_name(one.container, two.container):
        return 0.0
    if not one.words and not two.words:
        return float(bool(one.markers) or equal)
    if len(one.words) == len(two.words):
        return min(_compare_sounds(a, b, minimum) for a, b in zip(one.words, two.words, strict=True))
    return _compare_sounds(" ".join(one.words), " ".join(two.words), minimum)


def _compare_sounds(a: str, b: str, minimum: float) -> float:
    if a == b:
        return 1.0
    length = min(max(len(a), len(b), _SHORTEST), _LONGEST)
    if minimum and Levenshtein.distance(*map(romanisation.to_skeleton, (a, b))) > (1.0 - minimum) * length:
        return 0.0  # the distance is at least 1 for each consonant that differs
    return max(0.0, 1.0 - romanisation.distance(a, b) / length)


def is_same_name(a: str, b: str) -> bool:
    """Whether two names are spellings of one name."""
    return similarity(a, b) >= THRESHOLD


def similarity_without_kinds(a: str, b: str, minimum: float = 0.0) -> float:
    """How similar two names are, from 0 to 1, without regard to kinds: "Idlib" and "Idlib Governorate" are one name.

    A similarity below ``minimum`` may be given as 0, which saves time.
    """
    return _compare(_split_name(a), _split_name(b), a == b, minimum)


def find_kind_families(name: str) -> frozenset[str]:
    """The families of the kinds that distinguish the thing named: "region" for "Idlib Governorate"."""
    return _split_name(name).families


def cluster_names(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Group the names of one article into spellings of one name; any two names of a group are the same.

    The most similar are joined first. Groups and their members are sorted, so the order of the names does not matter.
    """
    unique = sorted(set(names))
    group: dict[str, tuple[str, ...]] = {name: (name,) for name in unique}
    for _, a, b in sorted(_find_same_pairs(unique)):
        joined = tuple(sorted({*group[a], *group[b]}))
        if group[a] != group[b] and all(is_same_name(x, y) for x in group[a] for y in group[b]):
            group |= dict.fromkeys(joined, joined)
    return sorted(set(group.values()))


def _find_same_pairs(names: Sequence[str]) -> list[tuple[float, str, str]]:
    """The pairs that are the same name, as (1 - similarity, a, b)."""
    skeletons = [romanisation.to_skeleton("".join(_split_name(name).words)) for name in names]
    pairs = []
    for i, name in enumerate(names):
        candidates = process.extract(
            skeletons[i], skeletons[i + 1 :], scorer=Levenshtein.distance, score_cutoff=1, limit=None
        )
        for _, _, offset in candidates:
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
    if sum(c.isupper() for c in letters) <= 1 or not letters.isalpha():
        return False
    return len(full.split()) > 1 and re.fullmatch(_build_acronym_pattern(full), letters, re.IGNORECASE) is not None


def _build_acronym_pattern(full: str) -> str:
    """A pattern of the name's acronyms: the initial of each word, optional for small words and after a hyphen."""
    table = _table()["acronyms"]
    pattern, closing = "", ""
    for nth, word in enumerate(_APOSTROPHES.sub("", full).split()):
        if nth > 1 and word.lower() in table["tail"] and not closing:
            pattern, closing = pattern + "(?:", ")?"
        first, *others = [part for part in word.split("-") if part] or [word]
        small = first.lower() in table["small"]
        pattern += re.escape(first[0]) + ("?" if small else "")
        pattern += "".join(re.escape(other[0]) + ("" if small else "?") for other in others)
    return pattern + closing
