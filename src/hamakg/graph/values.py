"""Terms of RDF, and how values of the model become them.

A resource is a table of its properties. In it a plain string is the id of a resource; literals and terms are
pyoxigraph's; None is what is not said, and gives no quad. No blank nodes.
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
    """The quads of some resources in the named graph ``graph``, in the order of their tables."""
    name = NamedNode(graph)
    for ref, properties in resources:
        for prop, given in properties.items():
            for value in each(given):
                yield Quad(NamedNode(iris.resource(ref)), term(prop), as_object(value, iris), name)


def as_object(value: Value, iris: Iris) -> Literal | NamedNode:
    """The RDF term of a value: a reference becomes the resource's IRI, a term stays as it is."""
    return NamedNode(iris.resource(value)) if isinstance(value, str) else value


def each(values: Value | Iterable[Value] | None) -> Iterable[Value]:
    """The values as an iterable, whether there are several, one or none."""
    if values is None:
        return ()
    return (values,) if isinstance(values, str | Literal | NamedNode) else values


def individual(name: str | None) -> NamedNode | None:
    """The ontology's individual of this name; None for None."""
    return None if name is None else term(f"hama:{name}")


def _if_said(make: Callable[Concatenate[T, P], Literal]) -> Callable[Concatenate[T | None, P], Literal | None]:
    """The same, which makes nothing of what is not said."""

    def made(value: T | None, /, *args: P.args, **kwargs: P.kwargs) -> Literal | None:
        return None if value is None else make(value, *args, **kwargs)

    return made


@_if_said
def text(text: str) -> Literal:
    """A plain string literal."""
    return Literal(text)


typed = _if_said(terms.typed)
integer = _if_said(terms.integer)
boolean = _if_said(terms.boolean)
decimal = _if_said(terms.decimal)
