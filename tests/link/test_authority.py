"""An authority file is a table that a user has; other tables are refused, and rows without an item are reported."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Run
from hamakg.errors import HamakgError
from hamakg.link.items import Item
from hamakg.link.points import Point
from hamakg.link.sources.authority import read_authority
from hamakg.store import VersionedStore

XAN = Item("Q7", "Xan", ("Khan", "خان"), ("Q532",), Point("35.1", "36.7"), ("Q858",), "a village", "GeoNames")


def write_table(folder: Path, text: str) -> Path:
    path = folder / "items.tsv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "id\tlabel\taliases\ttype\tcoordinates\tcountry\tdescription\tsource\n"
        "Q7\tXan\tKhan|خان\tQ532\t35.1,36.7\tQ858\ta village\tGeoNames\n",
        "QID\tLabels\tclass\tlon\tlat\tcountry\tdescription\tsource\tother\r\n"
        "http://www.wikidata.org/entity/Q7\tXan|Khan|خان\tQ532\t36.7\t35.1\tQ858\ta village\tGeoNames\tx\r\n",
        "\ufeffitem\tname\taltlabels\ttypes\tpoint\tcountries\tdescription\tcoordinates_source\n"
        "wd:Q7\tXan\tKhan; خان\tQ532\tPoint(36.7 35.1)\tQ858\ta village\tGeoNames\n",
    ],
    ids=["our names", "other names and IRIs", "as Wikidata's query service gives it"],
)
def test_columns_may_have_other_headings_and_formats(tmp_path: Path, text: str) -> None:
    found = read_authority(write_table(tmp_path, text))
    assert (found.items, found.skipped) == ((XAN,), 0)


def test_a_database_is_read_if_one_of_its_tables_has_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "items.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE about (note TEXT)")
        database.execute('CREATE TABLE "the items" (id, label, aliases, type, lat, lon, country, description, source)')
        row = ("Q7", "Xan", "Khan|خان", "Q532", 35.1, 36.7, "Q858", "a village", "GeoNames")
        database.execute('INSERT INTO "the items" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', row)
        database.commit()
    assert read_authority(path).items == (XAN,)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "items.tsv: needs the columns id and label; it has none"),
        ("name\tqid_of\n", "items.tsv: needs the columns id and label; it has name, qid_of"),
        ("id,label\nQ7,Xan\n", "items.tsv: needs the columns id and label; it has id,label"),
    ],
)
def test_a_table_without_the_columns_is_refused(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(HamakgError) as error:
        read_authority(write_table(tmp_path, text))
    assert str(error.value).endswith(wrong)


def test_a_binary_file_and_a_database_without_such_a_table_are_refused(tmp_path: Path) -> None:
    binary, database = tmp_path / "a.bin", tmp_path / "a.db"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(HamakgError, match="cannot be read"):
        read_authority(binary)
    with closing(sqlite3.connect(database)) as made:
        made.execute("CREATE TABLE about (note TEXT)")
    with pytest.raises(HamakgError, match="needs a table with the columns id and label; it has about"):
        read_authority(database)


def test_rows_without_an_id_or_a_name_are_skipped_and_reported(
    hamakg: Run, seeds_store: VersionedStore, tmp_path: Path
) -> None:
    path = write_table(tmp_path, "id\tlabel\nQ7\tXan\nQ0\tYar\nfoo\tYar\nQ8\t\n")
    found = read_authority(path)
    assert ([item.id for item in found.items], found.skipped) == (["Q7"], 3)
    done = hamakg("link", "--store", seeds_store.path, "--dry-run", "--authority", path)
    assert f"note: {path}: 3 rows were skipped, as they have no Wikidata id or no name" in done.stdout.decode()
