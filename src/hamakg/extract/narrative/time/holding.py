"""Which date of a paragraph holds for an event: that of its phrase or clause, or the day that the story has reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Span, Token

from hamakg.extract.narrative.parse.words import Words, set_reader, stance_verbs
from hamakg.extract.narrative.time.dates import DateMention
from hamakg.extract.narrative.time.days import Days, read_interval
from hamakg.extract.narrative.time.wordings import DateKind
from hamakg.model import Interval


@dataclass(frozen=True, slots=True)
class ClauseWords:
    """The sets of ``clauses.toml``."""

    parting: Words
    joining: Words
    subjects: Words
    launches: Words


clause_words = set_reader(ClauseWords, __file__, "clauses.toml")
"""Words that open clauses."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The tokens between two commas or linking words; ``clause`` counts the clauses of the sentence."""

    begin: int
    end: int
    clause: int
    parted: int


def find_interval(sentence: Span, trigger: int, mentions: Sequence[DateMention]) -> Interval:
    """The days of the event whose trigger is the token ``trigger`` of the Doc; ``mentions`` are the paragraph's.

    The date of its own phrase holds, else that of its clause, else the last one before it in the sentence, else one of
    a clause at the same time ("when", "as"), else the day that the sentences before in the paragraph have reached.
    Empty where none does.
    """
    inside = [m for m in mentions if sentence.start <= m.begin < sentence.end and _applies(m, sentence, trigger)]
    pieces = _pieces(sentence, inside)
    here = next(piece for piece in pieces if piece.begin <= trigger < piece.end)
    carried = _carried(sentence, trigger, here, mentions)
    near = [m for m in inside if here.begin <= m.begin < here.end]
    hanging = [m for m in inside if _hangs_on(m, sentence, trigger)]
    own = _nearest(trigger, hanging or near)
    if own is not None:
        return own.interval
    spreading = [m for m in inside if _spreads(m, sentence) and not _opens_later(m, pieces, trigger)]
    for found in (
        _nearest(trigger, [m for m in spreading if _piece(pieces, m).clause == here.clause]),
        _last([m for m in spreading if m.begin < trigger]),
        _first([m for m in spreading if m.begin > trigger and _piece(pieces, m).parted == here.parted]),
        _last([m for m in inside if m.kind is DateKind.SUMMARY]),
    ):
        if found is not None:
            return _up_to(carried, found.interval) if found.begin > trigger else found.interval
    return carried


def _hangs_on(mention: DateMention, sentence: Span, trigger: int) -> bool:
    """Whether the parse gives a date behind the trigger to it: "took A, a town to the west, on 3 May"."""
    dated = mention.kind in {DateKind.EXPLICIT, DateKind.RETROSPECTIVE} and mention.interval.start is not None
    bounds = {t.lower_ for t in sentence.doc[max(mention.begin - 1, sentence.start) : mention.begin + 1]}
    if not dated or mention.begin < trigger or bounds & clause_words().parting:
        return False
    token = sentence.doc[mention.end - 1]
    while token.head != token and token.pos_ not in {"VERB", "AUX"}:
        token = token.head
    return token.i == trigger


def _carried(sentence: Span, trigger: int, here: _Piece, mentions: Sequence[DateMention]) -> Interval:
    """The day that the sentences before have reached; what had happened by then ("had withdrawn") has only an end."""
    last = _last([m for m in mentions if m.moves and m.begin < sentence.start])
    if last is None:
        return Interval()
    if last.interval.end is not None and _had_happened(sentence, trigger, here):
        return Days(None, read_interval(last.interval).last).interval()
    return last.interval


def _had_happened(sentence: Span, trigger: int, here: _Piece) -> bool:
    """Whether the trigger stands in the past perfect, and not because somebody said so."""
    words = sentence.doc[here.begin : trigger + 1]
    perfect = next(
        (t for t in words if t.lower_ == "had" and any(n.tag_ == "VBN" for n in sentence.doc[t.i + 1 : t.i + 4])), None
    )
    said = stance_verbs()
    return perfect is not None and not any(t.lemma_ in said for t in sentence.doc[sentence.start : perfect.i])


def _up_to(carried: Interval, found: Interval) -> Interval:
    """What comes in a sentence before the phrase "by 22 March" happened between the story's day and then."""
    day, end = read_interval(carried), read_interval(found)
    if end.first is not None or end.last is None or day.first is None or day.first != day.last or day.first >= end.last:
        return found
    return Days(day.first, end.last).interval()


def _opens_later(mention: DateMention, pieces: Sequence[_Piece], trigger: int) -> bool:
    """Whether a step forward opens a phrase after the trigger ("…, after seven days, …"): it holds from there on."""
    return (
        mention.kind is not DateKind.EXPLICIT
        and mention.begin > trigger
        and mention.begin - _piece(pieces, mention).begin <= 1
    )


def _applies(mention: DateMention, sentence: Span, trigger: int) -> bool:
    """A date in a name holds for what happened "in" or "during" it, and for its own beginning; a claim's for none."""
    if mention.kind is DateKind.CLAIM:
        return False
    if mention.kind is not DateKind.NAME:
        return True
    if mention.interval == Interval():
        return False
    words = sentence.doc[mention.begin].lower_
    inside = words in {"in", "during"} and trigger < mention.begin
    return inside or (sentence.doc[trigger].lower_ in clause_words().launches and trigger >= mention.end)


def _spreads(mention: DateMention, sentence: Span) -> bool:
    """Whether a date holds beyond its own phrase: all but a look back or a name that does not open the sentence."""
    if mention.kind in {DateKind.EXPLICIT, DateKind.RELATIVE}:
        return True
    return mention.moves or (mention.kind is DateKind.RETROSPECTIVE and mention.begin - sentence.start <= 1)


def _pieces(sentence: Span, mentions: Sequence[DateMention]) -> list[_Piece]:
    """The pieces of a sentence; within the words of a date only what looks back opens one."""
    dated = {i for m in mentions for i in range(m.begin, m.end)}
    looking_back = {m.begin for m in mentions if m.kind in {DateKind.RETROSPECTIVE, DateKind.NAME}}
    after_and = {m.begin - 1 for m in mentions if m.moves}
    pieces: list[_Piece] = []
    begin, clause, parted = sentence.start, 0, 0
    for token in sentence[1:]:
        parts, joins = _parts(token), _joins(token)
        opens = token.lower_ in _STOPS or (token.lower_ == "and" and token.i in after_and)
        inside = token.i in dated and not (parts and token.i in looking_back)
        if (joins or parts or opens) and not inside:
            pieces.append(_Piece(begin, token.i, clause, parted))
            begin, parted = token.i, parted + parts
            clause += joins or parts or token.lower_ == "and"
    return [*pieces, _Piece(begin, sentence.end, clause, parted)]


_STOPS = frozenset({",", "–", "—", "(", ")"})


def _parts(token: Token) -> bool:
    hyphened = token.i + 1 < token.sent.end and token.nbor().text == "-"
    return token.lower_ in clause_words().parting and not hyphened


def _joins(token: Token) -> bool:
    words, before = clause_words(), token.nbor(-1)
    subject = token.tag_ == "PRP" and token.lower_ in words.subjects and before.tag_.startswith("NN")
    return subject or (token.lower_ in words.joining and not _compares(token))


def _compares(token: Token) -> bool:
    """Whether an "as" makes no clause: "as well as", "such as", "as part of"."""
    before = token.nbor(-1).lower_ if token.i > token.sent.start else ""
    after = token.nbor().lower_ if token.i + 1 < token.sent.end else ""
    return token.lower_ == "as" and (before in {"well", "such"} or after in {"well", "part", "a", "an"})


def _piece(pieces: Sequence[_Piece], mention: DateMention) -> _Piece:
    return next(piece for piece in pieces if piece.begin <= mention.begin < piece.end)


def _nearest(trigger: int, mentions: Sequence[DateMention]) -> DateMention | None:
    """The last before the trigger, else the first after it."""
    return _last([m for m in mentions if m.begin <= trigger]) or _first([m for m in mentions if m.begin > trigger])


def _first(mentions: Sequence[DateMention]) -> DateMention | None:
    return mentions[0] if mentions else None


def _last(mentions: Sequence[DateMention]) -> DateMention | None:
    return mentions[-1] if mentions else None
