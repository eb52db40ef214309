"""Reads files as articles: finds the files and recognises their formats."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hamakg.errors import HamakgError, UsageError
from hamakg.model import Article
from hamakg.read.mediawiki import ExportedPage, read_pages
from hamakg.read.plain import parse_plain
from hamakg.read.text import decode
from hamakg.read.wikitext import is_wikitext, parse_wikitext

__all__ = ["SkippedPage", "find_documents", "read_document"]

_PLAIN = (".txt",)
_WIKITEXT = (".wiki", ".wikitext", ".mediawiki")
_EXPORT = (".xml", ".xml.bz2", ".xml.gz")
SUFFIXES = (*_PLAIN, *_WIKITEXT, *_EXPORT)


@dataclass(frozen=True, slots=True)
class SkippedPage:
    """A page of an export that is not read as an article, and the reason."""

    title: str
    reason: str


def find_documents(paths: Iterable[Path]) -> list[Path]:
    """The documents at the paths, each once: files as given, and in folders all files with one of SUFFIXES, sorted.

    Raises UsageError for a path that does not exist and for a folder without a document.
    """
    documents: dict[Path, Path] = {}
    for path in paths:
        for document in _find_documents_at(path):
            documents.setdefault(document.resolve(), document)
    return list(documents.values())


def _find_documents_at(path: Path) -> list[Path]:
    if path.is_dir():
        documents = sorted(
            p for p in path.rglob("*") if p.is_file() and p.name.endswith(SUFFIXES) and not p.name.startswith(".")
        )
        if not documents:
            raise UsageError(
                f"{path}: no article in this folder ({', '.join(SUFFIXES)}); name a file or a folder that holds some"
            )
        return documents
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder; check the spelling")
    return [path]


def read_document(path: Path, on_skip: Callable[[SkippedPage], None] = lambda _: None) -> Iterator[Article]:
    """The articles in a file, in its order; the file is in the seeds' format, wikitext or a MediaWiki export.

    ``on_skip`` is called for each page of an export that is not read as an article. Raises HamakgError, which names the
    file and what to do, if it cannot be read; for a damaged export after the articles before the damage.
    """
    try:
        if path.name.endswith(_EXPORT):
            yield from _read_export(path, on_skip)
            return
        text = decode(_read_bytes(path))
        if path.name.endswith(_WIKITEXT) or is_wikitext(text):
            yield from _read_wikitext(text, path)
        else:
            yield parse_plain(text)
    except HamakgError as error:
        raise HamakgError(f"{path}: {error}") from error


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HamakgError(f"cannot be read ({error.strerror}); check that it is a file you may read") from error


def _read_wikitext(text: str, path: Path) -> Iterator[Article]:
    title = path.stem.replace("_", " ")
    articles = parse_wikitext(text, fallback_title=title[:1].upper() + title[1:])
    if not articles:
        raise HamakgError("wikitext without an infobox of a military conflict; give pages that have one")
    yield from articles


def _read_export(path: Path, on_skip: Callable[[SkippedPage], None]) -> Iterator[Article]:
    for page in read_pages(path):
        reason = _find_reason_to_skip(page)
        try:
            articles = [] if reason else parse_wikitext(page.text, page.title, page.revision)
        except HamakgError as error:
            on_skip(SkippedPage(page.title, str(error)))
            continue
        if not articles:
            on_skip(SkippedPage(page.title, reason or "no infobox of a military conflict"))
        yield from (replace(article, modified=page.modified) for article in articles)


def _find_reason_to_skip(page: ExportedPage) -> str:
    """Why the page cannot be an article; empty if it can."""
    if page.is_redirect:
        return "a redirect"
    return "" if page.namespace == "0" else "not an article"
