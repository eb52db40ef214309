"""The store: generations of an Oxigraph directory on disk, the named graphs in them, and their union."""

from hamakg.store.files import reporting_errors
from hamakg.store.generations import StoreBusyError, VersionedStore
from hamakg.store.graphs import (
    UNION,
    add_file,
    add_quads,
    copy_with_graph,
    find_stated_triples,
    find_triples,
    remove_graph,
    remove_quads,
    replace_graph,
)
from hamakg.store.loading import load_dump

__all__ = [
    "UNION",
    "StoreBusyError",
    "VersionedStore",
    "add_file",
    "add_quads",
    "copy_with_graph",
    "find_stated_triples",
    "find_triples",
    "load_dump",
    "remove_graph",
    "remove_quads",
    "replace_graph",
    "reporting_errors",
]
