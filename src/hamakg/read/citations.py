"""The sources cited in the notes of wikitext: their address, title, date and publisher."""

from collections.abc import Callable, Mapping

from mwparserfromhell.nodes import ExternalLink, Template
from mwparserfromhell.wikicode import Wikicode

from hamakg.model import Citation

_PUBLISHERS = ("publisher", "website", "work", "newspaper", "magazine", "journal", "agency", "via")
_SHORT_NOTES = ("sfn", "sfnp", "harvnb", "harv", "sfnm", "harvp")


def find_citations(code: Wikicode, render: Callable[[Wikicode], str]) -> list[Citation]:
    """The sources that a note (``<ref>…</ref>``) cites; ``render`` turns wikitext into plain text.

    There is one for each citation template, else one for the first link, else one with the note's words, and none for
    an empty note. Their ``at`` is 0.
    """
    templates = code.filter_templates(recursive=False)
    citations = [citation for template in templates if (citation := _read_template(template, render))]
    if citations:
        return citations
    link = next(iter(code.filter_external_links(recursive=False)), None)
    text = " ".join(render(code).split())
    if link is None:
        return [Citation(0, text)] if text else []
    return [Citation(0, text or str(link.url), str(link.url), title=_read_link_title(link, render))]


def read_short_note(template: Template, render: Callable[[Wikicode], str]) -> Citation | None:
    """The source of a short note: "Bo 1999, p. 3" for {{sfn|Bo|1999|p=3}}; None for any other template."""
    name = str(template.name).strip().lower()
    if name not in _SHORT_NOTES:
        return None
    values = _read_values(template, render)
    author_and_year = " ".join(values[key] for key in sorted(values) if key.isdigit() and values[key])
    page = next(
        (f", {mark} {values[key]}" for key, mark in (("p", "p."), ("pp", "pp."), ("loc", "")) if values.get(key)), ""
    )
    return Citation(0, f"{author_and_year}{page}") if author_and_year else None


def _read_link_title(link: ExternalLink, render: Callable[[Wikicode], str]) -> str | None:
    return " ".join(render(link.title).split()) or None if link.title is not None else None


def _read_template(template: Template, render: Callable[[Wikicode], str]) -> Citation | None:
    name = str(template.name).strip().lower()
    if short := read_short_note(template, render):
        return short
    if not name.startswith(("cite", "citation", "vcite")) or name == "citation needed":
        return None
    values = _read_values(template, render)
    title = values.get("title") or values.get("chapter") or None
    url = values.get("url") or values.get("archive-url") or None
    publisher = next((values[key] for key in _PUBLISHERS if values.get(key)), None)
    date = values.get("date") or values.get("year") or None
    author = values.get("author") or " ".join(v for v in (values.get("first", ""), values.get("last", "")) if v)
    text = ". ".join(part for part in (author, title, publisher, date) if part)
    return Citation(0, text or url or name, url, title, date, publisher) if text or url else None


def _read_values(template: Template, render: Callable[[Wikicode], str]) -> Mapping[str, str]:
    return {str(p.name).strip().lower(): " ".join(render(p.value).split()) for p in template.params}
