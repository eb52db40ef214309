"""Short English labels of the things that no text names: events, reports, claims, commands, passages.

A label is made of the facts alone, in neutral words, and never says more than they do: what is planned, attempted,
failed, attributed or disputed says so first.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from hamakg.model import (
    CasualtyKind,
    CasualtyReport,
    Claim,
    Command,
    EquipmentReport,
    Event,
    EventType,
    Extent,
    Factuality,
    Interval,
    Participation,
    Passage,
    Ref,
    Stance,
    Standing,
    StrengthReport,
    Timing,
)

Labels = Mapping[Ref, str]

_NAMED_AT_MOST = 3
_SENTENCE_LENGTH = 90
_ANY_LEAP_YEAR = 2000  # a day and month are printed through it: datetime knows no year before 1

_CASUALTIES = {CasualtyKind.KILLED_OR_WOUNDED: "killed or wounded"}
_STATEMENTS = {
    Stance.REPORTED: "report",
    Stance.CLAIMED: "claim",
    Stance.CONFIRMED: "confirmation",
    Stance.DENIED: "denial",
}


def event_label(event: Event, labels: Labels) -> str:
    """For example "Disputed capture: Syrian rebels, part of Maardis, by 22 March 2017"."""
    parts = [
        _joined(event.agents, labels),
        _joined(event.targets, labels, "target "),
        _equipment(event.equipment) if event.equipment else "",
        _joined(event.places, labels, "part of " if event.extent is Extent.PART else ""),
        _joined(event.near, labels, "near "),
        _joined(event.origin, labels, "from "),
        _joined(event.toward, labels, "toward "),
        interval_label(event.interval),
    ]
    return f"{_event_kind(event)}: {_listed(parts) or f'“{event.trigger}”'}"


def casualties_label(report: CasualtyReport, labels: Labels) -> str:
    """For example "14 to 20 killed, Syrian Army, according to SOHR"."""
    kind = _CASUALTIES.get(report.kind, report.kind.lower())
    victims = labels[report.victims] if report.victims else report.victim_description or ""
    parts = [
        _counted(report.minimum, report.maximum, kind),
        victims or (labels[report.side] if report.side else ""),
        f"according to {labels[report.according_to]}" if report.according_to else "",
        interval_label(report.interval),
    ]
    return _with_standing(report.standing, report.according_to, _listed(parts))


def strength_label(report: StrengthReport, labels: Labels) -> str:
    """For example "Strength: 1,000 or more fighters, SSNP"."""
    party = report.party or report.side
    parts = [
        _counted(report.minimum, report.maximum, report.equipment or report.counted_as or "people"),
        labels[party] if party else "",
        f"according to {labels[report.according_to]}" if report.according_to else "",
        interval_label(report.interval),
    ]
    return _with_standing(report.standing, report.according_to, f"Strength: {_listed(parts)}")


def claim_label(claim: Claim, labels: Labels, claims: Mapping[Ref, Claim]) -> str:
    """For example "Denied by Hezbollah: Capture: Syrian rebels, Suran"; about a claim: its kind and source."""
    about = claims.get(claim.about)
    what = _STATEMENTS[about.stance] + _by(about, labels) if about else labels[claim.about]
    return f"{claim.stance}{_by(claim, labels)}: {what}"


def command_label(command: Command, labels: Labels) -> str:
    """For example "Command: Maj. Gen. Suheil al-Hassan"."""
    rank = f"{command.rank} " if command.rank else ""
    return "Command: " + _listed([rank + labels[command.commander], command.role or ""])


def participation_label(participation: Participation, labels: Labels) -> str:
    """For example "Participation: Ahrar al-Sham, Western front"."""
    under = f"under {labels[participation.under]}" if participation.under else ""
    parts = [labels[participation.participant], participation.group or "", participation.front or "", under]
    return f"Participation: {_listed(parts)}"


def passage_label(passage: Passage) -> str:
    """The field's key, or the sentence, cut after a word where it is long."""
    if passage.field:
        return f"Infobox field: {passage.field}"
    text = " ".join(passage.text.split())
    return text if len(text) <= _SENTENCE_LENGTH else text[:_SENTENCE_LENGTH].rsplit(" ", 1)[0] + " …"


def interval_label(interval: Interval | None) -> str:
    """The dates in words: a day, "by 22 March 2017", "from … to …", "between … and …" (some day of it), or ""."""
    if interval is None or not (interval.start or interval.end):
        return ""
    if interval.start == interval.end:
        return _day(interval.start or "")
    if not interval.start:
        return f"by {_day(interval.end or '')}"
    if not interval.end:
        return f"from {_day(interval.start)}"
    form = "between {} and {}" if interval.timing is Timing.WITHIN else "from {} to {}"
    return form.format(_day(interval.start), _day(interval.end))


def class_label(name: str) -> str:
    """The local name of a class in words: ``AirStrike`` is "Air strike"."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda m: f" {m[0].lower()}", name)


def _event_kind(event: Event) -> str:
    marks: list[str] = []
    if event.standing is not Standing.NARRATED:
        marks.append(event.standing)
    if event.factuality is not Factuality.ACTUAL:
        marks.append(event.factuality)
    kind = "Recapture" if event.type is EventType.CAPTURE and event.recapture else class_label(event.type)
    return " ".join([*marks, kind]).capitalize()


def _with_standing(standing: Standing, source: Ref | None, text: str) -> str:
    said = standing is Standing.NARRATED or (standing is Standing.ATTRIBUTED and source)
    return text[:1].upper() + text[1:] if said else f"{standing}: {text}"


def _by(claim: Claim, labels: Labels) -> str:
    return f" by {labels[claim.source]}" if claim.source else ""


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(part for part in parts if part)


def _joined(refs: Sequence[Ref], labels: Labels, before: str = "") -> str:
    """The labels as "A, B and C", "A, B, C and 2 more", or "" for none."""
    shown = [labels[ref] for ref in refs[:_NAMED_AT_MOST]]
    if len(refs) > _NAMED_AT_MOST:
        shown.append(f"{len(refs) - _NAMED_AT_MOST} more")
    if not shown:
        return ""
    return before + (" and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0])


def _equipment(equipment: EquipmentReport) -> str:
    if equipment.minimum is equipment.maximum is None:
        return equipment.what
    return _counted(equipment.minimum, equipment.maximum, equipment.what)


def _counted(minimum: int | None, maximum: int | None, what: str) -> str:
    if minimum is maximum is None:
        return f"{what} (number not given)"
    if minimum == maximum:
        return f"{minimum:,} {what}"
    if maximum is None:
        return f"{minimum:,} or more {what}"
    return f"up to {maximum:,} {what}" if minimum is None else f"{minimum:,} to {maximum:,} {what}"


def _day(text: str) -> str:
    """``2017-03-22`` as "22 March 2017", ``-0489-09-12`` as "12 September 490 BC" (XSD 1.1 counts a year 0)."""
    year, month, day = text.rsplit("-", 2)
    number = int(year)
    era = f"{number}" if number > 0 else f"{1 - number} BC"
    return f"{int(day)} {date(_ANY_LEAP_YEAR, int(month), int(day)):%B} {era}"
