"""The narrative: paragraphs to events with their evidence.

Four rooms in the order of reading: ``parse`` (what a paragraph's grammar and numbers say), ``names`` (who and what is
named), ``time`` (which days), ``events`` (what happened, who did it, where, how sure it is). ``article`` leads through
them.
"""

from hamakg.extract.narrative.article import extract_narrative, load_pipeline
from hamakg.extract.narrative.events.trained import Trained, load_trained
from hamakg.extract.narrative.parse.pipeline import DEFAULT_MODEL

__all__ = ["DEFAULT_MODEL", "Trained", "extract_narrative", "load_pipeline", "load_trained"]
