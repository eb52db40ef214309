"""What a reader sees of Wikipedia's templates: the table ``templates.toml``, and those that are more than a value."""

import calendar
import tomllib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

_TABLE = Path(__file__).with_name("templates.toml")
_MONTHS = tuple(calendar.month_name)[1:]

Shown = Callable[["Values"], str]


class Values(dict[str, str]):
    """The values of one template as they are shown, by name; those without a name by "1", "2", …."""

    def at(self, place: str | int) -> str:
        """The value of a name or a place in the order, the last for -1; empty where there is none."""
        if place == -1:
            return self.listed()[-1] if self.listed() else ""
        return self.get(str(place), "").strip()

    def listed(self) -> list[str]:
        """The values without a name that are not empty, in their order."""
        return [value.strip() for key, value in self.items() if key.isdigit() and value.strip()]


@cache
def table() -> Mapping[str, Any]:
    """The whole table, read-only."""
    return MappingProxyType(tomllib.loads(_TABLE.read_text("utf-8")))


def is_infobox(name: str) -> bool:
    """Whether a template, by its name in lower case, is an infobox of a military conflict."""
    return name in table()["infobox"]


def shown(name: str, values: Values) -> str | None:
    """What a reader sees of the template of this name; None for one that is not known."""
    low = name.lower()
    for known, show in _READERS:
        if low in table()[known]:
            return show(low, values)
    if low in _MADE:
        return _MADE[low](values)
    if name in table()["countries"]:
        return str(table()["countries"][name])
    if low.startswith("lang-"):
        return values.at(1)
    if low.startswith(tuple(table()["nothing_prefixes"])):
        return ""
    if low in table()["ships"]["prefixes"]:
        return _ship(name, values)
    return None


def _of_list(name: str, values: Values) -> str:
    """Each value on a line of its own, below the list's title if it has one."""
    lines = [values.at(1)] if table()["lists"][name] == "1" else values.listed()
    title = values.at("title").strip(": ")
    starred = ["* " + line if title and not line.startswith("*") else line for line in lines]
    return "\n" + "\n".join(([f"{title}:"] if title else []) + starred) + "\n"


def _of_flag(name: str, values: Values) -> str:
    state = values.at("name") or values.at(1)
    return str(table()["flags"][name]).format(table()["countries"].get(state, state)) if state else ""


_READERS: Sequence[tuple[str, Callable[[str, Values], str]]] = (
    ("nothing", lambda name, values: ""),
    ("shows", lambda name, values: values.at(table()["shows"][name])),
    ("lists", _of_list),
    ("marks", lambda name, values: f"{values.at(1)} {table()['marks'][name]}"),
    ("signs", lambda name, values: str(table()["signs"][name])),
    ("flags", _of_flag),
)


def _date(values: Values, first: int = 1) -> str:
    """Year, month and day at three places, as far as they are given: "5 February 1941"."""
    year, month, day = (values.at(first + n) for n in range(3))
    if not month.isdigit() or not 1 <= int(month) <= 12:
        return " ".join(part for part in (day, month, year) if part)
    return " ".join(part for part in (day.lstrip("0"), _MONTHS[int(month) - 1], year) if part)


def _dates(values: Values) -> str:
    return f"{_date(values)} – {_date(values, 4)}" if values.at(4) else _date(values)


def _converted(values: Values) -> str:
    """A measure with the unit it was given in: {{convert|7|km|mi}} is "7 km", {{convert|7|to|9|km}} "7 to 9 km"."""
    if values.at(2) in {"-", "–", "to", "and", "or", "by", "x"}:
        return f"{values.at(1)} {values.at(2)} {values.at(3)} {values.at(4)}"
    return f"{values.at(1)} {values.at(2)}"


def _fraction(values: Values) -> str:
    parts = values.listed()
    return parts[0] + " " + "/".join(parts[1:]) if len(parts) == 3 else "/".join(parts)


def _coordinates(values: Values) -> str:
    """Degrees as numbers, north and east positive: "15.7767, 38.4678"; empty where they cannot be read."""
    numbers: list[Decimal] = []
    parts: list[Decimal] = []
    for value in values.listed():
        if value.upper() in {"N", "S", "E", "W"} and parts:
            degrees = sum((part / 60**n for n, part in enumerate(parts[:3])), Decimal(0))
            degrees = round(degrees, len(parts) + 1) if len(parts) > 1 else degrees
            numbers.append(-degrees if value.upper() in {"S", "W"} else degrees)
            parts = []
            continue
        try:
            parts.append(Decimal(value))
        except InvalidOperation:
            break
    numbers = numbers or parts[:2]
    return f"{numbers[0]}, {numbers[1]}" if len(numbers) == 2 else ""


def _ship(prefix: str, values: Values) -> str:
    return f"{prefix} {values.at(1)}"


def _named_ship(values: Values) -> str:
    return " ".join(part for part in (values.at(1), values.at(2)) if part)


def _ship_class(values: Values) -> str:
    return f"{values.at(1)}-class {values.at(2)}".strip()


_MADE: Mapping[str, Shown] = {
    "circa": lambda values: f"c. {values.at(1)}" + (f" – {values.at(2)}" if values.at(2) else ""),
    "c.": lambda values: f"c. {values.at(1)}",
    "convert": _converted,
    "cvt": _converted,
    "coord": _coordinates,
    "dts": _date,
    "date": lambda values: values.at(1),
    "end date": _date,
    "end-date": lambda values: values.at(1),
    "frac": _fraction,
    "fraction": _fraction,
    "oldstyledate": lambda values: f"{values.at(1)} {values.at(2)}",
    "oldstyledatedy": lambda values: f"{values.at(1)} {values.at(2)}",
    "sclass": _ship_class,
    "sclass-": lambda values: f"{values.at(1)}-class",
    "sclass2-": lambda values: f"{values.at(1)}-class",
    "sclass2": _ship_class,
    "ship": _named_ship,
    "start and end date": _dates,
    "start and end dates": _dates,
    "start date": _date,
    "start date and age": _date,
    "start-date": lambda values: values.at(1),
}
