"""RDF terms from Python values. Each function is named after the term that it returns."""

import re
from decimal import Decimal
from functools import cache

from pyoxigraph import Literal, NamedNode

from hamakg.rdf.iris import DESCRIPTION_PREFIXES, PREFIXES

_LANGUAGE = "en"
_NAMESPACES = {**PREFIXES, **DESCRIPTION_PREFIXES}
_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+")


@cache
def term(name: str) -> NamedNode:
    """The IRI of a prefixed name such as ``hama:agent``; KeyError for a prefix that :mod:`hamakg.rdf.iris` lacks."""
    prefix, local = name.split(":", 1)
    return NamedNode(_NAMESPACES[prefix] + local)


def english(text: str) -> Literal:
    """An English text."""
    return Literal(text, language=_LANGUAGE)


def typed(text: str, datatype: str) -> Literal:
    """A literal with a datatype, given by its prefixed name."""
    return Literal(text, datatype=term(datatype))


def integer(number: int) -> Literal:
    """An xsd:integer, for counts and offsets too: Oxigraph turns every derived integer type into xsd:integer."""
    return typed(str(number), "xsd:integer")


def boolean(truth: bool) -> Literal:
    """A literal of type ``xsd:boolean``."""
    return typed(str(truth).lower(), "xsd:boolean")


def decimal(number: float | Decimal) -> Literal:
    """An xsd:decimal without exponent or trailing zeros, as the store returns it."""
    return typed(format(Decimal(str(number)).normalize(), "f"), "xsd:decimal")


def iri_or_literal(text: str) -> Literal | NamedNode:
    """A web address as an IRI; other text, such as the path of a file, as a literal."""
    return NamedNode(text) if _IRI.fullmatch(text) else Literal(text)


def parse_iri(text: str) -> NamedNode | None:
    """The IRI that the text is; None if it is not an absolute IRI, and so names nothing in a graph."""
    try:
        return NamedNode(text)
    except ValueError:
        return None
