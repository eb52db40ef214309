"""Reading one value: each line of ``tests/cases/NAME.jsonl`` has a value, the whole result, and the reason."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from pathlib import Path

import pytest

from hamakg.extract.infobox.actors import make_actor
from hamakg.extract.infobox.casualties import read_losses
from hamakg.extract.infobox.commanders import read_commanders
from hamakg.extract.infobox.conflict import classify_conflict, read_part_of, read_statements
from hamakg.extract.infobox.coordinates import read_coordinates
from hamakg.extract.infobox.dates import extract_date, read_date
from hamakg.extract.infobox.figures import find_figures
from hamakg.extract.infobox.items import read_list
from hamakg.extract.infobox.parties import read_members
from hamakg.extract.infobox.places import read_places
from hamakg.extract.infobox.sources import read_attribution
from hamakg.extract.infobox.strengths import read_strengths
from hamakg.model import Interval

CASES = Path(__file__).parents[2] / "cases"

DURING = Interval("2014-11-20", "2015-02-10")

READERS: dict[str, Callable[[str], object]] = {
    "actors": lambda value: [make_actor(value, "battle-of-xan").kind, make_actor(value, "battle-of-xan").id],
    "casualties": lambda value: read_losses(value, DURING)[::2],
    "equipment_losses": lambda value: read_losses(value, DURING)[1:],
    "combatants": lambda value: [
        [(m.name, m.parent, m.entry.headings) for m in read_members(value)[0]],
        read_members(value)[1],
    ],
    "commanders": read_commanders,
    "conflict_types": classify_conflict,
    "coordinates": read_coordinates,
    "dates": read_date,
    "dates_in_remarks": lambda value: extract_date(value, DURING),
    "figures": lambda value: [[figure.minimum, figure.maximum] for figure in find_figures(value)],
    "items": read_list,
    "part_of": lambda value: read_part_of(value, "Battle of Xan (2014)"),
    "places": lambda value: attrgetter("places", "conflict_places", "remarks")(read_places(value)),
    "sayings": read_attribution,
    "statements": read_statements,
    "strengths": lambda value: read_strengths(value, DURING),
}


def as_json(value: object) -> object:
    """The value as JSON has it; of a dataclass the fields that are not empty."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        named = ((field.name, as_json(getattr(value, field.name))) for field in fields(value))
        return {name: held for name, held in named if not (held is None or held is False or held in ([], ""))}
    if isinstance(value, list | tuple):
        return [as_json(held) for held in value]
    return value


def cases() -> Iterator[object]:
    for name in READERS:
        for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines():
            case = json.loads(line)
            yield pytest.param(name, case["value"], case["expected"], id=f"{name}: {case['why']}")


@pytest.mark.parametrize(("name", "value", "expected"), list(cases()))
def test_a_value_is_read_as_expected(name: str, value: str, expected: object) -> None:
    assert as_json(READERS[name](value)) == expected
