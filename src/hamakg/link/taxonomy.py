"""The ontology's classes of parties, places and conflicts, as types that a list may be matched by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import pyoxigraph as ox

from hamakg.data_files import data_folder
from hamakg.link.asking import rows
from hamakg.rdf.iris import HAMA


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
    found = [tuple(cell.removeprefix(HAMA) for cell in row) for row in rows(ontology, "types")]
    above = {id_: broader for id_, _, _, broader in found}
    return MappingProxyType(
        {
            id_: Type(id_, label, comment, broader or None, frozenset(_line(id_, above)))
            for id_, label, comment, broader in found
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
