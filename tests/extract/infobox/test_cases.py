"""One field a case: each line of ``tests/cases/NAME.jsonl`` has a value, the whole result of reading it, and why."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest

from hamakg.extract.infobox.actors import actor
from hamakg.extract.infobox.casualties import read_losses
from hamakg.extract.infobox.commanders import read_commanders
from hamakg.extract.infobox.conflict import conflict_type, read_part_of, read_statements
from hamakg.extract.infobox.coordinates import read_coordinates
from hamakg.extract.infobox.dates import read_date, read_dated
from hamakg.extract.infobox.figures import find_figures
from hamakg.extract.infobox.items import read_items
from hamakg.extract.infobox.parties import read_members
from hamakg.extract.infobox.places import read_places
from hamakg.extract.infobox.sources import read_saying
from hamakg.extract.infobox.strengths import read_strengths
from hamakg.model import Interval

CASES = Path(__file__).parents[2] / "cases"

DURING = Interval("2014-11-20", "2015-02-10")

READERS: dict[str, Callable[[str], object]] = {
    "actors": lambda value: [actor(value, "battle-of-xan").kind, actor(value, "battle-of-xan").id],
    "casualties": lambda value: read_losses(value, DURING)[::2],
    "equipment_losses": lambda value: read_losses(value, DURING)[1:],
    "combatants": lambda value: [
        [(m.name, m.above, m.item.headings) for m in read_members(value)[0]],
        read_members(value)[1],
    ],
    "commanders": read_commanders,
    "conflict_types": conflict_type,
    "coordinates": read_coordinates,
    "dates": read_date,
    "dates_in_remarks": lambda value: read_dated(value, DURING),
    "figures": lambda value: [[figure.minimum, figure.maximum] for figure in find_figures(value)],
    "items": read_items,
    "part_of": lambda value: read_part_of(value, "Battle of Xan (2014)"),
    "places": read_places,
    "sayings": read_saying,
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
def test_a_value_is_read_as_its_case_says(name: str, value: str, expected: object) -> None:
    assert as_json(READERS[name](value)) == expected
