"""What the trained model says of an article: which words tell events, and what an entity named near is to them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from hamakg.extract.encoder.model import Judgements, Model, ReadArticle, judge, read_article
from hamakg.extract.encoder.pairs import Kind, Named
from hamakg.extract.encoder.tags import TriggerScore
from hamakg.extract.encoder.windows import Sentence, Words
from hamakg.extract.encoder.wordpiece import read_vocabulary, split_words
from hamakg.extract.narrative.events.draft import Draft
from hamakg.extract.narrative.names.cast import Cast, Reference
from hamakg.extract.narrative.names.discourse import Described
from hamakg.extract.narrative.names.mentions import Mentions, Role
from hamakg.extract.narrative.names.parties import PartyReader
from hamakg.extract.narrative.names.units import is_unit_kind
from hamakg.extract.narrative.parse.grammar import has_child
from hamakg.model import EntityKind, EventType, Ref

_PARTY_WORDS = frozenset({"NOUN", "PROPN", "ADJ", "PRON"})


@dataclass(frozen=True, slots=True)
class Expression:
    """Words of a sentence that mean entities: a name, "the town", "rebels", "they"."""

    words: Words
    refs: tuple[Ref, ...]
    kind: Kind
    side: int
    is_name: bool
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """The model's reading of an article; ``numbers`` are its sentences by where their paragraphs and they begin.

    ``triggers`` are those that the model found in each sentence, by its number.
    """

    model: Model
    article: ReadArticle
    sentences: tuple[Sentence, ...]
    numbers: Mapping[tuple[int, int], int]
    triggers: Mapping[int, Sequence[TriggerScore]]

    def find_triggers(self, begin: int, sentence: Span) -> list[tuple[Token, TriggerScore]]:
        """The words of a sentence that may tell an event, each with its scores."""
        number = self.numbers[begin, sentence.start]
        words, found = self.sentences[number].words, list[tuple[Token, TriggerScore]]()
        for score in self.triggers.get(number, ()):
            first, last = words[score.words.begin], words[score.words.end - 1]
            span = sentence.doc.char_span(
                sentence.start_char + first.begin, sentence.start_char + last.end, alignment_mode="expand"
            )
            if span is not None and (token := _find_telling(span)) is not None:
                found.append((token, score))
        return found

    def find_words(self, begin: int, sentence: Span, tokens: Span) -> Words | None:
        """The words of a sentence that are these tokens."""
        number = self.numbers[begin, sentence.start]
        first, last = tokens.start_char - sentence.start_char, tokens.end_char - sentence.start_char
        found = self.sentences[number].find_words(first, last)
        return Words(number, *found) if found else None

    def judge(self, triggers: Mapping[Words, EventType], expressions: Iterable[Expression]) -> Judgements:
        """What the model says of the triggers, and of each with the expressions near."""
        named = {own.words: Named(own.kind, own.side, frozenset(own.refs)) for own in expressions}
        return judge(self.model, self.article, triggers, named)


def _find_telling(span: Span) -> Token | None:
    """The word of a phrase that tells the event: its head, or if that is only "under", its last noun or verb."""
    content = [token for token in span if token.pos_ in _TELLING]
    return span.root if span.root in content else next(reversed(content), None)


_TELLING = frozenset({"NOUN", "PROPN", "VERB", "ADJ"})


def read_scores(model: Model, title: str, paragraphs: Sequence[tuple[int, Doc, str]]) -> Scores:
    """What the model says of an article's paragraphs, each with where it begins and its text."""
    vocabulary, sentences, numbers = read_vocabulary(), list[Sentence](), dict[tuple[int, int], int]()
    for begin, doc, text in paragraphs:
        for index, span in enumerate(doc.sents):
            numbers[begin, span.start] = len(sentences)
            sentences.append(Sentence(split_words(text[span.start_char : span.end_char], vocabulary), index == 0))
    article, triggers = read_article(model, title, sentences), defaultdict[int, list[TriggerScore]](list)
    for score in article.triggers:
        triggers[score.words.sentence].append(score)
    return Scores(model, article, tuple(sentences), numbers, triggers)


def find_expressions(
    scores: Scores,
    begin: int,
    sentence: Span,
    mentions: Mentions,
    described: Described,
    parties: PartyReader,
    before: Sequence[Expression],
) -> Iterator[Expression]:
    """The words of a sentence that mean entities; ``before`` are those of the sentences before."""
    found: list[Expression] = []
    for token in sentence:
        mention = mentions.get(token.i)
        span, is_name = sentence.doc[token.i : token.i + 1], False
        refs: tuple[Ref, ...] = ()
        references: tuple[Reference, ...] = ()
        if mention is not None:
            if mention.ref and token.i == mention.start:
                span, refs, is_name = sentence.doc[mention.start : mention.end], (mention.ref,), True
        elif token.i in described:
            refs = described[token.i]
        if not refs and token.pos_ in _PARTY_WORDS and (mention is None or token.i == mention.start):
            read = parties.read_one(token)
            refs, references = read.refs, read.references
        if not refs and mention is None and is_unit_kind(token.lemma_) and has_child(token, {"det"}):
            refs = _find_unit(token.lemma_.lower(), (*before[-_REMEMBERED:], *found), parties.cast)
        words = scores.find_words(begin, sentence, span) if refs and not _is_excluded(span.root) else None
        if words:
            source = mention is not None and mention.role is Role.SOURCE
            kind = Kind.SOURCE if source else _find_kind(refs[0], token.i in described, parties.cast)
            found.append(Expression(words, refs, kind, _number_side(refs[0], parties.cast), is_name, references))
            yield found[-1]


def _is_excluded(token: Token) -> bool:
    """ "captured villages, but not X, Y or Z", "all but X": nothing is told of these."""
    while token.dep_ == "conj" and token.head.pos_ in _NOUNS:
        token = token.head
    before = {other.lower_ for other in token.doc[max(token.sent.start, token.left_edge.i - 1) : token.i]}
    return bool(before & _EXCLUDING) or token.head.lower_ in _EXCLUDING


_NOUNS = frozenset({"NOUN", "PROPN"})
_EXCLUDING = frozenset({"not", "except", "excluding", "without"})


def find_references(drafts: Iterable[Draft], expressions: Iterable[Expression]) -> Iterator[Reference]:
    """What the expressions refer to that mean the parties of the drafts."""
    parties = {ref for draft in drafts for ref in (*draft.roles.agents, *draft.roles.targets)}
    for expression in expressions:
        yield from (reference for reference in expression.references if reference.ref in parties)


_REMEMBERED = 60


def _find_unit(kind: str, before: Sequence[Expression], cast: Cast) -> tuple[Ref, ...]:
    """The unit of a kind that was named last: who "the division" is."""
    for expression in reversed(before[-_REMEMBERED:]):
        for ref in expression.refs if expression.is_name else ():
            if ref in cast.entities and kind in cast.entities[ref].name.lower().split():
                return (ref,)
    return ()


_KINDS = {EntityKind.PLACE: Kind.PLACE, EntityKind.PERSON: Kind.PERSON, EntityKind.SOURCE: Kind.SOURCE}


def _find_kind(ref: Ref, described: bool, cast: Cast) -> Kind:
    if ref in cast.sides:
        return Kind.SIDE
    if described:
        return Kind.PLACE
    kind = cast.kind_of(ref)
    return _KINDS.get(kind, Kind.ACTOR) if kind else Kind.ACTOR


def _number_side(ref: Ref, cast: Cast) -> int:
    side = cast.side(ref)
    return 1 + list(cast.sides).index(side) if side is not None and side in cast.sides else 0
