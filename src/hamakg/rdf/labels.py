"""Short English labels of all that an article describes, of what no text names too: events, reports, claims, passages.

A label is made of the facts alone, in neutral words, and never says more than they do: what is planned, attempted,
failed, attributed or disputed says so first.
"""

import re
from calendar import month_name
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from hamakg.days import days_in_month, parse_date
from hamakg.model import (
    ArticleFacts,
    CasualtyKind,
    CasualtyReport,
    CasualtyTotal,
    Claim,
    Command,
    ControlPeriod,
    EquipmentLossReport,
    EquipmentReport,
    Event,
    EventType,
    Extent,
    Factuality,
    Interval,
    Participation,
    Passage,
    Ref,
    Side,
    Stance,
    Standing,
    StrengthReport,
    Timing,
)
from hamakg.rdf.ids import article_id

Labels = Mapping[Ref, str]
_Report = TypeVar("_Report", CasualtyReport, StrengthReport, EquipmentLossReport)

_NAMED_AT_MOST = 3
_SENTENCE_LENGTH = 90

_CASUALTIES = {CasualtyKind.KILLED_OR_WOUNDED: "killed or wounded"}
_STATEMENTS = {
    Stance.REPORTED: "report",
    Stance.CLAIMED: "claim",
    Stance.CONFIRMED: "confirmation",
    Stance.DENIED: "denial",
}


def label_resources(facts: ArticleFacts) -> dict[Ref, str]:
    """The label of each resource that the article's facts describe.

    Raises KeyError if a fact refers to an entity or side that ``facts`` does not describe.
    """
    box, article = facts.infobox, facts.article
    names = {entity.id: entity.name for entity in facts.entities} | {side.id: side.name for side in facts.sides}
    short = names | {side.id: _side(side, names) for side in facts.sides}
    reports = (*box.casualties, *facts.casualties)
    claims = {claim.id: claim for claim in (*box.claims, *facts.claims)}
    said = {event.id: _event(replace(event, standing=Standing.NARRATED), short) for event in facts.events}
    said |= {report.id: _casualties(_unattributed(report), short) for report in reports}
    said |= {report.id: _strength(_unattributed(report), short) for report in box.strengths}
    said |= {report.id: _equipment_loss(_unattributed(report), short) for report in box.equipment}
    return {
        article_id(article.slug): f"Article: {article.title}",
        **dict(box.conflict.part_of),
        box.conflict.id: box.conflict.name,
        **names,
        **{passage.id: _passage(passage) for passage in (*box.passages, *facts.passages)},
        **{
            source.id: f"Source: {_shortened(source.citation.title or source.citation.text)}"
            for source in facts.sources
        },
        **{participation.id: _participation(participation, short) for participation in box.participations},
        **{command.id: _command(command, short) for command in box.commands},
        **{report.id: _strength(report, short) for report in box.strengths},
        **{report.id: _casualties(report, short) for report in reports},
        **{report.id: _equipment_loss(report, short) for report in box.equipment},
        **{event.id: _event(event, short) for event in facts.events},
        **{ref: _claim(claim, said | short, claims) for ref, claim in claims.items()},
    }


def label_control_period(period: ControlPeriod, controllers: Sequence[str], place: str) -> str:
    """For example "Contested control: Syrian Army, Khitab, 23 March 2017 until before 31 March 2017"."""
    marks = ["Contested"] if period.contested else []
    marks += [period.standing] if period.standing is not Standing.NARRATED else []
    since = f"{_day(period.start)} until before {_day(period.end)}" if period.end else f"from {_day(period.start)}"
    kind = " ".join([*marks, "control"]).capitalize()
    return f"{kind}: {_listed([' and '.join(controllers), place, since])}"


def label_casualty_total(total: CasualtyTotal, whose: str) -> str:
    """For example "Range of figures: 250 to 2,400 killed, Side 1 in the Battle of Aba"."""
    kind = _CASUALTIES.get(total.kind, total.kind.lower())
    return f"Range of figures: {_listed([_counted(total.minimum, total.maximum, kind), whose])}"


def _side(side: Side, names: Labels) -> str:
    """A side in the company of others: its own name tells the conflict too, which would be said over and over."""
    return f"side {side.number}" + (f" ({names[side.represents]})" if side.represents else "")


def _unattributed(report: _Report) -> _Report:
    """What the report says; the label of a claim about it has its own words for who says so."""
    return replace(report, standing=Standing.NARRATED, according_to=None)


def _event(event: Event, labels: Labels) -> str:
    """For example "Disputed capture: side 1, part of Maardis, by 22 March 2017"."""
    parts = [
        _joined(event.agents, labels),
        _joined(event.targets, labels, "target "),
        _equipment(event.equipment) if event.equipment else "",
        _joined(event.places, labels, "part of " if event.extent is Extent.PART else ""),
        _joined(event.near, labels, "near "),
        _joined(event.origin, labels, "from "),
        _joined(event.toward, labels, "toward "),
        _interval(event.interval),
    ]
    return f"{_event_kind(event)}: {_listed(parts) or f'“{event.trigger}”'}"


def _casualties(report: CasualtyReport, labels: Labels) -> str:
    """For example "14 to 20 killed, Syrian Army, according to SOHR"."""
    kind = _CASUALTIES.get(report.kind, report.kind.lower())
    victims = labels[report.victims] if report.victims else report.victim_description or ""
    parts = [
        _counted(report.minimum, report.maximum, kind),
        victims or (labels[report.side] if report.side else ""),
        *_by_whom_and_when(report, labels),
    ]
    return _with_standing(report.standing, report.according_to, _listed(parts))


def _by_whom_and_when(report: CasualtyReport | StrengthReport | EquipmentLossReport, labels: Labels) -> tuple[str, str]:
    by = f"according to {labels[report.according_to]}" if report.according_to else ""
    return by, _interval(report.interval)


def _strength(report: StrengthReport, labels: Labels) -> str:
    """For example "Strength: 1,000 or more fighters, SSNP"."""
    party = report.party or report.side
    parts = [
        _counted(report.minimum, report.maximum, report.equipment or report.counted_as or "people"),
        labels[party] if party else "",
        *_by_whom_and_when(report, labels),
    ]
    return _with_standing(report.standing, report.according_to, f"Strength: {_listed(parts)}")


def _equipment_loss(report: EquipmentLossReport, labels: Labels) -> str:
    """For example "27 tanks destroyed, Chad, according to SOHR"; "lost" where the text does not say how."""
    party = report.party or report.side
    parts = [
        _counted(report.minimum, report.maximum, f"{report.equipment} {report.how or 'lost'}"),
        labels[party] if party else "",
        *_by_whom_and_when(report, labels),
    ]
    return _with_standing(report.standing, report.according_to, _listed(parts))


def _claim(claim: Claim, labels: Labels, claims: Mapping[Ref, Claim]) -> str:
    """For example "Denied by Hezbollah: capture: side 1, Suran"; about a claim: its kind and source.

    One limited to some of the places says so: "Confirmed by SOHR for Suran only: …".
    """
    about = claims.get(claim.about)
    what = _STATEMENTS[about.stance] + _by(about, labels) if about else labels[claim.about]
    places = " and ".join(labels[place] for place in claim.concerning)
    limit = f" for {places} only" if places else ""
    return f"{claim.stance}{_by(claim, labels)}{limit}: {what[:1].lower()}{what[1:]}"


def _command(command: Command, labels: Labels) -> str:
    """For example "Command: Maj. Gen. Suheil al-Hassan, side 2"."""
    rank = f"{command.rank} " if command.rank else ""
    return "Command: " + _listed([rank + labels[command.commander], command.role or "", labels[command.side]])


def _participation(participation: Participation, labels: Labels) -> str:
    """For example "Participation: Ahrar al-Sham, side 1, Western front"."""
    under = f"under {labels[participation.under]}" if participation.under else ""
    participant, side = labels[participation.participant], labels[participation.side]
    parts = [participant, side, participation.group or "", participation.front or "", under]
    return f"Participation: {_listed(parts)}"


def _passage(passage: Passage) -> str:
    """The field's key, or the sentence, cut after a word where it is long."""
    if passage.field:
        return f"Infobox field: {passage.field}"
    return _shortened(passage.text)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SENTENCE_LENGTH else text[:_SENTENCE_LENGTH].rsplit(" ", 1)[0] + " …"


def _interval(interval: Interval | None) -> str:
    """The dates in words: a day, "by 22 March 2017", "from … to …", "between … and …" (some day of it), or ""."""
    if interval is None or not (interval.start or interval.end):
        return ""
    if interval.start == interval.end:
        return _day(interval.start or "")
    if not interval.start:
        return f"by {_day(interval.end or '')}"
    if not interval.end:
        return f"from {_day(interval.start)}"
    if interval.timing is Timing.WITHIN:
        return _period(interval.start, interval.end) or f"between {_day(interval.start)} and {_day(interval.end)}"
    return f"from {_day(interval.start)} to {_day(interval.end)}"


def _period(start: str, end: str) -> str:
    """A whole month or year as "in March 2017", "in 2013"; else ""."""
    (year, month, first), (last_year, last_month, last) = parse_date(start), parse_date(end)
    if (year, first, last) != (last_year, 1, days_in_month(last_year, last_month)):
        return ""
    if month == last_month:
        return f"in {month_name[month]} {_year(year)}"
    return f"in {_year(year)}" if (month, last_month) == (1, 12) else ""


def _class(name: str) -> str:
    """The local name of a class in words: ``AirStrike`` is "Air strike"."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda m: f" {m[0].lower()}", name)


def _event_kind(event: Event) -> str:
    marks: list[str] = []
    if event.standing is not Standing.NARRATED:
        marks.append(event.standing)
    if event.factuality is not Factuality.ACTUAL:
        marks.append(event.factuality)
    kind = "Recapture" if event.type is EventType.CAPTURE and event.recapture else _class(event.type)
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
    """``2017-03-22`` as "22 March 2017", ``-0489-09-12`` as "12 September 490 BC"."""
    year, month, day = parse_date(text)
    return f"{day} {month_name[month]} {_year(year)}"


def _year(year: int) -> str:
    """The astronomical year 0 is 1 BC."""
    return f"{year}" if year > 0 else f"{1 - year} BC"
