"""When: the dates of a paragraph, and the day that its story has reached."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span

from hamakg.extract.narrative.time.days import Days, read_interval
from hamakg.extract.narrative.time.resolving import Bound
from hamakg.extract.narrative.time.story import Story
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
    last = story.frame.last
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
        frame = story.frame
        coarse = days.first is not None and days.end - days.first >= MONTH
        return coarse and frame.first is not None and days.end < frame.first
    reached = story.now.first if story.now.first is not None else story.now.last
    return reached is not None and days.end < reached


def _opens(wording: Wording, text: str) -> bool:
    return len(text[: wording.begin].split()) <= 1


def _moves(wording: Wording, days: Days | None, text: str) -> bool:
    """Whether the story goes on from the days: not from those told in passing ("until 3 June", "on Monday")."""
    bounded = days is not None and (days.first is None or days.last is None)
    passing = (
        bounded and wording.bound in {Bound.UNTIL, Bound.SINCE, Bound.BEFORE}
    ) or wording.kind is DateKind.UNRESOLVED
    return not passing or _opens(wording, text)


def _together(first: Days | None, second: Days | None) -> Days | None:
    """Two wordings for one date: "two weeks later, on 7 May", "hours later, by the early hours of 19 September"."""
    if first is None or second is None:
        return first or second
    if second.first is None and first.first is not None and second.last is not None and first.first <= second.last:
        return Days(first.first, second.last)
    return second
