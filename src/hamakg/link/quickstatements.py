"""Statements for Wikidata as QuickStatements (version 1), for a person who confirms each before it is written.

https://www.wikidata.org/wiki/Help:QuickStatements: one command a line, its fields separated by tabs; ``S854`` is the
reference URL. The query takes only statements about conflicts whose links people have reviewed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from hamakg.link.items import WIKIDATA
from hamakg.rdf.iris import Iris
from hamakg.sparql.select import select_text

_VERBS = {
    "P361": "is part of",
    "P276": "took place at",
    "P710": "had as a participant",
    "P580": "began on",
    "P582": "ended on",
}


@dataclass(frozen=True, slots=True)
class QuickStatement:
    """One statement that an article makes, as a ``command`` for QuickStatements and as a ``sentence``."""

    command: str
    sentence: str


def read_quickstatements(store: ox.Store, iris: Iris) -> Iterator[QuickStatement]:
    """Yield the statements of a store that could be added to Wikidata, by item and property."""
    for row in select_text(store, "linking/quickstatements", articles=iris.article_graph("")):
        prop, value, page = row["property"], row["value"], row["page"]
        if page.startswith("http"):
            field = value.removeprefix(WIKIDATA) if value.startswith(WIKIDATA) else _format_day(value)
            command = "\t".join((row["item"].removeprefix(WIKIDATA), prop, field, "S854", f'"{page}"'))
            yield QuickStatement(command, f"{row['name']} {_VERBS[prop]} {row['valueName']} ({page})")


def _format_day(date: str) -> str:
    """Return a day with its precision (11 is a day); only years before Christ have a minus sign."""
    return f"{date if date.startswith('-') else f'+{date}'}T00:00:00Z/11"
