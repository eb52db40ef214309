"""Turns values of the model into RDF terms, and tables of properties into quads.

A resource is its id with a table of its properties. The value of a property is an id (a plain string), a term of
pyoxigraph, several of these, or None, which gives no quad. There are no blank nodes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Concatenate, ParamSpec, TypeVar

from pyoxigraph import Literal, NamedNode, Quad

from hamakg.model import Ref
from hamakg.rdf import terms
from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term

Value = Ref | Literal | NamedNode
Properties = Mapping[str, Value | Iterable[Value] | None]
Resource = tuple[Ref, Properties]

T = TypeVar("T")
P = ParamSpec("P")


def build_quads(resources: Iterable[Resource], graph: str, iris: Iris) -> Iterator[Quad]:
    """The quads of the resources in the named graph ``graph``, in the order of their tables."""
    name = NamedNode(graph)
    for ref, properties in resources:
        for prop, values in properties.items():
            for value in _list_values(values):
                node = NamedNode(iris.resource(value)) if isinstance(value, str) else value
                yield Quad(NamedNode(iris.resource(ref)), term(prop), node, name)


def _list_values(values: Value | Iterable[Value] | None) -> Iterable[Value]:
    if values is None:
        return ()
    return (values,) if isinstance(values, str | Literal | NamedNode) else values


def individual(name: str | None) -> NamedNode | None:
    """The ontology's individual of this name; None for None."""
    return None if name is None else term(f"hama:{name}")


def _or_none(make: Callable[Concatenate[T, P], Literal]) -> Callable[Concatenate[T | None, P], Literal | None]:
    """The function, which also turns None into None."""

    def made(value: T | None, /, *args: P.args, **kwargs: P.kwargs) -> Literal | None:
        return None if value is None else make(value, *args, **kwargs)

    return made


@_or_none
def text(text: str) -> Literal:
    """A plain string literal."""
    return Literal(text)


typed = _or_none(terms.typed)
integer = _or_none(terms.integer)
boolean = _or_none(terms.boolean)
decimal = _or_none(terms.decimal)
