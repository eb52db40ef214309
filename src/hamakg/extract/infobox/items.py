"""Reads the value of a field as a list of entries: their words, depth and headings, without residue of templates.

Stars give the depth of an entry; a heading ends in a colon. A flattened value has lost its line ends:
``A, (chief), * B, ** C ---- Western front:, D`` stands for a list of lines.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hamakg.extract.infobox.words import keys_by_word, word_list

BRACKETS = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)")
"""A remark in brackets, with at most one level of brackets inside."""

LONGEST_NAME = 200
"""The length in characters of the longest words that count as a name."""

_RULE = "----"
_BRACKET_LINES = 3  # over how many lines a bracket may extend
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
"""What templates, markup and references leave behind in a value, and what replaces it."""

_IMAGE = re.compile(r"^(?:(?:File|Image):)?[^,]{0,200}?\.(?:svg|png|jpe?g|gif|webp)\b\|?\s*", re.I)
_SEPARATOR = re.compile(r",(?=[\s*,]|$)|\s(?=\*+\s?[^\s*])")
_STARS = re.compile(r"(\**)[\s*]*")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_ONLY_BRACKETS = re.compile(r"(?:\(.*\)\s*)+", re.S)
_HEADING = re.compile(
    r"(?P<heading>(?:\d+(?:st|nd|rd|th)\b|\d{4}(?=:|\s[^\W\d])|[^\W\d])[^:()]{0,79}(?:\([^()]{0,80}\))?):(?:\s+(?P<rest>\S.*))?",
    re.S,
)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry of a list, with remarks in brackets among its words.

    ``headings`` are those above it, the nearest last; ``parent`` is the index of the entry above it in the tree;
    ``line`` is the number of its line if the value has several; ``apart`` is whether a remark of it is on another line.
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
        return " ".join(BRACKETS.sub(" ", self.words).split()).strip(" ,.;'")

    @property
    def remarks(self) -> tuple[str, ...]:
        """The words in brackets."""
        return tuple(m[0][1:-1].strip() for m in BRACKETS.finditer(self.words))


def read_list(value: str, is_name: Callable[[str], bool] = lambda heading: False) -> list[ListEntry]:
    """The entries of a field's value in order; none if the value is only residue.

    A heading for which ``is_name`` is true is an entry.
    """
    fragments = list(_split_fragments(value))
    reader = _ListReader(is_name, has_lines=len({fragment.line for fragment in fragments}) > 1)
    for fragment in fragments:
        reader.add(fragment)
    return reader.entries


def merge_entries(entries: Iterable[ListEntry], continues: Callable[[ListEntry, ListEntry], bool]) -> list[ListEntry]:
    """Join each entry that continues the one before it (``continues(before, entry)``) to that, with a comma."""
    merged: list[ListEntry] = []
    for entry in entries:
        if merged and continues(merged[-1], entry):
            merged[-1] = replace(merged[-1], words=f"{merged[-1].words}, {entry.words}")
        else:
            merged.append(entry)
    return merged


def remove_residue(value: str) -> str:
    """The value without image sizes, tags, empty brackets and the like; line ends and rules become commas."""
    for pattern, replacement in _RESIDUE:
        value = pattern.sub(replacement, value)
    return " ".join(value.split())


# ---------------------------------------------------------------- headings and depth


@dataclass(slots=True)
class _OpenHeading:
    """A heading above the next entries, its depth, and the depth of the first entry below it.

    ``line`` is set if an entry follows on the heading's own line, to which it is then limited. A starred heading in a
    value of one line has ``first_depth`` -1 at first, and so applies to deeper entries only.
    """

    depth: int
    words: str
    line: int | None
    first_depth: int | None = None

    def applies_to(self, depth: int, line: int) -> bool:
        """Whether it is a heading of a starred entry: of one deeper than itself or as deep as its first entry."""
        if self.line is not None:
            return self.line == line
        return self.depth == 0 or self.depth < depth or (self.depth == depth and self.first_depth in (None, depth))


@dataclass(slots=True)
class _ListReader:
    """Builds the entries from the fragments of a value, keeping track of headings and of the entries above."""

    is_name: Callable[[str], bool]
    has_lines: bool
    entries: list[ListEntry] = field(default_factory=list)
    headings: list[_OpenHeading] = field(default_factory=list)
    parents: list[tuple[int, int]] = field(default_factory=list)  # the depth and index of each entry above

    def add(self, fragment: "_Fragment") -> None:
        """Read the next fragment: a rule, a heading, an entry, or a heading and an entry."""
        if fragment.words == _RULE:
            self.headings, self.parents = [], []
            return
        match = _HEADING.fullmatch(fragment.words)
        name = match["heading"].strip() if match and not match["rest"] else ""
        if name and self.is_name(name):
            fragment, match = replace(fragment, words=name), None
        self._close_headings(fragment, is_heading=match is not None)
        if match is None:
            self._add_entry(fragment.words, fragment, fragment.depth or self._find_continued_depth())
        elif rest := self._open_heading(match, fragment):
            self._add_entry(rest, fragment, fragment.depth)

    def _close_headings(self, fragment: "_Fragment", is_heading: bool) -> None:
        depth, line = fragment.depth, fragment.line
        if depth:
            self.headings = [
                h for h in self.headings if h.applies_to(depth, line) and not (is_heading and h.depth == depth)
            ]
        self.headings = [h for h in self.headings if h.line in (None, line)]

    def _open_heading(self, match: re.Match[str], fragment: "_Fragment") -> str | None:
        """Open a heading; the words after it in the same fragment, which are an entry, if there are any."""
        heading, rest = match["heading"], match["rest"]
        if rest and _ONLY_BRACKETS.fullmatch(rest) and _YEAR.search(rest):  # "Peak: (May 1941)"
            heading, rest = f"{heading} {rest}", None
        line = fragment.line if rest and self.has_lines else None
        first_depth = -1 if fragment.depth and not self.has_lines else None
        self.headings.append(_OpenHeading(fragment.depth, heading.strip(), line, first_depth))
        self.parents = [parent for parent in self.parents if parent[0] < fragment.depth]
        return rest

    def _find_continued_depth(self) -> int:
        """The depth of an entry without stars: that of the heading, as it continues a starred line after a heading."""
        return self.headings[-1].depth if self.headings else 0

    def _add_entry(self, words: str, fragment: "_Fragment", depth: int) -> None:
        for heading in self.headings:
            heading.first_depth = depth if heading.first_depth is None else heading.first_depth
        self.parents = [parent for parent in self.parents if parent[0] < depth]
        index = self.parents[-1][1] if self.parents else None
        headings = tuple(heading.words for heading in self.headings)
        line = fragment.line if self.has_lines else None
        self.entries.append(ListEntry(words, depth, headings, index, line, fragment.apart))
        self.parents.append((depth, len(self.entries) - 1))


# ---------------------------------------------------------------- lines and fragments


@dataclass(frozen=True, slots=True)
class _Fragment:
    """The words between two commas or line ends; ``apart`` is whether its remark stood on another line."""

    depth: int
    words: str
    line: int = 0
    apart: bool = False


def _split_fragments(value: str) -> Iterator[_Fragment]:
    """The fragments of a value; a remark in brackets between two commas belongs to the fragment before.

    It does not after stars, nor after a heading unless it has a year: there the name before it has been lost.
    """
    held: _Fragment | None = None
    for number, line in enumerate(_join_lines(value)):
        for text in _split_at_commas(remove_residue(line)):
            stars = _STARS.match(text)
            assert stars is not None
            words = _IMAGE.sub("", " ".join(text[stars.end() :].split())).strip()
            if not any(c.isalnum() for c in words) and words != _RULE:
                continue
            if held and not stars[1] and _is_remark_on(held, words):
                colon = ":" if held.words.endswith(":") else ""
                with_remark = f"{held.words.removesuffix(':')} {words}{colon}"
                held = replace(held, words=with_remark, apart=number != held.line)
                continue
            if held:
                yield held
            held = _Fragment(len(stars[1]), words, number)
    if held:
        yield held


def _is_remark_on(held: _Fragment, words: str) -> bool:
    if not _ONLY_BRACKETS.fullmatch(words):
        return False
    return not held.words.endswith(":") or _YEAR.search(words) is not None


def _join_lines(value: str) -> Iterator[str]:
    """The lines of a value; a line is joined to the one before if that has an open bracket or this continues it."""
    held = ""
    lines = [line.strip() for line in re.split(r"<br\b[^<>]{0,80}>|[\r\n]+", value, flags=re.I)]
    for index, line in enumerate(lines):
        is_open = held.count("(") > held.count(")") and ")" in "".join(lines[index : index + _BRACKET_LINES])
        if held and not line.startswith("*") and (is_open or _continues(held, line)):
            held += f" {line}"
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def _continues(held: str, line: str) -> bool:
    """Whether a line continues the one before: it has no figure, and explains a phrase that is incomplete there."""
    if not line[:1].islower() or any(c.isdigit() for c in line):
        return False
    first = re.split(r"\W", line, maxsplit=1)[0].lower()
    kinds = keys_by_word("casualties")
    has_kind = not kinds.keys().isdisjoint(re.findall(r"[^\W\d_]+", held.lower()))
    lacks_noun = re.search(r"\d\+?$", held) is not None and first not in word_list("bounds", "indefinite") | word_list(
        "nothing"
    )
    lacks_kind = re.search(r"\d", held) is not None and not has_kind and first in kinds
    return lacks_noun or lacks_kind or first in word_list("phrase", "goes_on")


def _split_at_commas(value: str) -> Iterator[str]:
    """The parts of the value between commas and before stars, except those inside brackets."""
    brackets = [m.span() for m in BRACKETS.finditer(value)]
    cuts, index = [(0, 0)], 0
    for match in _SEPARATOR.finditer(value):
        while index < len(brackets) and brackets[index][1] <= match.start():
            index += 1
        if index == len(brackets) or match.start() < brackets[index][0]:
            cuts.append(match.span())
    for before, after in pairwise([*cuts, (len(value), len(value))]):
        yield value[before[1] : after[0]].strip()
