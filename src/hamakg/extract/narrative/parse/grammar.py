"""What a parse says of a verb: its lemma, voice, subjects, objects and prepositions."""

import re
from collections.abc import Collection

from spacy.tokens import Token

from hamakg.extract.narrative.parse.words import parse_words

# Pasts that lemmatizers do not know.
_IRREGULAR = {"retook": "retake", "retaken": "retake", "overran": "overrun", "blew": "blow", "beset": "beset"}

# What joins a verb as its particle, by how it hangs on it.
_PARTICLES = {
    "advmod": frozenset({"back", "out", "off", "over", "up", "through", "in", "forward", "down", "away", "ashore"}),
    "prep": frozenset({"into", "through", "back", "out", "off", "on", "upon", "at"}),
}
_REACH = 4  # so many words behind its verb a particle may stand
_CLAUSES = frozenset({"conj", "xcomp", "advcl", "pcomp", "ccomp", "dep"})


def is_verb(token: Token) -> bool:
    """Whether a token is tagged as a verb of any kind."""
    return token.pos_ in {"VERB", "AUX"}


def verb_lemma(token: Token) -> str:
    """The verb's lemma, "re-" joined to it."""
    lemma = _IRREGULAR.get(token.lower_, token.lemma_.lower())
    if "-" in lemma and lemma not in parse_words().hyphened_verbs:
        lemma = re.sub(r"(ed|ing|s)$", "", lemma)
    return lemma.replace("re-", "re")


def verb_keys(token: Token) -> list[str]:
    """The lemma with its object noun ("take control") or particle ("push back"), then alone."""
    lemma = verb_lemma(token)
    nouns = [c.lemma_.lower() for c in token.children if c.dep_ in {"dobj", "oprd", "attr", "acomp", "nsubjpass"}]
    particles = [c.lower_ for c in token.children if 0 < c.i - token.i <= _REACH and _is_particle(c)]
    return [f"{lemma} {word}" for word in (*nouns, *particles)] + [lemma]


def _is_particle(child: Token) -> bool:
    if child.dep_ == "prep" and any(c.dep_ == "pobj" and c.ent_type_ in {"DATE", "TIME"} for c in child.children):
        return False
    return child.dep_ == "prt" or child.lower_ in _PARTICLES.get(child.dep_, ())


def is_passive(token: Token) -> bool:
    """Whether a verb is in the passive, or a bare past participle after its noun ("villages captured by")."""
    while not has_child(token, {"nsubjpass", "auxpass"}) and _joins_participle(token):
        if has_child(token, {"nsubj", "aux"}):
            return False
        token = token.head
    if has_child(token, {"nsubjpass", "auxpass"}):
        return True
    reduced = token.tag_ == "VBN" and token.dep_ in {"acl", "relcl", "ccomp", "oprd", "advcl", "xcomp"}
    return reduced and not has_child(token, {"aux", "nsubj", "dobj"})


def _joins_participle(token: Token) -> bool:
    return token.dep_ == "conj" and token.tag_ == "VBN" and token.head.tag_ == "VBN"


def subjects(token: Token) -> list[Token]:
    """The subjects of a verb with their conjuncts: its own, else of the clause that it hangs on."""
    while True:
        direct = children(token, {"nsubj", "nsubjpass"})
        if direct:
            return with_conjuncts(direct)
        if token.dep_ in {"acl", "relcl"}:
            return [token.head]
        if token.dep_ == "xcomp" and (controlled := _controlled(token.head)):
            return with_conjuncts(controlled)
        if token.dep_ not in _CLAUSES or token.head.pos_ not in {"VERB", "AUX", "ADP"}:
            break
        token = token.head
    return children(token.head, {"nsubj", "nsubjpass"}) if token.dep_ == "pcomp" else []


def _controlled(verb: Token) -> list[Token]:
    """Who is to do the next verb: "forced them to retreat", "called on them to surrender"."""
    if verb.lemma_ in {"call", "appeal"}:
        return prepositional(verb, {"on", "upon", "to"})
    return children(verb, {"dobj", "nsubjpass"}) if verb.lemma_.lower() in parse_words().controlling else []


def objects(token: Token) -> list[Token]:
    """The direct objects of a verb with their conjuncts."""
    return with_conjuncts(children(token, {"dobj", "obj"}))


def with_conjuncts(tokens: Collection[Token]) -> list[Token]:
    """Tokens with all that "and" joins to them."""
    return [t for token in tokens for t in (token, *token.conjuncts)]


def by_phrase(token: Token) -> list[Token]:
    """The objects of "by" under a verb or noun, times left out."""
    bys = [c for c in token.children if c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ == "by")]
    return [o for by in bys for o in children(by, {"pobj"}) if o.ent_type_ not in {"DATE", "TIME"}]


def prepositional(token: Token, words: Collection[str]) -> list[Token]:
    """The objects of a verb's or noun's prepositions among ``words``."""
    prepositions = [c for c in token.children if c.dep_ in {"prep", "dative"} and c.lower_ in words]
    return [o for prep in prepositions for o in children(prep, {"pobj"})]


def below(token: Token, word: str) -> list[Token]:
    """All that stands below one preposition of a verb or noun."""
    return [t for c in token.children if c.dep_ == "prep" and c.lower_ == word for t in c.subtree]


def children(token: Token, dependencies: Collection[str]) -> list[Token]:
    """What hangs on a token by one of these dependencies."""
    return [child for child in token.children if child.dep_ in dependencies]


def has_child(token: Token, dependencies: Collection[str]) -> bool:
    """Whether one of these dependencies hangs on the token."""
    return any(child.dep_ in dependencies for child in token.children)


def has_word(token: Token, words: Collection[str]) -> bool:
    """Whether one of these words, in any case, hangs on the token."""
    return any(child.lower_ in words for child in token.children)


def has_mark(token: Token, words: Collection[str]) -> bool:
    """Whether one of these conjunctions opens the verb's clause ("that", "if")."""
    return any(child.dep_ == "mark" and child.lower_ in words for child in token.children)


def is_negated(token: Token) -> bool:
    """Whether a "not" or "never" hangs on the token."""
    return has_child(token, {"neg"})


def is_infinitive(token: Token) -> bool:
    """Whether a "to" stands before the verb."""
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in token.children)


def first_conjunct(token: Token) -> Token:
    """The first of the words that "and" joins."""
    while token.dep_ == "conj":
        token = token.head
    return token
