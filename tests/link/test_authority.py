"""An authority file is whatever table a user has; what is no such table, or has rows without an item, is told."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Run
from hamakg.errors import HamakgError
from hamakg.link.items import Item
from hamakg.link.points import Point, parse_point
from hamakg.link.sources.authority import read_authority
from hamakg.store import VersionedStore

XAN = Item("Q7", "Xan", ("Khan", "خان"), ("Q532",), Point("35.1", "36.7"), ("Q858",), "a village", "GeoNames")


def written(folder: Path, text: str) -> Path:
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
def test_columns_may_be_called_and_filled_as_others_do(tmp_path: Path, text: str) -> None:
    found = read_authority(written(tmp_path, text))
    assert (found.items, found.skipped) == ((XAN,), 0)


def test_a_database_is_read_where_it_has_such_a_table(tmp_path: Path) -> None:
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
def test_what_is_no_such_table_is_told_so(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(HamakgError) as error:
        read_authority(written(tmp_path, text))
    assert str(error.value).endswith(wrong)


def test_a_file_that_is_no_text_and_a_database_without_such_a_table_are_told_so(tmp_path: Path) -> None:
    binary, database = tmp_path / "a.bin", tmp_path / "a.db"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(HamakgError, match="cannot be read"):
        read_authority(binary)
    with closing(sqlite3.connect(database)) as made:
        made.execute("CREATE TABLE about (note TEXT)")
    with pytest.raises(HamakgError, match="needs a table with the columns id and label; it has about"):
        read_authority(database)


def test_rows_without_an_item_or_a_name_are_counted_and_told(
    hamakg: Run, seeds_store: VersionedStore, tmp_path: Path
) -> None:
    path = written(tmp_path, "id\tlabel\nQ7\tXan\nQ0\tYar\nfoo\tYar\nQ8\t\n")
    found = read_authority(path)
    assert ([item.id for item in found.items], found.skipped) == (["Q7"], 3)
    done = hamakg("link", "--store", seeds_store.path, "--dry-run", "--authority", path)
    assert f"note: {path}: 3 rows were skipped, as they have no Wikidata id or no name" in done.stdout.decode()


@pytest.mark.parametrize("url", ["", "x", "ftp://a/b", "http://", "http://[::1", "http://a:b/"])
def test_an_endpoint_that_is_no_address_is_told_so(hamakg: Run, seeds_store: VersionedStore, url: str) -> None:
    done = hamakg("link", "--store", seeds_store.path, "--dry-run", "--endpoint", url)
    wrong = f"hamakg: {url!r} is not a web address; it must begin with http:// or https://\n"
    assert (done.returncode, done.stderr.decode(), done.stdout) == (2, wrong, b"")


def test_a_contact_that_no_header_can_carry_is_told_so(hamakg: Run, seeds_store: VersionedStore) -> None:
    command = ("link", "--store", seeds_store.path, "--dry-run", "--endpoint", "http://127.0.0.1:9/")
    done = hamakg(*command, "--contact", "Łukasz")
    assert (done.returncode, done.stdout) == (
        2,
        b"",
    ) and "the contact 'Łukasz' goes into a header; use only printable ASCII" in done.stderr.decode()


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("35.1, 36.7", Point("35.1", "36.7")),
        ("Point(36.7 35.1)", Point("35.1", "36.7")),
        ("-33.5,151", Point("-33.5", "151")),
        ("95,36", None),
        ("35.1°S, 36.2°W", None),
        ("N35.1 W36.2", None),
        ("12,34 and", None),
        ("3_5.1,36", None),
        ("٣٥,٣٦", None),
        ("35.1", None),
        ("somewhere", None),
        ("", None),
    ],
)
def test_a_point_is_read_or_is_none(text: str, point: Point | None) -> None:
    assert parse_point(text) == point
