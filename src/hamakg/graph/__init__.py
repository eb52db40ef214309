"""Values to quads: the only place that shapes RDF."""

from hamakg.graph.articles import article_quads
from hamakg.graph.derived import control_quads, happening_quads, inferred_quads, total_quads
from hamakg.graph.entities import entity_quads
from hamakg.graph.links import link_quads, same_as_quads
from hamakg.rdf.terms import term

__all__ = [
    "article_quads",
    "control_quads",
    "entity_quads",
    "happening_quads",
    "inferred_quads",
    "link_quads",
    "same_as_quads",
    "term",
    "total_quads",
]
