"""An item of Wikidata, with what a source says about it."""

import re
from dataclasses import dataclass

from hamakg.link.points import Point

WIKIDATA = "http://www.wikidata.org/entity/"

_ID = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/|wd:|wikidata:)?(Q[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its id ("Q173545"), label and other names.

    ``types`` are the ids or labels of its classes, ``countries`` the ids or names of the states it belongs to, both as
    the source writes them; ``coordinates_source`` says who gives the point. ``linked_by_article`` is true if an article
    links the thing's name to the item's Wikipedia page. ``offered_by`` names the sources that offer the item.
    """

    id: str
    label: str
    aliases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    point: Point | None = None
    countries: tuple[str, ...] = ()
    description: str = ""
    coordinates_source: str = ""
    linked_by_article: bool = False
    offered_by: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The label, then the aliases."""
        return (self.label, *self.aliases)


def parse_item_id(text: str) -> str | None:
    """Return the id in an item's id, IRI, page address or prefixed name ("wd:Q1"); None for any other text."""
    found = _ID.fullmatch(text)
    return found[1] if found else None
