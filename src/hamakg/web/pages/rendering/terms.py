"""Renders RDF terms for people: words instead of IRIs, links to pages, and an event's standing.

A :class:`RenderedTerm` is what the macro ``value`` of ``macros.html`` prints.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.rdf.terms import term
from hamakg.store import find_triples
from hamakg.web.pages.rendering.links import find_address

Term = NamedNode | BlankNode | Literal | Triple

RDF_TYPE = term("rdf:type")
CODE_SCHEMES = {
    "acled": "https://w3id.org/hamakg/crosswalk/acled#",
    "ucdp": "https://w3id.org/hamakg/crosswalk/ucdp#",
}
"""The namespaces of the codes in the crosswalk, by the name of their scheme."""

# Vocabularies that the ontology is aligned with, but that no data uses.
_ALIGNED = {"crm": "http://www.cidoc-crm.org/cidoc-crm/", "dbo": "http://dbpedia.org/ontology/", **CODE_SCHEMES}
_LABELS = (term("rdfs:label"), term("skos:prefLabel"))
_MARKS = (term("hama:standing"), term("hama:factuality"))
_STRING = term("xsd:string")
_MAX_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class RenderedTerm:
    """One term on a page: its text, the address it links to, and in ``hint`` its IRI or datatype.

    ``marks`` are the standing and the factuality of an event or report, in words.
    """

    text: str
    href: str | None = None
    hint: str | None = None
    marks: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class TermRenderer:
    """Renders terms with the labels that a store has for them."""

    store: Store
    iris: Iris

    def render(self, term: Term | None) -> RenderedTerm:
        """Renders a term; None, the value of an unbound variable, becomes an empty text."""
        if term is None:
            return RenderedTerm("")
        if isinstance(term, NamedNode):
            return self._render_iri(term)
        if isinstance(term, Literal):
            return _render_literal(term)
        return RenderedTerm(str(term))

    def render_sorted(self, terms: Iterable[Term]) -> list[RenderedTerm]:
        """Renders each term once, sorted by the texts."""
        rendered = (self.render(term) for term in dict.fromkeys(terms))
        return sorted(rendered, key=lambda one: (one.text.casefold(), one.href or ""))

    def _render_iri(self, node: NamedNode) -> RenderedTerm:
        iri = node.value
        if iri.startswith(HAMA):
            return RenderedTerm(_split_words(_local_name(iri)), url_for("ontology", _anchor=_local_name(iri)), iri)
        for scheme, namespace in CODE_SCHEMES.items():
            if iri.startswith(namespace):
                href = url_for("crosswalk_scheme", scheme=scheme, _anchor=_local_name(iri))
                return RenderedTerm(_shorten(iri), href, iri)
        for page in ("resource", "graph"):
            if iri.startswith(f"{self.iris.base}{page}/"):
                path = iri.removeprefix(f"{self.iris.base}{page}/")
                text = read_label(node, self.store) or path
                return RenderedTerm(text, url_for(page, path=path), iri, read_marks(node, self.store))
        return RenderedTerm(_shorten(iri), find_address(iri), iri)


def read_marks(node: NamedNode, store: Store) -> tuple[str, ...]:
    """Returns the standing and the factuality of an event or report, in words; nothing for other resources."""
    values = (triple.object for mark in _MARKS for triple in find_triples(store, node, mark))
    return tuple(_split_words(_local_name(value.value)) for value in values if isinstance(value, NamedNode))


def read_label(node: NamedNode, store: Store) -> str | None:
    """Returns the label, or else a preferred name from some article, or else None."""
    for prop in _LABELS:
        for _, _, label in find_triples(store, node, prop):
            if isinstance(label, Literal):
                return label.value
    return None


def _render_literal(literal: Literal) -> RenderedTerm:
    text = literal.value
    if len(text) > _MAX_CHARACTERS:
        text = f"{text[:_MAX_CHARACTERS]} … ({len(literal.value)} characters)"
    datatype = literal.datatype
    hint = None if literal.language or datatype == _STRING else _shorten(datatype.value)
    return RenderedTerm(text, None, hint, (), literal.language)


def _split_words(name: str) -> str:
    """Turns ``AirStrike`` into "air strike"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _local_name(iri: str) -> str:
    return iri.rpartition("#")[2]


def _shorten(iri: str) -> str:
    """Returns a prefixed name such as ``xsd:date`` where the namespace has a known prefix, else the IRI."""
    for prefix, namespace in (PREFIXES | _ALIGNED).items():
        local = iri.removeprefix(namespace)
        if local != iri and local and "/" not in local:
            return f"{prefix}:{local}"
    return iri
