"""What a graph says of its parties, places and conflicts, by property: to tell namesakes apart, and to fetch.

The properties are the table ``properties.toml``.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import cast

import pyoxigraph as ox

from hamakg.link.taxonomy import lines
from hamakg.model import Ref
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.rdf.terms import english, typed

_TABLE = Path(__file__).with_name("properties.toml")
_AT_ONCE = 500  # things in one query
_PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Property:
    """A property that members of the classes ``of`` may have; ``where`` is a SPARQL pattern from ?thing to ?value.

    One that ``identifies`` has no value that two things share.
    """

    id: str
    name: str
    description: str
    of: tuple[str, ...]
    where: str
    identifies: bool

    def belongs_to(self, class_: str) -> bool:
        """Whether members of a class of the ontology may have it."""
        return bool(lines([class_]) & {*self.of})


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its text, which of a thing of the graph is its label, and then the thing's id."""

    text: str
    ref: Ref | None = None


@cache
def properties() -> Mapping[str, Property]:
    """The properties by their ids, in the order of the table."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return MappingProxyType(
        {
            id_: Property(
                id_, row["name"], row["description"], tuple(row["of"]), row["where"], row.get("identifies", False)
            )
            for id_, row in table.items()
        }
    )


@dataclass(frozen=True, slots=True)
class Statements:
    """What a graph says by property; of a property that there is not, nothing."""

    store: ox.Store
    iris: Iris

    def values(self, refs: Iterable[Ref], prop: str) -> Mapping[Ref, Sequence[Value]]:
        """The values for these things, in alphabetical order; a thing without any is left out."""
        nodes = [node for ref in dict.fromkeys(refs) if (node := _node(self.iris.resource(ref)))]
        found: dict[Ref, set[Value]] = defaultdict(set)
        for start in range(0, len(nodes), _AT_ONCE):
            some = " ".join(map(str, nodes[start : start + _AT_ONCE]))
            for ref, value in self._rows(prop, f"VALUES ?thing {{ {some} }}"):
                found[ref].add(value)
        return {ref: sorted(known, key=lambda value: (value.text, value.ref or "")) for ref, known in found.items()}

    def having(self, prop: str, texts: Iterable[str]) -> list[Ref]:
        """The things of which a value is one of these, letter for letter or by its id, in alphabetical order."""
        terms = " ".join(str(term) for text in texts for term in self._terms(text))
        return sorted({ref for ref, _ in self._rows(prop, "", f"VALUES ?value {{ {terms} }}")})

    def _terms(self, text: str) -> Iterator[ox.Literal | ox.NamedNode]:
        """All that a text may stand for: the engine finds terms at once, and texts only by looking through all."""
        yield from (ox.Literal(text), english(text))
        yield from (typed(text, datatype) for datatype in ("xsd:date", "xsd:gYear"))
        yield from (node for iri in (text, self.iris.resource(text)) if (node := _node(iri)))

    def _rows(self, prop: str, things: str, found: str = "") -> Iterator[tuple[Ref, Value]]:
        if prop not in properties():
            return
        query = (
            f"{_PREFIXES}SELECT ?thing ?value ?label WHERE {{"
            f" {things} {properties()[prop].where} {found} OPTIONAL {{ ?value rdfs:label ?label }} }}"
        )
        for row in cast(ox.QuerySolutions, self.store.query(query)):
            yield self.iris.ref(row["thing"].value), _value(row["value"], row["label"], self.iris)


def _value(value: object, label: object, iris: Iris) -> Value:
    if isinstance(value, ox.Literal):
        return Value(value.value)
    iri = value.value if isinstance(value, ox.NamedNode) else str(value)
    if not iri.startswith(iris.resource("")):
        return Value(iri)
    return Value(label.value if isinstance(label, ox.Literal) else iris.ref(iri), iris.ref(iri))


def _node(iri: str) -> ox.NamedNode | None:
    """None for what is no IRI: it names nothing."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
