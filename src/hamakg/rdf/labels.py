"""Makes short English labels for everything that an article describes, also for what no text names, such as events.

A label is made from the facts alone, in neutral words, and never states more than they do: it begins with what is
planned, attempted, failed, attributed or disputed.
"""

import re
from calendar import month_name
from collections.abc import Mapping, Sequence
from dataclasses import replace

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
    Event,
    EventType,
    Extent,
    Factuality,
    Interval,
    LostEquipment,
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
_Report = CasualtyReport | StrengthReport | EquipmentLossReport

_MOST_NAMES = 3
_MOST_CHARACTERS = 90

_CASUALTY_WORDS = {kind: kind.lower() for kind in CasualtyKind} | {CasualtyKind.KILLED_OR_WOUNDED: "killed or wounded"}
_STANCE_NOUNS = {
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
    # A side's own name also names the conflict, which need not be repeated in the label of each of its events.
    short = names | {side.id: _label_side(side, names) for side in facts.sides}
    reports: tuple[_Report, ...] = (*box.strengths, *box.casualties, *facts.casualties, *box.equipment)
    claims = {claim.id: claim for claim in (*box.claims, *facts.claims)}
    # The label of a claim says itself who says so, and so has the label of its subject without that.
    unattributed = {
        **{event.id: _label_event(replace(event, standing=Standing.NARRATED), short) for event in facts.events},
        **{
            report.id: _label_report(replace(report, standing=Standing.NARRATED, according_to=None), short)
            for report in reports
        },
        **short,
    }
    return {
        article_id(article.slug): f"Article: {article.title}",
        **dict(box.conflict.part_of),
        box.conflict.id: box.conflict.name,
        **names,
        **{passage.id: _label_passage(passage) for passage in (*box.passages, *facts.passages)},
        **{source.id: f"Source: {_shorten(source.citation.title or source.citation.text)}" for source in facts.sources},
        **{participation.id: _label_participation(participation, short) for participation in box.participations},
        **{command.id: _label_command(command, short) for command in box.commands},
        **{report.id: _label_report(report, short) for report in reports},
        **{event.id: _label_event(event, short) for event in facts.events},
        **{ref: _label_claim(claim, unattributed, claims) for ref, claim in claims.items()},
    }


def label_control_period(period: ControlPeriod, controllers: Sequence[str], place: str) -> str:
    """For example "Contested control: Syrian Army, Khitab, 23 March 2017 until before 31 March 2017"."""
    marks = ["contested"] if period.contested else []
    marks += [period.standing] if period.standing is not Standing.NARRATED else []
    start = _format_day(period.start)
    days = f"{start} until before {_format_day(period.end)}" if period.end else f"from {start}"
    return f"{' '.join([*marks, 'control']).capitalize()}: {_join(' and '.join(controllers), place, days)}"


def label_casualty_total(total: CasualtyTotal, people: str) -> str:
    """For example "Range of figures: 250 to 2,400 killed, Side 1 in the Battle of Aba"."""
    count = _format_count(total.minimum, total.maximum, _CASUALTY_WORDS[total.kind])
    return f"Range of figures: {_join(count, people)}"


# ---------------------------------------------------------------- one function a class


def _label_side(side: Side, names: Labels) -> str:
    """For example "side 1 (Syrian opposition)"."""
    return f"side {side.number}" + (f" ({names[side.represents]})" if side.represents else "")


def _label_passage(passage: Passage) -> str:
    """The key of the infobox field, or the sentence, cut after a word if it is long."""
    return f"Infobox field: {passage.field}" if passage.field else _shorten(passage.text)


def _label_participation(participation: Participation, labels: Labels) -> str:
    """For example "Participation: Ahrar al-Sham, side 1, Western front"."""
    under = f"under {labels[participation.under]}" if participation.under else None
    participant, side = labels[participation.participant], labels[participation.side]
    return f"Participation: {_join(participant, side, participation.group, participation.front, under)}"


def _label_command(command: Command, labels: Labels) -> str:
    """For example "Command: Maj. Gen. Suheil al-Hassan, side 2"."""
    rank = f"{command.rank} " if command.rank else ""
    return f"Command: {_join(rank + labels[command.commander], command.role, labels[command.side])}"


def _label_report(report: _Report, labels: Labels) -> str:
    """For example "14 to 20 killed, Syrian Army, according to SOHR" or "Strength: 1,000 or more fighters, SSNP"."""
    side = labels[report.side] if report.side else None
    match report:
        case CasualtyReport():
            prefix, unit = "", _CASUALTY_WORDS[report.kind]
            whose = labels[report.victims] if report.victims else report.victim_description or side
        case StrengthReport():
            prefix, unit = "Strength: ", report.equipment or report.counted_as or "people"
            whose = labels[report.party] if report.party else side
        case EquipmentLossReport():
            prefix, unit = "", f"{report.equipment} {report.how or 'lost'}"
            whose = labels[report.party] if report.party else side
    source = f"according to {labels[report.according_to]}" if report.according_to else None
    count = _format_count(report.minimum, report.maximum, unit)
    text = prefix + _join(count, whose, source, _format_interval(report.interval))
    if report.standing is Standing.NARRATED or (report.standing is Standing.ATTRIBUTED and source):
        return text[:1].upper() + text[1:]
    return f"{report.standing}: {text}"


def _label_event(event: Event, labels: Labels) -> str:
    """For example "Disputed capture: side 1, part of Maardis, by 22 March 2017"."""
    details = _join(
        _join_names(event.agents, labels),
        _join_names(event.targets, labels, "target "),
        _format_equipment(event.equipment) if event.equipment else None,
        _join_names(event.places, labels, "part of " if event.extent is Extent.PART else ""),
        _join_names(event.near, labels, "near "),
        _join_names(event.origin, labels, "from "),
        _join_names(event.toward, labels, "toward "),
        _format_interval(event.interval),
    )
    return f"{_name_kind(event)}: {details or f'“{event.trigger}”'}"


def _name_kind(event: Event) -> str:
    """For example "Disputed failed assault", "Recapture"."""
    marks: list[str] = [event.standing] if event.standing is not Standing.NARRATED else []
    marks += [event.factuality] if event.factuality is not Factuality.ACTUAL else []
    recapture = event.type is EventType.CAPTURE and event.recapture
    kind = "Recapture" if recapture else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", event.type)
    return " ".join([*marks, kind]).capitalize()


def _label_claim(claim: Claim, labels: Labels, claims: Mapping[Ref, Claim]) -> str:
    """For example "Denied by Hezbollah: capture: side 1, Suran", "Confirmed by SOHR for Suran only: …".

    Of a claim about a claim, the label has the kind and source of that: "Reported: denial by Hazzouri".
    """
    about = claims.get(claim.about)
    subject = _STANCE_NOUNS[about.stance] + _name_source(about, labels) if about else labels[claim.about]
    places = " and ".join(labels[place] for place in claim.concerning)
    limit = f" for {places} only" if places else ""
    return f"{claim.stance}{_name_source(claim, labels)}{limit}: {subject[:1].lower()}{subject[1:]}"


def _name_source(claim: Claim, labels: Labels) -> str:
    return f" by {labels[claim.source]}" if claim.source else ""


# ---------------------------------------------------------------- parts of labels


def _join(*parts: str | None) -> str:
    """The parts that are not empty, with commas between them."""
    return ", ".join(part for part in parts if part)


def _join_names(refs: Sequence[Ref], labels: Labels, before: str = "") -> str:
    """The labels as "A, B and C", or as "A, B, C and 2 more"; ``""`` for none."""
    names = [labels[ref] for ref in refs[:_MOST_NAMES]]
    if len(refs) > _MOST_NAMES:
        names.append(f"{len(refs) - _MOST_NAMES} more")
    if not names:
        return ""
    return before + " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS].rsplit(" ", 1)[0] + " …"


def _format_count(minimum: int | None, maximum: int | None, unit: str) -> str:
    """For example "5 killed", "1,200 or more killed"; None is an open bound."""
    match minimum, maximum:
        case int(least), int(most):
            return f"{least:,} {unit}" if least == most else f"{least:,} to {most:,} {unit}"
        case int(least), None:
            return f"{least:,} or more {unit}"
        case None, int(most):
            return f"up to {most:,} {unit}"
        case _:
            return f"{unit} (number not given)"


def _format_equipment(equipment: LostEquipment) -> str:
    """For example "2 to 3 tanks", "tanks"."""
    if equipment.minimum is None and equipment.maximum is None:
        return equipment.what
    return _format_count(equipment.minimum, equipment.maximum, equipment.what)


def _format_interval(interval: Interval | None) -> str:
    """The dates in words: a day, "by 22 March 2017", "from … to …", "between … and …" (on some day); or ``""``."""
    match interval:
        case Interval(start=str(start), end=str(end)) if start == end:
            return _format_day(start)
        case Interval(start=str(start), end=str(end), timing=Timing.WITHIN):
            return _format_month_or_year(start, end) or f"between {_format_day(start)} and {_format_day(end)}"
        case Interval(start=str(start), end=str(end)):
            return f"from {_format_day(start)} to {_format_day(end)}"
        case Interval(start=str(start)):
            return f"from {_format_day(start)}"
        case Interval(end=str(end)):
            return f"by {_format_day(end)}"
        case _:
            return ""


def _format_month_or_year(start: str, end: str) -> str:
    """A whole month or year as "in March 2017", "in 2013"; ``""`` for other spans."""
    (year, month, first), (last_year, last_month, last) = parse_date(start), parse_date(end)
    if (year, first, last) != (last_year, 1, days_in_month(last_year, last_month)):
        return ""
    if month == last_month:
        return f"in {month_name[month]} {_format_year(year)}"
    return f"in {_format_year(year)}" if (month, last_month) == (1, 12) else ""


def _format_day(text: str) -> str:
    """``2017-03-22`` as "22 March 2017", ``-0489-09-12`` as "12 September 490 BC"."""
    year, month, day = parse_date(text)
    return f"{day} {month_name[month]} {_format_year(year)}"


def _format_year(year: int) -> str:
    """The astronomical year 0 is 1 BC."""
    return f"{year}" if year > 0 else f"{1 - year} BC"
