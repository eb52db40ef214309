"""One field's value as items: residue of templates gone, stars as depth, headings and remarks in brackets set apart.

A flattened value has lost its line ends: ``A, (chief), * B, ** C ---- Western front:, D`` stands for a list of lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from hamakg.extract.infobox.words import keyed, listed

BRACKETS = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
"""A remark in brackets, with at most one further pair inside."""

LONGEST_NAME = 200
"""Characters of the longest words that are taken for a name."""

_RULE = "----"
_BRACKET_LINES = 3  # over so many lines a bracket may go on
_RESIDUE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"&nbsp;|[\u00a0\u2009\u202f]"), " "),
    (re.compile(r"<hr\b[^<>]{0,80}>|-{4,}", re.I), f", {_RULE}, "),
    (re.compile(r"<br\b[^<>]{0,80}>|[\r\n]+", re.I), ", "),
    (re.compile(r"</?[a-z][^<>]{0,200}>", re.I), ""),
    (re.compile(r"'{2,}"), ""),
    (re.compile(r"\[(?:\d{1,3}|[a-z]|(?:note|nb|citation)\b[^\[\]]{0,20})\]", re.I), ""),
    (re.compile(r"\b(?:border|link|alt|class|upright|frameless)=[^|,\s]{0,80}\|?", re.I), ""),
    (re.compile(r"\|?\b\d{1,4}(?:x\d{1,4})?px\b\|?", re.I), ""),
    (re.compile(r"\([\s,;]{0,20}\)"), ""),
)
_IMAGE = re.compile(r"^(?:(?:File|Image):)?[^,]{0,200}?\.(?:svg|png|jpe?g|gif|webp)\b\|?\s*", re.I)
_CUT = re.compile(r",(?=[\s*,]|$)|\s(?=\*+\s?[^\s*])")
_STARS = re.compile(r"(\**)[\s*]*")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_ALONE = re.compile(r"(?:\(.*\)\s*)+", re.S)
_HEADING = re.compile(
    r"(?P<heading>(?:\d+(?:st|nd|rd|th)\b|\d{4}(?=:|\s[^\W\d])|[^\W\d])[^:()]{0,79}(?:\([^()]{0,80}\))?):(?:\s+(?P<rest>\S.*))?",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: its words with remarks in brackets, its depth in stars, and what stands over it.

    ``headings`` are those in force, the last one nearest; ``parent`` is the index of the item above it in the tree;
    ``line`` counts the lines where the value has them; ``apart``: a remark of it stood on a line of its own.
    """

    words: str
    depth: int = 0
    headings: tuple[str, ...] = ()
    parent: int | None = None
    line: int | None = None
    apart: bool = False

    @property
    def heading(self) -> str | None:
        """The nearest heading."""
        return self.headings[-1] if self.headings else None

    @property
    def name(self) -> str:
        """The words without remarks in brackets."""
        return " ".join(BRACKETS.sub(" ", self.words).split()).strip(" ,;.'")

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the brackets say."""
        return tuple(m[0][1:-1].strip() for m in BRACKETS.finditer(self.words))


@dataclass(slots=True)
class _Above:
    """A heading in force: at its depth, on its line if it shares that with an item, and how deep its first item is."""

    depth: int
    words: str
    line: int | None
    first: int | None = None

    def holds(self, depth: int, line: int) -> bool:
        """Whether it stands over an item: a deeper one, one like its first, any on its line or, unstarred, below it."""
        if self.line is not None:
            return self.line == line
        return self.depth == 0 or self.depth < depth or (self.depth == depth and self.first in (None, depth))


def read_items(value: str, is_name: Callable[[str], bool] = lambda heading: False) -> list[Item]:
    """The items of a field's value in its order; nothing for a value that is residue alone.

    A heading that ``is_name`` knows is an item itself.
    """
    items: list[Item] = []
    headings: list[_Above] = []
    above: list[tuple[int, int]] = []
    pieces = list(_pieces(value))
    lines = len({piece.line for piece in pieces}) > 1
    for piece in pieces:
        depth, words = piece.depth, piece.words
        if words == _RULE:
            headings, above = [], []
            continue
        match = _HEADING.fullmatch(words)
        named = match["heading"].strip() if match and not match["rest"] else ""
        if named and is_name(named):
            match, words = None, named
        if depth:
            headings = [h for h in headings if h.holds(depth, piece.line) and not (match and h.depth == depth)]
        headings = [h for h in headings if h.line in (None, piece.line)]
        if match:
            dated = bool(match["rest"] and _ALONE.fullmatch(match["rest"]) and _YEAR.search(match["rest"]))
            over = f"{match['heading']} {match['rest'] if dated else ''}".strip()
            rest = match["rest"] and not dated
            first = -1 if depth and not lines else None
            headings.append(_Above(depth, over, piece.line if rest and lines else None, first))
            above = [a for a in above if a[0] < depth]
            if not rest:
                continue
            words = match["rest"]
        elif not depth and headings:
            depth = headings[-1].depth  # the rest of a starred line that lists things after its heading
        for heading in headings:
            heading.first = depth if heading.first is None else heading.first
        above = [a for a in above if a[0] < depth]
        parent, line = above[-1][1] if above else None, piece.line if lines else None
        items.append(Item(words, depth, tuple(h.words for h in headings), parent, line, piece.apart))
        above.append((depth, len(items) - 1))
    return items


def whole_items(items: Iterable[Item], goes_on: Callable[[Item, Item], bool]) -> list[Item]:
    """The items, each that ``goes_on`` with what stands before it made one with that, with a comma between."""
    whole: list[Item] = []
    for item in items:
        if whole and goes_on(whole[-1], item):
            whole[-1] = replace(whole[-1], words=f"{whole[-1].words}, {item.words}")
        else:
            whole.append(item)
    return whole


def without_residue(value: str) -> str:
    """A value without what templates leave behind: image sizes, tags, empty brackets; line ends and rules as commas."""
    for pattern, replacement in _RESIDUE:
        value = pattern.sub(replacement, value)
    return " ".join(value.split())


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two commas or line ends; ``apart``: its remark stood on a line of its own."""

    depth: int
    words: str
    line: int = 0
    apart: bool = False


def _pieces(value: str) -> Iterator[_Piece]:
    """The pieces between commas; a remark in brackets that stands alone goes to the piece before.

    Not so after stars or, if it tells no year, a heading: there it is what is left of a line whose name is lost.
    """
    held: _Piece | None = None
    for number, line in enumerate(_lines(value)):
        for piece in _cut(without_residue(line)):
            stars = _STARS.match(piece)
            assert stars is not None
            words = _IMAGE.sub("", " ".join(piece[stars.end() :].split())).strip()
            if not any(c.isalnum() for c in words) and words != _RULE:
                continue
            if _ALONE.fullmatch(words) and held and not stars[1]:
                heading = held.words.endswith(":")
                if not heading or _YEAR.search(words):
                    whole = f"{held.words.removesuffix(':')} {words}{':' * heading}"
                    held = replace(held, words=whole, apart=number != held.line)
                    continue
            if held:
                yield held
            held = _Piece(len(stars[1]), words, number)
    if held:
        yield held


def _lines(value: str) -> Iterator[str]:
    """The lines of a value, those together that an open bracket or a word that goes on ("or missing") joins."""
    held = ""
    lines = [line.strip() for line in re.split(r"<br\b[^<>]{0,80}>|[\r\n]+", value, flags=re.I)]
    for index, line in enumerate(lines):
        opened = held.count("(") > held.count(")") and ")" in "".join(lines[index : index + _BRACKET_LINES])
        if held and not line.startswith("*") and (opened or _goes_on(held, line)):
            held += f" {line}"
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _goes_on(held: str, line: str) -> bool:
    """Whether a line is the rest of the one before: it has no figure, and only a phrase begun there explains it."""
    if not line[:1].islower() or any(c.isdigit() for c in line):
        return False
    first = re.split(r"\W", line, maxsplit=1)[0].lower()
    bare = bool(re.search(r"\d\+?$", held)) and first not in listed("bounds", "indefinite") | listed("nothing")
    kinds = keyed("casualties")
    told = not kinds.keys().isdisjoint(re.findall(r"[^\W\d_]+", held.lower()))
    unsaid = bool(re.search(r"\d", held)) and not told and first in kinds
    return bare or unsaid or first in listed("phrase", "goes_on")


def _cut(value: str) -> Iterator[str]:
    """The value cut at commas and before stars, but not inside brackets."""
    brackets = [m.span() for m in BRACKETS.finditer(value)]
    cuts, index = [(0, 0)], 0
    for match in _CUT.finditer(value):
        while index < len(brackets) and brackets[index][1] <= match.start():
            index += 1
        if index == len(brackets) or match.start() < brackets[index][0]:
            cuts.append(match.span())
    for before, after in pairwise([*cuts, (len(value), len(value))]):
        yield value[before[1] : after[0]].strip()
