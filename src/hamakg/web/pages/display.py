"""RDF terms as people see them: a word for an IRI, a link to its page, and beside an event how it is told."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.rdf.terms import term
from hamakg.store import find_triples

Term = NamedNode | BlankNode | Literal | Triple

RDF_TYPE = term("rdf:type")
_LABELS = (term("rdfs:label"), term("skos:prefLabel"))
_MARKS = (term("hama:standing"), term("hama:factuality"))
_STRING = term("xsd:string")
_LONGEST_TEXT = 1000
# Of vocabularies that the ontology is set beside, in which no data are written.
_ELSEWHERE = {
    "crm": "http://www.cidoc-crm.org/cidoc-crm/",
    "dbo": "http://dbpedia.org/ontology/",
    "acled": "https://w3id.org/hamakg/crosswalk/acled#",
    "ucdp": "https://w3id.org/hamakg/crosswalk/ucdp#",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One term on a page; ``marks`` are its standing and factuality, ``hint`` what the text leaves out."""

    text: str
    href: str | None = None
    hint: str | None = None
    marks: tuple[str, ...] = ()
    language: str | None = None


Show = Callable[[Term | None], Shown]


def shower(store: Store, iris: Iris) -> Show:
    """A function that shows terms by the labels of this store; None, an unbound variable, is shown as nothing."""

    def show(term: Term | None) -> Shown:
        if term is None:
            return Shown("")
        if isinstance(term, NamedNode):
            return _resource(term, store, iris)
        if isinstance(term, Literal):
            return _literal(term)
        return Shown(str(term))

    return show


def in_order(terms: Iterable[Term], show: Show) -> list[Shown]:
    """Each term once, sorted by what people see."""
    shown = (show(term) for term in dict.fromkeys(terms))
    return sorted(shown, key=lambda one: (one.text.casefold(), one.href or ""))


def marks_of(node: NamedNode, store: Store) -> tuple[str, ...]:
    """The standing and the factuality of an event or report, in words; nothing for other things."""
    values = (triple.object for mark in _MARKS for triple in find_triples(store, node, mark))
    return tuple(_words(_local(value.value)) for value in values if isinstance(value, NamedNode))


def label_of(node: NamedNode, store: Store) -> str | None:
    """The label, else a preferred name that some article uses, else None."""
    for prop in _LABELS:
        for _, _, label in find_triples(store, node, prop):
            if isinstance(label, Literal):
                return label.value
    return None


def _resource(node: NamedNode, store: Store, iris: Iris) -> Shown:
    iri = node.value
    if iri.startswith(HAMA):
        return Shown(_words(_local(iri)), url_for("pages.ontology", _anchor=_local(iri)), iri)
    for kind in ("resource", "graph"):
        if iri.startswith(f"{iris.base}{kind}/"):
            path = iri.removeprefix(f"{iris.base}{kind}/")
            text = label_of(node, store) or path
            return Shown(text, url_for(f"pages.{kind}", path=path), iri, marks_of(node, store))
    return Shown(_prefixed(iri), iri if iri.startswith(("http://", "https://")) else None, iri)


def _literal(literal: Literal) -> Shown:
    text = literal.value
    if len(text) > _LONGEST_TEXT:
        text = f"{text[:_LONGEST_TEXT]} … ({len(literal.value)} characters)"
    datatype = literal.datatype
    hint = None if literal.language or datatype == _STRING else _prefixed(datatype.value)
    return Shown(text, None, hint, (), literal.language)


def _words(name: str) -> str:
    """``AirStrike`` as "air strike"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _prefixed(iri: str) -> str:
    """``xsd:date`` for a term in a namespace that we know, else the IRI itself."""
    for prefix, namespace in (PREFIXES | _ELSEWHERE).items():
        local = iri.removeprefix(namespace)
        if local != iri and local and "/" not in local:
            return f"{prefix}:{local}"
    return iri
