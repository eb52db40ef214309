"""Which files are found at a path, and how files without an article are reported."""

from pathlib import Path

import pytest

from hamakg.errors import HamakgError, UsageError
from hamakg.read import find_documents, read_document


def test_folders_are_walked_in_sorted_order_and_each_file_comes_once(tmp_path: Path) -> None:
    for name in ("b.txt", "sub/c.txt", "a.txt", "notes.md", ".hidden.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("= T =\n")
    documents = find_documents([tmp_path / "sub" / "c.txt", tmp_path, tmp_path / "notes.md"])
    assert [str(p.relative_to(tmp_path)) for p in documents] == ["sub/c.txt", "a.txt", "b.txt", "notes.md"]


def test_a_missing_path_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        find_documents([tmp_path / "none"])
    assert str(error.value) == f"{tmp_path}/none: no such file or folder; check the spelling"


def test_a_folder_without_a_document_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        find_documents([tmp_path])
    assert str(error.value) == (
        f"{tmp_path}: no article in this folder (.txt, .wiki, .wikitext, .mediawiki, .xml, .xml.bz2, .xml.gz); "
        "name a file or a folder that holds some"
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty; an article starts with a line '= Title ='"),
        (b" \n\n", "the file is empty; an article starts with a line '= Title ='"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file, not text; give an article as UTF-8 text"),
        (b"= Caf\xe9 =\n", "not UTF-8 (byte 0xe9 at 5); save it as UTF-8"),
        ("= T =\n".encode("utf-16"), "UTF-16, not UTF-8; save it as UTF-8"),
        (
            b"= T =\n\x1b[1m",
            "not plain text (U+001B at character 6); remove the character, or give an article as UTF-8 text",
        ),
        (b"Some notes.\n", "no title; the first line of an article is '= Title ='"),
    ],
    ids=["empty", "blank", "binary", "latin-1", "utf-16", "control character", "no title"],
)
def test_a_file_without_an_article_is_reported_with_what_to_do(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(data)
    with pytest.raises(HamakgError) as error:
        list(read_document(path))
    assert str(error.value) == f"{path}: {message}"
    assert "\n" not in str(error.value)


def test_a_folder_read_as_a_document_is_reported(tmp_path: Path) -> None:
    with pytest.raises(HamakgError) as error:
        list(read_document(tmp_path))
    assert str(error.value) == f"{tmp_path}: cannot be read (Is a directory); check that it is a file you may read"


def test_a_byte_order_mark_is_dropped_and_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes("\ufeff= Schlacht =\r\n\r\nKälte.\r\n".encode())
    (article,) = read_document(path)
    assert (article.title, article.text) == ("Schlacht", "= Schlacht =\r\n\r\nKälte.\r\n")
    assert [(p.text, p.begin, p.end) for p in article.paragraphs] == [("Kälte.", 16, 22)]


def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    for name in ("a.txt", "Battle of Z.txt"):
        (tmp_path / name).write_text("= Battle of X =\n")
    titles = [article.title for path in find_documents([tmp_path]) for article in read_document(path)]
    assert titles == ["Battle of X", "Battle of X"]
