"""The ontology's classes of parties, places and conflicts: the types that a query of the catalogue can ask for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import pyoxigraph as ox

from hamakg.data_files import data_folder
from hamakg.rdf.iris import HAMA
from hamakg.sparql.select import select_text


@dataclass(frozen=True, slots=True)
class ThingType:
    """One class, by its local name, with the ontology's label and comment.

    ``broader`` is the class directly above it, ``lineage`` the class itself and all classes above it.
    """

    id: str
    name: str
    description: str
    broader: str | None
    lineage: frozenset[str]


@cache
def thing_types() -> Mapping[str, ThingType]:
    """Return the classes by their local names, in alphabetical order."""
    ontology = ox.Store()
    ontology.load(path=str(data_folder("ontology") / "conflict.ttl"), format=ox.RdfFormat.TURTLE)
    rows = {row["class"].removeprefix(HAMA): row for row in select_text(ontology, "linking/types")}
    broader = {id_: row["broader"].removeprefix(HAMA) for id_, row in rows.items() if "broader" in row}
    return MappingProxyType(
        {
            id_: ThingType(id_, row["label"], row["comment"], broader.get(id_), frozenset(_climb(id_, broader)))
            for id_, row in rows.items()
        }
    )


def expand_classes(classes: Iterable[str]) -> frozenset[str]:
    """Return the classes and all classes above them."""
    types = thing_types()
    return frozenset(above for class_ in classes if class_ in types for above in types[class_].lineage)


def _climb(id_: str, broader: Mapping[str, str]) -> Iterator[str]:
    while id_:
        yield id_
        id_ = broader.get(id_, "")
