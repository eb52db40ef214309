"""The store: generations of an Oxigraph directory on disk, the named graphs in them, and their union."""

from hamakg.store.generations import StoreBusyError, VersionedStore
from hamakg.store.graphs import UNION, add_to_graph, copy_with_graph, find_stated_triples, find_triples, replace_graph
from hamakg.store.loading import load_dump

__all__ = [
    "UNION",
    "StoreBusyError",
    "VersionedStore",
    "add_to_graph",
    "copy_with_graph",
    "find_stated_triples",
    "find_triples",
    "load_dump",
    "replace_graph",
]
