"""Events as plain values, easy to write and compare: names instead of ids, empty slots and defaults left out."""

from typing import Any

from hamakg.model import ArticleFacts, CasualtyReport, Event, Extent, Factuality, Ref, Standing

EventDescription = dict[str, Any]


def describe_events(facts: ArticleFacts) -> list[EventDescription]:
    """The events of the narrative in the order of the text, each with everything that the facts say of it."""
    return [_describe(event, facts) for event in facts.events]


def _describe(event: Event, facts: ArticleFacts) -> EventDescription:
    roles = {role: [_name(ref, facts) for ref in getattr(event, role)] for role in _ROLES}
    reports = {report.id: report for report in facts.casualties}
    values: EventDescription = {
        "type": event.type.value,
        "trigger": event.trigger,
        **roles,
        "part": event.extent is Extent.PART,
        "metres": event.distance,
        "start": event.interval.start,
        "end": event.interval.end,
        "factuality": event.factuality.value if event.factuality is not Factuality.ACTUAL else None,
        "standing": event.standing.value if event.standing is not Standing.NARRATED else None,
        "claims": [
            [c.stance.value, _name(c.source, facts), *(_name(place, facts) for place in c.concerning)]
            for c in facts.claims
            if c.about == event.id
        ],
        "recapture": bool(event.recapture),
        "count": _bounds(event.minimum_count, event.maximum_count),
        "casualties": [_casualty(reports[ref], facts) for ref in event.casualties],
        "equipment": [event.equipment.what, *_bounds(event.equipment.minimum, event.equipment.maximum)]
        if event.equipment
        else None,
        "weapons": list(event.weapons),
    }
    return {key: value for key, value in values.items() if value not in (None, False, [])}


_ROLES = ("agents", "targets", "places", "near", "origin", "toward")


def _bounds(minimum: int | None, maximum: int | None) -> list[int | None]:
    return [] if minimum is None and maximum is None else [minimum, maximum]


def _casualty(report: CasualtyReport, facts: ArticleFacts) -> list[Any]:
    return [report.kind.value, report.minimum, report.maximum, report.victim_description, _name(report.side, facts)]


def _name(ref: Ref | None, facts: ArticleFacts) -> str | None:
    names = {entity.id: entity.name for entity in facts.entities} | {
        side.id: f"side {side.number}" for side in facts.sides
    }
    return names[ref] if ref else None
