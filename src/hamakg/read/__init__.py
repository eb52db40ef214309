"""From files to articles: which files a request means, and what form each is in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hamakg.errors import HamakgError, UsageError
from hamakg.model import Article
from hamakg.read.mediawiki import Page, read_pages
from hamakg.read.plain import parse_plain
from hamakg.read.text import decode
from hamakg.read.wikitext import is_wikitext, parse_wikitext

__all__ = ["Skipped", "find_documents", "read_document"]

_PLAIN = (".txt",)
_WIKITEXT = (".wiki", ".wikitext", ".mediawiki")
_EXPORT = (".xml", ".xml.bz2", ".xml.gz")
SUFFIXES = (*_PLAIN, *_WIKITEXT, *_EXPORT)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page of an export that gave no article, and why."""

    title: str
    why: str


def find_documents(paths: Iterable[Path]) -> list[Path]:
    """The documents that the paths name, each once: files as given, folders walked in sorted order for SUFFIXES.

    Raises UsageError for a path that does not exist and for a folder with no document in it.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for document in _documents_at(path):
            found.setdefault(document.resolve(), document)
    return list(found.values())


def read_document(path: Path, skipped: Callable[[Skipped], None] = lambda _: None) -> Iterator[Article]:
    """The articles in one file, in its order, by what the file is: the seeds' form, wikitext or a MediaWiki export.

    Pages of an export that give no article are told to ``skipped`` as they go by.
    Raises HamakgError, which names the file and what to do, when it cannot be read as articles; of an export after the
    pages before the fault.
    """
    try:
        if path.name.endswith(_EXPORT):
            yield from _of_export(path, skipped)
            return
        text = decode(_bytes(path))
        if path.name.endswith(_WIKITEXT) or is_wikitext(text):
            yield from _of_wikitext(text, path)
        else:
            yield parse_plain(text)
    except HamakgError as error:
        raise HamakgError(f"{path}: {error}") from error


def _of_wikitext(text: str, path: Path) -> Iterator[Article]:
    articles = parse_wikitext(text, otherwise=_title_of(path))
    if not articles:
        raise HamakgError("wikitext without an infobox of a military conflict; give pages that have one")
    yield from articles


def _title_of(path: Path) -> str:
    """The title that a file's name tells, as Wikipedia writes titles: its first letter is a capital."""
    words = path.stem.replace("_", " ")
    return words[:1].upper() + words[1:]


def _of_export(path: Path, skipped: Callable[[Skipped], None]) -> Iterator[Article]:
    for page in read_pages(path):
        try:
            read = [] if _is_none(page) else parse_wikitext(page.text, page.title, page.revision)
            articles = [replace(article, modified=page.modified) for article in read]
        except HamakgError as error:
            skipped(Skipped(page.title, str(error)))
            continue
        if not articles:
            skipped(Skipped(page.title, _is_none(page) or "no infobox of a military conflict"))
        yield from articles


def _is_none(page: Page) -> str:
    """Why a page is no article of its own; empty where it may be one."""
    if page.redirect:
        return "a redirect"
    return "" if page.namespace == "0" else "no article"


def _documents_at(path: Path) -> list[Path]:
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


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HamakgError(f"cannot be read ({error.strerror}); check that it is a file you may read") from error
