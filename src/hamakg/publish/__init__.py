"""What leaves the store: dumps in the formats of RDF, each with its description and attribution."""

from hamakg.publish.description import File, attribution, description, figures, sources
from hamakg.publish.dumps import FORMATS, dump
from hamakg.publish.selection import PARTS, name_of, select

__all__ = [
    "FORMATS",
    "PARTS",
    "File",
    "attribution",
    "description",
    "dump",
    "figures",
    "name_of",
    "select",
    "sources",
]
