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
from hamakg.terms import PREFIXES, Names

_TABLE = Path(__file__).with_name("properties.toml")
_AT_ONCE = 500  # things in one query
_DATE = PREFIXES["xsd"] + "date"
_PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Property:
    """A property that members of the classes ``of`` may have; ``where`` is a SPARQL pattern from ?thing to ?value."""

    id: str
    name: str
    description: str
    of: tuple[str, ...]
    where: str

    def belongs_to(self, class_: str) -> bool:
        """Whether members of a class of the ontology may have it."""
        return bool(lines([class_]) & {*self.of})


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its text, which of a thing of the graph is its label, and then the thing's id."""

    text: str
    ref: Ref | None = None
    is_date: bool = False


@cache
def properties() -> Mapping[str, Property]:
    """The properties by their ids, in the order of the table."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return MappingProxyType(
        {
            id_: Property(id_, row["name"], row["description"], tuple(row["of"]), row["where"])
            for id_, row in table.items()
        }
    )


@dataclass(frozen=True, slots=True)
class Statements:
    """What a graph says by property; of a property that there is not, nothing."""

    store: ox.Store
    names: Names

    def values(self, refs: Iterable[Ref], prop: str) -> Mapping[Ref, Sequence[Value]]:
        """The values for these things, in alphabetical order; a thing without any is left out."""
        nodes = [node for ref in dict.fromkeys(refs) if (node := _node(self.names.resource(ref)))]
        found: dict[Ref, set[Value]] = defaultdict(set)
        for start in range(0, len(nodes), _AT_ONCE):
            some = " ".join(map(str, nodes[start : start + _AT_ONCE]))
            for ref, value in self._rows(prop, f"VALUES ?thing {{ {some} }}"):
                found[ref].add(value)
        return {ref: sorted(known, key=lambda value: (value.text, value.ref or "")) for ref, known in found.items()}

    def having(self, prop: str, texts: Iterable[str]) -> list[Ref]:
        """The things of which a value is one of these, letter for letter or by its id, in alphabetical order."""
        wanted = " ".join(str(ox.Literal(text)) for given in texts for text in (given, self.names.resource(given)))
        return sorted({ref for ref, _ in self._rows(prop, f"VALUES ?text {{ {wanted} }} FILTER(STR(?value) = ?text)")})

    def _rows(self, prop: str, which: str) -> Iterator[tuple[Ref, Value]]:
        if prop not in properties():
            return
        query = (
            f"{_PREFIXES}SELECT ?thing ?value ?label WHERE {{"
            f" {which} {properties()[prop].where} OPTIONAL {{ ?value rdfs:label ?label }} }}"
        )
        for row in cast(ox.QuerySolutions, self.store.query(query)):
            yield self.names.ref(row["thing"].value), _value(row["value"], row["label"], self.names)


def _value(value: object, label: object, names: Names) -> Value:
    if isinstance(value, ox.Literal):
        return Value(value.value, is_date=value.datatype.value == _DATE)
    iri = value.value if isinstance(value, ox.NamedNode) else str(value)
    if not iri.startswith(names.resource("")):
        return Value(iri)
    return Value(label.value if isinstance(label, ox.Literal) else names.ref(iri), names.ref(iri))


def _node(iri: str) -> ox.NamedNode | None:
    """None for what is no IRI: it names nothing."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
