"""Linking: which item of Wikidata each entity of the graph is, with the grounds for it."""

from hamakg.link.decisions import SHIPPED, change_decisions, decisions_so_far, read_decisions, sssom, write_decisions
from hamakg.link.linking import Linking, Offer, Tally, asked, linked
from hamakg.link.stored import kept, stored
from hamakg.link.things import things

__all__ = [
    "SHIPPED",
    "Linking",
    "Offer",
    "Tally",
    "asked",
    "change_decisions",
    "decisions_so_far",
    "kept",
    "linked",
    "read_decisions",
    "sssom",
    "stored",
    "things",
    "write_decisions",
]
