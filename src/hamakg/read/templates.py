"""Renders Wikipedia's templates as plain text: by the table ``templates.toml``, and by functions where one is needed.

Only MediaWiki itself can expand every template, so there is no library for this.
"""

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

Renderer = Callable[["TemplateValues"], str]


class TemplateValues(dict[str, str]):
    """The rendered parameters of a template by name; positional ones are named "1", "2", …."""

    def at(self, key: str | int) -> str:
        """The value of a name or position, with -1 for the last position; empty if there is none."""
        if key == -1:
            return self.positional()[-1] if self.positional() else ""
        return self.get(str(key), "").strip()

    def positional(self) -> list[str]:
        """The positional values in order, without empty ones."""
        return [value.strip() for key, value in self.items() if key.isdigit() and value.strip()]


@cache
def _table() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads(_TABLE.read_text("utf-8")))


def is_infobox(name: str) -> bool:
    """Whether the template of this name (in lower case) is an infobox of a military conflict."""
    return name in _table()["infobox"]


def render_template(name: str, values: TemplateValues) -> str | None:
    """The plain text that a reader sees of the template of this name; None if the template is not known."""
    lower, table = name.lower(), _table()
    for section, render in _RENDERERS_BY_SECTION:
        if lower in table[section]:
            return render(lower, values)
    if lower in _RENDERERS:
        return _RENDERERS[lower](values)
    if name in table["countries"]:  # in capitals: {{IND}} is India, {{ind}} is not
        return str(table["countries"][name])
    if lower.startswith("lang-"):
        return values.at(1)
    if lower.startswith(tuple(table["nothing_prefixes"])):
        return ""
    return f"{name} {values.at(1)}" if lower in table["ships"]["prefixes"] else None


def _render_list(name: str, values: TemplateValues) -> str:
    """Each value on a line of its own, below the title of the list if it has one."""
    lines = [values.at(1)] if _table()["lists"][name] == "1" else values.positional()
    title = values.at("title").strip(": ")
    items = ["* " + line if title and not line.startswith("*") else line for line in lines]
    return "\n" + "\n".join(([f"{title}:"] if title else []) + items) + "\n"


def _render_flag(name: str, values: TemplateValues) -> str:
    state = values.at("name") or values.at(1)
    return str(_table()["flags"][name]).format(_table()["countries"].get(state, state)) if state else ""


_RENDERERS_BY_SECTION: Sequence[tuple[str, Callable[[str, TemplateValues], str]]] = (
    ("nothing", lambda name, values: ""),
    ("shows", lambda name, values: values.at(_table()["shows"][name])),
    ("lists", _render_list),
    ("marks", lambda name, values: f"{values.at(1)} {_table()['marks'][name]}"),
    ("signs", lambda name, values: str(_table()["signs"][name])),
    ("flags", _render_flag),
)


def _render_date(values: TemplateValues, first: int = 1) -> str:
    """The date whose year, month and day start at position ``first``, as far as given: "5 February 1941"."""
    year, month, day = (values.at(first + n) for n in range(3))
    if not month.isdigit() or not 1 <= int(month) <= len(_MONTHS):
        return " ".join(part for part in (day, month, year) if part)
    return " ".join(part for part in (day.lstrip("0"), _MONTHS[int(month) - 1], year) if part)


def _render_dates(values: TemplateValues) -> str:
    first = _render_date(values)
    return f"{first} – {_render_date(values, 4)}" if values.at(4) else first


def _render_measure(values: TemplateValues) -> str:
    """A measure in its original unit: {{convert|7|km|mi}} is "7 km", {{convert|7|to|9|km}} "7 to 9 km"."""
    if values.at(2) in {"-", "–", "to", "and", "or", "by", "x"}:
        return f"{values.at(1)} {values.at(2)} {values.at(3)} {values.at(4)}"
    return f"{values.at(1)} {values.at(2)}"


def _render_fraction(values: TemplateValues) -> str:
    match values.positional():
        case [whole, numerator, denominator]:
            return f"{whole} {numerator}/{denominator}"
        case parts:
            return "/".join(parts)


def _render_coordinates(values: TemplateValues) -> str:
    """Decimal degrees, north and east positive: "15.7767, 38.4678"; empty if they cannot be read."""
    numbers: list[Decimal] = []
    parts: list[Decimal] = []
    for value in values.positional():
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
    match numbers or parts[:2]:
        case [latitude, longitude]:
            return f"{latitude}, {longitude}"
    return ""


def _render_ship(values: TemplateValues) -> str:
    return " ".join(part for part in (values.at(1), values.at(2)) if part)


def _render_ship_class(values: TemplateValues) -> str:
    return f"{values.at(1)}-class {values.at(2)}".strip()


_RENDERERS: Mapping[str, Renderer] = {
    "circa": lambda values: f"c. {values.at(1)}" + (f" – {values.at(2)}" if values.at(2) else ""),
    "c.": lambda values: f"c. {values.at(1)}",
    "convert": _render_measure,
    "cvt": _render_measure,
    "coord": _render_coordinates,
    "dts": _render_date,
    "date": lambda values: values.at(1),
    "end date": _render_date,
    "end-date": lambda values: values.at(1),
    "frac": _render_fraction,
    "fraction": _render_fraction,
    "oldstyledate": lambda values: f"{values.at(1)} {values.at(2)}",
    "oldstyledatedy": lambda values: f"{values.at(1)} {values.at(2)}",
    "sclass": _render_ship_class,
    "sclass-": lambda values: f"{values.at(1)}-class",
    "sclass2-": lambda values: f"{values.at(1)}-class",
    "sclass2": _render_ship_class,
    "ship": _render_ship,
    "start and end date": _render_dates,
    "start and end dates": _render_dates,
    "start date": _render_date,
    "start date and age": _render_date,
    "start-date": lambda values: values.at(1),
}
