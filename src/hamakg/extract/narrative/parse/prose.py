"""Tells prose from what no article has: paragraphs, sentences or words so long that reading them would take forever."""

from spacy.language import Language

from hamakg.extract.narrative.parse.pipeline import plain, split_sentences

LONGEST_PARAGRAPH = 50_000
"""The length in characters of the longest paragraph that is read; parsers need memory by its square."""

_LONGEST_SENTENCE = 400
"""The number of tokens of the longest sentence that is read: twice that of the longest in 500 articles.

The narrative takes the square of it and more: 3 s for 200 figures that are joined by commas, minutes for a thousand.
"""

_LONGEST_WORD = 1000
"""The length in characters of the longest word that is read; the tokenizer takes the square of it."""


def is_prose(paragraph: str, nlp: Language) -> bool:
    """Whether a paragraph and its sentences and words are short enough to be read."""
    if len(paragraph) > LONGEST_PARAGRAPH or any(len(word) > _LONGEST_WORD for word in paragraph.split()):
        return False
    if len(paragraph) <= _LONGEST_SENTENCE:  # a token has at least one character
        return True
    tokens = split_sentences(nlp.make_doc(plain(paragraph)))
    return all(len(sentence) <= _LONGEST_SENTENCE for sentence in tokens.sents)
