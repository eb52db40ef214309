"""A file of items that a user brings, and which of them a name may mean.

TSV, or SQLite (the first table that has the columns). Columns, in any order: ``id``; ``label`` (or ``labels``, the
first of them is the label); and where there are any ``aliases``, ``type``, ``coordinates`` ("35.13,36.76", or ``lat``
and ``lon``), ``country``, ``description``, ``source`` (who gives the coordinates). Several values stand between
strokes: "Hama|Hamah".
"""

import csv
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from rapidfuzz import fuzz, process

from hamakg.errors import HamakgError
from hamakg.link.items import Item, item_id, point_of
from hamakg.link.likeness import folded, keys
from hamakg.link.things import Thing
from hamakg.model import Ref

COLUMNS = {
    "id": ("id", "qid", "item"),
    "labels": ("label", "labels", "name"),
    "aliases": ("aliases", "alias", "altlabels", "alternate_names"),
    "types": ("type", "types", "class", "instance_of"),
    "coordinates": ("coordinates", "coordinate", "point"),
    "latitude": ("lat", "latitude"),
    "longitude": ("lon", "long", "lng", "longitude"),
    "country": ("country", "countries"),
    "description": ("description", "descriptions"),
    "source": ("source", "coordinates_source"),
}
"""The columns that are read, and what each may be called."""

_MOST_ALIKE = 20  # names of the same consonants that are looked at more closely
_LONG = 5
_SQLITE = b"SQLite format 3\0"


class Authority:
    """Items by their names, in any romanisation; ``passed_over`` rows of the file had no id of Wikidata or no name."""

    def __init__(self, items: Iterable[Item], passed_over: int = 0) -> None:
        self.passed_over = passed_over
        self.items = tuple({item.id: item for item in items}.values())
        self._names: list[str] = []
        self._owners: list[int] = []
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_shortened: dict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(self.items):
            for name in dict.fromkeys(item.names):
                self._add(name, number)

    def candidates(self, names: Iterable[str]) -> list[Item]:
        """The items of which a name may be one of these, by id."""
        found = {self._owners[nth] for name in names for nth in self._named(name)}
        return sorted((self.items[number] for number in found), key=lambda item: item.id)

    def offer(self, things: Iterable[Thing]) -> Mapping[Ref, Sequence[Item]]:
        """A source: the items that each thing may be by its names."""
        return {thing.ref: self.candidates(thing.names) for thing in things}

    def _add(self, name: str, owner: int) -> None:
        nth = len(self._names)
        self._names.append(folded(name))
        self._owners.append(owner)
        equal, spelt = keys(name)
        for key in {equal, spelt}:
            self._by_key[key].append(nth)
        for key in _shortened(spelt):
            self._by_shortened[key].append(nth)

    def _named(self, name: str) -> Iterable[int]:
        """The names that are equal to this one, and of those that share its consonants the most alike."""
        equal, spelt = keys(name)
        alike = {nth for key in (spelt, *_shortened(spelt)) for nth in self._by_key.get(key, ())}
        alike.update(self._by_shortened.get(spelt, ()))
        if len(alike) > _MOST_ALIKE:
            choices = {nth: self._names[nth] for nth in sorted(alike)}
            alike = {nth for *_, nth in process.extract(folded(name), choices, scorer=fuzz.ratio, limit=_MOST_ALIKE)}
        return {*alike, *self._by_key.get(equal, ())}


def _shortened(key: str) -> Iterable[str]:
    """A long key without one of its letters: spellings of one name may differ in one."""
    return {key[:at] + key[at + 1 :] for at in range(len(key))} if len(key) >= _LONG else ()


def read_authority(path: Path) -> Authority:
    """The items of a file. Raises HamakgError for one that cannot be read or lacks the columns for id and label."""
    try:
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
        found = [*(_from_database(path) if is_database else _from_table(path))]
        items = [item for item in found if item]
        return Authority(items, len(found) - len(items))
    except (OSError, UnicodeDecodeError, sqlite3.Error, csv.Error) as error:
        raise HamakgError(f"the authority file {path} cannot be read: {error}") from error


Row = Mapping[str, object]


def _from_table(path: Path) -> Iterator[Item | None]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        columns = table.fieldnames or ()
        known = _known(columns)
        if not {"id", "labels"} <= known.keys():
            raise HamakgError(f"{path}: needs the columns id and label; it has {', '.join(columns) or 'none'}")
        yield from (_item(row, known) for row in table)


def _from_database(path: Path) -> Iterator[Item | None]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        tables = [
            row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
        ]
        for table in tables:
            name = table.replace('"', '""')
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
            known = _known(columns)
            if {"id", "labels"} <= known.keys():
                rows = database.execute(f'SELECT * FROM "{name}"')
                yield from (_item(dict(zip(columns, row, strict=True)), known) for row in rows)
                return
        raise HamakgError(f"{path}: needs a table with the columns id and label; it has {', '.join(tables) or 'none'}")


def _known(columns: Iterable[str]) -> dict[str, str]:
    """{what is read: the file's own column for it}."""
    there = {column.strip().lower(): column for column in columns if column}
    return {what: there[word] for what, words in COLUMNS.items() for word in words[::-1] if word in there}


def _item(row: Row, known: Mapping[str, str]) -> Item | None:
    """None for a row without an id of Wikidata or without a name."""
    cells = {what: str(row.get(column) or "").strip() for what, column in known.items()}
    id_, labels = item_id(cells["id"]), _values(cells["labels"])
    if not id_ or not labels:
        return None
    return Item(
        id=id_,
        label=labels[0],
        aliases=(*labels[1:], *_values(cells.get("aliases", ""))),
        types=_values(cells.get("types", "")),
        point=point_of(cells.get("coordinates", ""), cells.get("latitude", ""), cells.get("longitude", "")),
        country=_values(cells.get("country", "")),
        description=cells.get("description", ""),
        source=cells.get("source", ""),
    )


def _values(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in re.split(r"[|;]", cell) if value.strip()))
