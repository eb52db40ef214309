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
    """A literal of a datatype by its prefixed name."""
    return Literal(text, datatype=term(datatype))


def integer(number: int) -> Literal:
    """An xsd:integer for counts and offsets alike: Oxigraph gives every derived integer type back as xsd:integer."""
    return typed(str(number), "xsd:integer")


def boolean(truth: bool) -> Literal:
    """A literal of type ``xsd:boolean``."""
    return typed(str(truth).lower(), "xsd:boolean")


def decimal(number: float | Decimal) -> Literal:
    """Without an exponent or trailing zeros, as the store gives it back."""
    return typed(format(Decimal(str(number)).normalize(), "f"), "xsd:decimal")


def iri_or_literal(text: str) -> Literal | NamedNode:
    """A web address as an IRI; anything else (the path of a file) as text."""
    return NamedNode(text) if _IRI.fullmatch(text) else Literal(text)
