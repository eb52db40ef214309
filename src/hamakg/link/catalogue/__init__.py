"""Find the things of a graph by name, type and properties: what other people's lists are matched with."""

from hamakg.link.catalogue.search import ALL, ANY, SHOULD, Catalogue, CatalogueQuery, QueryValue, ScoredThing

__all__ = ["ALL", "ANY", "SHOULD", "Catalogue", "CatalogueQuery", "QueryValue", "ScoredThing"]
