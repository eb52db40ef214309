"""Renders wikitext as the text that a reader sees, in the seeds' format, with its citations and links.

mwparserfromhell parses the wikitext; its ``strip_code`` drops templates and lists, so the rendering is our own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import mwparserfromhell
from mwparserfromhell.nodes import Argument, ExternalLink, Heading, HTMLEntity, Tag, Template, Text, Wikilink
from mwparserfromhell.wikicode import Wikicode

from hamakg.errors import HamakgError
from hamakg.model import Article, Citation, Field, Link
from hamakg.rdf.ids import article_slug, wikipedia_url
from hamakg.read.citations import find_citations, read_short_note
from hamakg.read.plain import parse_paragraphs
from hamakg.read.templates import TemplateValues, is_infobox, render_template
from hamakg.read.text import require_length

# While a page is rendered, private-use characters mark bold text (at its start and end), flags, notes (with a number),
# and links (with a number at the start, and at the end). Such characters in the page itself are dropped first.
_PRIVATE_USE = re.compile("[\ue000-\ue0ff]")
_BOLD, _FLAG = "\ue000", "\ue006"
_STYLE = re.compile(f"[{_BOLD}{_FLAG}]")
_NOTE = re.compile("\ue001(\\d+)\ue002")
_MARK = re.compile("\ue001(\\d+)\ue002|\ue003(\\d+)\ue004|\ue005")

_HIDDEN_TAGS = frozenset(
    {"gallery", "hiero", "imagemap", "math", "references", "score", "table", "templatestyles", "timeline"}
)
_LINE_BREAKS = {"br": "\n", "hr": "\n----\n", "li": "\n* ", "p": "\n", "div": "\n"}
_HIDDEN_LINK = re.compile(r"(?i)^:?(?:file|image|category|media|wikt|commons|[a-z]{2,3}):")
_UNCLOSED_REF = re.compile(r"<ref\b[^<>]*/>|<ref\b[^<>]*>(?:[^<\n]*</ref>|[^\n]*)|</ref>", re.I)
_INFOBOX = re.compile(r"\{\{\s*(?:infobox (?:military|battle|conflict|war)|warbox)", re.I)
_PROSE_LINE = re.compile(r"^(?!\s*[|*}{<!:#])\s*\S", re.M)


@dataclass(slots=True)
class _PageRendering:
    """What is collected while a page is rendered.

    ``unknown`` counts unknown templates by name, ``notes`` holds the citations of each note, ``named`` the numbers of
    named notes, ``targets`` the pages that links lead to. In a note (``in_note``) nothing is collected.
    """

    title: str
    unknown: Counter[str] = field(default_factory=Counter)
    notes: list[list[Citation]] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    in_note: bool = False

    def mark_note(self, citations: list[Citation], name: str = "") -> str:
        """The mark of a note; an empty note that repeats a named one has the mark of that."""
        if not citations and name in self.named:
            return f"\ue001{self.named[name]}\ue002"
        if not citations or self.in_note:
            return ""
        self.notes.append(citations)
        if name:
            self.named[name] = len(self.notes) - 1
        return f"\ue001{len(self.notes) - 1}\ue002"

    def mark_link(self, words: str, target: str) -> str:
        """The words of a link between marks."""
        if self.in_note or not words.strip() or "\n" in words:
            return words
        self.targets.append(target)
        return f"\ue003{len(self.targets) - 1}\ue004{words}\ue005"


def parse_wikitext(text: str, title: str = "", revision: str | None = None, fallback_title: str = "") -> list[Article]:
    """The articles of a page: the page itself, and one for each further infobox of a conflict on it.

    ``title`` defaults to the conflict in the first infobox, then to ``fallback_title``. Each ``Article.text`` is in the
    seeds' format, with the words that Wikipedia shows; offsets refer to it. A page without an infobox of a conflict has
    no articles. Raises HamakgError for a page without a title, LimitError if page or title is too long for an article.
    """
    require_length(len(title), len(text))
    code = mwparserfromhell.parse(_PRIVATE_USE.sub("", text))
    boxes = _find_infoboxes(code)
    if not boxes and (closed := _close_infobox(text)):
        code = mwparserfromhell.parse(closed)
        boxes = _find_infoboxes(code)
    if not boxes:
        return []
    page = _PageRendering(title)
    first, *others = [_render_fields(box, page) for box in boxes]
    page.title = title or _find_conflict(first) or fallback_title
    if not page.title:
        raise HamakgError("the infobox names no conflict; give the page a title, or write it in the infobox's conflict")
    articles = [_make_article(page, page.title, first, _render_body(code, page), revision)]
    for number, fields in enumerate(others, start=2):
        articles.append(_make_article(page, _find_conflict(fields) or f"{page.title} ({number})", fields, "", revision))
    return articles


def is_wikitext(text: str) -> bool:
    """Whether the text contains the start of an infobox of a conflict in wikitext."""
    return _INFOBOX.search(text) is not None


def _find_infoboxes(code: Wikicode) -> list[Template]:
    return list(
        code.filter_templates(recursive=code.RECURSE_OTHERS, matches=lambda t: is_infobox(_clean_name(t).lower()))
    )


def _close_infobox(text: str) -> str | None:
    """The page with its unclosed infobox closed before the first line of prose; None if there is no infobox."""
    start = _INFOBOX.search(text)
    if start is None:
        return None
    first_line = text.find("\n", start.end())
    prose = _PROSE_LINE.search(text, first_line + 1) if first_line >= 0 else None
    at = prose.start() if prose else len(text)
    return text[:at] + "\n}}\n" + text[at:]


def _clean_name(template: Template) -> str:
    name = re.sub(r"<!--.*?-->", "", str(template.name), flags=re.S)
    return " ".join(name.replace("_", " ").split()).removeprefix("Template:").removeprefix("template:")


def _find_conflict(fields: Sequence[tuple[str, str]]) -> str:
    return next((" ".join(_MARK.sub("", value).split()) for key, value in fields if key.lower() == "conflict"), "")


def _make_article(
    page: _PageRendering, title: str, fields: Sequence[tuple[str, str]], body: str, revision: str | None
) -> Article:
    require_length(len(title), len(body))
    text = f"= {title} =\n\nInfobox\n"
    located: list[Field] = []
    marks = _MarkRemover(page)
    for key, marked in fields:
        text += f"- {key[:1].upper()}{key[1:]}: "
        value = marks.remove(marked, len(text))
        located.append(Field(key, value, len(text), len(text) + len(value)))
        text += value + "\n"
    text += "\n"
    begin = len(text)
    text += marks.remove(body, begin)
    return Article(
        slug=article_slug(title),
        title=title,
        text=text,
        source=wikipedia_url(page.title),
        fields=tuple(located),
        paragraphs=parse_paragraphs(text, begin),
        revision=revision,
        templates=tuple(sorted(page.unknown.items())),
        citations=tuple(marks.citations),
        links=tuple(dict.fromkeys(marks.links)),
    )


class _MarkRemover:
    """Removes the marks from rendered text, and collects the citations and links that they stand for."""

    def __init__(self, page: _PageRendering) -> None:
        self._page = page
        self.citations: list[Citation] = []
        self.links: list[Link] = []

    def remove(self, marked: str, begin: int) -> str:
        """The text without marks; ``begin`` is its offset in the text of the article."""
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


def _render_fields(box: Template, page: _PageRendering) -> list[tuple[str, str]]:
    """The key and rendered value of each parameter that has a value; a repeated key has its last value."""
    values = {str(p.name).strip(): _render_value(str(p.name).strip(), p.value, page) for p in box.params if p.showkey}
    return [(key, value) for key, value in values.items() if _MARK.sub("", value).strip()]


def _render_value(key: str, value: Wikicode, page: _PageRendering) -> str:
    """The lines of a value; a line that is all bold is a heading, which gets a colon at its end.

    A bold line with a flag is no heading but a party or person, except among strengths and casualties.
    """
    flag_is_name = not key.lower().startswith(("strength", "casualties"))
    lines = [_format_line(line, flag_is_name) for line in _render(value, page).split("\n")]
    return "\n".join(line for line in lines if line)


def _format_line(line: str, flag_is_name: bool) -> str:
    is_name = flag_is_name and _FLAG in line
    line = line.replace(_FLAG, "")
    stars = re.match(r"[\s*]*", line)
    assert stars is not None
    words = line[stars.end() :].strip()
    if words.startswith(";"):
        words = f"{_BOLD}{words[1:].replace(_BOLD, '').strip()}{_BOLD}"
    bold = re.fullmatch(f"{_BOLD}([^{_BOLD}]*){_BOLD}:?", _NOTE.sub("", words).strip())
    plain = " ".join(words.replace(_BOLD, "").split())
    if bold and plain and not is_name and not _MARK.sub("", plain).endswith(":"):
        plain += ":"
    depth = "*" * stars[0].count("*")
    return f"{depth} {plain}".strip() if plain else ""


# ---------------------------------------------------------------- the text


def _render_body(code: Wikicode, page: _PageRendering) -> str:
    """Headings and paragraphs, each on one line, with blank lines between them."""
    rendered = _UNCLOSED_REF.sub("", _STYLE.sub("", _render(code, page)))
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", rendered):
        paragraph: list[str] = []
        for raw_line in block.split("\n"):
            line = " ".join(raw_line.split())
            if line.startswith(("=", "*")):
                lines += [" ".join(paragraph), line]
                paragraph = []
            elif line:
                paragraph.append(line)
        lines.append(" ".join(paragraph))
    return "\n\n".join(line for line in lines if any(c.isalnum() for c in _MARK.sub("", line))) + "\n"


def _render(code: Wikicode | None, page: _PageRendering) -> str:
    return "".join(_render_node(node, page) for node in code.nodes) if code is not None else ""


def _render_note(code: Wikicode | None, page: _PageRendering) -> str:
    """The text of a note, whose links and notes do not count as the article's."""
    before, page.in_note = page.in_note, True
    words = _STYLE.sub("", _render(code, page))
    page.in_note = before
    return words


def _render_node(node: object, page: _PageRendering) -> str:  # noqa: PLR0911 -- a case for each kind of node
    match node:
        case Text():
            return str(node.value)
        case Wikilink():
            return _render_link(node, page)
        case Template():
            return _render_template(node, page)
        case Tag():
            return "".join(_render_tag(node, page))
        case HTMLEntity():
            return str(node.normalize())
        case ExternalLink():
            return _render(node.title, page)
        case Heading():
            marks = "=" * node.level
            return f"\n\n{marks}{' '.join(_STYLE.sub('', _render(node.title, page)).split())}{marks}\n\n"
        case Argument():
            return _render(node.default, page)
    return ""  # comments, and markup that a reader does not see


def _render_link(link: Wikilink, page: _PageRendering) -> str:
    """The words of a link; nothing for files, categories and pages in other languages."""
    target = str(link.title).strip()
    if _HIDDEN_LINK.match(target):
        return ""
    words = _render(link.text, page) if link.text is not None else _render(link.title, page).lstrip(":")
    title = " ".join(target.partition("#")[0].replace("_", " ").split()).lstrip(":")
    return page.mark_link(words, title[:1].upper() + title[1:]) if title and "|" not in title else words


def _render_template(template: Template, page: _PageRendering) -> str:
    name = _clean_name(template)
    if is_infobox(name.lower()):
        return ""
    if short := read_short_note(template, partial(_render_note, page=page)):
        return page.mark_note([short])
    values = TemplateValues({str(p.name).strip(): _render(p.value, page) for p in template.params})
    words = render_template(name, values)
    if words is None:
        page.unknown[name.lower()] += 1
        return ""
    return _FLAG + words if name.lower().startswith("flag") else words


def _render_tag(tag: Tag, page: _PageRendering) -> Iterator[str]:
    name = str(tag.tag).strip().lower()
    if name == "ref":
        citations = find_citations(tag.contents, partial(_render_note, page=page)) if tag.contents is not None else []
        yield page.mark_note(citations, str(tag.get("name").value) if tag.has("name") else "")
        return
    if name in _HIDDEN_TAGS:
        return
    if tag.wiki_markup in {"*", "#", ":", ";"}:
        yield "*" if tag.wiki_markup in {"*", "#"} else ""
        return
    yield _LINE_BREAKS.get(name, "")
    bold = _BOLD if name in {"b", "strong"} else ""
    words = _render(tag.contents, page)
    yield f"{bold}{words}{bold}" if "\n" not in words else words
