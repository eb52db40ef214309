"""From one article to all that it says: infobox, narrative and the evidence between them."""

from spacy.language import Language

from hamakg.extract.evidence import with_evidence
from hamakg.extract.infobox import extract_infobox
from hamakg.extract.narrative import extract_narrative
from hamakg.model import Article, ArticleFacts


def extract_facts(article: Article, nlp: Language) -> ArticleFacts:
    """Return all that one article says: a pure function of the article and the language model."""
    return with_evidence(extract_narrative(article, extract_infobox(article), nlp))
