"""``graph/links``: what the entities are in other data sets, with the grounds, and where places are."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from hamakg.graph.values import Properties, Resource, build_quads, decimal, individual, text, typed
from hamakg.model import EntityLink, LinkStatus
from hamakg.rdf.ids import geometry_id, link_id
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.rdf.terms import english, iri_or_literal, term

_MATCH = {LinkStatus.ACCEPTED: "skos:exactMatch", LinkStatus.PROPOSED: "skos:closeMatch"}
_WIKIDATA = PREFIXES["wd"]


def build_link_quads(links: Iterable[EntityLink], iris: Iris) -> list[Quad]:
    """The links and places in the named graph of links; of several locations of a place the first counts."""
    ordered = sorted(links, key=lambda link: link.ends)
    located = {link.subject: link for link in reversed(ordered) if link.location and _holds(link)}
    resources = [resource for link in ordered for resource in _link(link)]
    places = [resource for link in located.values() for resource in _place(link)]
    return list(dict.fromkeys(build_quads((*resources, *places), iris.graph("links"), iris)))


def build_same_as_quads(links: Iterable[EntityLink], iris: Iris) -> list[Quad]:
    """Accepted links to Wikidata as identity, in the named graph ``links/same-as``.

    An item that both a place and a party are, as Syria is, is left out: nothing is both (``ontology/alignments.ttl``).
    """
    held = [link for link in links if _holds(link) and link.object.startswith(_WIKIDATA)]
    places, others = ({link.object for link in held if _is_place(link) is kind} for kind in (True, False))
    clear = (link for link in held if link.object not in places & others)
    resources = ((link.subject, {"owl:sameAs": NamedNode(link.object)}) for link in clear)
    return list(build_quads(resources, iris.graph("links/same-as"), iris))


def _is_place(link: EntityLink) -> bool:
    return link.subject.startswith("place/")


def _holds(link: EntityLink) -> bool:
    return link.status is LinkStatus.ACCEPTED


def _link(link: EntityLink) -> Iterator[Resource]:
    """A match with Wikidata is stated, with other registers only described: who asks for a match wants one item."""
    if link.status in _MATCH and link.object.startswith(_WIKIDATA):
        yield link.subject, {_MATCH[link.status]: NamedNode(link.object)}
    yield (
        link_id(link.subject, link.object),
        {
            "rdf:type": term("hama:EntityLink"),
            "rdfs:label": english(f"Link: {link.label or link.subject}, {_name(link)}"),
            "hama:linkOf": link.subject,
            "hama:linkTo": NamedNode(link.object),
            "hama:linkStatus": individual(link.status),
            "hama:linkedName": text(link.label or None),
            "hama:targetName": text(link.object_label or None),
            "hama:justification": NamedNode(f"https://w3id.org/semapv/vocab/{link.justification}"),
            "hama:linkConfidence": decimal(link.confidence),
            "hama:reviewer": text(link.reviewer),
            "hama:decidedOn": typed(link.date, "xsd:date"),
            "hama:grounds": text(link.comment),
            **_features(link),
            **_location(link),
        },
    )


def _name(link: EntityLink) -> str:
    return link.object_label or link.object.rstrip("/").rpartition("/")[2]


def _features(link: EntityLink) -> Properties:
    found = link.features
    if found is None:
        return {}
    return {
        "hama:nameAgreement": decimal(found.name),
        "hama:labelAgreement": decimal(found.label),
        "hama:typeAgreement": decimal(found.type),
        "hama:placeAgreement": decimal(found.place),
        "hama:margin": decimal(found.margin),
    }


def _location(link: EntityLink) -> Properties:
    """Kept with the link, so that it can be read back; the place itself has them once."""
    if link.location is None:
        return {}
    return {
        "hama:linkedLatitude": decimal(Decimal(link.location.latitude)),
        "hama:linkedLongitude": decimal(Decimal(link.location.longitude)),
        "dcterms:source": text(link.location.source or None),
    }


def _place(link: EntityLink) -> Iterator[Resource]:
    assert link.location is not None
    lat, long = (decimal(Decimal(degrees)) for degrees in (link.location.latitude, link.location.longitude))
    assert lat is not None and long is not None
    geometry = geometry_id(link.subject)
    yield link.subject, {"wgs:lat": lat, "wgs:long": long, "geo:hasGeometry": geometry}
    yield (
        geometry,
        {
            "rdf:type": term("geo:Geometry"),
            "rdfs:label": english(f"Location: {link.label or link.subject}"),
            "geo:asWKT": Literal(f"POINT({long.value} {lat.value})", datatype=term("geo:wktLiteral")),
            "dcterms:source": text(link.location.source or None),
            "prov:wasDerivedFrom": iri_or_literal(link.location.record) if link.location.record else None,
        },
    )
