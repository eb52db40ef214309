"""The seeds' form: ``= Title =``, ``Infobox``, ``- Key: value`` lines, headings, and a paragraph a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hamakg.errors import HamakgError
from hamakg.model import Article, Field, Paragraph
from hamakg.rdf.ids import article_slug, wikipedia_url

_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_KEY = re.compile(r"-[ \t]*([^\W\d_][\w /().-]{0,39}?)[ \t]*:[ \t]*")
_BULLET = re.compile(r"[*#•-]+[ \t]+")

# A value with blank lines in it goes on while one of these fields is still to come.
_INFOBOX_KEY = re.compile(
    r"(?i)(conflict|partof|date|place|result|status|territory|(combatant|commander|units|strength|casualties)\d[a-z]?)$"
)

# Sections that list or quote, and tell nothing.
_NOT_NARRATIVE = frozenset(
    {
        *("see also", "external links", "further reading", "gallery", "sources", "citations", "bibliography"),
        *("references", "general references", "notes and references", "notes", "explanatory notes", "footnotes"),
        *("works cited", "work cited"),
    }
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, without the white space around it; ``gap``: a blank line stands before it."""

    text: str
    begin: int
    gap: bool

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


def parse_plain(text: str) -> Article:
    """The article that the text holds; offsets are code points into ``text``, which the article keeps as it is.

    No infobox gives an article without fields, no narrative one without paragraphs. Raises HamakgError when the first
    line is not ``= Title =``.
    """
    lines = list(_lines(text))
    heading = _heading(lines[0].text) if lines else None
    if heading is None or heading[0] != 1:
        raise HamakgError("no title; the first line of an article is '= Title ='")
    title = heading[1]
    size = _infobox_size(lines[1:])
    return Article(
        slug=article_slug(title),
        title=title,
        text=text,
        source=wikipedia_url(title),
        fields=tuple(_fields(text, lines[1 : 1 + size])),
        paragraphs=tuple(_paragraphs(lines[1 + size :])),
    )


def narrative(text: str, begin: int) -> tuple[Paragraph, ...]:
    """The paragraphs of the text from ``begin`` on: one a line, with the headings above it."""
    return tuple(_paragraphs(list(_lines(text, begin))))


def _lines(text: str, begin: int = 0) -> Iterator[_Line]:
    previous = begin
    for match in _LINE.finditer(text, begin):
        line = match[0].strip()
        if line:
            begin = match.start() + match[0].index(line[0])
            gap = len(_LINE_END.findall(text, previous, begin)) > 1
            yield _Line(line, begin, gap)
            previous = begin + len(line)


def _heading(line: str) -> tuple[int, str] | None:
    """Level and words of a heading line: ``==See also==`` is (2, "See also")."""
    level = min(len(line) - len(line.lstrip("=")), len(line) - len(line.rstrip("=")))
    words = line[level:-level].strip() if level else ""
    return (level, words) if words else None


def _infobox_size(lines: list[_Line]) -> int:
    """How many of the lines after the title are the infobox's; its own heading may be another word than "Infobox"."""
    keys = [_key(line) for line in lines[:2]]
    headed = bool(lines) and not _heading(lines[0].text) and (lines[0].text == "Infobox" or keys[1:] == ["Conflict"])
    if not headed and keys[:1] != ["Conflict"]:
        return 0
    known = [i for i, line in enumerate(_before_heading(lines)) if _INFOBOX_KEY.match(_key(line) or "")]
    last = known[-1] if known else int(headed) - 1
    size = last + 1
    while size < len(lines) and not lines[size].gap and not _heading(lines[size].text):
        size += 1
    return size


def _before_heading(lines: list[_Line]) -> Iterator[_Line]:
    for line in lines:
        if _heading(line.text):
            return
        yield line


def _key(line: _Line) -> str | None:
    match = _KEY.match(line.text)
    return match[1] if match else None


def _fields(text: str, lines: list[_Line]) -> Iterator[Field]:
    """One field for each ``- Key:`` line, its value up to the next: line ends in a value stay in it."""
    starts = [i for i, line in enumerate(lines) if _KEY.match(line.text)]
    for start, after in pairwise([*starts, len(lines)]):
        match = _KEY.match(lines[start].text)
        assert match is not None
        end = lines[after - 1].end
        value = text[lines[start].begin + match.end() : end].lstrip()
        yield Field(key=match[1], value=value, begin=end - len(value), end=end)


def _paragraphs(lines: list[_Line]) -> Iterator[Paragraph]:
    """A paragraph a line, with the headings above it; no bullets, and nothing from sections that do not narrate."""
    above: list[tuple[int, str]] = []
    for line in lines:
        if heading := _heading(line.text):
            above = [h for h in above if h[0] < heading[0]] + [heading]
            continue
        headings = tuple(words for _, words in above)
        if not _NOT_NARRATIVE.isdisjoint(words.lower() for words in headings):
            continue
        bullet = _BULLET.match(line.text)
        begin = line.begin + (bullet.end() if bullet else 0)
        yield Paragraph(text=line.text[begin - line.begin :], begin=begin, end=line.end, headings=headings)
