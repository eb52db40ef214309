"""Terms of RDF, and how values of the model become them.

A resource is a table of its properties. In it a plain string is the id of a resource; literals and terms are
pyoxigraph's; None is what is not said, and gives no quad. No blank nodes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from hamakg.model import Ref
from hamakg.terms import PREFIXES, Names

Value = Ref | Literal | NamedNode
Properties = Mapping[str, Value | Iterable[Value] | None]
Resource = tuple[Ref, Properties]

_LANGUAGE = "en"
_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+")


@cache
def term(name: str) -> NamedNode:
    """The term of a prefixed name such as ``hama:agent``; KeyError for a prefix that ``terms.PREFIXES`` lacks."""
    prefix, local = name.split(":", 1)
    return NamedNode(PREFIXES[prefix] + local)


def quads_of(resources: Iterable[Resource], graph: str, names: Names) -> Iterator[Quad]:
    """The quads of some resources in the named graph ``graph``, in the order of their tables."""
    name = NamedNode(graph)
    for ref, properties in resources:
        for prop, given in properties.items():
            for value in each(given):
                yield Quad(NamedNode(names.resource(ref)), term(prop), as_object(value, names), name)


def as_object(value: Value, names: Names) -> Literal | NamedNode:
    return NamedNode(names.resource(value)) if isinstance(value, str) else value


def each(values: Value | Iterable[Value] | None) -> Iterable[Value]:
    if values is None:
        return ()
    return (values,) if isinstance(values, str | Literal | NamedNode) else values


def individual(name: str | None) -> NamedNode | None:
    return None if name is None else term(f"hama:{name}")


def english(text: str) -> Literal:
    return Literal(text, language=_LANGUAGE)


def text(text: str | None) -> Literal | None:
    return None if text is None else Literal(text)


def typed(text: str | None, datatype: str) -> Literal | None:
    return None if text is None else Literal(text, datatype=term(datatype))


def integer(number: int | None) -> Literal | None:
    """An xsd:integer for counts and offsets alike: Oxigraph gives every derived integer type back as xsd:integer."""
    return None if number is None else typed(str(number), "xsd:integer")


def boolean(truth: bool | None) -> Literal | None:
    return None if truth is None else typed(str(truth).lower(), "xsd:boolean")


def decimal(number: float | Decimal | None) -> Literal | None:
    """Without an exponent or trailing zeros, as the store gives it back."""
    return None if number is None else typed(format(Decimal(str(number)).normalize(), "f"), "xsd:decimal")


def web(text: str) -> Literal | NamedNode:
    """A web address as an IRI; anything else (the path of a file) as text."""
    return NamedNode(text) if _IRI.fullmatch(text) else Literal(text)
