"""Wikitext as the text that a reader sees: an article in the seeds' form, with where its links lead."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import mwparserfromhell
from mwparserfromhell.nodes import Argument, Comment, ExternalLink, Heading, HTMLEntity, Tag, Template, Text, Wikilink
from mwparserfromhell.wikicode import Wikicode

from hamakg.errors import HamakgError
from hamakg.model import Article, Citation, Field, Link
from hamakg.rdf.ids import article_slug, wikipedia_url
from hamakg.read.citations import citations_of, short_citation
from hamakg.read.plain import narrative
from hamakg.read.templates import Values, is_infobox, shown

LONGEST_PAGE = 5_000_000
"""Characters of the longest page that is read; Wikipedia's own limit is two million bytes."""

# Marks in the text while it is made: where a bold line begins and ends, where a flag is shown.
_BOLD, _FLAG = "\ue000", "\ue006"
_DRESS = re.compile(f"[{_BOLD}{_FLAG}]")
_OURS = re.compile("[\ue000-\ue0ff]")
# … where a note stands, by its number among the page's notes, and where a link's words begin and end.
_NOTE = re.compile("\ue001(\\d+)\ue002")
_MARK = re.compile("\ue001(\\d+)\ue002|\ue003(\\d+)\ue004|\ue005")

_GONE = frozenset(
    {"gallery", "hiero", "imagemap", "math", "references", "score", "table", "templatestyles", "timeline"}
)
_LINES = {"br": "\n", "hr": "\n----\n", "li": "\n* ", "p": "\n", "div": "\n"}
_SHOWN_LINK = re.compile(r"(?i)^:?(?:file|image|category|media|wikt|commons|[a-z]{2,3}):")
_OPEN_REF = re.compile(r"<ref\b[^<>]*/>|<ref\b[^<>]*>(?:[^<\n]*</ref>|[^\n]*)|</ref>", re.I)
_INFOBOX = re.compile(r"\{\{\s*(?:infobox (?:military|battle|conflict|war)|warbox)", re.I)
_OTHER_LINE = re.compile(r"^(?!\s*[|*}{<!:#])\s*\S", re.M)


@dataclass(slots=True)
class Page:
    """One page as it is read; ``unknown`` counts the templates that stand in no table, by name."""

    title: str
    unknown: Counter[str] = field(default_factory=Counter)
    notes: list[list[Citation]] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    quiet: bool = False

    def note(self, citations: list[Citation], name: str = "") -> str:
        """The mark of a note in the text; one without words that repeats a named one has that one's."""
        if not citations and name in self.named:
            return f"\ue001{self.named[name]}\ue002"
        if not citations or self.quiet:
            return ""
        self.notes.append(citations)
        if name:
            self.named[name] = len(self.notes) - 1
        return f"\ue001{len(self.notes) - 1}\ue002"

    def linked(self, words: str, target: str) -> str:
        """The words of a link between its marks."""
        if self.quiet or not words.strip() or "\n" in words:
            return words
        self.targets.append(target)
        return f"\ue003{len(self.targets) - 1}\ue004{words}\ue005"


def parse_wikitext(text: str, title: str = "", revision: str | None = None, otherwise: str = "") -> list[Article]:
    """The articles of a page: the page itself and, where it has further infoboxes of conflicts, one for each of those.

    ``title`` defaults to the first infobox's conflict, then to ``otherwise``. Each ``Article.text`` is in the seeds'
    form, the words as Wikipedia shows them; offsets are into it. A page without an infobox of a conflict gives no
    article. Raises HamakgError for a page that is too long to be one, and for one without a title.
    """
    if len(text) > LONGEST_PAGE:
        raise HamakgError(f"a page of {len(text):,} characters; none of Wikipedia's is longer than {LONGEST_PAGE:,}")
    code = mwparserfromhell.parse(_OURS.sub("", text))
    boxes = _infoboxes(code)
    if not boxes and (closed := _closed(text)):
        code = mwparserfromhell.parse(closed)
        boxes = _infoboxes(code)
    if not boxes:
        return []
    page = Page(title)
    first, *others = [_fields(box, page) for box in boxes]
    page.title = title or _conflict(first) or otherwise
    if not page.title:
        raise HamakgError("the infobox names no conflict; give the page a title, or write it in the infobox's conflict")
    articles = [_article(page, page.title, first, _body(code, page), revision)]
    for number, fields in enumerate(others, start=2):
        articles.append(_article(page, _conflict(fields) or f"{page.title} ({number})", fields, "", revision))
    return articles


def is_wikitext(text: str) -> bool:
    """Whether a text begins an infobox of a conflict as wikitext does."""
    return _INFOBOX.search(text) is not None


def _infoboxes(code: Wikicode) -> list[Template]:
    found = code.filter_templates(recursive=code.RECURSE_OTHERS, matches=lambda t: is_infobox(_name(t).lower()))
    return list(found)


def _closed(text: str) -> str | None:
    """The page with an infobox that nobody closed ended where its lines do; None where none was begun."""
    begun = _INFOBOX.search(text)
    if begun is None:
        return None
    first_line = text.find("\n", begun.end())
    end = _OTHER_LINE.search(text, first_line + 1) if first_line >= 0 else None
    at = end.start() if end else len(text)
    return text[:at] + "\n}}\n" + text[at:]


def _name(template: Template) -> str:
    name = re.sub(r"<!--.*?-->", "", str(template.name), flags=re.S)
    return " ".join(name.replace("_", " ").split()).removeprefix("Template:").removeprefix("template:")


def _conflict(fields: Sequence[tuple[str, str]]) -> str:
    return next((" ".join(_MARK.sub("", value).split()) for key, value in fields if key.lower() == "conflict"), "")


def _article(page: Page, title: str, fields: Sequence[tuple[str, str]], body: str, revision: str | None) -> Article:
    text = f"= {title} =\n\nInfobox\n"
    made: list[Field] = []
    marks = _Marks(page)
    for key, marked in fields:
        text += f"- {key[:1].upper()}{key[1:]}: "
        value = marks.read(marked, len(text))
        made.append(Field(key, value, len(text), len(text) + len(value)))
        text += value + "\n"
    text += "\n"
    begin = len(text)
    text += marks.read(body, begin)
    return Article(
        slug=article_slug(title),
        title=title,
        text=text,
        source=wikipedia_url(page.title),
        fields=tuple(made),
        paragraphs=narrative(text, begin),
        revision=revision,
        templates=tuple(sorted(page.unknown.items())),
        citations=tuple(marks.citations),
        links=tuple(dict.fromkeys(marks.links)),
    )


class _Marks:
    """Reads the marks out of a text, and keeps what they say with where they stood."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.citations: list[Citation] = []
        self.links: list[Link] = []

    def read(self, marked: str, begin: int) -> str:
        """The text without its marks; ``begin`` is where it will stand in the article's text."""
        plain, last, open_links = "", 0, list[tuple[int, int]]()
        for mark in _MARK.finditer(marked):
            plain += marked[last : mark.start()]
            last = mark.end()
            if mark[1]:
                at = begin + len(plain)
                self.citations += [replace(citation, at=at) for citation in self._page.notes[int(mark[1])]]
            elif mark[2]:
                open_links.append((int(mark[2]), len(plain)))
            elif open_links:
                number, start = open_links.pop()
                self.links.append(Link(" ".join(plain[start:].split()), self._page.targets[number]))
        return plain + marked[last:]


# ---------------------------------------------------------------- the infobox


def _fields(box: Template, page: Page) -> list[tuple[str, str]]:
    """Key and shown value of each parameter that has one, in their order; of a key given twice the last holds."""
    values = {str(p.name).strip(): _shown_value(str(p.name).strip(), p.value, page) for p in box.params if p.showkey}
    return [(key, value) for key, value in values.items() if _MARK.sub("", value).strip()]


def _shown_value(key: str, value: Wikicode, page: Page) -> str:
    """A value line by line; a line in bold alone is a heading and ends in a colon.

    Not so among combatants, units and commanders where a flag stands on it: that is somebody of the first rank.
    """
    lists = not key.lower().startswith(("strength", "casualties"))
    lines = [_line(line, lists) for line in _render(value, page).split("\n")]
    return "\n".join(line for line in lines if line)


def _line(line: str, lists: bool) -> str:
    flagged = lists and _FLAG in line
    line = line.replace(_FLAG, "")
    stars = re.match(r"[\s*]*", line)
    assert stars is not None
    words = line[stars.end() :].strip()
    if words.startswith(";"):
        words = f"{_BOLD}{words[1:].replace(_BOLD, '').strip()}{_BOLD}"
    bold = re.fullmatch(f"{_BOLD}([^{_BOLD}]*){_BOLD}:?", _NOTE.sub("", words).strip())
    plain = " ".join(words.replace(_BOLD, "").split())
    if bold and plain and not flagged and not _MARK.sub("", plain).endswith(":"):
        plain += ":"
    depth = "*" * stars[0].count("*")
    return f"{depth} {plain}".strip() if plain else ""


# ---------------------------------------------------------------- the text


def _body(code: Wikicode, page: Page) -> str:
    """Headings and paragraphs, each on a line, a blank line between paragraphs."""
    rendered = _OPEN_REF.sub("", _DRESS.sub("", _render(code, page)))
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", rendered):
        held: list[str] = []
        for line in (" ".join(line.split()) for line in block.split("\n")):
            if line.startswith(("=", "*")):
                lines += [" ".join(held), line]
                held = []
            elif line:
                held.append(line)
        lines.append(" ".join(held))
    return "\n\n".join(line for line in lines if any(c.isalnum() for c in _MARK.sub("", line))) + "\n"


def _render(code: Wikicode | None, page: Page) -> str:
    return "".join(_show(node, page) for node in code.nodes) if code is not None else ""


def _quietly(code: Wikicode | None, page: Page) -> str:
    """The words of a note's own wikitext, whose links and notes are none of the article's."""
    before, page.quiet = page.quiet, True
    words = _DRESS.sub("", _render(code, page))
    page.quiet = before
    return words


def _show(node: object, page: Page) -> str:
    match node:
        case Text():
            return str(node.value)
        case Wikilink():
            return _link(node, page)
        case Template():
            return _template(node, page)
        case Tag():
            return "".join(_tag(node, page))
        case HTMLEntity():
            return str(node.normalize())
        case ExternalLink():
            return _render(node.title, page)
        case Heading():
            marks = "=" * node.level
            return f"\n\n{marks}{' '.join(_DRESS.sub('', _render(node.title, page)).split())}{marks}\n\n"
        case Argument():
            return _render(node.default, page)
        case Comment():
            return ""
    return ""


def _link(link: Wikilink, page: Page) -> str:
    """The words of a link; nothing for files, categories and other languages."""
    target = str(link.title).strip()
    if _SHOWN_LINK.match(target):
        return ""
    words = _render(link.text, page) if link.text is not None else _render(link.title, page).lstrip(":")
    title = " ".join(target.partition("#")[0].replace("_", " ").split()).lstrip(":")
    return page.linked(words, title[:1].upper() + title[1:]) if title and "|" not in title else words


def _template(template: Template, page: Page) -> str:
    name = _name(template)
    if is_infobox(name.lower()):
        return ""
    if short := short_citation(template, partial(_quietly, page=page)):
        return page.note([short])
    values = Values({str(p.name).strip(): _render(p.value, page) for p in template.params})
    words = shown(name, values)
    if words is None:
        page.unknown[name.lower()] += 1
        return ""
    return _FLAG + words if name.lower().startswith("flag") else words


def _tag(tag: Tag, page: Page) -> Iterator[str]:
    name = str(tag.tag).strip().lower()
    if name == "ref":
        cited = citations_of(tag.contents, partial(_quietly, page=page)) if tag.contents is not None else []
        yield page.note(cited, str(tag.get("name").value) if tag.has("name") else "")
        return
    if name in _GONE:
        return
    if tag.wiki_markup in {"*", "#", ":", ";"}:
        yield "*" if tag.wiki_markup in {"*", "#"} else ""
        return
    yield _LINES.get(name, "")
    bold = _BOLD if name in {"b", "strong"} else ""
    words = _render(tag.contents, page)
    yield f"{bold}{words}{bold}" if "\n" not in words else words
