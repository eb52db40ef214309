"""Why the graph says what it says of one resource: its facts, the sentences behind it, and who claims or denies it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from hamakg.errors import HamakgError, UsageError
from hamakg.rdf.ids import event_id
from hamakg.rdf.iris import HAMA, Iris
from hamakg.rdf.terms import term
from hamakg.store import find_stated_triples, find_triples

if TYPE_CHECKING:  # for the type alone: the language model's library takes a second to load
    from spacy.tokens import Doc, Token

Parser = Callable[[str], "Doc"]
Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal

_TYPE = term("rdf:type")
_LABEL = term("rdfs:label")
_DERIVED = term("prov:wasDerivedFrom")
_TITLE = term("dcterms:title")
_CONTEXT, _ANCHOR, _BEGIN, _END, _TEXT = (
    term(f"nif:{name}") for name in ("referenceContext", "anchorOf", "beginIndex", "endIndex", "isString")
)
_ABOUT, _FIELD, _RULE = (term(f"hama:{name}") for name in ("about", "fieldName", "extractedBy"))
_NAMES = {term(f"skos:{name}") for name in ("prefLabel", "altLabel", "hiddenLabel")}
_ALIKE = range(9)  # events that one word of a sentence may tell, each with its own number
_NOT_SHOWN = {*_NAMES, _LABEL, _DERIVED, _ANCHOR, _TEXT}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a parse: its tag (https://universaldependencies.org/u/pos/), its dependency on the ``head``, by number.

    The root of a sentence is its own head. ``trigger``: the word tells the event that is explained.
    """

    number: int
    text: str
    tag: str
    dependency: str
    head: int
    trigger: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of an article, letter for letter: ``begin`` and ``end`` are code points of the document's text.

    ``parse`` is empty unless it was asked for and the resource is an event of this sentence.
    """

    text: str
    article: str
    begin: int
    end: int
    field: str | None
    parse: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One resource: its facts as (property, value) pairs in words, its evidence, and the claims about it."""

    iri: str
    label: str
    facts: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]
    claims: tuple["Explanation", ...] = ()


def explain(store: Store, resource: str, iris: Iris, parser: Parser | None = None) -> list[Explanation]:
    """The resource of this IRI (or of this part of it below ``resource/``), and what speaks of it if nothing is said of
    where it comes from itself: the events at a place, all that was read in one sentence.

    With a ``parser``, which parses a paragraph, the evidence of events is shown with its parse.
    Raises HamakgError when the store holds no such resource.
    """
    iri = resource if "://" in resource else iris.resource(resource)
    try:
        node = NamedNode(iri)
    except ValueError as error:
        raise UsageError(f"{resource!r} is no id and no IRI; copy one from the answer of a query") from error
    if not any(find_triples(store, node)):
        raise HamakgError(f"nothing is known of {iri}; copy an id from the answer of a query")
    own = _explanation(store, node, iris, parser)
    if _objects(store, node, _DERIVED):
        return [own]
    speaking = {triple.subject for triple in find_stated_triples(store, iris.graph("inferred/"), value=node)}
    others = (_explanation(store, subject, iris, parser) for subject in sorted(speaking, key=str))
    return [own, *(other for other in others if other.evidence)]


def _explanation(store: Store, node: Subject, iris: Iris, parser: Parser | None = None) -> Explanation:
    passages = _passages(store, node)
    evidence = (_evidence(store, passage) for passage in passages)
    if parser and _objects(store, node, _RULE):
        texts = [_literal(store, article, _TEXT) for p in passages for article in _objects(store, p, _CONTEXT)]
        is_trigger = trigger_test(store, node, iris)
        evidence = (_parsed(e, text, parser, is_trigger) for e, text in zip(evidence, texts, strict=True))
    claims = (triple.subject for triple in find_triples(store, None, _ABOUT, node))
    return Explanation(
        iri=_value(node),
        label=_label(store, node, iris),
        facts=tuple(_facts(store, node, iris)),
        evidence=tuple(evidence),
        claims=tuple(_explanation(store, claim, iris) for claim in sorted(claims, key=str)),
    )


def _facts(store: Store, node: Subject, iris: Iris) -> Iterator[tuple[str, str]]:
    """What is said of the node, in words, properties in alphabetical order but for the type, which comes first.

    What only follows from it by the ontology is not shown.
    """
    said = find_stated_triples(store, iris.graph("inferred/"), node)
    shown = [(triple.predicate, triple.object) for triple in said if triple.predicate not in _NOT_SHOWN]
    for prop, value in sorted(shown, key=lambda fact: (fact[0] != _TYPE, *map(str, fact))):
        yield iris.shorten(prop.value), _label(store, value, iris)


def _evidence(store: Store, passage: Term) -> Evidence:
    (article,) = _objects(store, passage, _CONTEXT)
    return Evidence(
        text=_literal(store, passage, _ANCHOR),
        article=_literal(store, article, _TITLE),
        begin=int(_literal(store, passage, _BEGIN)),
        end=int(_literal(store, passage, _END)),
        field=next((_value(name) for name in _objects(store, passage, _FIELD)), None),
    )


def _parsed(evidence: Evidence, text: str, parser: Parser, is_trigger: Callable[[str, str], bool]) -> Evidence:
    """The evidence with its parse, as it was when the article was read: the sentence's within its paragraph's."""
    start = text.rfind("\n", 0, evidence.begin) + 1
    paragraph = text[start:].partition("\n")[0]
    doc = parser(paragraph)
    tokens = [t for t in doc if evidence.begin <= start + t.idx < evidence.end and not t.is_space]
    number = {token.i: nth for nth, token in enumerate(tokens, 1)}

    def word(token: "Token") -> Word:
        written = paragraph[token.idx : token.idx + len(token)]
        head = number.get(token.head.i, number[token.i])
        return Word(number[token.i], written, token.pos_, token.dep_, head, is_trigger(evidence.text, written))

    return replace(evidence, parse=tuple(map(word, tokens)))


def trigger_test(store: Store, event: Subject, iris: Iris) -> Callable[[str, str], bool]:
    """Whether an event's id is made of a sentence and a word of it; of a word that stands there twice, both are."""
    ref = iris.shorten(_value(event))
    slug = ref.partition("/event/")[0]
    kinds = [_value(kind).removeprefix(HAMA) for kind in _objects(store, event, _TYPE)]
    return lambda sentence, word: ref in {event_id(slug, sentence, kind, word, nth) for kind in kinds for nth in _ALIKE}


def _passages(store: Store, node: Term) -> list[Term]:
    """The passages that the node derives from, by way of events and reports too; itself if it is one."""
    if _objects(store, node, _ANCHOR):
        return [node]
    found = (passage for source in _objects(store, node, _DERIVED) for passage in _passages(store, source))
    return list(dict.fromkeys(found))


def _label(store: Store, node: Term, iris: Iris) -> str:
    """The one label of a resource; a term of a vocabulary as a prefixed name; a literal's own words."""
    if isinstance(node, Literal):
        return node.value
    short = iris.shorten(_value(node))
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
    return sorted((triple.object for triple in find_triples(store, node, prop)), key=str)
