"""Writes tables of events, one row an event, for people who work with R, pandas or maps.

The formats are CSV with its description (https://www.w3.org/TR/tabular-metadata/), Parquet, and GeoJSON (RFC 7946). A
cell with several values is joined by SEPARATOR in CSV and a list elsewhere.
"""

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from io import TextIOWrapper
from itertools import islice
from types import MappingProxyType
from typing import Any, BinaryIO

from hamakg.errors import HamakgError
from hamakg.publish.attribution import SourceArticle
from hamakg.publish.events import COLUMNS, Cell, Column, EventRow
from hamakg.rdf.iris import PREFIXES, Iris

SEPARATOR = " | "
_ROWS_AT_ONCE = 2_000


def write_csv(events: Iterable[EventRow], out: BinaryIO, iris: Iris) -> None:
    """Writes CSV (RFC 4180) in UTF-8, with a header."""
    text = TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(column.name for column in COLUMNS)
    for event in events:
        writer.writerow(_to_csv(event.cells[column.name]) for column in COLUMNS)
    text.detach()


def _to_csv(cell: Cell) -> str:
    """The cell as the datatypes of CSVW want it; SEPARATOR within a value becomes " / "."""
    if isinstance(cell, tuple):
        return SEPARATOR.join(value.replace(SEPARATOR, " / ") for value in cell)
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def describe_csv(name: str, articles: Sequence[SourceArticle], iris: Iris) -> bytes:
    """Describes the columns of the CSV file of this name for programs: a table description of CSVW, as JSON."""
    table = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": name,
        "dc:title": "Events as articles on battles tell them",
        "dc:license": [{"@id": licence} for licence in sorted({article.licence for article in articles})],
        "dc:source": [{"@id": a.page} if "://" in a.page else a.page for a in articles],
        "tableSchema": {
            "columns": [_describe_column(column) for column in COLUMNS],
            "primaryKey": "id",
            "aboutUrl": iris.resource("{+id}"),
        },
    }
    return json.dumps(table, ensure_ascii=False, indent=1).encode() + b"\n"


def _describe_column(column: Column) -> dict[str, Any]:
    prefix, _, local = (column.term or "").partition(":")
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": column.datatype,
        **({"separator": SEPARATOR} if column.many else {}),
        **({"propertyUrl": PREFIXES[prefix] + local} if prefix else {}),
        **({"required": True} if column.name == "id" else {}),
    }


def write_parquet(events: Iterable[EventRow], out: BinaryIO, iris: Iris) -> None:
    """Writes Parquet. Dates are text, since pandas has no dates before year 1. Raises HamakgError without pyarrow."""
    try:
        import pyarrow as arrow  # noqa: PLC0415 -- only who asks for Parquet needs to have it
        from pyarrow import parquet  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise HamakgError("Parquet needs pyarrow; install it with: pip install 'hamakg[tables]'") from error
    types = {"integer": arrow.int64(), "decimal": arrow.float64(), "boolean": arrow.bool_()}

    def type_of(column: Column) -> Any:
        return arrow.list_(arrow.string()) if column.many else types.get(column.datatype, arrow.string())

    schema = arrow.schema(
        [arrow.field(c.name, type_of(c), metadata={"description": c.description}) for c in COLUMNS],
        metadata={"resources": iris.resource("")},
    )
    rest = iter(events)
    with tempfile.TemporaryFile() as file:  # pyarrow needs a file that it can seek in, which a pipe is not
        with parquet.ParquetWriter(file, schema) as writer:
            while some := [_with_floats(event.cells) for event in islice(rest, _ROWS_AT_ONCE)]:
                writer.write_table(arrow.Table.from_pylist(some, schema=schema))
        file.seek(0)
        shutil.copyfileobj(file, out)


def _with_floats(cells: Mapping[str, Cell]) -> dict[str, Any]:
    """The cells with floats for decimals, which neither JSON nor the columns of Parquet have."""
    return {name: float(cell) if isinstance(cell, Decimal) else cell for name, cell in cells.items()}


def write_geojson(events: Iterable[EventRow], out: BinaryIO, iris: Iris) -> None:
    """Writes a FeatureCollection, one feature a line, with the cells as properties and the places as geometry."""
    out.write(b'{"type": "FeatureCollection", "features": [')
    for n, event in enumerate(events):
        feature = {
            "type": "Feature",
            "id": iris.resource(event.id),
            "geometry": _build_geometry(event.points),
            "properties": _with_floats(event.cells),
        }
        out.write((",\n" if n else "\n").encode() + json.dumps(feature, ensure_ascii=False).encode())
    out.write(b"\n]}\n")


def _build_geometry(points: Collection[tuple[Decimal, Decimal]]) -> dict[str, Any] | None:
    """A point or several, longitude first (https://www.rfc-editor.org/rfc/rfc7946#section-3.1.1)."""
    positions = [[float(longitude), float(latitude)] for latitude, longitude in points]
    if len(positions) > 1:
        return {"type": "MultiPoint", "coordinates": positions}
    return {"type": "Point", "coordinates": positions[0]} if positions else None


TABLES: Mapping[str, Callable[[Iterable[EventRow], BinaryIO, Iris], None]] = MappingProxyType(
    {"csv": write_csv, "parquet": write_parquet, "geojson": write_geojson}
)
"""The formats of tables by name."""
