"""The store: generations of an Oxigraph directory on disk, the named graphs in them, and their union."""

from hamakg.store.generations import StoreBusy, VersionedStore
from hamakg.store.graphs import UNION, add_to_graph, copy_with_graph, replace_graph, stated_triples, triples
from hamakg.store.loading import load_dump

__all__ = [
    "UNION",
    "StoreBusy",
    "VersionedStore",
    "add_to_graph",
    "copy_with_graph",
    "load_dump",
    "replace_graph",
    "stated_triples",
    "triples",
]
