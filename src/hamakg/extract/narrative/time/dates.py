"""When: the dates of a paragraph, the day that its story has reached, and the date that holds for an event."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span

from hamakg.extract.narrative.parse.words import stance_verbs
from hamakg.extract.narrative.time.days import Days, read_interval
from hamakg.extract.narrative.time.story import Story, frame_of
from hamakg.extract.narrative.time.wordings import (
    DateKind,
    Wording,
    continues,
    find_wordings,
    heading_days,
    main_years,
    title_days,
)
from hamakg.model import Interval

MONTH = 27  # so many days and more are a whole month or a year
# The kinds of wording that the story goes on from.
STORY = frozenset({DateKind.EXPLICIT, DateKind.RELATIVE, DateKind.UNRESOLVED})

__all__ = ["DateKind", "DateMention", "Story", "begin_story", "day_of", "read_dates"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in the words of the text: ``doc[begin:end]``, its days, and whether the story goes on from it.

    ``interval`` is empty where the text does not tell the days ("on Monday").
    """

    begin: int
    end: int
    interval: Interval
    kind: DateKind
    moves: bool


def begin_story(title: str, conflict: Interval, texts: Collection[str] = ()) -> Story:
    """The story before its first paragraph.

    The conflict's days are those of the infobox, else what the title tells; ``texts`` are the article's paragraphs,
    whose years serve where neither tells any.
    """
    known = read_interval(conflict)
    if known.first is None and known.last is None:
        known = title_days(title)
    return Story(title, known, main_years(texts))


def leave_lead(story: Story) -> Story:
    """The story where an article's body begins: it starts anew, however far the lead's summary went."""
    return replace(story, now=None, before=None, opened=None)


def read_dates(doc: Doc, story: Story, headings: Sequence[str] = ()) -> tuple[tuple[DateMention, ...], Story]:
    """The date mentions of a paragraph in their order, and the story after it.

    ``headings`` are those above the paragraph, outermost first: dates that name no year are of the days that they name.
    Where the paragraph's day is told before its first word, by the heading of a day or by "Meanwhile, …", the first
    mention is an empty one at its start.
    """
    own = main_years([doc.text]) if story.era.first is None else story.era
    story = _enter_section(replace(story, fresh=True, era=own), tuple(headings))
    inherited = _inherited(doc, story)
    story = replace(story, opened=inherited, now=inherited or story.now)
    mentions = [] if inherited is None else [DateMention(0, 0, inherited.interval(), DateKind.RELATIVE, True)]
    for sentence in doc.sents:
        found, story = _read_sentence(doc, sentence, story)
        mentions += found
    return tuple(mentions), story


def _enter_section(story: Story, headings: tuple[str, ...]) -> Story:
    """The story under the headings; each of them is read within the days of those above it.

    A paragraph under none is a section of its own: nothing tells where an aside before it ends.
    """
    if headings and headings == story.headings:
        return story
    story = replace(story, headings=headings, section=None, entered=True)
    for heading in headings:
        story = replace(story, section=heading_days(heading, story) or story.section)
    return story


def _inherited(doc: Doc, story: Story) -> Days | None:
    """The days of the paragraph before any of its words: those of a day's own section, or of the paragraph before."""
    section = story.section
    if section is not None and section.first == section.last:
        return section
    return story.opened if continues(doc.text) else None


def _read_sentence(doc: Doc, sentence: Span, story: Story) -> tuple[list[DateMention], Story]:
    mentions: list[DateMention] = []
    text, read, before = sentence.text, 0, None
    for wording in find_wordings(text):
        days = wording.days(story)
        begin, end = _tokens(doc, sentence.start_char + wording.begin, sentence.start_char + wording.end)
        if mentions and wording.kind in STORY and not text[read : wording.begin].strip(" ,("):
            begin, days = mentions.pop().begin, _together(before, days)
        kind = _kind(wording, days, text, story)
        moves = wording.kind in STORY and kind is not DateKind.RETROSPECTIVE and _moves(wording, days, text)
        if moves and _far_after(days, story):
            moves = False
        if moves:
            story = _move(story, days)
        elif kind is DateKind.CLAIM:
            story = replace(story, now=days)
        if days is not None or wording.kind is not DateKind.SUMMARY:
            mentions.append(DateMention(begin, end, (days or Days()).interval(), kind, moves))
        read, before = wording.end, days
    return mentions, story


def _far_after(days: Days | None, story: Story) -> bool:
    """ "In 1953 an historian wrote": years after the conflict the story does not go on."""
    last = frame_of(story).last
    return days is not None and days.first is not None and last is not None and days.first - last > 3 * 365


def _move(story: Story, days: Days | None) -> Story:
    """The story after it has told of the days; None are days that nobody can tell."""
    before = story.before if days == story.now else story.now
    opened = story.opened if days is None or days.first is None else story.opened or days
    return replace(story, now=days, before=before, fresh=False, opened=opened, entered=False)


def _tokens(doc: Doc, begin: int, end: int) -> tuple[int, int]:
    """The tokens that the characters touch."""
    touched = [t.i for t in doc.char_span(begin, end, alignment_mode="expand") or ()]
    return touched[0], touched[-1] + 1


def _kind(wording: Wording, days: Days | None, text: str, story: Story) -> DateKind:
    if wording.kind in {DateKind.NAME, DateKind.CLAIM}:
        return wording.kind
    if days is None:
        return DateKind.UNRESOLVED
    if wording.kind is DateKind.EXPLICIT and _looks_back(wording, days, text, story):
        return DateKind.RETROSPECTIVE
    return wording.kind


def _looks_back(wording: Wording, days: Days, text: str, story: Story) -> bool:
    """Whether a date that does not open its sentence goes back behind the day that this paragraph has reached.

    Where it has reached none, a year or month before the conflict does ("the region annexed in 2014").
    """
    if text[: wording.begin].rstrip().endswith("back"):
        return True
    if days.end is None or _opens(wording, text):
        return False
    if story.fresh or story.now is None:
        frame = frame_of(story)
        coarse = days.first is not None and days.end - days.first >= MONTH
        return coarse and frame.first is not None and days.end < frame.first
    reached = story.now.first if story.now.first is not None else story.now.last
    return reached is not None and days.end < reached


def _opens(wording: Wording, text: str) -> bool:
    return len(text[: wording.begin].split()) < 2


def _moves(wording: Wording, days: Days | None, text: str) -> bool:
    """Whether the story goes on from the days: not from those told in passing ("until 3 June", "on Monday")."""
    bounded = days is not None and (days.first is None or days.last is None)
    passing = (bounded and wording.bound in {"until", "since", "before"}) or wording.kind is DateKind.UNRESOLVED
    return not passing or _opens(wording, text)


def _together(first: Days | None, second: Days | None) -> Days | None:
    """Two wordings for one date: "two weeks later, on 7 May", "hours later, by the early hours of 19 September"."""
    if first is None or second is None:
        return first or second
    if second.first is None and first.first is not None and second.last is not None and first.first <= second.last:
        return Days(first.first, second.last)
    return second


# ---------------------------------------------------------------- which date holds

# Words that open another clause. What an undated clause says is at the time of a later one only after those of the
# second set.
PARTING = frozenset(
    [
        ";",
        ":",
        "but",
        "before",
        "after",
        "following",
        "until",
        "till",
        "since",
        "although",
        "though",
        "whereas",
        "despite",
        "however",
        "then",
    ]
)
JOINING = frozenset(["when", "as", "while", "where", "who", "which", "whom", "whose"])
SUBJECTS = frozenset(["they", "he", "she", "it", "we"])
LAUNCHES = frozenset(["launched", "began", "started", "commenced"])


@dataclass(frozen=True, slots=True)
class _Piece:
    """The tokens between two commas or linking words; ``clause`` counts the clauses of the sentence."""

    begin: int
    end: int
    clause: int
    parted: int


def day_of(sentence: Span, trigger: int, mentions: Sequence[DateMention]) -> Interval:
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
    if not dated or mention.begin < trigger or bounds & PARTING:
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
        and mention.begin - _piece(pieces, mention).begin < 2
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
    return inside or (sentence.doc[trigger].lower_ in LAUNCHES and trigger >= mention.end)


def _spreads(mention: DateMention, sentence: Span) -> bool:
    """Whether a date holds beyond its own phrase: all but a look back or a name that does not open the sentence."""
    if mention.kind in {DateKind.EXPLICIT, DateKind.RELATIVE}:
        return True
    return mention.moves or (mention.kind is DateKind.RETROSPECTIVE and mention.begin - sentence.start < 2)


def _pieces(sentence: Span, mentions: Sequence[DateMention]) -> list[_Piece]:
    dated = {i for m in mentions for i in range(m.begin, m.end)}
    opening = {m.begin for m in mentions if m.moves}
    looking_back = {m.begin for m in mentions if m.kind in {DateKind.RETROSPECTIVE, DateKind.NAME}}
    pieces: list[_Piece] = []
    begin, clause, parted = sentence.start, 0, 0
    for token in sentence:
        word = token.lower_
        hyphened = token.i + 1 < sentence.end and sentence.doc[token.i + 1].text == "-"
        joins, parts = word in JOINING and not _compares(token.i, sentence), word in PARTING and not hyphened
        opens = word in {"and", ",", "–", "—", "(", ")"} and (word != "and" or token.i + 1 in opening)
        joins = joins or (token.tag_ == "PRP" and word in SUBJECTS and sentence.doc[token.i - 1].tag_.startswith("NN"))
        if (
            (token.i in dated and not (parts and token.i in looking_back))
            or not (joins or parts or opens)
            or token.i == sentence.start
        ):
            continue
        pieces.append(_Piece(begin, token.i, clause, parted))
        begin, clause, parted = token.i, clause + (joins or parts or word == "and"), parted + parts
    return [*pieces, _Piece(begin, sentence.end, clause, parted)]


def _compares(index: int, sentence: Span) -> bool:
    """Whether an "as" makes no clause: "as well as", "such as", "as part of"."""
    doc = sentence.doc
    before = doc[index - 1].lower_ if index > sentence.start else ""
    after = doc[index + 1].lower_ if index + 1 < sentence.end else ""
    return doc[index].lower_ == "as" and (before in {"well", "such"} or after in {"well", "part", "a", "an"})


def _piece(pieces: Sequence[_Piece], mention: DateMention) -> _Piece:
    return next(piece for piece in pieces if piece.begin <= mention.begin < piece.end)


def _nearest(trigger: int, mentions: Sequence[DateMention]) -> DateMention | None:
    """The last before the trigger, else the first after it."""
    return _last([m for m in mentions if m.begin <= trigger]) or _first([m for m in mentions if m.begin > trigger])


def _first(mentions: Sequence[DateMention]) -> DateMention | None:
    return mentions[0] if mentions else None


def _last(mentions: Sequence[DateMention]) -> DateMention | None:
    return mentions[-1] if mentions else None
