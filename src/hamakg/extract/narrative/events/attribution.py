"""Who says so: the sources of a sentence, what each says of which words, and denials of what was said before."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from hamakg.extract.narrative.events.words import noun_words, speech_words, stance_adverbs, stance_nouns
from hamakg.extract.narrative.names.cast import Cast, Parties, Reference, join, make_party
from hamakg.extract.narrative.names.mentions import Role
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.names.words import name_words
from hamakg.extract.narrative.parse.grammar import (
    by_phrase,
    has_child,
    has_mark,
    is_infinitive,
    is_negated,
    is_verb,
    subjects,
)
from hamakg.extract.narrative.parse.words import stance_verbs
from hamakg.model import EntityKind, Ref, Stance


@dataclass(frozen=True, slots=True)
class Voucher:
    """A source (None: nobody is named) with its stance on the tokens of ``scope``; none: on what came before.

    ``at`` is the token that says so, ``told`` where its sentence begins in the article. ``all``: what came before is
    all that was told of the day; ``concerning`` are the places that it is about, () for all.
    """

    source: Ref | None
    stance: Stance
    scope: frozenset[int]
    at: int = 0
    told: int = 0
    all: bool = False
    concerning: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Speech:
    """Who says what in a sentence, and the sources that it refers to."""

    vouchers: tuple[Voucher, ...] = ()
    references: tuple[Reference, ...] = ()


_SILENCE = Speech()


def read_speech(sentence: Span, parties: PartyReader, begin: int) -> Speech:
    """All that the sentence, which begins at ``begin`` in the article, says about who says what."""
    found = [read(token, parties) for token in sentence for read in _READERS]
    vouchers = dict.fromkeys(voucher for speech in found for voucher in speech.vouchers)
    references = tuple(reference for speech in found for reference in speech.references)
    return Speech(tuple(replace(voucher, told=begin) for voucher in vouchers), references)


def _speak(sources: Parties, stance: Stance, scope: Iterable[int], at: int = 0, *, every: bool = False) -> Speech:
    """What the sources say, or nobody who is named."""
    words = frozenset(scope)
    vouchers = tuple(Voucher(ref, stance, words, at, all=every) for ref in sources.refs or (None,))
    return Speech(vouchers, sources.references)


def _below(tokens: Iterable[Token]) -> frozenset[int]:
    return frozenset(t.i for token in tokens for t in token.subtree)


# ---------------------------------------------------------------- verbs

_SAID = frozenset({"ccomp", "xcomp", "oprd", "dobj", "pcomp"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})


def _by_verb(token: Token, parties: PartyReader) -> Speech:
    """ "X said that …", "… was confirmed by X", "X denied this"."""
    stance = stance_verbs().get(token.lemma_.lower())
    if stance is None or not is_verb(token) or token.dep_ == "amod" or _is_unsaid(token, stance):
        return _SILENCE
    passive, own = _is_passive(token), [c for c in token.children if c.dep_ in _SUBJECTS] or _speakers_above(token)
    content = [child for child in token.children if _is_said(child, stance, passive=passive)]
    if not passive and not own and token.dep_ == "conj" and token.head.pos_ == "VERB":
        own = [c for c in token.head.children if c.dep_ == "nsubj"]
    if not own and token.dep_ == "ccomp" and token.i > token.head.i:
        return _SILENCE
    speakers = by_phrase(token) if passive else own
    sources = _without_descriptions(join(find_source(speaker, parties) for speaker in speakers), parties.cast)
    if _is_anaphoric(content, own if passive else [], stance):
        every = any(t.lower_ == "all" for c in content for t in c.subtree)
        return _speak(sources, stance, (), token.i, every=every)
    said = _what_is_said(token, content)
    scope = _below(said) | (_below(own) if passive else frozenset())
    if passive and not scope and token.dep_ == "acl":
        scope = _below([token.head]) - {token.i}
    told = any(c.dep_ == "ccomp" and has_child(c, _SUBJECTS) for c in said)
    unspoken = not passive and not sources and not (_may_speak(own) or told)
    if not scope or unspoken or not (passive or speakers or token.dep_ == "conj"):
        return Speech(references=sources.references)
    return _speak(sources, stance, scope, token.i)


def _is_passive(token: Token) -> bool:
    """ "was reported", "reported killed"."""
    bare = token.tag_ == "VBN" and not has_child(token, {"aux", "nsubj"})
    if has_child(token, {"nsubjpass", "auxpass"}) or bare:
        return True
    deadly = token.i + 1 < len(token.doc) and token.nbor(1).lemma_.lower() in noun_words().deadly | {"missing"}
    return deadly and token.nbor(1).tag_ in {"VBN", "JJ"}


def _is_said(child: Token, stance: Stance, *, passive: bool) -> bool:
    """Whether what hangs on a verb is what is said; "claimed responsibility of", "reported under fire"."""
    of = child.lower_ == "of" and stance is Stance.CLAIMED
    behind = child.dep_ == "prep" and (of or (child.lower_ == "under" and passive))
    return child.dep_ in _SAID or behind or (child.dep_ == "conj" and has_mark(child, {"that"}))


def _what_is_said(verb: Token, content: Sequence[Token]) -> list[Token]:
    """What stands behind the verb, else before it where no semicolon parts them; of "accuse" all but who does."""
    if verb.lemma_ == "accuse":
        return [c for c in verb.children if c.dep_ not in _SUBJECTS]
    return [c for c in content if c.i > verb.i] or [c for c in content if not _is_divided(c, verb)]


def _is_divided(content: Token, verb: Token) -> bool:
    """Whether a semicolon parts a clause from the verb that the parser hung it on."""
    return any(t.text == ";" for t in content.doc[min(content.i, verb.i) : max(content.i, verb.i)])


def _speakers_above(verb: Token) -> list[Token]:
    """Who speaks in "released a statement, claiming that", "with officials stating that"."""
    return subjects(verb) if verb.tag_ == "VBG" and verb.dep_ in {"acl", "advcl"} else []


def _may_speak(tokens: Iterable[Token]) -> bool:
    speakers, titles = speech_words().speakers, name_words().titles
    return any(
        t.pos_ in {"PRON", "PROPN"} or t.lemma_.lower() in speakers or t.lower_ in speakers | titles for t in tokens
    )


def _is_unsaid(token: Token, stance: Stance) -> bool:
    """ "could not verify", "unable to confirm", "no group has claimed": nobody says it."""
    doers = [c for c in token.children if c.dep_ in _SUBJECTS and c.lemma_.lower() != "one"]
    by_none = any(d.lower_ == "no" for c in doers for d in c.children)
    unable = stance is Stance.CONFIRMED and is_infinitive(token)
    return is_negated(token) or by_none or unable


def _is_anaphoric(content: Sequence[Token], subject: Sequence[Token], stance: Stance) -> bool:
    """ "denied this", "which was confirmed": what was told before is said, and nothing new."""
    answering = stance in {Stance.CONFIRMED, Stance.DENIED}
    anaphors = speech_words().anaphors if answering else {"which", "this"}
    words = [t for t in (*content, *subject) if t.dep_ in {"dobj", "nsubjpass"}]
    further = any(c.dep_ in {"acl", "ccomp"} for t in words for c in t.children)
    new = stance is not Stance.DENIED and any(t.dep_ in _SAID - {"dobj"} for t in content)
    return bool(words) and all(t.lower_ in anaphors for t in words) and not further and not new


# ---------------------------------------------------------------- other words


def _by_adverb(token: Token, parties: PartyReader) -> Speech:
    """ "reportedly": somebody says the clause."""
    stance = stance_adverbs().get(token.lower_)
    if stance is None:
        return _SILENCE
    head = token.head.head if token.head.dep_ in {"auxpass", "aux"} else token.head
    return _speak(Parties(), stance, _clause(head))


def _clause(head: Token) -> Iterator[int]:
    """The head and what hangs on it, other clauses joined by "and" or "but" aside."""
    yield head.i
    for child in head.children:
        before = child.i < head.i and child.dep_ in {"advcl", "prep", "ccomp"}
        if not before and (child.dep_ not in {"conj", "relcl"} or not is_verb(child)):
            yield from (t.i for t in child.subtree)


def _by_according_to(token: Token, parties: PartyReader) -> Speech:
    if token.lower_ != "according":
        return _SILENCE
    named = [obj for to in token.children if to.dep_ == "prep" for obj in to.children if obj.dep_ == "pobj"]
    named = named or [obj for obj in token.children if obj.dep_ == "pobj"]
    verb = token.head
    while not is_verb(verb) and verb.head != verb:
        verb = verb.head
    inside = verb.dep_ in {"ccomp", "advcl", "conj", "relcl"} and token.i > verb.left_edge.i
    sources = join(find_source(obj, parties) for obj in named)
    return _speak(sources, Stance.REPORTED, _below([verb if inside else verb.sent.root]))


def _by_noun(token: Token, parties: PartyReader) -> Speech:
    """ "reports of", "rebel claims of": what stands behind "of" or "that" is said by those before it."""
    stance = stance_nouns().get(token.lemma_.lower()) if token.pos_ == "NOUN" else None
    if stance is None or token.dep_ not in {"attr", "nsubj", "nsubjpass", "dobj", "pobj"}:
        return _SILENCE
    clauses = {"acl", "ccomp", "relcl"}
    scope = _below(c for c in token.children if c.dep_ in clauses or (c.dep_ == "prep" and c.lower_ == "of"))
    if not scope:
        return _SILENCE
    described = parties.described(token)
    return _speak(Parties(described.refs[:1], described.references), stance, scope)


def _by_adjective(token: Token, parties: PartyReader) -> Speech:
    """ "officials were adamant that": what follows is theirs to say."""
    if token.lower_ not in speech_words().adjectives or not is_verb(token.head):
        return _SILENCE
    said = [c for word in (token, token.head) for c in word.children if c.dep_ == "ccomp" and c.i > token.i]
    if not said:
        return _SILENCE
    sources = _without_descriptions(join(find_source(s, parties) for s in subjects(token.head)), parties.cast)
    return _speak(sources, Stance.REPORTED, _below(said), token.i)


_READERS: tuple[Callable[[Token, PartyReader], Speech], ...] = (
    _by_verb,
    _by_adverb,
    _by_according_to,
    _by_noun,
    _by_adjective,
)

# ---------------------------------------------------------------- sources


def find_source(head: Token, parties: PartyReader) -> Parties:
    """The source that a subject names: a party or name, else an unnamed source of this article ("local sources")."""
    speakers, mention = speech_words().speakers, parties.mentions.get(head.i)
    found = parties.read(head)
    if found:
        unnamed = head.lower_ in speakers and mention is None
        return (_describe(head, parties) if unnamed else Parties(found.refs[:1])).beside(found)
    for child in head.children:
        beside = parties.mentions.get(child.i) if child.dep_ in {"appos", "compound"} else None
        if beside and beside.ref and beside.role not in {Role.EVENT, Role.PLACE}:
            return Parties((beside.ref,)).beside(found)
    if mention and mention.ref and mention.role is not Role.PLACE:
        return Parties((mention.ref,)).beside(found)
    if head.lower_ in name_words().titles and (person := _person_beside(head, parties)):
        return Parties((person,)).beside(found)
    unnamed = head.lower_ in speakers or head.lemma_.lower() in speakers
    return (_describe(head, parties) if unnamed else Parties()).beside(found)


def _person_beside(title: Token, parties: PartyReader) -> Ref | None:
    """ "the chairman of the council, X": the person in apposition, whatever the parser hung the name on."""
    beside = [parties.mentions.get(token.i) for token in title.subtree if token.dep_ == "appos"]
    return next((mention.ref for mention in beside if mention and mention.role is Role.PERSON), None)


def _describe(head: Token, parties: PartyReader) -> Parties:
    """ "pro-government sources": an unnamed source, the article's own."""
    before = [t for t in head.subtree if t.i <= head.i and _describes(t, head)]
    start = min((t.i for t in before), default=head.i)
    places = [c for c in head.children if c.dep_ == "prep" and c.lower_ in {"on", "in", "within", "at"}]
    end = next((c.right_edge.i for c in places if c.right_edge.i - head.i < _LONGEST), head.i)
    return make_party(EntityKind.SOURCE, head.doc[start : end + 1].text, parties.cast.slug)


_LONGEST = 5
"""A place behind a source describes it where it has fewer words."""


def _describes(token: Token, head: Token) -> bool:
    word = token.dep_ != "det" and token.sent == head.sent and token.pos_ not in {"PUNCT", "CCONJ"}
    return word or (token.text == "-" and token.i < head.i)


def _without_descriptions(sources: Parties, cast: Cast) -> Parties:
    """The sources without what only describes one of them ("the activist group the SOHR")."""
    made = [reference.entity for reference in sources.references if reference.entity is not None]
    unnamed = [entity.id for entity in made if entity.kind is EntityKind.SOURCE]
    named = any(cast.kind_of(ref) is EntityKind.SOURCE for ref in sources.refs if ref not in unnamed)
    return sources.without(unnamed) if named else sources
