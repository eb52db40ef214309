"""Losses of people: "250 killed and 750 wounded (per the rebels)", "58+ foreign fighters killed(8 IRGC, 1 Russian)"."""

import re
from dataclasses import dataclass, field, replace
from functools import cache

from hamakg.extract.infobox.dates import read_dated
from hamakg.extract.infobox.figures import Figure, Phrase, read_phrases
from hamakg.extract.infobox.items import Item, read_items
from hamakg.extract.infobox.sources import Saying, read_saying
from hamakg.extract.infobox.strengths import cut_phrase, is_equipment
from hamakg.extract.infobox.words import alternatives, keyed, listed
from hamakg.model import CasualtyKind, Interval, Stance

_CONNECTIVE_END = re.compile(r"(?i)\b(?:or|and|/)$")
_LOST = re.compile(r"(?i)\b(?:destroyed|damaged|lost|shot down|sunk|disabled|downed)\b")


@dataclass(frozen=True, slots=True)
class Loss:
    """One figure of people with what the text says of it; ``part_of`` is the index of the loss that includes it."""

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


@dataclass(slots=True)
class _Reader:
    """The state of reading one field from left to right."""

    during: Interval
    losses: list[Loss] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_losses(value: str, during: Interval) -> tuple[list[Loss], list[str]]:
    """The losses of people that a field gives, and the words that were not understood, lost equipment among them.

    A phrase without a kind has its heading's, or that of the figure before ("259 killed, estimates up to 427"); a field
    of bare figures counts killed and wounded. What a remark says holds for the figures of different kinds before it.
    """
    reader = _Reader(during)
    for item in _whole_phrases(read_items(value)):
        _read_item(item, reader)
    return reader.losses, reader.unread


def _whole_phrases(items: list[Item]) -> list[Item]:
    """The items, with a list of kinds that commas cut made whole: "5,000 killed, wounded, or captured"."""
    whole: list[Item] = []
    for item in items:
        if whole and _kinds().fullmatch(re.sub(r"(?i)^(?:and|or)\s+", "", item.words)):
            whole[-1] = replace(whole[-1], words=f"{whole[-1].words}, {item.words}")
        else:
            whole.append(item)
    return whole


def _read_item(item: Item, reader: _Reader) -> None:
    phrases, left = read_phrases(item.words)
    if left and left.lower() not in listed("nothing"):
        reader.unread.append(left)
    for phrase in phrases:
        if not _counts_people(phrase):
            reader.unread.append(_as_text(phrase))
            continue
        reader.losses += _losses(phrase, item.headings[-1] if item.headings else None, reader)
        for remark in phrase.remarks:
            _read_remark(remark, reader)


def _counts_people(phrase: Phrase) -> bool:
    """Whether a figure is one of people: its words say so, or a name, or there are none; not tanks, ships, villages."""
    run = _kinds().search(phrase.after)
    described = phrase.after[: run.start()] if run else phrase.after
    _, words = _stance(described)
    words, _ = cut_phrase(words)
    if is_equipment(words) or _LOST.search(phrase.after) or _CONNECTIVE_END.search(words):
        return False
    if not words or words.lower() in listed("totals", "words") or any(w[0].isupper() for w in words.split()):
        return True
    if not listed("people", "nouns").isdisjoint(words.lower().split()):
        return True
    return run is not None and not re.search(r"(?i)captured|losses|displaced", run[0])


def _as_text(phrase: Phrase) -> str:
    remarks = [f"({remark})" for remark in phrase.remarks]
    return " ".join([part for part in (phrase.before, phrase.text, phrase.after, *remarks) if part])


def _losses(phrase: Phrase, heading: str | None, reader: _Reader, part_of: int | None = None) -> list[Loss]:
    """The losses that one figure gives: two for "several hundreds killed and captured"."""
    run = _kinds().search(phrase.after)
    stance, before = _stance(f"{phrase.before} {phrase.after[: run.start()] if run else phrase.after}")
    victims, circumstances = cut_phrase(before)
    whole = victims.lower() in listed("totals", "words")
    circumstances = f"{circumstances} {phrase.after[run.end() :] if run else ''}".strip(" ,.")
    interval, circumstances = read_dated(circumstances, reader.during)
    if circumstances and circumstances.lower() != "in action":
        reader.unread.append(circumstances)
    headed = _Heading.of(heading)
    kinds = _kinds_of(run[0]) if run else headed.kinds or _inherited(reader, heading, whole, part_of)
    saying = Saying(None, stance) if stance else headed.saying
    return [
        Loss(
            kind=kind,
            minimum=figure.minimum,
            maximum=figure.maximum,
            words=_as_text(phrase),
            victims=("" if whole else victims) or headed.victims,
            saying=saying,
            interval=interval,
            part_of=part_of,
            heading=heading,
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
    """What a heading says of the figures under it."""

    kinds: tuple[CasualtyKind, ...] = ()
    victims: str | None = None
    saying: Saying | None = None

    @classmethod
    def of(cls, words: str | None) -> "_Heading":
        if words is None:
            return cls()
        if saying := read_saying(words):
            return cls(saying=saying)
        run = _kinds().search(words)
        victims = (words[: run.start()] if run else words).strip()
        victims = "" if words.lower() in listed("totals", "words") else victims
        return cls(_kinds_of(run[0]) if run else (), victims or None)


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
    for words in (part.strip() for part in remark.split(";")):
        interval, rest = read_dated(words, reader.during)
        saying = read_saying(rest)
        parts = [] if saying else read_phrases(rest)[0]
        if parts:
            _read_parts(parts, interval, covered, reader)
        elif rest and not saying:
            reader.unread.append(f"({rest})")
        for index in covered:
            loss = replace(reader.losses[index], remarked=True)
            if not parts:
                loss = replace(loss, saying=saying or loss.saying, interval=interval or loss.interval)
            reader.losses[index] = loss


def _read_parts(parts: list[Phrase], interval: Interval | None, covered: list[int], reader: _Reader) -> None:
    for phrase in parts:
        run = _kinds().search(phrase.after)
        kinds = _kinds_of(run[0]) if run else ()
        whole = next((i for i in covered if reader.losses[i].kind in kinds), covered[0])
        heading = reader.losses[whole].heading
        parts_read = _losses(phrase, None, reader, part_of=whole)
        reader.losses += [replace(loss, interval=interval or loss.interval, heading=heading) for loss in parts_read]


def _covered(losses: list[Loss]) -> list[int]:
    """The losses that a remark is about, last first: back over figures of different kinds that no remark closed."""
    covered: list[int] = []
    for index in reversed(range(len(losses))):
        loss = losses[index]
        if loss.part_of is not None:
            if covered:
                break
            continue
        if covered and (loss.remarked or loss.saying or loss.kind in {losses[i].kind for i in covered}):
            break
        covered.append(index)
    return covered


@cache
def _kinds() -> re.Pattern[str]:
    kind = rf"(?:{alternatives(keyed('casualties'))})\b"
    return re.compile(rf"\b{kind}(?:(?:[\s,/]|\band\b|\bor\b)+{kind})*", re.I)
