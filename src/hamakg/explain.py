"""Why the graph says what it says about a resource: its facts, the passages behind them, and the claims about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from hamakg.errors import HamakgError, UsageError
from hamakg.rdf.ids import event_id
from hamakg.rdf.iris import HAMA, Iris
from hamakg.rdf.terms import term
from hamakg.store import find_stated_triples, find_triples

if TYPE_CHECKING:  # only for the type: spaCy takes a second to load
    from spacy.tokens import Doc, Token

Parser = Callable[[str], "Doc"]
Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal

_TYPE = term("rdf:type")
_LABEL = term("rdfs:label")
_DERIVED_FROM = term("prov:wasDerivedFrom")
_QUOTE = term("nif:anchorOf")
_DOCUMENT_TEXT = term("nif:isString")
_NAMES = {term(f"skos:{name}") for name in ("prefLabel", "altLabel", "hiddenLabel")}
_NOT_SHOWN = {*_NAMES, _LABEL, _DERIVED_FROM, _QUOTE, _DOCUMENT_TEXT}
_ALIKE = range(9)  # one word of a sentence may tell several events, whose ids end in different numbers


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a parsed sentence.

    ``tag`` is its part of speech (https://universaldependencies.org/u/pos/), ``dependency`` its relation to the word
    with the number ``head``; the root of a sentence is its own head. ``trigger`` says whether the word tells the event.
    """

    number: int
    text: str
    tag: str
    dependency: str
    head: int
    trigger: bool


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A passage, quoted letter for letter; ``begin`` and ``end`` count code points of the document's text.

    ``parse`` is empty unless a parser was given and the resource is an event in this sentence.
    """

    text: str
    article: str
    begin: int
    end: int
    field: str | None
    parse: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One resource: its facts as (property, value) pairs in words, its passages, and the claims about it."""

    iri: str
    label: str
    facts: tuple[tuple[str, str], ...]
    passages: tuple[QuotedPassage, ...]
    claims: tuple["Explanation", ...] = ()


def explain(store: Store, resource: str, iris: Iris, parser: Parser | None = None) -> list[Explanation]:
    """Explain a resource, named by its IRI or by its id (the part of the IRI below ``resource/``).

    A resource that is not derived from a passage itself, such as a place, is followed by the resources that refer to it
    and are, such as the events there. With a ``parser`` of paragraphs, passages of events come with their parse.

    Raises HamakgError when the store has no such resource, UsageError for text that is not an IRI or id.
    """
    iri = resource if "://" in resource else iris.resource(resource)
    try:
        node = NamedNode(iri)
    except ValueError as error:
        raise UsageError(f"{resource!r} is not an id or IRI; copy one from the answer of a query") from error
    if not any(find_triples(store, node)):
        raise HamakgError(f"the store has nothing about {iri}; copy an id from the answer of a query")
    explanation = _explain_node(store, node, iris, parser)
    if _list_values(store, node, _DERIVED_FROM):
        return [explanation]
    referring = {triple.subject for triple in find_stated_triples(store, iris.graph("inferred/"), value=node)}
    others = (_explain_node(store, subject, iris, parser) for subject in sorted(referring, key=str))
    return [explanation, *(other for other in others if other.passages)]


def make_trigger_test(store: Store, event: Subject, iris: Iris) -> Callable[[str, str], bool]:
    """Return a function that says whether a word of a sentence tells the event.

    An event's id is computed from its sentence and its trigger; if that word occurs twice, both pass the test.
    """
    id_ = iris.shorten(_value(event))
    slug = id_.partition("/event/")[0]
    types = [_value(type_).removeprefix(HAMA) for type_ in _list_values(store, event, _TYPE)]
    return lambda sentence, word: id_ in {event_id(slug, sentence, t, word, nth) for t in types for nth in _ALIKE}


def _explain_node(store: Store, node: Subject, iris: Iris, parser: Parser | None = None) -> Explanation:
    sources = _find_passages(store, node)
    passages = [_quote_passage(store, source) for source in sources]
    if parser and _list_values(store, node, term("hama:extractedBy")):
        is_trigger = make_trigger_test(store, node, iris)
        documents = [_read_text(store, _find_document(store, source), _DOCUMENT_TEXT) for source in sources]
        passages = [_add_parse(p, text, parser, is_trigger) for p, text in zip(passages, documents, strict=True)]
    claims = (triple.subject for triple in find_triples(store, None, term("hama:about"), node))
    return Explanation(
        iri=_value(node),
        label=_make_label(store, node, iris),
        facts=tuple(_list_facts(store, node, iris)),
        passages=tuple(passages),
        claims=tuple(_explain_node(store, claim, iris) for claim in sorted(claims, key=str)),
    )


def _list_facts(store: Store, node: Subject, iris: Iris) -> Iterator[tuple[str, str]]:
    """The stated facts about the node in words, not the inferred ones: its types first, then sorted by property."""
    stated = find_stated_triples(store, iris.graph("inferred/"), node)
    shown = [(triple.predicate, triple.object) for triple in stated if triple.predicate not in _NOT_SHOWN]
    for prop, value in sorted(shown, key=lambda fact: (fact[0] != _TYPE, *map(str, fact))):
        yield iris.shorten(prop.value), _make_label(store, value, iris)


def _find_passages(store: Store, node: Term) -> list[Term]:
    """The passages that the node is derived from, also through events and reports; a passage is its own."""
    if _list_values(store, node, _QUOTE):
        return [node]
    passages = (
        passage for source in _list_values(store, node, _DERIVED_FROM) for passage in _find_passages(store, source)
    )
    return list(dict.fromkeys(passages))


def _quote_passage(store: Store, passage: Term) -> QuotedPassage:
    return QuotedPassage(
        text=_read_text(store, passage, _QUOTE),
        article=_read_text(store, _find_document(store, passage), term("dcterms:title")),
        begin=int(_read_text(store, passage, term("nif:beginIndex"))),
        end=int(_read_text(store, passage, term("nif:endIndex"))),
        field=next((_value(name) for name in _list_values(store, passage, term("hama:fieldName"))), None),
    )


def _add_parse(
    passage: QuotedPassage, document: str, parser: Parser, is_trigger: Callable[[str, str], bool]
) -> QuotedPassage:
    """Add the parse of the sentence. The whole paragraph is parsed, as it was when the article was read."""
    start = document.rfind("\n", 0, passage.begin) + 1
    paragraph = document[start:].partition("\n")[0]
    tokens = [t for t in parser(paragraph) if passage.begin <= start + t.idx < passage.end and not t.is_space]
    numbers = {token.i: number for number, token in enumerate(tokens, 1)}

    def word(token: "Token") -> Word:
        text = paragraph[token.idx : token.idx + len(token)]
        number = numbers[token.i]
        head = numbers.get(token.head.i, number)
        return Word(number, text, token.pos_, token.dep_, head, is_trigger(passage.text, text))

    return replace(passage, parse=tuple(map(word, tokens)))


def _find_document(store: Store, passage: Term) -> Term:
    (document,) = _list_values(store, passage, term("nif:referenceContext"))
    return document


def _make_label(store: Store, node: Term, iris: Iris) -> str:
    """The text of a literal, the prefixed name of an ontology term, or the label of a resource."""
    if isinstance(node, Literal):
        return node.value
    short = iris.shorten(_value(node))
    if _value(node).startswith(HAMA):
        return short
    return next((_value(label) for label in _list_values(store, node, _LABEL)), short)


def _read_text(store: Store, node: Term, prop: NamedNode) -> str:
    (value,) = _list_values(store, node, prop)
    return _value(value)


def _value(node: Term) -> str:
    return str(node) if isinstance(node, Triple) else node.value


def _list_values(store: Store, node: Term, prop: NamedNode) -> list[Term]:
    """The sorted values of a property; a literal has no properties."""
    if isinstance(node, Literal):
        return []
    return sorted((triple.object for triple in find_triples(store, node, prop)), key=str)
