"""What leaves the store: dumps in the formats of RDF."""

from hamakg.publish.dumps import FORMATS, dump
from hamakg.publish.selection import PARTS, select

__all__ = ["FORMATS", "PARTS", "dump", "select"]
