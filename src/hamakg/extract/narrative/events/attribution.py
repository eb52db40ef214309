"""Who says so: the sources of a sentence, what each says of which words, and denials of what was said before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from hamakg.extract.narrative.names.gazetteer import EVENT, PERSON, PLACE
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.parse.grammar import has_child, has_mark, is_negated, is_verb
from hamakg.extract.narrative.parse.grammar import subjects as doers
from hamakg.extract.narrative.parse.lexicon import lexicon
from hamakg.model import EntityKind, Ref, Stance

# The sources where the text names none.
NOBODY: tuple[Ref | None, ...] = (None,)


@dataclass(frozen=True, slots=True)
class Voucher:
    """A source (None: nobody is named) with its stance on the tokens of ``scope``; none: on what came before."""

    source: Ref | None
    stance: Stance
    scope: frozenset[int]
    at: int = 0
    told: int = 0
    all: bool = False
    concerning: tuple[Ref, ...] = ()


def find_vouchers(sentence: Span, parties: PartyReader, begin: int) -> list[Voucher]:
    """All that the sentence, which begins at ``begin`` in the article, says about who says what."""
    found: list[Voucher] = []
    for token in sentence:
        found += _by_verb(token, parties)
        found += _by_adverb(token)
        found += _according_to(token, parties)
        found += _by_noun(token, parties)
        found += _by_adjective(token, parties)
    return [replace(voucher, told=begin) for voucher in dict.fromkeys(found)]


def _by_verb(token: Token, parties: PartyReader) -> Iterator[Voucher]:
    stance = lexicon().stance_verbs.get(token.lemma_.lower())
    if stance is None or not is_verb(token) or token.dep_ == "amod":
        return
    if _unsaid(token, stance):
        return
    subjects = [c for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}] or _speakers_above(token)
    passive = has_child(token, {"nsubjpass", "auxpass"}) or (
        token.tag_ == "VBN" and not has_child(token, {"aux", "nsubj"})
    )
    if token.i + 1 < len(token.doc) and token.nbor(1).lemma_.lower() in lexicon().grammar["deadly"] | {"missing"}:
        passive = passive or token.nbor(1).tag_ in {"VBN", "JJ"}
    content = [
        c
        for c in token.children
        if c.dep_ in {"ccomp", "xcomp", "oprd", "dobj", "pcomp"}
        or (c.dep_ == "prep" and c.lower_ == "of" and stance is Stance.CLAIMED)
        or (c.dep_ == "prep" and c.lower_ == "under" and passive)
        or (c.dep_ == "conj" and has_mark(c, {"that"}))
    ]
    if not passive and not subjects and token.dep_ == "conj" and token.head.pos_ == "VERB":
        subjects = [c for c in token.head.children if c.dep_ == "nsubj"]
    if not subjects and token.dep_ == "ccomp" and token.i > token.head.i:
        return
    speakers = _agents(token) if passive else subjects
    sources = [ref for s in speakers for ref in source_of(s, parties)]
    if _is_anaphoric(content, subjects if passive else [], stance):
        every = any(t.lower_ == "all" for c in content for t in c.subtree)
        yield from (Voucher(source, stance, frozenset(), token.i, every) for source in _named(sources) or NOBODY)
        return
    right = [c for c in content if c.i > token.i]
    content = right or [c for c in content if not _divided(c, token)]
    if token.lemma_ == "accuse":
        content = [c for c in token.children if c.dep_ not in {"nsubj", "nsubjpass"}]
    inner = frozenset(t.i for c in content for t in c.subtree) | (
        frozenset(t.i for s in subjects for t in s.subtree) if passive else frozenset()
    )
    if token.dep_ in {"conj", "acl", "oprd", "advcl"} and passive and not inner:
        inner = frozenset(t.i for t in token.head.subtree if t.i != token.i) if token.dep_ == "acl" else frozenset()
    if not inner or (not passive and not speakers and token.dep_ not in {"conj"}):
        return
    if not passive and not sources and not (_may_speak(subjects) or any(_is_told_in_full(c) for c in content)):
        return
    yield from (Voucher(source, stance, inner, token.i) for source in _named(sources) or NOBODY)


def _speakers_above(verb: Token) -> list[Token]:
    """Who speaks in "released a statement, claiming that", "with officials stating that"."""
    return doers(verb) if verb.tag_ == "VBG" and verb.dep_ in {"acl", "advcl"} else []


def _is_told_in_full(content: Token) -> bool:
    """Whether what is said is a clause with a subject of its own, which only somebody can say."""
    return content.dep_ == "ccomp" and has_child(content, {"nsubj", "nsubjpass"})


def _named(sources: list[Ref]) -> list[Ref]:
    """The sources without what only describes one of them ("the activist group the SOHR")."""
    named = [ref for ref in sources if ref.startswith("source/")]
    return [ref for ref in sources if "/source/" not in ref] if named else sources


def _divided(content: Token, verb: Token) -> bool:
    """Whether a semicolon parts a clause from the verb that the parser hung it on."""
    return any(t.text == ";" for t in content.doc[min(content.i, verb.i) : max(content.i, verb.i)])


def _may_speak(subjects: list[Token]) -> bool:
    return any(
        s.pos_ in {"PRON", "PROPN"}
        or s.lemma_.lower() in lexicon().speech["speakers"]
        or s.lower_ in lexicon().speech["speakers"] | lexicon().names["titles"]
        for s in subjects
    )


def _agents(token: Token) -> list[Token]:
    return [
        obj
        for by in token.children
        if by.dep_ == "agent" or by.lower_ == "by"
        for obj in by.children
        if obj.dep_ == "pobj"
    ]


def _unsaid(token: Token, stance: Stance) -> bool:
    """ "could not verify", "unable to confirm", "no group has claimed": nobody says it."""
    negated = is_negated(token)
    by_none = any(
        d.lower_ == "no" and c.lemma_.lower() != "one"
        for c in token.children
        if c.dep_ in {"nsubj", "nsubjpass"}
        for d in c.children
    )
    unable = stance is Stance.CONFIRMED and any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)
    return negated or by_none or unable


def _is_anaphoric(content: list[Token], subjects: list[Token], stance: Stance) -> bool:
    answering = stance in {Stance.CONFIRMED, Stance.DENIED}
    anaphors = lexicon().speech["anaphors"] if answering else {"which", "this"}
    words = [t for t in (*content, *subjects) if t.dep_ in {"dobj", "nsubjpass"}]
    return (
        bool(words)
        and all(t.lower_ in anaphors for t in words)
        and not any(c.dep_ in {"acl", "ccomp"} for t in words for c in t.children)
        and not any(t.dep_ in {"ccomp", "xcomp", "oprd", "pcomp"} for t in content if stance is not Stance.DENIED)
    )


def source_of(head: Token, parties: PartyReader) -> tuple[Ref, ...]:
    """The source that a subject names: a party or name, else an unnamed source of this article ("local sources")."""
    refs = parties.read(head)
    if refs:
        return (
            refs[:1]
            if head.lower_ not in lexicon().speech["speakers"] or parties.mentions.get(head.i)
            else _described(head, parties)
        )
    for child in head.children:
        mention = parties.mentions.get(child.i)
        if child.dep_ in {"appos", "compound"} and mention and mention.ref and mention.role not in {EVENT, PLACE}:
            return (mention.ref,)
    mention = parties.mentions.get(head.i)
    if mention and mention.ref and mention.role != PLACE:
        return (mention.ref,)
    if head.lower_ in lexicon().names["titles"] and (person := _person_beside(head, parties)):
        return (person,)
    return (
        _described(head, parties)
        if head.lower_ in lexicon().speech["speakers"] or head.lemma_.lower() in lexicon().speech["speakers"]
        else ()
    )


def _person_beside(title: Token, parties: PartyReader) -> Ref | None:
    """ "the chairman of the council, X": the person in apposition, whatever the parser hung the name on."""
    for token in title.subtree:
        mention = parties.mentions.get(token.i)
        if token.dep_ == "appos" and mention and mention.role == PERSON:
            return mention.ref
    return None


def _described(head: Token, parties: PartyReader) -> tuple[Ref, ...]:
    """ "pro-government sources": an unnamed source, the article's own."""
    words = [
        t
        for t in head.subtree
        if (t.i <= head.i and t.dep_ != "det" and t.sent == head.sent and t.pos_ not in {"PUNCT", "CCONJ"})
        or (t.text == "-" and t.i < head.i)
    ]
    start = min((t.i for t in words), default=head.i)
    behind = next(
        (
            t
            for c in head.children
            if c.dep_ == "prep" and c.lower_ in {"on", "in", "within", "at"}
            for t in [c.right_edge]
            if t.i - head.i < 5
        ),
        head,
    )
    return (parties.registry.ensure(EntityKind.SOURCE, head.doc[start : behind.i + 1].text, own=True),)


def _by_adverb(token: Token) -> Iterator[Voucher]:
    stance = lexicon().stance_adverbs.get(token.lower_)
    if stance is None:
        return
    head = token.head
    if head.dep_ in {"auxpass", "aux"}:
        head = head.head
    yield Voucher(None, stance, frozenset(_clause(head)))


def _clause(head: Token) -> Iterator[int]:
    """The head and what hangs on it, other clauses joined by "and" or "but" aside."""
    yield head.i
    for child in head.children:
        before = child.i < head.i and child.dep_ in {"advcl", "prep", "ccomp"}
        if not before and (child.dep_ not in {"conj", "relcl"} or not is_verb(child)):
            yield from (t.i for t in child.subtree)


def _according_to(token: Token, parties: PartyReader) -> Iterator[Voucher]:
    if token.lower_ != "according":
        return
    objects = [obj for to in token.children for obj in to.children if to.dep_ == "prep" and obj.dep_ == "pobj"] or [
        obj for obj in token.children if obj.dep_ == "pobj"
    ]
    sources = [ref for obj in objects for ref in source_of(obj, parties)]
    verb = token.head
    while not is_verb(verb) and verb.head != verb:
        verb = verb.head
    root = verb if verb.dep_ in {"ccomp", "advcl", "conj", "relcl"} and token.i > verb.left_edge.i else verb.sent.root
    scope = frozenset(t.i for t in root.subtree)
    yield from (Voucher(source, Stance.REPORTED, scope) for source in sources or NOBODY)


def _by_noun(token: Token, parties: PartyReader) -> Iterator[Voucher]:
    """ "reports of", "rebel claims of": what stands behind "of" or "that" is said by those before it."""
    stance = lexicon().stance_nouns.get(token.lemma_.lower())
    if stance is None or token.pos_ != "NOUN":
        return
    content = [
        c for c in token.children if (c.dep_ == "prep" and c.lower_ == "of") or c.dep_ in {"acl", "ccomp", "relcl"}
    ]
    inner = frozenset(t.i for c in content for t in c.subtree)
    if inner and token.dep_ in {"attr", "nsubj", "nsubjpass", "dobj", "pobj"}:
        yield from (Voucher(source, stance, inner) for source in parties.described(token)[:1] or NOBODY)


def _by_adjective(token: Token, parties: PartyReader) -> Iterator[Voucher]:
    """ "officials were adamant that": what follows is theirs to say."""
    if token.lower_ not in lexicon().speech["adjectives"] or not is_verb(token.head):
        return
    content = [c for word in (token, token.head) for c in word.children if c.dep_ == "ccomp" and c.i > token.i]
    if not content:
        return
    sources = [ref for s in doers(token.head) for ref in source_of(s, parties)]
    inner = frozenset(t.i for c in content for t in c.subtree)
    yield from (Voucher(source, Stance.REPORTED, inner, token.i) for source in _named(sources) or NOBODY)
