"""The sources that offer items for things: authority files, Wikidata's sitelinks, reconciliation services."""

from hamakg.link.sources.ask import ItemSource, ask_sources

__all__ = ["ItemSource", "ask_sources"]
