"""Linking: which Wikidata item each thing of the graph is, and on what grounds."""

from hamakg.link.decisions import (
    SHIPPED_DECISIONS,
    change_decisions,
    read_decisions,
    read_decisions_or_shipped,
    write_decisions,
)
from hamakg.link.linking import LinkingResult, LinkSummary, Tally, link_things, summarize_links
from hamakg.link.sources import ItemSource, ask_sources
from hamakg.link.sssom import format_sssom
from hamakg.link.stored_links import keep_valid_links, read_links
from hamakg.link.things import read_things

__all__ = [
    "SHIPPED_DECISIONS",
    "ItemSource",
    "LinkSummary",
    "LinkingResult",
    "Tally",
    "ask_sources",
    "change_decisions",
    "format_sssom",
    "keep_valid_links",
    "link_things",
    "read_decisions",
    "read_decisions_or_shipped",
    "read_links",
    "read_things",
    "summarize_links",
    "write_decisions",
]
