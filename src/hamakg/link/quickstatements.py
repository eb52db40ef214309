"""Facts for Wikidata as QuickStatements (version 1), for a person who confirms each before it is written.

https://www.wikidata.org/wiki/Help:QuickStatements: a command a line, its fields apart by tabs; ``S854`` is the address
of the reference, ``S813`` would be the day it was looked at. Only facts of conflicts whose links people have reviewed
come here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from hamakg.link.items import WIKIDATA
from hamakg.rdf.iris import Iris
from hamakg.sparql.select import select_text

_SAID = {
    "P361": "is part of",
    "P276": "took place at",
    "P710": "had as a participant",
    "P580": "began on",
    "P582": "ended on",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement that an article makes: ``line`` writes it as a command, ``words`` says it."""

    line: str
    words: str


def facts(store: ox.Store, iris: Iris) -> Iterator[Fact]:
    """The facts of a store that could go to Wikidata, by item and property."""
    for row in select_text(store, "linking/statements", articles=iris.article_graph("")):
        prop, value, page = row["property"], row["value"], row["page"]
        if page.startswith("http"):
            shown = value.removeprefix(WIKIDATA) if value.startswith(WIKIDATA) else _day(value)
            line = "\t".join((row["item"].removeprefix(WIKIDATA), prop, shown, "S854", f'"{page}"'))
            yield Fact(line, f"{row['name']} {_SAID[prop]} {row['valueName']} ({page})")


def _day(date: str) -> str:
    """A day with its precision; years before Christ have a minus sign (11 is a day)."""
    return f"{date if date.startswith('-') else f'+{date}'}T00:00:00Z/11"
