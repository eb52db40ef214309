"""A file of items that a user brings: TSV, or SQLite (the first table that has the columns).

The columns are ``id`` and ``label`` (or ``labels``, the first of which is the label), and optionally ``aliases``,
``type``, ``coordinates`` ("35.13,36.76"; or ``lat`` and ``lon``), ``country``, ``description`` and ``source`` (who
gives the coordinates), in any order. Several values in a cell are separated by "|" or ";": "Hama|Hamah".
"""

import csv
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hamakg.errors import HamakgError
from hamakg.link.items import Item, parse_item_id
from hamakg.link.name_index import NameIndex
from hamakg.link.points import parse_point
from hamakg.link.sources.ask import ItemSource
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
"""The columns that are read, each with the headings it may have in a file; the first heading that is there counts."""

_REQUIRED = {"id", "labels"}
_SQLITE_MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html#magic_header_string


@dataclass(frozen=True, slots=True)
class Authority:
    """The items of a file; ``skipped`` rows had no Wikidata id or no name."""

    index: NameIndex
    skipped: int = 0

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the order of the file."""
        return self.index.items

    def find_items(self, things: Iterable[Thing]) -> Mapping[Ref, Sequence[Item]]:
        """Return the items that each thing may be by its names."""
        return {thing.ref: self.index.find(thing.names) for thing in things}

    def as_source(self, name: str) -> ItemSource:
        """Return the file as a source of this name."""
        return ItemSource(name, self.find_items)


def read_authority(path: Path) -> Authority:
    """Read the items of a file. Raises HamakgError if it cannot be read or has no columns for id and label."""
    try:
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
        rows = _read_database(path) if is_database else _read_tsv(path)
        read = [_read_item(cells) for cells in rows]
    except (OSError, UnicodeDecodeError, sqlite3.Error, csv.Error) as error:
        raise HamakgError(f"the authority file {path} cannot be read: {error}") from error
    items = [item for item in read if item]
    return Authority(NameIndex(items), len(read) - len(items))


def _read_tsv(path: Path) -> Iterator[Mapping[str, str]]:
    """Yield the cells of each row by the names in COLUMNS."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        headings = table.fieldnames or ()
        columns = _recognise_columns(headings)
        if not columns.keys() >= _REQUIRED:
            raise HamakgError(f"{path}: needs the columns id and label; it has {', '.join(headings) or 'none'}")
        yield from (_select_cells(row, columns) for row in table)


def _read_database(path: Path) -> Iterator[Mapping[str, str]]:
    """Yield the cells of each row of the first table that has the columns, by the names in COLUMNS."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
        tables = [str(row["name"]) for row in database.execute(query)]
        for table in tables:
            quoted = '"{}"'.format(table.replace('"', '""'))
            columns = _recognise_columns(row["name"] for row in database.execute(f"PRAGMA table_info({quoted})"))
            if columns.keys() >= _REQUIRED:
                rows = database.execute(f"SELECT * FROM {quoted}")
                yield from (_select_cells(dict(row), columns) for row in rows)
                return
    raise HamakgError(f"{path}: needs a table with the columns id and label; it has {', '.join(tables) or 'none'}")


def _recognise_columns(headings: Iterable[str]) -> dict[str, str]:
    """Return the file's own heading for each name in COLUMNS that it has."""
    own = {heading.strip().lower(): heading for heading in headings if heading}
    return {name: own[word] for name, words in COLUMNS.items() for word in reversed(words) if word in own}


def _select_cells(row: Mapping[str, object], columns: Mapping[str, str]) -> dict[str, str]:
    return {name: str(row.get(heading) or "").strip() for name, heading in columns.items()}


def _read_item(cells: Mapping[str, str]) -> Item | None:
    """Return the item of a row; None if it has no Wikidata id or no name."""
    id_, labels = parse_item_id(cells["id"]), _split_cell(cells["labels"])
    if not id_ or not labels:
        return None
    return Item(
        id=id_,
        label=labels[0],
        aliases=(*labels[1:], *_split_cell(cells.get("aliases", ""))),
        types=_split_cell(cells.get("types", "")),
        point=parse_point(cells.get("coordinates", ""), cells.get("latitude", ""), cells.get("longitude", "")),
        countries=_split_cell(cells.get("country", "")),
        description=cells.get("description", ""),
        coordinates_source=cells.get("source", ""),
    )


def _split_cell(cell: str) -> tuple[str, ...]:
    """Return the values of a cell, each once."""
    return tuple(dict.fromkeys(value.strip() for value in re.split(r"[|;]", cell) if value.strip()))
