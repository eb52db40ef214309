"""A graph whose IRIs and texts would run a script, open a file or call a program if a page made links of them."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from hamakg.graph import build_link_quads
from hamakg.model import EntityLink, LinkStatus
from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term
from hamakg.store import VersionedStore, add_quads

HOSTILE_IRIS = (
    "javascript:alert(1)//wiki/",
    "JaVaScRiPt:alert(1)//wiki/",
    "javascript:'/href='https://example.org/wiki/",
    "data:text/html;base64,PHNjcmlwdD4/wiki/",
    "DATA:text/html,alert(1)/wiki/",
    "file:///etc/passwd/wiki/",
    "File:///etc/passwd/wiki/",
    "vbscript:msgbox(1)/wiki/",
    "blob:https://example.org/wiki/",
    "view-source:https://example.org/wiki/",
    "ftp://example.org/wiki/",
    "tel:+100/wiki/",
    "h323:example/wiki/",
    "http:javascript/wiki/",
    "urn:example:/wiki/",
)
HOSTILE_TEXTS = (
    "java\tscript:alert(1)/wiki/",
    "\x01javascript:alert(1)/wiki/",
    " \njavascript:alert(1)/wiki/",
    "httpſ://example.org/wiki/",
    "https:\njavascript:alert(1)/wiki/",
)
LINKABLE_IRIS = ("HTTPS://example.org/wiki/Aba", "http://example.org/wiki/'/onclick='alert(1)", "mailto:a@example.org")

_ABA = "place/aba"
_PROPERTIES = (
    "dcterms:source",
    "skos:exactMatch",
    "schema:subjectOf",
    "schema:url",
    "owl:sameAs",
    "prov:wasDerivedFrom",
)


def write_hostile_graph(store: VersionedStore, iris: Iris) -> None:
    """Writes the next generation of a store: every IRI of this module in every place that a page shows."""
    with store.open_draft() as draft:
        for iri in HOSTILE_IRIS:
            add_quads(draft, _describe(NamedNode(iri), iris))
        add_quads(draft, _quote_texts(iris))
        add_quads(draft, _name_places(iris))
        add_quads(draft, _propose_links(iris))


def _describe(hostile: NamedNode, iris: Iris) -> Iterator[Quad]:
    """The IRI as object, property, class, datatype, event, passage, article, its source and licence, in its graph."""
    aba, passage = NamedNode(iris.resource(_ABA)), NamedNode(f"{hostile.value}passage")
    statements: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        *((aba, term(name), hostile) for name in (*_PROPERTIES, "rdf:type", "hama:within")),
        (aba, hostile, Literal("a text", datatype=hostile)),
        (hostile, term("hama:place"), aba),
        (hostile, term("hama:factuality"), hostile),
        (hostile, term("hama:standing"), hostile),
        (hostile, term("rdf:type"), hostile),
        (hostile, term("rdf:type"), term("hama:Article")),
        (hostile, term("dcterms:title"), Literal("an article")),
        (hostile, term("dcterms:source"), hostile),
        (hostile, term("dcterms:license"), hostile),
        (hostile, term("prov:wasDerivedFrom"), passage),
        (passage, term("nif:anchorOf"), Literal("Aba was captured.")),
        (passage, term("nif:beginIndex"), Literal(0)),
        (passage, term("nif:referenceContext"), hostile),
    ]
    return (Quad(*statement, hostile) for statement in statements)


def _quote_texts(iris: Iris) -> Iterator[Quad]:
    graph, aba, article = (NamedNode(iri) for iri in (iris.graph("texts"), iris.resource(_ABA), iris.resource("texts")))
    yield Quad(article, term("rdf:type"), term("hama:Article"), graph)
    yield Quad(article, term("dcterms:title"), Literal("texts"), graph)
    for text in map(Literal, HOSTILE_TEXTS):
        yield from (Quad(aba, term(name), text, graph) for name in _PROPERTIES)
        yield from (Quad(article, term(f"dcterms:{name}"), text, graph) for name in ("source", "license"))


def _name_places(iris: Iris) -> Iterator[Quad]:
    """Places that are linked and that have these IRIs for names, and IRIs that a page may link to."""
    entities, aba = NamedNode(iris.graph("entities")), NamedNode(iris.resource(_ABA))
    for iri in (*HOSTILE_IRIS, *LINKABLE_IRIS):
        yield Quad(NamedNode(iri), term("rdf:type"), term("hama:Place"), entities)
        yield Quad(NamedNode(iri), term("rdfs:label"), Literal(iri), entities)
        yield Quad(aba, term("hama:near"), NamedNode(iri), entities)


def _propose_links(iris: Iris) -> Iterator[Quad]:
    """Each IRI is proposed for the place Aba, and for the place that has it for a name."""
    for iri in (*HOSTILE_IRIS, *LINKABLE_IRIS):
        for subject in (_ABA, iri):
            place = NamedNode(iris.resource(subject) if subject == _ABA else iri)
            link = EntityLink(subject, iri, LinkStatus.PROPOSED, "Aba", confidence=0.9)
            for quad in build_link_quads([link], iris):
                is_subject = quad.object == NamedNode(iris.resource(subject))
                yield Quad(quad.subject, quad.predicate, place if is_subject else quad.object, quad.graph_name)
