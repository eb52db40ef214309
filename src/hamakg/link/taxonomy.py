"""The ontology's classes of parties, places and conflicts, as types that a list may be matched by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import pyoxigraph as ox

from hamakg.data_files import data_folder
from hamakg.rdf.iris import HAMA
from hamakg.sparql.select import select_text


@dataclass(frozen=True, slots=True)
class Type:
    """One class: its local name, its label and what it is, and the local names of itself and all above it."""

    id: str
    name: str
    description: str
    broader: str | None
    line: frozenset[str]


@cache
def types() -> Mapping[str, Type]:
    """The classes by their local names, in alphabetical order."""
    ontology = ox.Store()
    ontology.load(path=str(data_folder("ontology") / "conflict.ttl"), format=ox.RdfFormat.TURTLE)
    rows = {row["class"].removeprefix(HAMA): row for row in select_text(ontology, "linking/types")}
    above = {id_: row["broader"].removeprefix(HAMA) for id_, row in rows.items() if "broader" in row}
    return MappingProxyType(
        {
            id_: Type(id_, row["label"], row["comment"], above.get(id_), frozenset(_line(id_, above)))
            for id_, row in rows.items()
        }
    )


def lines(classes: Iterable[str]) -> frozenset[str]:
    """The classes and all above them."""
    known = types()
    return frozenset(above for class_ in classes if class_ in known for above in known[class_].line)


def _line(id_: str, above: Mapping[str, str]) -> Iterable[str]:
    while id_:
        yield id_
        id_ = above.get(id_, "")
