"""Tables have one row an event with all its values, in formats that R, pandas and maps read."""

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace as but
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode

from hamakg.errors import HamakgError, UsageError
from hamakg.graph import build_article_quads, build_entity_quads
from hamakg.model import ArticleFacts, CasualtyKind
from hamakg.publish import TABLES, describe_csv, read_events, read_sources, select_graphs
from hamakg.publish.events import COLUMNS
from hamakg.rdf.iris import HAMA, PREFIXES, Iris
from hamakg.store import VersionedStore, replace_graph
from support.complete_facts import CAPTURE, FACTS, KILLED, WOUNDED

IRIS = Iris()
SENTENCE = "The Reds took part of Aba by 2 May 2017, but the Blues denied it."
TYPES: dict[str, Callable[[str], Any]] = {
    "string": str,
    "anyURI": str,
    "date": str,
    "integer": int,
    "decimal": Decimal,
    "boolean": {"true": True, "false": False}.__getitem__,
}
COMMON = {
    "sentence": SENTENCE,
    "article": "Battle of Aba",
    "page": "https://example.org/wiki/Battle_of_Aba",
    "revision": "12",
    "licence": "https://creativecommons.org/licenses/by-sa/4.0/",
}
ROWS: list[dict[str, Any]] = [
    {
        "id": "aba/event/capture",
        "type": "Capture",
        "label": "Disputed capture: Reds, target Blues, part of Aba, near Shire, from Shire, toward Aba, by 2 May 2017",
        "end": "2017-05-02",
        "timing": "Within",
        "edtf": "/2017-05-02",
        "agents": ("Reds",),
        "agent_ids": ("actor/reds",),
        "targets": ("Blues",),
        "target_ids": ("source/blues",),
        "places": ("Aba",),
        "place_ids": ("place/aba",),
        "near": ("Shire",),
        "near_ids": ("place/shire",),
        "from": ("Shire",),
        "from_ids": ("place/shire",),
        "toward": ("Aba",),
        "toward_ids": ("place/aba",),
        "latitude": Decimal("35.5"),
        "longitude": Decimal("36.25"),
        "extent": "Part",
        "distance": Decimal(7000),
        "factuality": "Actual",
        "standing": "Disputed",
        "claims": (
            "Denied by Blues for Aba only: capture: Reds, target Blues, part of Aba, near Shire, from Shire, toward "
            "Aba, by 2 May 2017",
        ),
        "recapture": False,
        "count_min": 1,
        "count_max": 2,
        "casualties": ("Wounded (number not given)",),
        "weapons": ("mortar",),
        "codename": "Thunder",
        "conflict": "Battle of Aba",
        "conflict_id": "conflict/battle-of-aba",
        "confidence": Decimal("0.25"),
        **COMMON,
    },
    {
        "id": "aba/event/loss",
        "type": "EquipmentLoss",
        "label": "Planned equipment loss: 2 to 3 tanks",
        "factuality": "Planned",
        "standing": "Narrated",
        "equipment": "tanks",
        "equipment_min": 2,
        "equipment_max": 3,
        **COMMON,
    },
]


def fill_row(row: dict[str, Any]) -> dict[str, Any]:
    """The row with empty cells added."""
    return {column.name: () if column.many else None for column in COLUMNS} | row


def make_store(folder: Path, facts: ArticleFacts, *points: tuple[str, str, str]) -> ox.Store:
    """A store as a build makes it, with coordinates of places in another graph."""
    store = VersionedStore(folder / "store")
    links = ox.NamedNode(IRIS.graph("derived/coordinates"))
    degrees = [
        ox.Quad(
            ox.NamedNode(IRIS.resource(place)),
            ox.NamedNode(PREFIXES["wgs"] + axis),
            ox.Literal(value, datatype=ox.NamedNode(PREFIXES["xsd"] + "decimal")),
            links,
        )
        for place, *values in points
        for axis, value in zip(("lat", "long"), values, strict=True)
    ]
    with store.open_draft() as draft:
        replace_graph(draft, IRIS.article_graph("aba"), build_article_quads(facts, IRIS))
        replace_graph(draft, links.value, degrees)
        replace_graph(draft, IRIS.graph("entities"), build_entity_quads(draft, IRIS))
    return store.snapshot()


@pytest.fixture
def store(tmp_path: Path) -> ox.Store:
    return make_store(tmp_path, FACTS, ("place/aba", "35.5", "36.25"))


def rows(store: ox.Store) -> list[dict[str, Any]]:
    return [dict(row.cells) for row in read_events(store, select_graphs(store, IRIS), IRIS)]


def write_table(store: ox.Store, fmt: str) -> bytes:
    out = io.BytesIO()
    TABLES[fmt](read_events(store, select_graphs(store, IRIS), IRIS), out, IRIS)
    return out.getvalue()


def test_a_row_has_every_value_of_an_event(store: ox.Store) -> None:
    assert rows(store) == [fill_row(row) for row in ROWS]


def parse_by_metadata(data: bytes, metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a CSV file, parsed according to its description in CSVW."""
    head, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
    columns = metadata["tableSchema"]["columns"]
    assert head == [column["titles"] for column in columns]

    def cell(text: str, column: dict[str, Any]) -> Any:
        parse = TYPES[column["datatype"]]
        if "separator" in column:
            return tuple(parse(value) for value in text.split(column["separator"])) if text else ()
        return parse(text) if text else None

    return [{column["name"]: cell(text, column) for text, column in zip(line, columns, strict=True)} for line in lines]


def test_csv_is_read_back_by_its_metadata(store: ox.Store) -> None:
    metadata = json.loads(describe_csv("events.csv", read_sources(store, select_graphs(store, IRIS), IRIS), IRIS))
    assert parse_by_metadata(write_table(store, "csv"), metadata) == [fill_row(row) for row in ROWS]
    assert {key: value for key, value in metadata.items() if key != "tableSchema"} == {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": "events.csv",
        "dc:title": "Events as articles on battles tell them",
        "dc:license": [{"@id": COMMON["licence"]}],
        "dc:source": [{"@id": COMMON["page"]}],
    }
    assert metadata["tableSchema"]["primaryKey"] == "id"
    assert metadata["tableSchema"]["aboutUrl"] == IRIS.resource("{+id}")


def test_a_value_with_the_separator_in_it_stays_one_value(tmp_path: Path) -> None:
    capture = but(CAPTURE, agents=("actor/reds", "actor/first-brigade"), weapons=("mortar | howitzer", "axe"))
    data = write_table(make_store(tmp_path, but(FACTS, events=(capture,))), "csv")
    (row,) = csv.DictReader(io.StringIO(data.decode(), newline=""))
    assert row["agents"] == "1st Brigade | Reds"
    assert row["agent_ids"] == "actor/first-brigade | actor/reds"
    assert row["weapons"] == "axe | mortar / howitzer"


def expect_parquet(row: dict[str, Any]) -> dict[str, Any]:
    plain = {tuple: list, Decimal: float}
    return {name: plain.get(type(cell), lambda same: same)(cell) for name, cell in fill_row(row).items()}


def test_parquet_is_read_back_by_pyarrow(store: ox.Store) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(write_table(store, "parquet")))
    assert table.to_pylist() == [expect_parquet(row) for row in ROWS]
    assert {str(table.schema.field(name).type) for name in ("killed_min", "confidence", "recapture", "start")} == {
        "int64",
        "double",
        "bool",
        "string",
    }


def test_parquet_can_be_written_to_a_pipe(store: ox.Store) -> None:
    """A pipe cannot seek or tell its position."""
    pytest.importorskip("pyarrow")

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def write(self, data: Any) -> int:
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    TABLES["parquet"](read_events(store, select_graphs(store, IRIS), IRIS), pipe, IRIS)  # type: ignore[arg-type]  # no BinaryIO, for it lacks tell()
    assert pipe.data == write_table(store, "parquet")


def test_without_pyarrow_the_error_says_what_to_install(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(HamakgError) as error:
        write_table(store, "parquet")
    assert str(error.value) == "Parquet needs pyarrow; install it with: pip install 'hamakg[tables]'"


def expect_feature(row: dict[str, Any], geometry: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": IRIS.resource(row["id"]),
        "geometry": geometry,
        "properties": expect_parquet(row),
    }


def test_geojson_is_a_collection_of_features_with_longitude_first(store: ox.Store) -> None:
    assert json.loads(write_table(store, "geojson")) == {
        "type": "FeatureCollection",
        "features": [
            expect_feature(ROWS[0], {"type": "Point", "coordinates": [36.25, 35.5]}),
            expect_feature(ROWS[1], None),
        ],
    }


def test_an_event_at_several_places_has_several_points_but_no_latitude(tmp_path: Path) -> None:
    facts = but(FACTS, events=(but(CAPTURE, places=("place/aba", "place/shire")),))
    store = make_store(tmp_path, facts, ("place/aba", "35.5", "36.25"), ("place/shire", "34", "-36"))
    (feature,) = json.loads(write_table(store, "geojson"))["features"]
    assert feature["geometry"] == {"type": "MultiPoint", "coordinates": [[36.25, 35.5], [-36.0, 34.0]]}
    assert (feature["properties"]["latitude"], feature["properties"]["longitude"]) == (None, None)


def test_casualty_bounds_are_left_out_if_there_are_several_figures_of_the_kind(tmp_path: Path) -> None:
    figures = (
        but(KILLED, id="aba/casualties/a", minimum=30, maximum=40),
        but(KILLED, id="aba/casualties/b", minimum=35, maximum=50),
        but(KILLED, id="aba/casualties/c", minimum=3, maximum=3, included_in="aba/casualties/a"),
        but(WOUNDED, kind=CasualtyKind.CAPTURED, minimum=5, included_in=None),
        but(WOUNDED, id="aba/casualties/e", kind=CasualtyKind.MISSING, minimum=7, maximum=9, included_in=None),
        but(WOUNDED, id="aba/casualties/f", kind=CasualtyKind.MISSING, minimum=1, included_in="aba/casualties/e"),
    )
    capture = but(CAPTURE, casualties=tuple(figure.id for figure in figures))
    (row,) = rows(make_store(tmp_path, but(FACTS, events=(capture,), casualties=figures)))
    assert (row["killed_min"], row["killed_max"]) == (None, None), "66 rebels and 38 soldiers are no range"
    assert (row["captured_min"], row["captured_max"]) == (5, None)
    assert (row["missing_min"], row["missing_max"]) == (7, 9), "what is part of another is none of its own"
    assert len(row["casualties"]) == 6


@pytest.mark.parametrize("fmt", TABLES)
def test_the_same_store_gives_the_same_bytes(store: ox.Store, fmt: str) -> None:
    if fmt == "parquet":
        pytest.importorskip("pyarrow")
    assert write_table(store, fmt) == write_table(store, fmt)


def test_a_table_needs_the_graph_of_an_article(store: ox.Store) -> None:
    with pytest.raises(UsageError) as error:
        list(read_events(store, [IRIS.graph("ontology")], IRIS))
    assert str(error.value) == "a table holds the events of articles, and none of these graphs is an article's"


def test_an_empty_store_gives_an_empty_table() -> None:
    assert json.loads(write_table(ox.Store(), "geojson")) == {"type": "FeatureCollection", "features": []}


def test_every_property_of_events_has_a_column() -> None:
    """No table silently drops what the graph says: the query asks for each hama: property of the events."""
    said = {
        q.predicate.value for q in build_article_quads(FACTS, IRIS) if q.subject == NamedNode(IRIS.resource(CAPTURE.id))
    }
    text = (Path(__file__).parents[2] / "queries" / "tables" / "cells.rq").read_text("utf-8")
    own = {iri.removeprefix(HAMA) for iri in said if iri.startswith(HAMA)}
    assert {name for name in own if f"hama:{name})" not in text} == {"extractedBy"}
