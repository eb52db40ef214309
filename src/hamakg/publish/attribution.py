"""Writes the attribution that the articles' licence asks for: the articles, their licence, and what was changed.

The text depends on the content and name of the dump and on the version of hamakg, but not on the day of the run.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

import pyoxigraph as ox

from hamakg import __version__
from hamakg.publish.selection import find_source_graphs, list_part_graphs
from hamakg.rdf.iris import Iris
from hamakg.sparql.select import select_text

_LICENCES = {
    "https://creativecommons.org/licenses/by-sa/4.0/": "Creative Commons Attribution-ShareAlike 4.0 International",
    "https://creativecommons.org/licenses/by-sa/3.0/": "Creative Commons Attribution-ShareAlike 3.0 Unported",
}
_ADDRESSES = {
    "GeoNames": "https://www.geonames.org/",
    "Who's On First": "https://whosonfirst.org/",
    "Wikidata": "https://www.wikidata.org/",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_WIKIPEDIA = re.compile(r"(https?://[a-z-]+\.wikipedia\.org)/wiki/(.+)")

CHANGES = (
    "A program read the articles and wrote what it understood as data, with mistakes. Sentences and fields of "
    "infoboxes are quoted letter for letter; types, roles, dates, figures, labels and all else are its reading. "
    "The articles' authors have not seen or endorsed it."
)


@dataclass(frozen=True, slots=True)
class SourceArticle:
    """An article that data are made from: its IRI here, its page, and the day or time when its revision was saved."""

    iri: str
    title: str
    page: str
    licence: str
    revision: str | None = None
    modified: str | None = None

    @property
    def revision_page(self) -> str | None:
        """The address of the revision, if the page is Wikipedia's and the revision is known."""
        page = _WIKIPEDIA.fullmatch(self.page)
        return f"{page[1]}/w/index.php?oldid={self.revision}" if page and self.revision else None

    @property
    def history(self) -> str | None:
        """The address of the list of its authors, if the page is Wikipedia's."""
        page = _WIKIPEDIA.fullmatch(self.page)
        return f"{page[1]}/w/index.php?title={page[2]}&action=history" if page else None


def read_sources(store: ox.Store, graphs: Sequence[str], iris: Iris) -> tuple[SourceArticle, ...]:
    """Reads the articles that the graphs are made from, sorted by title."""
    rows = select_text(store, "description/articles", graphs=find_source_graphs(store, graphs, iris))
    return tuple(
        SourceArticle(
            row["article"], row["title"], row["page"], row["licence"], row.get("revision"), row.get("modified")
        )
        for row in rows
    )


def read_credits(store: ox.Store, graphs: Sequence[str], iris: Iris, *, for_table: bool = False) -> tuple[str, ...]:
    """Reads who provides the coordinates in the graphs, sorted; a table has the coordinates of all links."""
    with_coordinates = list_part_graphs("links", store, iris) if for_table else graphs
    if not with_coordinates:
        return ()
    return tuple(row["credit"] for row in select_text(store, "description/credits", graphs=with_coordinates))


def format_attribution(sources: Sequence[SourceArticle], name: str, credits: Sequence[str] = ()) -> str:
    """The attribution for the file of this name; ``credits`` are the providers of coordinates.

    Whoever passes the file on must name the articles and their licence, and say what was changed.
    """
    lines = [f"{name}: made by hamakg {__version__} from {count_articles(len(sources))}."]
    for licence in sorted({source.licence for source in sources}):
        lines += ["", f"Licence: {_LICENCES.get(licence, 'that of the articles')}", f"  {licence}"]
    if sources:
        lines += [
            "It holds for the articles and for this file. Whoever passes the file on names the articles with their",
            "addresses, names the licence with its address, and says what was changed.",
            "",
            *wrap("What was changed: " + CHANGES, 100),
            "",
            "The articles, by their contributors:",
        ]
    for source in sources:
        lines += ["", *_format_source(source)]
    if credits:
        lines += ["", "The coordinates of places are by:", *(f"  {_add_addresses(credit)}" for credit in credits)]
    return "\n".join(lines) + "\n"


def count_articles(number: int) -> str:
    """The number with its noun: "no article", "1 article", "1,200 articles"."""
    return {0: "no article", 1: "1 article"}.get(number, f"{number:,} articles")


def _format_source(source: SourceArticle) -> Iterator[str]:
    yield source.title
    yield f"  {source.page}"
    if source.revision:
        day = f" of {source.modified}" if source.modified else ""
        yield f"  revision {source.revision}{day}" + (f": {source.revision_page}" if source.revision_page else "")
    if source.history:
        yield f"  contributors: {source.history}"
    yield f"  licence: {source.licence}"


def _add_addresses(credit: str) -> str:
    """The credit with the addresses of the providers and licences that it names, as CC BY asks for."""
    addresses = [address for name, address in _ADDRESSES.items() if name in credit]
    return f"{credit} ({', '.join(addresses)})" if addresses else credit
