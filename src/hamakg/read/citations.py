"""What a note of wikitext cites: address, title, date and publisher of a source, whatever template tells it."""

from collections.abc import Callable, Mapping

from mwparserfromhell.nodes import ExternalLink, Template
from mwparserfromhell.wikicode import Wikicode

from hamakg.model import Citation

_PUBLISHERS = ("publisher", "website", "work", "newspaper", "magazine", "journal", "agency", "via")
_SHORT = ("sfn", "sfnp", "harvnb", "harv", "sfnm", "harvp")


def citations_of(code: Wikicode, words: Callable[[Wikicode], str]) -> list[Citation]:
    """The sources that a note (``<ref>…</ref>``) cites; ``words`` shows wikitext as a reader sees it.

    One for each citation template or bare link; else the note's own words; nothing for an empty note. ``at`` is 0.
    """
    found = [_of_template(template, words) for template in code.filter_templates(recursive=False)]
    cited = [citation for citation in found if citation is not None]
    if cited:
        return cited
    link = next(iter(code.filter_external_links(recursive=False)), None)
    text = " ".join(words(code).split())
    if link is None:
        return [Citation(0, text)] if text else []
    return [Citation(0, text or str(link.url), str(link.url), title=_title(link, words))]


def short_citation(template: Template, words: Callable[[Wikicode], str]) -> Citation | None:
    """A short note, as {{sfn|Bo|1999|p=3}}: "Bo 1999, p. 3"; None for another template."""
    name = str(template.name).strip().lower()
    if name not in _SHORT:
        return None
    values = _values(template, words)
    listed = " ".join(values[key] for key in sorted(values) if key.isdigit() and values[key])
    page = next(
        (f", {mark} {values[key]}" for key, mark in (("p", "p."), ("pp", "pp."), ("loc", "")) if values.get(key)), ""
    )
    return Citation(0, f"{listed}{page}") if listed else None


def _title(link: ExternalLink, words: Callable[[Wikicode], str]) -> str | None:
    return " ".join(words(link.title).split()) or None if link.title is not None else None


def _of_template(template: Template, words: Callable[[Wikicode], str]) -> Citation | None:
    name = str(template.name).strip().lower()
    if short := short_citation(template, words):
        return short
    if not name.startswith(("cite", "citation", "vcite")) or name == "citation needed":
        return None
    values = _values(template, words)
    title = values.get("title") or values.get("chapter") or None
    url = values.get("url") or values.get("archive-url") or None
    publisher = next((values[key] for key in _PUBLISHERS if values.get(key)), None)
    date = values.get("date") or values.get("year") or None
    author = values.get("author") or " ".join(v for v in (values.get("first", ""), values.get("last", "")) if v)
    text = ". ".join(part for part in (author, title, publisher, date) if part)
    return Citation(0, text or url or name, url, title, date, publisher) if text or url else None


def _values(template: Template, words: Callable[[Wikicode], str]) -> Mapping[str, str]:
    return {str(p.name).strip().lower(): " ".join(words(p.value).split()) for p in template.params}
