"""What a graph says about things, by property: to tell namesakes apart, and to extend somebody's list.

The properties are in the table ``properties.toml``.
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

from hamakg.link.catalogue.taxonomy import expand_classes
from hamakg.model import Ref
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.rdf.terms import english, parse_iri, typed

_TABLE = Path(__file__).with_name("properties.toml")
_BATCH = 500  # things in one query
_PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Property:
    """A property that members of the classes ``of`` can have; ``where`` is a SPARQL pattern from ?thing to ?value.

    If it ``identifies``, no two things share a value.
    """

    id: str
    name: str
    description: str
    of: tuple[str, ...]
    where: str
    identifies: bool = False

    def applies_to(self, class_: str) -> bool:
        """Whether members of a class of the ontology can have it."""
        return not expand_classes([class_]).isdisjoint(self.of)


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """One value as text; if the value is a thing of the graph, the text is its label, and ``ref`` its id."""

    text: str
    ref: Ref | None = None


@cache
def properties() -> Mapping[str, Property]:
    """Return the properties by their ids, in the order of the table."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return MappingProxyType({id_: Property(id=id_, **{**row, "of": tuple(row["of"])}) for id_, row in table.items()})


@dataclass(frozen=True, slots=True)
class PropertyReader:
    """Reads the values of properties from a graph; a property that the table does not have has no values."""

    store: ox.Store
    iris: Iris

    def read_values(self, refs: Iterable[Ref], prop: str) -> Mapping[Ref, Sequence[PropertyValue]]:
        """Return the values of these things, sorted for each thing; things without a value are left out."""
        nodes = [node for ref in dict.fromkeys(refs) if (node := parse_iri(self.iris.resource(ref)))]
        values: dict[Ref, set[PropertyValue]] = defaultdict(set)
        for start in range(0, len(nodes), _BATCH):
            batch = " ".join(map(str, nodes[start : start + _BATCH]))
            for ref, value in self._query_property(prop, before=f"VALUES ?thing {{ {batch} }}"):
                values[ref].add(value)
        return {ref: sorted(own, key=lambda value: (value.text, value.ref or "")) for ref, own in values.items()}

    def find_things(self, prop: str, texts: Iterable[str]) -> list[Ref]:
        """Return the things with one of these values, letter for letter or given by its id, in alphabetical order."""
        terms = " ".join(str(value) for text in texts for value in self._list_terms(text))
        return sorted({ref for ref, _ in self._query_property(prop, after=f"VALUES ?value {{ {terms} }}")})

    def _list_terms(self, text: str) -> Iterator[ox.Literal | ox.NamedNode]:
        """Yield all terms that a text may stand for: the engine looks terms up, but would have to scan for texts."""
        yield from (ox.Literal(text), english(text))
        yield from (typed(text, datatype) for datatype in ("xsd:date", "xsd:gYear"))
        yield from (node for iri in (text, self.iris.resource(text)) if (node := parse_iri(iri)))

    def _query_property(self, prop: str, before: str = "", after: str = "") -> Iterator[tuple[Ref, PropertyValue]]:
        """Yield things with their values; the two patterns, before and after the property's own, restrict them."""
        if prop not in properties():
            return
        query = (
            f"{_PROLOGUE}SELECT ?thing ?value ?label WHERE {{"
            f" {before} {properties()[prop].where} {after} OPTIONAL {{ ?value rdfs:label ?label }} }}"
        )
        for row in cast(ox.QuerySolutions, self.store.query(query)):
            yield self.iris.ref(row["thing"].value), _read_value(row["value"], row["label"], self.iris)


def _read_value(value: object, label: object, iris: Iris) -> PropertyValue:
    if isinstance(value, ox.Literal):
        return PropertyValue(value.value)
    iri = value.value if isinstance(value, ox.NamedNode) else str(value)
    if not iri.startswith(iris.resource("")):
        return PropertyValue(iri)
    return PropertyValue(label.value if isinstance(label, ox.Literal) else iris.ref(iri), iris.ref(iri))
