"""MediaWiki exports are read page by page, and a fault in one is reported in one line."""

import bz2
import gzip
import tracemalloc
from pathlib import Path

import pytest

from hamakg.errors import HamakgError
from hamakg.read import SkippedPage, read_document

HEAD = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">'
BATTLE = "{{Infobox military conflict|conflict=%s}}\n%s fell."


def page(title: str, text: str, inside: str = "", namespace: int = 0) -> str:
    return (
        f"<page><title>{title}</title><ns>{namespace}</ns><id>1</id>{inside}<revision><id>7</id>"
        f"<text>{text}</text></revision></page>"
    )


def export(*pages: str) -> bytes:
    return f"{HEAD}{''.join(pages)}</mediawiki>".encode()


PAGES = export(
    page("Battle of Xan", BATTLE % ("Xan", "Xan")),
    page("Xan", "A [[town]]."),
    page("Xan battle", "#REDIRECT [[Battle of Xan]]", '<redirect title="Battle of Xan" />'),
    page("Talk:Battle of Xan", BATTLE % ("Xan", "Xan"), namespace=1),
    page("Battle of Yan", BATTLE % ("Yan", "Yan")),
)


@pytest.mark.parametrize(
    ("stamp", "modified"),
    [
        ("<timestamp>2020-02-03T04:05:06Z</timestamp>", "2020-02-03T04:05:06Z"),
        ("<timestamp>lately</timestamp>", None),
        ("", None),
    ],
)
def test_an_article_has_the_time_when_its_revision_was_saved(tmp_path: Path, stamp: str, modified: str | None) -> None:
    (tmp_path / "a.xml").write_bytes(
        export(page("Battle of Xan", BATTLE % ("Xan", "Xan")).replace("<id>7</id>", f"<id>7</id>{stamp}"))
    )
    (article,) = read_document(tmp_path / "a.xml")
    assert (article.revision, article.modified) == ("7", modified)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.xml", PAGES), ("a.xml.bz2", bz2.compress(PAGES)), ("a.xml.gz", gzip.compress(PAGES))],
    ids=["plain", "bz2", "gzip"],
)
def test_each_battle_is_an_article_and_each_other_page_is_reported(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    skipped: list[SkippedPage] = []
    articles = list(read_document(tmp_path / name, skipped.append))
    assert [(a.title, a.revision, [p.text for p in a.paragraphs]) for a in articles] == [
        ("Battle of Xan", "7", ["Xan fell."]),
        ("Battle of Yan", "7", ["Yan fell."]),
    ]
    assert skipped == [
        SkippedPage("Xan", "no infobox of a military conflict"),
        SkippedPage("Xan battle", "a redirect"),
        SkippedPage("Talk:Battle of Xan", "not an article"),
    ]


BOMB = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + HEAD + "&b;</mediawiki>"


@pytest.mark.parametrize(
    ("name", "data", "wrong"),
    [
        (
            "a.xml",
            BOMB.encode(),
            "declares a document type or entities; a MediaWiki export never does, so it is not read",
        ),
        ("a.xml", b"<html></html>", "XML, but not a MediaWiki export (root element 'html'); use Special:Export"),
        ("a.xml", b"<mediawiki><page>", "not well-formed XML at line 1, column 18; is it a complete MediaWiki export?"),
        ("a.xml.bz2", b"not compressed", "cannot be read (Invalid data stream); check the file"),
        ("a.xml.gz", gzip.compress(PAGES)[:60], "ends in the middle of its compressed data; fetch the file again"),
    ],
    ids=["bomb", "another root", "cut off", "not compressed", "cut in compressed data"],
)
def test_a_file_that_is_not_a_complete_export_is_reported_in_one_line(
    tmp_path: Path, name: str, data: bytes, wrong: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(HamakgError) as error:
        list(read_document(tmp_path / name))
    assert str(error.value) == f"{tmp_path / name}: {wrong}"


def test_the_pages_before_a_cut_are_read(tmp_path: Path) -> None:
    long = export(*(page(f"Battle {n}", BATTLE % (n, "x" * 400)) for n in range(3000)))
    (tmp_path / "a.xml.bz2").write_bytes(bz2.compress(long, 1)[:-100])
    read = read_document(tmp_path / "a.xml.bz2")
    assert next(read).title == "Battle 0"
    with pytest.raises(HamakgError, match="ends in the middle"):
        list(read)


def test_memory_does_not_grow_with_the_length_of_the_dump(tmp_path: Path) -> None:
    def peak(copies: int) -> int:
        path = tmp_path / f"{copies}.xml"
        path.write_bytes(export(*(page(f"Xan {n}", "A town. " * 400) for n in range(20 * copies))))
        tracemalloc.start()
        list(read_document(path))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(1)
    assert peak(50) < 2 * peak(1)
