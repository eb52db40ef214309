"""Extracts the facts of one article: from its infobox, then its narrative, then its notes and links."""

from spacy.language import Language

from hamakg.extract.evidence import add_evidence
from hamakg.extract.infobox import extract_infobox
from hamakg.extract.narrative import Trained, extract_narrative
from hamakg.model import Article, ArticleFacts


def extract_facts(article: Article, nlp: Language, trained: Trained | None = None) -> ArticleFacts:
    """The facts of one article; a pure function of the article, the language model and the trained parts.

    Without trained parts the rules alone read the narrative.
    """
    return add_evidence(extract_narrative(article, extract_infobox(article), nlp, trained))
