"""Parses the seeds' format: ``= Title =``, ``Infobox``, ``- Key: value`` lines, headings, and one paragraph a line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

from hamakg.errors import HamakgError
from hamakg.model import Article, Field, Paragraph
from hamakg.rdf.ids import article_slug, wikipedia_url
from hamakg.read.text import require_length

_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_KEY = re.compile(r"-[ \t]*([^\W\d_][\w /().-]{0,39}?)[ \t]*:[ \t]*")
_BULLET = re.compile(r"[*#•-]+[ \t]+")

# A value may contain blank lines as long as one of these fields follows.
_INFOBOX_KEY = re.compile(
    r"(?i)(conflict|partof|date|place|result|status|territory|(combatant|commander|units|strength|casualties)\d[a-z]?)$"
)

# Sections that are not narrative: lists and references.
_SKIPPED_SECTIONS = frozenset(
    {
        *("see also", "external links", "further reading", "gallery", "sources", "citations", "bibliography"),
        *("references", "general references", "notes and references", "notes", "explanatory notes", "footnotes"),
        *("works cited", "work cited"),
    }
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A non-blank line without surrounding white space; ``after_gap`` is whether a blank line precedes it."""

    text: str
    begin: int
    after_gap: bool

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


def parse_plain(text: str) -> Article:
    """The article in the text; offsets are code points into ``text``, which the article keeps unchanged.

    Infobox and narrative may be missing. Raises HamakgError if the first line is not ``= Title =``, LimitError if the
    text or the title is too long for an article.
    """
    lines = list(_split_lines(text))
    heading = _parse_heading(lines[0].text) if lines else None
    if heading is None or heading[0] != 1:
        raise HamakgError("no title; the first line of an article is '= Title ='")
    title = heading[1]
    require_length(len(title), len(text))
    size = _find_infobox_size(lines[1:])
    return Article(
        slug=article_slug(title),
        title=title,
        text=text,
        source=wikipedia_url(title),
        fields=tuple(_parse_fields(text, lines[1 : 1 + size])),
        paragraphs=tuple(_parse_paragraph_lines(lines[1 + size :])),
    )


def parse_paragraphs(text: str, begin: int) -> tuple[Paragraph, ...]:
    """The paragraphs of the text from ``begin`` on, one a line, each with the headings above it."""
    return tuple(_parse_paragraph_lines(_split_lines(text, begin)))


def _split_lines(text: str, begin: int = 0) -> Iterator[_Line]:
    previous = begin
    for match in _LINE.finditer(text, begin):
        line = match[0].strip()
        if line:
            begin = match.start() + match[0].index(line[0])
            after_gap = len(_LINE_END.findall(text, previous, begin)) > 1
            yield _Line(line, begin, after_gap)
            previous = begin + len(line)


def _parse_heading(line: str) -> tuple[int, str] | None:
    """The level and the words of a heading: ``==See also==`` is (2, "See also")."""
    level = min(len(line) - len(line.lstrip("=")), len(line) - len(line.rstrip("=")))
    words = line[level:-level].strip() if level else ""
    return (level, words) if words else None


def _find_infobox_size(lines: list[_Line]) -> int:
    """How many of the lines after the title belong to the infobox, whose heading may be another word than "Infobox"."""
    keys = [_parse_key(line) for line in lines[:2]]
    has_heading = (
        bool(lines) and not _parse_heading(lines[0].text) and (lines[0].text == "Infobox" or keys[1:] == ["Conflict"])
    )
    if not has_heading and keys[:1] != ["Conflict"]:
        return 0
    lead = takewhile(lambda line: not _parse_heading(line.text), lines)
    known = [i for i, line in enumerate(lead) if _INFOBOX_KEY.match(_parse_key(line) or "")]
    size = known[-1] + 1 if known else int(has_heading)
    while size < len(lines) and not lines[size].after_gap and not _parse_heading(lines[size].text):
        size += 1
    return size


def _parse_key(line: _Line) -> str | None:
    match = _KEY.match(line.text)
    return match[1] if match else None


def _parse_fields(text: str, lines: list[_Line]) -> Iterator[Field]:
    """A field for each ``- Key:`` line; its value extends to the next such line and keeps its line ends."""
    starts = [i for i, line in enumerate(lines) if _KEY.match(line.text)]
    for start, after in pairwise([*starts, len(lines)]):
        match = _KEY.match(lines[start].text)
        assert match is not None
        end = lines[after - 1].end
        value = text[lines[start].begin + match.end() : end].lstrip()
        yield Field(key=match[1], value=value, begin=end - len(value), end=end)


def _parse_paragraph_lines(lines: Iterable[_Line]) -> Iterator[Paragraph]:
    """A paragraph for each line that is not a heading, without its bullet; skipped sections give none."""
    above: list[tuple[int, str]] = []
    for line in lines:
        if heading := _parse_heading(line.text):
            above = [h for h in above if h[0] < heading[0]] + [heading]
            continue
        headings = tuple(words for _, words in above)
        if not _SKIPPED_SECTIONS.isdisjoint(words.lower() for words in headings):
            continue
        bullet = _BULLET.match(line.text)
        begin = line.begin + (bullet.end() if bullet else 0)
        yield Paragraph(text=line.text[begin - line.begin :], begin=begin, end=line.end, headings=headings)
