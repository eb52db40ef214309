"""Why the graph says what it says of one resource: its facts, the sentences behind it, and who claims or denies it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from hamakg.errors import HamakgError, UsageError
from hamakg.store import triples
from hamakg.terms import HAMA, PREFIXES, Names

Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_DERIVED = NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
_TITLE = NamedNode(PREFIXES["dcterms"] + "title")
_CONTEXT, _ANCHOR, _BEGIN, _END, _TEXT = (
    NamedNode(PREFIXES["nif"] + name) for name in ("referenceContext", "anchorOf", "beginIndex", "endIndex", "isString")
)
_ABOUT, _FIELD = NamedNode(HAMA + "about"), NamedNode(HAMA + "fieldName")
_NAMES = {NamedNode(PREFIXES["skos"] + name) for name in ("prefLabel", "altLabel", "hiddenLabel")}
_NOT_SHOWN = {*_NAMES, _LABEL, _DERIVED, _ANCHOR, _TEXT}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of an article, letter for letter: ``begin`` and ``end`` are code points of the document's text."""

    text: str
    article: str
    begin: int
    end: int
    field: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One resource: its facts as (property, value) pairs in words, its evidence, and the claims about it."""

    iri: str
    label: str
    facts: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]
    claims: tuple["Explanation", ...] = ()


def explain(store: Store, resource: str, names: Names) -> list[Explanation]:
    """The resource of this IRI (or of this part of it below ``resource/``), and what speaks of it if nothing is said of
    where it comes from itself: the events at a place, all that was read in one sentence.

    Raises HamakgError when the store holds no such resource.
    """
    iri = resource if "://" in resource else names.resource(resource)
    try:
        node = NamedNode(iri)
    except ValueError as error:
        raise UsageError(f"{resource!r} is no id and no IRI; copy one from the answer of a query") from error
    if not any(triples(store, node)):
        raise HamakgError(f"nothing is known of {iri}; copy an id from the answer of a query")
    own = _explanation(store, node, names)
    if _objects(store, node, _DERIVED):
        return [own]
    speaking = {triple.subject for triple in triples(store, value=node)}
    others = (_explanation(store, subject, names) for subject in sorted(speaking, key=str))
    return [own, *(other for other in others if other.evidence)]


def _explanation(store: Store, node: Subject, names: Names) -> Explanation:
    claims = (triple.subject for triple in triples(store, None, _ABOUT, node))
    return Explanation(
        iri=_value(node),
        label=_label(store, node, names),
        facts=tuple(_facts(store, node, names)),
        evidence=tuple(
            _evidence(store, passage) for passage in _objects(store, node, _DERIVED) or _itself(store, node)
        ),
        claims=tuple(_explanation(store, claim, names) for claim in sorted(claims, key=str)),
    )


def _facts(store: Store, node: Subject, names: Names) -> Iterator[tuple[str, str]]:
    """What is said of the node, in words, properties in alphabetical order but for the type, which comes first."""
    shown = [(prop, value) for _, prop, value in triples(store, node) if prop not in _NOT_SHOWN]
    for prop, value in sorted(shown, key=lambda fact: (fact[0] != _TYPE, *map(str, fact))):
        yield names.short(prop.value), _label(store, value, names)


def _evidence(store: Store, passage: Term) -> Evidence:
    (article,) = _objects(store, passage, _CONTEXT)
    return Evidence(
        text=_literal(store, passage, _ANCHOR),
        article=_literal(store, article, _TITLE),
        begin=int(_literal(store, passage, _BEGIN)),
        end=int(_literal(store, passage, _END)),
        field=next((_value(name) for name in _objects(store, passage, _FIELD)), None),
    )


def _itself(store: Store, node: Subject) -> list[Term]:
    return [node] if _objects(store, node, _ANCHOR) else []


def _label(store: Store, node: Term, names: Names) -> str:
    """The one label of a resource; a term of a vocabulary as a prefixed name; a literal's own words."""
    if isinstance(node, Literal):
        return node.value
    short = names.short(_value(node))
    if _value(node).startswith(HAMA):
        return short
    return next((_value(label) for label in _objects(store, node, _LABEL)), short)


def _literal(store: Store, node: Term, prop: NamedNode) -> str:
    (value,) = _objects(store, node, prop)
    return _value(value)


def _value(node: Term) -> str:
    return str(node) if isinstance(node, Triple) else node.value


def _objects(store: Store, node: Term, prop: NamedNode) -> list[Term]:
    """The objects in alphabetical order; a literal is the subject of nothing."""
    if isinstance(node, Literal):
        return []
    return sorted((triple.object for triple in triples(store, node, prop)), key=str)
