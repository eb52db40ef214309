"""One field's value as items: residue of templates gone, stars as depth, headings and remarks in brackets set apart.

A flattened value has lost its line ends: ``A, (chief), * B, ** C ---- Western front:, D`` stands for a list of lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

BRACKETS = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
"""A remark in brackets, with at most one further pair inside."""

LONGEST_NAME = 200
"""Characters of the longest words that are taken for a name."""

_RULE = "----"
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
    r"(?P<heading>(?:\d+(?:st|nd|rd|th)\b|[^\W\d])[^:()]{0,79}(?:\([^()]{0,80}\))?):(?:\s+(?P<rest>\S.*))?", re.S
)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: its words with remarks in brackets, its depth in stars, and what stands over it.

    ``headings`` are those in force, the last one nearest; ``parent`` is the index of the item above it in the tree.
    """

    words: str
    depth: int = 0
    headings: tuple[str, ...] = ()
    parent: int | None = None

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


def read_items(value: str) -> list[Item]:
    """The items of a field's value in its order; nothing for a value that is residue alone."""
    items: list[Item] = []
    headings: list[tuple[int, str]] = []
    above: list[tuple[int, int]] = []
    for depth, piece in _pieces(value):
        if piece == _RULE:
            headings, above = [], []
            continue
        if depth:
            headings = [h for h in headings if h[0] == 0 or h[0] < depth]
        match = _HEADING.fullmatch(piece)
        if match:
            dated = bool(match["rest"] and _ALONE.fullmatch(match["rest"]) and _YEAR.search(match["rest"]))
            headings.append((depth, f"{match['heading']} {match['rest'] if dated else ''}".strip()))
            above = [a for a in above if a[0] < depth]
            if dated or not match["rest"]:
                continue
        elif not depth and headings:
            depth = headings[-1][0]  # the rest of a starred line that lists things after its heading
        above = [a for a in above if a[0] < depth]
        words = match["rest"] if match else piece
        items.append(Item(words, depth, tuple(h[1] for h in headings), above[-1][1] if above else None))
        above.append((depth, len(items) - 1))
    return items


def without_residue(value: str) -> str:
    """A value without what templates leave behind: image sizes, tags, empty brackets; line ends and rules as commas."""
    for pattern, replacement in _RESIDUE:
        value = pattern.sub(replacement, value)
    return " ".join(value.split())


def _pieces(value: str) -> Iterator[tuple[int, str]]:
    """Depth and words of each piece between commas; a remark in brackets that stands alone goes to the piece before.

    Not so after stars or, if it tells no year, a heading: there it is what is left of a line whose name is lost.
    """
    held: tuple[int, str] | None = None
    for piece in _cut(without_residue(value)):
        stars = _STARS.match(piece)
        assert stars is not None
        words = _IMAGE.sub("", " ".join(piece[stars.end() :].split())).strip()
        if not any(c.isalnum() for c in words) and words != _RULE:
            continue
        if _ALONE.fullmatch(words) and held and not stars[1]:
            heading = held[1].endswith(":")
            if not heading or _YEAR.search(words):
                held = (held[0], f"{held[1].removesuffix(':')} {words}{':' * heading}")
                continue
        if held:
            yield held
        held = (len(stars[1]), words)
    if held:
        yield held


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
