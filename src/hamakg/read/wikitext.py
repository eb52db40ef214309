"""Wikitext as the text that a reader sees: an article in the seeds' form, with where its links lead."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import mwparserfromhell
from mwparserfromhell.nodes import Argument, Comment, ExternalLink, Heading, HTMLEntity, Tag, Template, Text, Wikilink
from mwparserfromhell.wikicode import Wikicode

from hamakg.errors import HamakgError
from hamakg.model import Article, Field
from hamakg.read.plain import narrative, source_of
from hamakg.read.templates import Values, is_infobox, shown
from hamakg.terms import article_slug

LONGEST_PAGE = 5_000_000
"""Characters of the longest page that is read; Wikipedia's own limit is two million bytes."""

# Marks in the text while it is made: where a bold line begins and ends.
_BOLD = "\ue000"
_OURS = re.compile("[\ue000-\ue0ff]")

_GONE = frozenset(
    {"gallery", "hiero", "imagemap", "math", "ref", "references", "score", "table", "templatestyles", "timeline"}
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
    return next((" ".join(value.split()) for key, value in fields if key.lower() == "conflict"), "")


def _article(page: Page, title: str, fields: Sequence[tuple[str, str]], body: str, revision: str | None) -> Article:
    text = f"= {title} =\n\nInfobox\n"
    made: list[Field] = []
    for key, value in fields:
        text += f"- {key[:1].upper()}{key[1:]}: "
        made.append(Field(key, value, len(text), len(text) + len(value)))
        text += value + "\n"
    text += "\n"
    begin = len(text)
    text += body
    return Article(
        slug=article_slug(title),
        title=title,
        text=text,
        source=source_of(page.title),
        fields=tuple(made),
        paragraphs=narrative(text, begin),
        revision=revision,
        templates=tuple(sorted(page.unknown.items())),
    )


# ---------------------------------------------------------------- the infobox


def _fields(box: Template, page: Page) -> list[tuple[str, str]]:
    """Key and shown value of each parameter that has one, in their order; of a key given twice the last holds."""
    values = {str(p.name).strip(): _shown_value(p.value, page) for p in box.params if p.showkey}
    return [(key, value) for key, value in values.items() if value]


def _shown_value(value: Wikicode, page: Page) -> str:
    """A value line by line; a line in bold alone is a heading and ends in a colon."""
    lines = [_line(line) for line in _render(value, page).split("\n")]
    return "\n".join(line for line in lines if line)


def _line(line: str) -> str:
    stars = re.match(r"[\s*]*", line)
    assert stars is not None
    words = line[stars.end() :].strip()
    if words.startswith(";"):
        words = f"{_BOLD}{words[1:].replace(_BOLD, '').strip()}{_BOLD}"
    bold = re.fullmatch(f"{_BOLD}([^{_BOLD}]*){_BOLD}:?", words)
    plain = " ".join(words.replace(_BOLD, "").split())
    if bold and plain and not plain.endswith(":"):
        plain += ":"
    depth = "*" * stars[0].count("*")
    return f"{depth} {plain}".strip() if plain else ""


# ---------------------------------------------------------------- the text


def _body(code: Wikicode, page: Page) -> str:
    """Headings and paragraphs, each on a line, a blank line between paragraphs."""
    rendered = _OPEN_REF.sub("", _render(code, page)).replace(_BOLD, "")
    lines: list[str] = []
    for block in re.split(r"\n\s*\n", rendered):
        held: list[str] = []
        for line in block.split("\n"):
            line = " ".join(line.split())
            if line.startswith(("=", "*")):
                lines += [" ".join(held), line]
                held = []
            elif line:
                held.append(line)
        lines.append(" ".join(held))
    return "\n\n".join(line for line in lines if any(c.isalnum() for c in line)) + "\n"


def _render(code: Wikicode | None, page: Page) -> str:
    return "".join(_show(node, page) for node in code.nodes) if code is not None else ""


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
            return f"\n\n{marks}{' '.join(_render(node.title, page).replace(_BOLD, '').split())}{marks}\n\n"
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
    return _render(link.text, page) if link.text is not None else _render(link.title, page)


def _template(template: Template, page: Page) -> str:
    name = _name(template)
    if is_infobox(name.lower()):
        return ""
    values = Values({str(p.name).strip(): _render(p.value, page) for p in template.params})
    words = shown(name, values)
    if words is None:
        page.unknown[name.lower()] += 1
        return ""
    return words


def _tag(tag: Tag, page: Page) -> Iterator[str]:
    name = str(tag.tag).strip().lower()
    if name in _GONE:
        return
    if tag.wiki_markup in {"*", "#", ":", ";"}:
        yield "*" if tag.wiki_markup in {"*", "#"} else ""
        return
    if tag.wiki_markup == "{|":
        return
    yield _LINES.get(name, "")
    bold = _BOLD if name in {"b", "strong"} else ""
    words = _render(tag.contents, page)
    yield f"{bold}{words}{bold}" if "\n" not in words else words
