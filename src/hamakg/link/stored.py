"""The links that a store holds."""

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from hamakg.link.decisions import SHIPPED, read_decisions
from hamakg.link.linking import standing
from hamakg.model import EntityLink, Features, LinkStatus, Location, Ref
from hamakg.rdf.iris import HAMA, Iris
from hamakg.rdf.terms import term
from hamakg.sparql.select import select_text

_NAMES = (term("rdfs:label"), term("skos:altLabel"))


def stored(store: ox.Store, iris: Iris) -> Iterator[EntityLink]:
    """The links of ``graph/links`` as they were written, by subject and object."""
    for row in select_text(store, "linking/links", links=iris.graph("links")):
        yield EntityLink(
            subject=iris.ref(row["subject"]),
            object=row["object"],
            status=LinkStatus(row["status"].removeprefix(HAMA)),
            label=row.get("label", ""),
            object_label=row.get("objectLabel", ""),
            justification=row.get("justification", "").rpartition("/")[2],
            confidence=float(row["confidence"]) if "confidence" in row else None,
            features=_features(row),
            reviewer=row.get("reviewer"),
            date=row.get("date"),
            comment=row.get("comment"),
            location=_location(row),
        )


def kept(store: ox.Store, iris: Iris) -> list[EntityLink]:
    """The links of a store that hold after its articles changed: of what is still there, and the shipped decisions on
    what has none.

    Nothing is looked up anywhere, so the same articles after the same linking give the same links.
    """
    there = list(stored(store, iris))
    linked = {link.subject for link in there}
    new = [link for link in read_decisions(SHIPPED) if link.subject not in linked]
    return standing((*there, *new), lambda ref: _names(store, ref, iris))[0]


def _names(store: ox.Store, ref: Ref, iris: Iris) -> list[str]:
    """The label of a resource and its other names; none if no article names it any more."""
    subject, graph = ox.NamedNode(iris.resource(ref)), ox.NamedNode(iris.graph("entities"))
    found = (store.quads_for_pattern(subject, prop, None, graph) for prop in _NAMES)
    return [quad.object.value for quads in found for quad in quads if isinstance(quad.object, ox.Literal)]


def _features(row: Mapping[str, str]) -> Features | None:
    names = ("name", "labelled", "type", "place", "margin")
    return Features(*(float(row[name]) for name in names)) if row.keys() >= {*names} else None


def _location(row: Mapping[str, str]) -> Location | None:
    if not row.keys() >= {"latitude", "longitude"}:
        return None
    return Location(row["latitude"], row["longitude"], row.get("source", ""), row["object"])
