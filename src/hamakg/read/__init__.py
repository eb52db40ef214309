"""Reads files as articles: finds the files and recognises their formats.

A file is read in two steps. The first gives its pages, and needs little time and memory whatever the file contains. The
second parses a page; it may take long or fail, so a caller may run it elsewhere.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hamakg.errors import HamakgError, LimitError, UsageError
from hamakg.model import Article
from hamakg.read.files import read_file
from hamakg.read.mediawiki import ExportedPage, read_exported_pages
from hamakg.read.plain import parse_plain
from hamakg.read.text import decode, require_length
from hamakg.read.wikitext import is_wikitext, parse_wikitext

__all__ = ["Page", "SkippedPage", "find_documents", "locate_error", "parse_page", "read_document"]

_PLAIN = (".txt",)
_WIKITEXT = (".wiki", ".wikitext", ".mediawiki")
_EXPORT = (".xml", ".xml.bz2", ".xml.gz")
SUFFIXES = (*_PLAIN, *_WIKITEXT, *_EXPORT)


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """A file that is one page: an article in the seeds' format, or wikitext."""

    path: Path
    data: bytes

    @property
    def length(self) -> int:
        """The length of its text, roughly."""
        return len(self.data)


Page = ArticleFile | ExportedPage


@dataclass(frozen=True, slots=True)
class SkippedPage:
    """A page of an export that is not read as an article, and the reason."""

    title: str
    reason: str


Parse = Callable[[Page], list[Article] | SkippedPage]


def find_documents(paths: Iterable[Path]) -> list[Path]:
    """The documents at the paths, each once: files as given, and in folders all files with one of SUFFIXES, sorted.

    Whether they can be read shows when they are; a folder below that cannot be listed is one of them. Raises UsageError
    for a path that does not exist and for a folder without a document.
    """
    documents: dict[str, Path] = {}
    for path in paths:
        for document in _find_documents_at(path):
            documents.setdefault(os.path.realpath(document), document)
    return list(documents.values())


def _find_documents_at(path: Path) -> list[Path]:
    if path.is_dir():
        documents = sorted(_walk(path))
        if not documents:
            raise UsageError(
                f"{path}: no article in this folder ({', '.join(SUFFIXES)}); name a file or a folder that holds some"
            )
        return documents
    if not os.path.lexists(path):
        raise UsageError(f"{path}: no such file or folder; check the spelling")
    return [path]


def _walk(top: Path) -> Iterator[Path]:
    """The files below a folder that look like documents, and the folders that cannot be listed; follows no links."""
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            entries = [(Path(entry), entry.is_dir(follow_symlinks=False)) for entry in os.scandir(folder)]
        except OSError:
            yield folder
            continue
        folders += [path for path, is_folder in entries if is_folder]
        for path, is_folder in entries:
            if path.name.endswith(SUFFIXES) and not path.name.startswith(".") and not (is_folder or path.is_dir()):
                yield path


def parse_page(page: Page) -> list[Article] | SkippedPage:
    """The articles on a page; a pure function of the page. Raises HamakgError for a file that is no article."""
    if isinstance(page, ArticleFile):
        return _parse_file(page)
    require_length(*page.lengths)
    try:
        articles = parse_wikitext(page.text, page.title, page.revision)
    except LimitError:
        raise
    except HamakgError as error:
        return SkippedPage(page.title, str(error))
    if not articles:
        return SkippedPage(page.title, "no infobox of a military conflict")
    return [replace(article, modified=page.modified) for article in articles]


def _raise(error: HamakgError) -> None:
    raise error


def read_document(
    path: Path,
    on_skip: Callable[[SkippedPage], None] = lambda _: None,
    on_failure: Callable[[HamakgError], None] = _raise,
    *,
    parse: Parse = parse_page,
    seconds: float = 60,
) -> Iterator[Article]:
    """The articles in a file, in its order; the file is in the seeds' format, wikitext or a MediaWiki export.

    ``on_skip`` is called for each page of an export that is not read as an article, ``on_failure`` for each page that
    cannot be read, and for a file that cannot, after the articles before the fault. The errors name the file and what
    to do; by default they are raised. Another ``parse`` may call :func:`parse_page` elsewhere. A file that goes on for
    these seconds of processor time without the end of a page is not read further.
    """
    for page in _read_pages(path, seconds):
        parsed = page if isinstance(page, HamakgError) else _skip(page) or _parse(page, parse)
        if isinstance(parsed, HamakgError):
            on_failure(locate_error(parsed, path, page.title if isinstance(page, ExportedPage) else ""))
        elif isinstance(parsed, SkippedPage):
            on_skip(parsed)
        else:
            yield from parsed


def locate_error(error: HamakgError, path: Path, title: str) -> HamakgError:
    """The error with the document that it concerns; of an export, which has many pages, with the title too."""
    where = f"{path}: page {title!r}" if title and path.name.endswith(_EXPORT) else f"{path}"
    located = type(error)(f"{where}: {error}")
    located.__cause__ = error
    return located


def _read_pages(path: Path, seconds: float) -> Iterator[Page | HamakgError]:
    """The pages of a file, and at last the error if it cannot be read to its end."""
    try:
        if path.name.endswith(_EXPORT):
            yield from read_exported_pages(path, seconds)
        else:
            yield ArticleFile(path, read_file(path))
    except HamakgError as error:
        yield error


def _skip(page: Page) -> SkippedPage | None:
    """The page with the reason, if it cannot be an article."""
    if isinstance(page, ArticleFile) or (page.namespace == "0" and not page.is_redirect):
        return None
    return SkippedPage(page.title, "a redirect" if page.is_redirect else "not an article")


def _parse(page: Page, parse: Parse) -> list[Article] | SkippedPage | HamakgError:
    try:
        return parse(page)
    except HamakgError as error:
        return error


def _parse_file(file: ArticleFile) -> list[Article]:
    text, path = decode(file.data), file.path
    if not (path.name.endswith(_WIKITEXT) or is_wikitext(text)):
        return [parse_plain(text)]
    articles = parse_wikitext(text, fallback_title=_make_title(path.stem))
    if not articles:
        raise HamakgError("wikitext without an infobox of a military conflict; give pages that have one")
    return articles


def _make_title(stem: str) -> str:
    """The title for which a file is named; empty if the name is not text."""
    if any("\ud800" <= c <= "\udfff" for c in stem):  # bytes that are not UTF-8: see os.fsdecode
        return ""
    words = "".join(c if c.isprintable() and c != "_" else " " for c in stem)
    return words[:1].upper() + words[1:]
