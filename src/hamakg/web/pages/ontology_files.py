"""Reads the files of the folder ``ontology``, which several pages show."""

from functools import cache

from pyoxigraph import RdfFormat, Store

from hamakg.data_files import data_folder
from hamakg.web.protocol.formats import GRAPHS, Format, write

ONTOLOGY, ALIGNMENTS, CROSSWALK, SHAPES = "conflict", "alignments", "crosswalk", "shapes"
"""The names of the files, without ``.ttl``."""


@cache
def load_files(*names: str) -> Store:
    """Loads files together into one store in memory."""
    store = Store()
    for name in names:
        store.load(write_file(name, GRAPHS[0]), RdfFormat.TURTLE)
    return store


def write_file(name: str, form: Format) -> bytes:
    """Returns a file unchanged as Turtle, or its triples, sorted, in another RDF format."""
    source = (data_folder("ontology") / f"{name}.ttl").read_bytes()
    if form.writer is RdfFormat.TURTLE:
        return source
    graph = Store()
    graph.load(source, RdfFormat.TURTLE)
    return write(sorted((quad.triple for quad in graph), key=str), form)
