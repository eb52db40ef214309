"""The store: generations of an Oxigraph directory on disk, the named graphs in them, and their union."""

from hamakg.store.generations import Store, StoreBusy
from hamakg.store.graphs import UNION, add, replace, stated, triples
from hamakg.store.loading import load
from hamakg.store.updates import update

__all__ = ["UNION", "Store", "StoreBusy", "add", "load", "replace", "stated", "triples", "update"]
