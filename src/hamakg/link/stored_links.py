"""The links in a store: read as they were written, and checked after its articles changed."""

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from hamakg.link.decisions import SHIPPED_DECISIONS, read_decisions
from hamakg.link.linking import select_valid_decisions
from hamakg.model import EntityLink, Features, LinkStatus, Location, Ref
from hamakg.rdf.iris import HAMA, Iris
from hamakg.rdf.terms import term
from hamakg.sparql.select import select_text

_FEATURES = ("name", "labelled", "type", "place", "margin")
"""The features' variables in ``queries/linking/links.rq``, in the order of Features."""


def read_links(store: ox.Store, iris: Iris) -> Iterator[EntityLink]:
    """Yield the links of ``graph/links`` as they were written, by subject and object."""
    for row in select_text(store, "linking/links", links=iris.graph("links")):
        yield EntityLink(
            subject=iris.ref(row["subject"]),
            object=row["object"],
            status=LinkStatus(row["status"].removeprefix(HAMA)),
            label=row.get("label", ""),
            object_label=row.get("objectLabel", ""),
            justification=row["justification"].rpartition("/")[2],
            confidence=float(row["confidence"]) if "confidence" in row else None,
            features=Features(*(float(row[name]) for name in _FEATURES)) if row.keys() >= {*_FEATURES} else None,
            reviewer=row.get("reviewer"),
            date=row.get("date"),
            comment=row.get("comment"),
            location=_read_location(row),
        )


def _read_location(row: Mapping[str, str]) -> Location | None:
    if not row.keys() >= {"latitude", "longitude"}:
        return None
    return Location(row["latitude"], row["longitude"], row.get("source", ""), row["object"])


def keep_valid_links(store: ox.Store, iris: Iris) -> list[EntityLink]:
    """Return the links that are still valid after the articles changed: their subject exists and has a similar name.

    A subject without a link gets the shipped decisions on it. No source is asked, so the same articles after the same
    linking have the same links.
    """
    links = list(read_links(store, iris))
    linked = {link.subject for link in links}
    shipped = [link for link in read_decisions(SHIPPED_DECISIONS) if link.subject not in linked]
    valid, _ = select_valid_decisions((*links, *shipped), lambda ref: _read_names(store, ref, iris))
    return valid


def _read_names(store: ox.Store, ref: Ref, iris: Iris) -> Sequence[str]:
    """Return the label of a resource and its other names; none if no article names it any more."""
    subject, graph = ox.NamedNode(iris.resource(ref)), ox.NamedNode(iris.graph("entities"))
    patterns = (store.quads_for_pattern(subject, term(name), None, graph) for name in ("rdfs:label", "skos:altLabel"))
    return [quad.object.value for quads in patterns for quad in quads if isinstance(quad.object, ox.Literal)]
