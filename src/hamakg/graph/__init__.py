"""Turns values of the model into quads; no other module decides how the data look as RDF."""

from hamakg.graph.articles import build_article_quads
from hamakg.graph.derived import build_control_quads, build_happening_quads, build_inferred_quads, build_total_quads
from hamakg.graph.entities import build_entity_quads
from hamakg.graph.links import build_link_quads, build_same_as_quads

__all__ = [
    "build_article_quads",
    "build_control_quads",
    "build_entity_quads",
    "build_happening_quads",
    "build_inferred_quads",
    "build_link_quads",
    "build_same_as_quads",
    "build_total_quads",
]
