"""Losses: "250 killed and 750 wounded (per the rebels)", "58+ fighters killed(8 IRGC)", "27 tanks destroyed"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from hamakg.extract.infobox.dates import read_dated
from hamakg.extract.infobox.figures import Figure, Phrase, read_phrases
from hamakg.extract.infobox.items import Item, read_items, whole_items
from hamakg.extract.infobox.sources import Saying, read_saying
from hamakg.extract.infobox.strengths import NO_REMARK, cut_phrase, is_equipment, read_when, whole_lists
from hamakg.extract.infobox.words import alternatives, keyed, listed
from hamakg.model import CasualtyKind, Interval, Stance
from hamakg.naming.states import state_words

_CONNECTIVE_END = re.compile(r"(?i)\b(?:or|and|/)$")
_LOST = re.compile(r"(?i)\b(?:destroyed|damaged|lost|shot down|sunk|disabled|downed)\b")


_FATES = (
    r"(?:destroyed|damaged|lost|shot down|sunk|disabled|downed|scuttled|torpedoed|grounded|beached|captured|seized|"
    r"abandoned|knocked out|put out of action|written off|crippled|burned|missing)"
)
_HOW = re.compile(
    r"(?i)\b(?:(?:badly|heavily|severely|lightly|slightly)\s+)?"
    rf"{_FATES}(?:(?:\s+or\s+|\s+and\s+|\s*/\s*){_FATES})?\b"
)
_VICTIMS = frozenset({"pow", "pows", "prisoner", "prisoners"})
# What only ships and aircraft suffer, whatever they are called.
_OF_THINGS = frozenset({"sunk", "shot down", "scuttled", "torpedoed", "grounded", "beached", "downed"})


@dataclass(frozen=True, slots=True)
class Loss:
    """One figure of people with what the text says of it; ``part_of`` is the index of the loss that includes it.

    ``headed``: its ``victims`` are a heading's words, which may name somebody else. ``line`` is the line of its field,
    if the remarks there are about that line alone.
    """

    kind: CasualtyKind
    minimum: int | None
    maximum: int | None
    words: str
    victims: str | None = None
    saying: Saying | None = None
    interval: Interval | None = None
    part_of: int | None = None
    heading: str | None = None
    remarked: bool = False
    remarks: tuple[str, ...] = ()
    line: int | None = None
    headed: bool = False


@dataclass(frozen=True, slots=True)
class Things:
    """One figure of equipment lost, and how in the text's words ("sunk"); ``heading`` is what stands over it."""

    what: str
    minimum: int | None
    maximum: int | None
    words: str
    how: str | None = None
    saying: Saying | None = None
    interval: Interval | None = None
    heading: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    """The state of reading one field from left to right: losses of people and of things, and what is neither."""

    during: Interval
    losses: list[Loss] = field(default_factory=list)
    things: list[Things] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_losses(value: str, during: Interval) -> tuple[list[Loss], list[Things], list[str]]:
    """The losses of people that a field gives, those of equipment, and the words that were not understood.

    A phrase without a kind has its heading's, or that of the figure before ("259 killed, estimates up to 427"); a field
    of bare figures counts killed and wounded. What a remark says holds for the figures of different kinds before it.
    """
    reader = _Reader(during)
    for item in whole_lists(_whole_phrases(read_items(value))):
        if reader.losses and re.match(r"(?i)(?:not (?:including|counting)|excluding|excludes)\b", item.words):
            last = reader.losses[-1]
            reader.losses[-1] = replace(last, remarks=(*last.remarks, item.words))
            continue
        _read_item(item, reader)
    return reader.losses, reader.things, reader.unread


def _whole_phrases(items: Iterable[Item]) -> list[Item]:
    """The items, with a list of kinds that commas cut made whole: "5,000 killed, wounded, or captured"."""
    return whole_items(items, lambda _, item: bool(_kinds().fullmatch(re.sub(r"(?i)^(?:and|or)\s+", "", item.name))))


def _read_item(item: Item, reader: _Reader) -> None:
    phrases, left = read_phrases(item.words)
    if left and left.lower().strip(" .") not in listed("nothing"):
        _read_unnumbered(item, reader)
    for phrase in phrases:
        if not _counts_people(phrase):
            _read_things(phrase, item.heading, reader)
            continue
        losses = _losses(phrase, item.headings, reader)
        reader.losses += [replace(loss, line=None if item.apart else item.line) for loss in losses]
        for remark in phrase.remarks:
            _read_remark(remark, reader)


def _read_unnumbered(item: Item, reader: _Reader) -> None:
    """ "Unknown killed", "all light craft sunk": people of a kind or things, no number given; else not understood."""
    run, how = _kinds().search(item.name), _HOW.search(item.name)
    what = _tidied(_HOW.sub("", item.name))
    if is_equipment(what):
        fate = how[0].lower() if how else None
        reader.things.append(Things(what, None, None, item.words, fate, heading=item.heading, remarks=item.remarks))
        return
    if run is None:
        reader.unread.append(item.words)
        return
    beside = tuple(words for words in (_tidied(item.name[: run.start()]), *item.remarks) if words)
    reader.losses += [
        Loss(kind, None, None, item.words, heading=item.heading, remarks=beside) for kind in _kinds_of(run[0])
    ]


def _tidied(words: str) -> str:
    return re.sub(r"(?i)^(?:and|or)\b|\b(?:and|or)$", "", words).strip(" ,.")


def _counts_people(phrase: Phrase) -> bool:
    """Whether a figure is one of people: its words say so, or a name, or there are none; not tanks, ships, villages."""
    run = _run(phrase.after)
    described = phrase.after[: run.start()] if run else phrase.after
    _, words = _stance(described)
    words, _ = cut_phrase(words)
    if is_equipment(words) or _LOST.search(phrase.after) or _CONNECTIVE_END.search(words):
        return False
    if not listed("no_casualties").isdisjoint(phrase.after.lower().split()[:1]):
        return False
    if not words or words.lower() in listed("totals", "words") or any(w[0].isupper() for w in words.split()):
        return True
    if not listed("people", "nouns").isdisjoint(words.lower().split()):
        return True
    return run is not None and not re.search(r"(?i)captured|losses|displaced", run[0])


def _read_things(phrase: Phrase, heading: str | None, reader: _Reader) -> None:
    """Equipment lost: "27 tanks destroyed", "3 aircraft", and "22 damaged" after it; what is none is not understood."""
    noun_phrase, circumstances = cut_phrase(phrase.after)
    fate = _HOW.search(noun_phrase)
    what = _HOW.sub("", noun_phrase).strip(" ,") if fate else noun_phrase
    before = reader.things[-1] if reader.things else None
    if not what and fate and before:
        what = before.what
    sure = fate is not None and fate[0].lower() in _OF_THINGS
    if not what or not (is_equipment(what) or sure or (before and what == before.what)):
        reader.unread.append(_as_text(phrase))
        return
    stance, what = _stance(what)
    interval, circumstances = read_dated(circumstances, reader.during)
    beside = [words for words in (phrase.about, phrase.before, circumstances) if words]
    things = Things(
        what, phrase.figure.minimum, phrase.figure.maximum, _as_text(phrase),
        how=fate[0].lower() if fate else None, saying=Saying(None, stance) if stance else None,
        interval=interval, heading=heading,
    )  # fmt: skip
    for remark in phrase.remarks:
        interval, rest = read_dated(remark, reader.during)
        saying = read_saying(rest)
        things = replace(things, interval=interval or things.interval, saying=saying or things.saying)
        beside += [rest] if rest and not saying else []
    reader.things.append(replace(things, remarks=tuple(beside)))


def _as_text(phrase: Phrase) -> str:
    remarks = [f"({remark})" for remark in phrase.remarks]
    return " ".join([part for part in (phrase.before, phrase.text, phrase.after, *remarks) if part])


def _losses(phrase: Phrase, headings: tuple[str, ...], reader: _Reader, part_of: int | None = None) -> list[Loss]:
    """The losses that one figure gives: two for "several hundreds killed and captured"."""
    run = _run(phrase.after)
    stance, before = _stance(f"{phrase.before} {phrase.after[: run.start()] if run else phrase.after}")
    victims, circumstances = cut_phrase(before)
    whole = victims.lower() in listed("totals", "words")
    circumstances = f"{circumstances} {phrase.after[run.end() :] if run else ''}".strip(" ,.")
    interval, circumstances = read_dated(circumstances, reader.during)
    beside = (circumstances,) if circumstances and circumstances.lower() != "in action" else ()
    beside = tuple(
        words for words in (phrase.about, *beside, victims if whole else "") if words.lower() not in NO_REMARK
    )
    headed = _Heading.of(headings, reader.during)
    heading = headings[-1] if headings else None
    kinds = _kinds_of(run[0]) if run else headed.kinds or _inherited(reader, heading, whole, part_of)
    saying = Saying(None, stance) if stance else headed.saying
    return [
        Loss(
            kind=kind,
            minimum=figure.minimum,
            maximum=figure.maximum,
            words=_as_text(phrase),
            victims=("" if whole else victims) or headed.victims,
            headed=(whole or not victims) and headed.victims is not None,
            saying=saying,
            interval=interval or headed.interval,
            part_of=part_of,
            heading=heading,
            remarks=(
                *headed.remarks,
                *beside,
                *((_as_text(phrase),) if len(kinds) > 1 and phrase.figure.minimum is not None else ()),
            ),
        )
        for kind, figure in _shared(kinds, phrase.figure)
    ]


def _stance(words: str) -> tuple[Stance | None, str]:
    """How the figure is said to be known ("reported", "estimates"), and the words without that."""
    stance, left = None, []
    for word in words.split():
        known = keyed("reading").get(word.lower().strip(",:"))
        stance = Stance(known) if known else stance
        left += [] if known else [word]
    return stance, " ".join(left)


@dataclass(frozen=True, slots=True)
class _Heading:
    """What the headings over a figure say of it; of two that say the same kind of thing the inner one holds."""

    kinds: tuple[CasualtyKind, ...] = ()
    victims: str | None = None
    saying: Saying | None = None
    interval: Interval | None = None
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, headings: tuple[str, ...], during: Interval) -> "_Heading":
        """What the headings say together, the outermost first."""
        said = cls()
        for heading in headings:
            inner = cls._alone(heading, during)
            said = cls(
                inner.kinds or said.kinds,
                inner.victims or said.victims,
                inner.saying or said.saying,
                inner.interval or said.interval,
                (*said.remarks, *inner.remarks),
            )
        return said

    @classmethod
    def _alone(cls, heading: str, during: Interval) -> "_Heading":
        interval, words = read_when(re.sub(r"(?i)\s+only$", "", heading), during)
        if words is None:
            return cls(interval=interval)
        if saying := read_saying(words):
            return cls(saying=saying, interval=interval)
        head = re.split(r"\s(?:of|in|for|on)\s", words.lower())[0]
        if words.lower() in listed("totals", "words") or head.rpartition(" ")[2] in listed(
            "conflict", "words", "stretches"
        ):
            return cls(interval=interval, remarks=(words,))
        run = _kinds().search(words)
        victims = (words[: run.start()] if run else words).strip()
        return cls(_kinds_of(run[0]) if run else (), victims or None, interval=interval)


def _inherited(reader: _Reader, heading: str | None, whole: bool, part_of: int | None) -> tuple[CasualtyKind, ...]:
    """The kind of a figure without one: of what includes it or stands before it; a total counts killed and wounded."""
    if part_of is not None:
        return (reader.losses[part_of].kind,)
    before = reader.losses[-1] if reader.losses and not whole else None
    return (before.kind if before and before.heading == heading else CasualtyKind.KILLED_OR_WOUNDED,)


def _kinds_of(run: str) -> tuple[CasualtyKind, ...]:
    """The kinds that words name; killed and wounded under one figure are not told apart."""
    kinds = [
        CasualtyKind(keyed("casualties")[w]) for w in re.findall(r"[^\W\d_]+", run.lower()) if w in keyed("casualties")
    ]
    both = {CasualtyKind.KILLED, CasualtyKind.WOUNDED}
    if both <= set(kinds):
        kinds = [CasualtyKind.KILLED_OR_WOUNDED, *(k for k in kinds if k not in both)]
    return tuple(dict.fromkeys(kinds))


def _shared(kinds: tuple[CasualtyKind, ...], figure: Figure) -> list[tuple[CasualtyKind, Figure]]:
    """Each kind with its bounds: a figure for several kinds together is only the most that each can be."""
    if len(kinds) > 1:
        figure = replace(figure, minimum=None)
    return [(kind, figure) for kind in kinds]


def _read_remark(remark: str, reader: _Reader) -> None:
    """What stands in brackets after a figure: who says so, when, of whom; what is none of these is not understood."""
    covered = _covered(reader.losses)
    joint = len({reader.losses[index].words for index in covered}) < len(covered)
    for words in (part.strip() for part in remark.split(";")):
        interval, rest = read_dated(words, reader.during)
        saying = read_saying(rest)
        parts = [] if saying else read_phrases(rest)[0]
        if joint and not all(_kinds().search(phrase.after) for phrase in parts):
            parts = []  # of "117 killed, wounded and missing (39 in May)" nobody knows what the 39 suffered
        state = rest if rest.lower() in state_words() else None
        if parts:
            _read_parts(parts, interval, covered, reader)
        beside = (rest,) if rest and not saying and not parts and not state else ()
        for index in covered:
            loss = replace(reader.losses[index], remarked=True, remarks=(*reader.losses[index].remarks, *beside))
            loss = replace(loss, victims=loss.victims or state)
            if not parts:
                loss = replace(loss, saying=saying or loss.saying, interval=interval or loss.interval)
            reader.losses[index] = loss


def _read_parts(parts: list[Phrase], interval: Interval | None, covered: list[int], reader: _Reader) -> None:
    for phrase in parts:
        run = _kinds().search(phrase.after)
        kinds = _kinds_of(run[0]) if run else ()
        whole = next((i for i in covered if reader.losses[i].kind in kinds), covered[0])
        heading = reader.losses[whole].heading
        parts_read = _losses(phrase, (), reader, part_of=whole)
        reader.losses += [replace(loss, interval=interval or loss.interval, heading=heading) for loss in parts_read]


def _covered(losses: list[Loss]) -> list[int]:
    """The losses that a remark is about, last first: back over figures of different kinds that no remark closed."""
    covered: list[int] = []
    line = losses[-1].line if losses else None
    for index in reversed(range(len(losses))):
        loss = losses[index]
        if line is not None and loss.line != line:
            break
        if loss.part_of is not None:
            if covered:
                break
            continue
        if covered and (loss.remarked or loss.saying or loss.kind in {losses[i].kind for i in covered}):
            break
        covered.append(index)
    return covered


def _run(words: str) -> re.Match[str] | None:
    """The first words for kinds; of "POWs dead" the last, for it says what the first suffered."""
    runs = list(_kinds().finditer(words))
    if len(runs) > 1 and runs[0][0].lower() in _VICTIMS and not words[runs[0].end() : runs[1].start()].strip():
        return runs[1]
    return runs[0] if runs else None


@cache
def _kinds() -> re.Pattern[str]:
    kind = rf"(?:{alternatives(keyed('casualties'))})\b"
    return re.compile(rf"\b{kind}(?:\s*(?:[,/&]|\band\b|\bor\b)[\s,/]*(?:(?:and|or)\b\s*)?{kind})*", re.I)
