"""From files to articles: which files a request means, and what form each is in."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from hamakg.errors import HamakgError, UsageError
from hamakg.model import Article
from hamakg.read.plain import parse_plain
from hamakg.read.text import decode

__all__ = ["find_documents", "read_document"]

_SUFFIX = ".txt"


def find_documents(paths: Iterable[Path]) -> list[Path]:
    """The documents that the paths name, each once: files as given, folders walked in sorted order for ``.txt`` files.

    Raises UsageError for a path that does not exist and for a folder with no document in it.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for document in _documents_at(path):
            found.setdefault(document.resolve(), document)
    return list(found.values())


def read_document(path: Path) -> Iterator[Article]:
    """The articles in one file, in its order; the seeds' form holds one.

    Raises HamakgError, which names the file and what to do, when it cannot be read as articles.
    """
    try:
        yield parse_plain(decode(_bytes(path)))
    except HamakgError as error:
        raise HamakgError(f"{path}: {error}") from error


def _documents_at(path: Path) -> list[Path]:
    if path.is_dir():
        documents = sorted(p for p in path.rglob(f"*{_SUFFIX}") if p.is_file() and not p.name.startswith("."))
        if not documents:
            raise UsageError(f"{path}: no {_SUFFIX} file in this folder; name a file or a folder that holds articles")
        return documents
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder; check the spelling")
    return [path]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HamakgError(f"cannot be read ({error.strerror}); check that it is a file you may read") from error
