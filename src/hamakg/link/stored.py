"""The links that a store holds."""

from collections.abc import Iterator

import pyoxigraph as ox

from hamakg.link.asking import rows
from hamakg.link.decisions import SHIPPED, read_decisions
from hamakg.link.linking import standing
from hamakg.model import EntityLink, Features, LinkStatus, Location, Ref
from hamakg.rdf.iris import HAMA, Iris
from hamakg.rdf.terms import term

_NAMES = (term("rdfs:label"), term("skos:altLabel"))


def stored(store: ox.Store, iris: Iris) -> Iterator[EntityLink]:
    """The links of ``graph/links`` as they were written, by subject and object."""
    for row in rows(store, "links", links=iris.graph("links")):
        subject, target, status, label, object_label, justification, confidence, reviewer, date, comment = row[:10]
        yield EntityLink(
            subject=iris.ref(subject),
            object=target,
            status=LinkStatus(status.removeprefix(HAMA)),
            label=label,
            object_label=object_label,
            justification=justification.rpartition("/")[2],
            confidence=float(confidence) if confidence else None,
            features=_features(row[10:15]),
            reviewer=reviewer or None,
            date=date or None,
            comment=comment or None,
            location=_location(row[15:18], target),
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


def _features(cells: tuple[str, ...]) -> Features | None:
    return Features(*map(float, cells)) if all(cells) else None


def _location(cells: tuple[str, ...], record: str) -> Location | None:
    latitude, longitude, source = cells
    return Location(latitude, longitude, source, record) if latitude and longitude else None
