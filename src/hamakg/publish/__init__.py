"""What leaves the store: dumps in the formats of RDF and tables of events, with their description and attribution."""

from hamakg.publish.description import File, attribution, credits, description, figures, sources
from hamakg.publish.dumps import FORMATS, dump
from hamakg.publish.events import event_rows
from hamakg.publish.selection import PARTS, name_of, select
from hamakg.publish.tables import TABLES, csv_metadata

__all__ = [
    "FORMATS",
    "PARTS",
    "TABLES",
    "File",
    "attribution",
    "credits",
    "csv_metadata",
    "description",
    "dump",
    "event_rows",
    "figures",
    "name_of",
    "select",
    "sources",
]
