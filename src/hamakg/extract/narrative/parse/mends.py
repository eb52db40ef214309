"""Mends what small parsers take wrong again and again: each mend knows one mistake by its pattern in the parse."""

from collections.abc import Callable, Collection

from spacy.tokens import Doc, Span, Token

from hamakg.extract.narrative.parse.grammar import has_child
from hamakg.extract.narrative.parse.words import parse_words


def mend_clauses(doc: Doc, verbs: Collection[str]) -> Doc:
    """The same document, each sentence mended; ``verbs`` are the lemmas whose participles are known."""
    for sentence in list(doc.sents):
        _mend_root(sentence)
        for token in sentence:
            for mend in _MENDS:
                mend(token)
            _mend_participle(token, verbs)
    return doc


def _mend_root(sentence: Span) -> None:
    """ "forces secured the mountain" is no long noun phrase: it gets its verb back.

    Small models read a past tense before a name as a participle. The sentence is mended where its root is a noun with
    such a participle that has a noun of its own straight before it.
    """
    root = sentence.root
    verb = next((t for t in root.lefts if t.dep_ == "amod" and t.tag_ in {"VBD", "VBN"} and _noun_before(t)), None)
    if root.pos_ in {"NOUN", "PROPN"} and verb is not None:
        _make_root(verb, root, _noun_before(verb))


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
    passive = day.dep_ == "pobj" and day.lower_ in parse_words().calendar and has_child(verb, {"auxpass"})
    if passive and not has_child(verb, {"agent"}):
        token.head, token.dep_ = verb, "agent"


def _mend_participle(token: Token, verbs: Collection[str]) -> None:
    """ "X was overrun by Y": a participle that the tagger took for a noun or an adjective, told by its "by"."""
    be = token.head
    if token.dep_ not in {"attr", "acomp"} or be.lower_ not in _BE or has_child(token, {"det"}):
        return
    by = next((c for c in token.rights if c.lower_ == "by"), None)
    verb = _participle_of(token.lower_, verbs)
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


def _participle_of(word: str, verbs: Collection[str]) -> str | None:
    """The verb whose past participle a word can be."""
    stems = (word, word.removesuffix("d"), word.removesuffix("ed"), word[:-3] if word.endswith("ed") else word)
    return next((stem for stem in stems if stem in verbs), None)


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
    if (
        token.dep_ != "pobj"
        or token.lower_ not in parse_words().described_parties
        or of.lower_ != "of"
        or has_child(token, {"det", "amod"})
    ):
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


_MENDS: tuple[Callable[[Token], None], ...] = (
    _mend_direction,
    _mend_object,
    _mend_shared_head,
    _mend_shared_modifier,
    _mend_adjacent,
    _mend_late_agent,
)
"""In this order: each sees what those before it have mended."""
