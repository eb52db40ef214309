"""Publishes the data of a store: dumps as RDF and tables of events, with their description and attribution."""

from hamakg.publish.attribution import format_attribution, read_credits, read_sources
from hamakg.publish.description import DumpFile, count_contents, describe_dataset
from hamakg.publish.dumps import FORMATS, write_dump
from hamakg.publish.events import read_events
from hamakg.publish.selection import PARTS, name_selection, select_graphs
from hamakg.publish.tables import TABLES, describe_csv

__all__ = [
    "FORMATS",
    "PARTS",
    "TABLES",
    "DumpFile",
    "count_contents",
    "describe_csv",
    "describe_dataset",
    "format_attribution",
    "name_selection",
    "read_credits",
    "read_events",
    "read_sources",
    "select_graphs",
    "write_dump",
]
