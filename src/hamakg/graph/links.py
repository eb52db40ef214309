"""Builds the graph of links: which items of other data sets the things are, why, and where places lie."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from hamakg.graph.values import Properties, Resource, build_quads, decimal, individual, text, typed
from hamakg.model import EntityLink, Features, LinkStatus, Location, Ref
from hamakg.rdf.ids import geometry_id, link_id
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.rdf.terms import english, iri_or_literal, term

_MATCHES = {LinkStatus.ACCEPTED: "skos:exactMatch", LinkStatus.PROPOSED: "skos:closeMatch"}
_WIKIDATA = PREFIXES["wd"]
_SEMAPV = "https://w3id.org/semapv/vocab/"


def build_link_quads(links: Iterable[EntityLink], iris: Iris) -> list[Quad]:
    """Return the links and the locations of places; if a place has several, that of the first accepted link counts."""
    ordered = sorted(links, key=lambda link: link.ends)
    located: dict[Ref, tuple[EntityLink, Location]] = {}
    for link in ordered:
        if link.location and _is_accepted(link):
            located.setdefault(link.subject, (link, link.location))
    resources = [resource for link in ordered for resource in _describe_link(link)]
    resources += [resource for link, location in located.values() for resource in _describe_place(link, location)]
    return list(dict.fromkeys(build_quads(resources, iris.graph("links"), iris)))


def build_same_as_quads(links: Iterable[EntityLink], iris: Iris) -> list[Quad]:
    """Return accepted links to Wikidata as ``owl:sameAs``, in the named graph ``links/same-as``.

    An item to which both a place and a party are linked, as Syria's is, is left out: places and parties are disjoint
    classes (``ontology/alignments.ttl``).
    """
    accepted = [link for link in links if _is_accepted(link) and link.object.startswith(_WIKIDATA)]
    of_places = {link.object for link in accepted if _is_of_place(link)}
    of_others = {link.object for link in accepted if not _is_of_place(link)}
    resources = (
        (link.subject, {"owl:sameAs": NamedNode(link.object)})
        for link in accepted
        if link.object not in of_places & of_others
    )
    return list(build_quads(resources, iris.graph("links/same-as"), iris))


def _is_of_place(link: EntityLink) -> bool:
    return link.subject.startswith("place/")


def _is_accepted(link: EntityLink) -> bool:
    return link.status is LinkStatus.ACCEPTED


def _describe_link(link: EntityLink) -> Iterator[Resource]:
    """Yield the link as a resource, and its match if it leads to Wikidata.

    Matches with other data sets are not stated: a query for a thing's match wants one item.
    """
    if link.status in _MATCHES and link.object.startswith(_WIKIDATA):
        yield link.subject, {_MATCHES[link.status]: NamedNode(link.object)}
    target = link.object_label or link.object.rstrip("/").rpartition("/")[2]
    yield (
        link_id(link.subject, link.object),
        {
            "rdf:type": term("hama:EntityLink"),
            "rdfs:label": english(f"Link: {link.label or link.subject}, {target}"),
            "hama:linkOf": link.subject,
            "hama:linkTo": NamedNode(link.object),
            "hama:linkStatus": individual(link.status),
            "hama:linkedName": text(link.label or None),
            "hama:targetName": text(link.object_label or None),
            "hama:justification": NamedNode(f"{_SEMAPV}{link.justification}"),
            "hama:linkConfidence": decimal(link.confidence),
            "hama:reviewer": text(link.reviewer),
            "hama:decidedOn": typed(link.date, "xsd:date"),
            "hama:grounds": text(link.comment),
            **(_describe_features(link.features) if link.features else {}),
            **(_describe_location(link.location) if link.location else {}),
        },
    )


def _describe_features(features: Features) -> Properties:
    return {
        "hama:nameAgreement": decimal(features.name),
        "hama:labelAgreement": decimal(features.label),
        "hama:typeAgreement": decimal(features.type),
        "hama:placeAgreement": decimal(features.place),
        "hama:margin": decimal(features.margin),
    }


def _describe_location(location: Location) -> Properties:
    """Return the location as a part of the link, to read it back; :func:`_describe_place` states it of the place."""
    return {
        "hama:linkedLatitude": decimal(Decimal(location.latitude)),
        "hama:linkedLongitude": decimal(Decimal(location.longitude)),
        "dcterms:source": text(location.source or None),
    }


def _describe_place(link: EntityLink, location: Location) -> Iterator[Resource]:
    lat, long = decimal(Decimal(location.latitude)), decimal(Decimal(location.longitude))
    assert lat is not None and long is not None
    geometry = geometry_id(link.subject)
    yield link.subject, {"wgs:lat": lat, "wgs:long": long, "geo:hasGeometry": geometry}
    yield (
        geometry,
        {
            "rdf:type": term("geo:Geometry"),
            "rdfs:label": english(f"Location: {link.label or link.subject}"),
            "geo:asWKT": Literal(f"POINT({long.value} {lat.value})", datatype=term("geo:wktLiteral")),
            "dcterms:source": text(location.source or None),
            "prov:wasDerivedFrom": iri_or_literal(location.record) if location.record else None,
        },
    )
