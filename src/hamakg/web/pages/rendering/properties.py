"""Groups statements by property, for the macro ``property_list`` of ``macros.html``, and cuts long lists of values."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from flask import url_for

from hamakg.sparql.query_files import query_text
from hamakg.web.pages.rendering.terms import RenderedTerm, Term, TermRenderer

VALUES_SHOWN = 25

LinkToAll = Callable[[Term], str]
"""Returns the address of a page with all values of a property."""


@dataclass(frozen=True, slots=True)
class PropertyValues:
    """The first ``VALUES_SHOWN`` values of one property, the count of all, and the address of a page with all."""

    property: RenderedTerm
    values: tuple[RenderedTerm, ...]
    count: int
    all_url: str | None


def group_values(
    pairs: Iterable[tuple[Term, Term]], terms: TermRenderer, link_to_all: LinkToAll | None = None
) -> list[PropertyValues]:
    """Groups (property, value) pairs by property; both properties and values are sorted by their texts."""
    grouped: dict[Term, dict[Term, None]] = {}
    for prop, value in pairs:
        grouped.setdefault(prop, {})[value] = None
    return sort_properties(
        render_property(prop, values, len(values), terms, link_to_all) for prop, values in grouped.items()
    )


def render_property(
    prop: Term, values: Iterable[Term], count: int, terms: TermRenderer, link_to_all: LinkToAll | None = None
) -> PropertyValues:
    """Renders one property with the first of its ``count`` values."""
    shown = terms.render_sorted(islice(values, VALUES_SHOWN))
    all_url = link_to_all(prop) if link_to_all and count > VALUES_SHOWN else None
    return PropertyValues(terms.render(prop), tuple(shown), count, all_url)


def sort_properties(properties: Iterable[PropertyValues]) -> list[PropertyValues]:
    """Sorts properties by their texts."""
    return sorted(properties, key=lambda values: values.property.text)


def query_url(name: str, **iris: str) -> str:
    """Returns the address of the query page with one of the files of ``queries/`` on it."""
    return url_for("query", query=query_text(name, **iris))
