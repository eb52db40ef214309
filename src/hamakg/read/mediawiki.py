"""Streams the pages of a MediaWiki XML export (https://www.mediawiki.org/wiki/Help:Export).

It is read with defusedxml, which refuses entities; a library for exports would bring an XML parser of its own. A file
of any length needs no more memory than its longest page, of at most LONGEST_PAGE characters: nothing else is kept. A
compressed file of a few bytes may be endless; so a file is given up if it takes long to come to the end of a page.
"""

import bz2
import gzip
import io
import re
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from hamakg.errors import HamakgError, LimitError
from hamakg.read.files import open_file
from hamakg.read.text import LONGEST_PAGE, LONGEST_TITLE

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_CHUNK = 64 * 1024
_DEEPEST, _MOST_NAMES = 100, 1000
"""Exports have about 5 levels of elements and 40 names; the parser keeps every name that it saw."""

_LONGEST = {"title": LONGEST_TITLE, "text": LONGEST_PAGE, "id": 40, "ns": 40, "timestamp": 40}
"""The children of pages and revisions that are read, and how many of their characters are kept."""


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """A page of an export in the last revision given there, which was saved at ``modified`` (an xsd:dateTime).

    Title and text are cut off if they are too long for an article; ``lengths`` are what they had.
    """

    title: str
    text: str
    lengths: tuple[int, int]
    revision: str | None
    modified: str | None
    is_redirect: bool
    namespace: str

    @property
    def length(self) -> int:
        """The length of its text."""
        return len(self.text)


def read_exported_pages(path: Path, seconds: float = 60) -> Iterator[ExportedPage]:
    """The pages of an export or dump, compressed or not; only a few are in memory at a time.

    Raises HamakgError if the file ends too early, is not an export, is not well-formed, or declares a document type or
    entities, LimitError if no page ends within these seconds of processor time; pages before the fault come first.
    """
    try:
        with _WatchedFile(open_file(path), seconds) as file, _decompress(path, file) as stream:
            yield from _read_stream(stream, file)
    except DefusedXmlException as error:
        raise HamakgError(
            "declares a document type or entities; a MediaWiki export never does, so it is not read"
        ) from error
    except (EOFError, zlib.error) as error:
        raise HamakgError("ends in the middle of its compressed data; fetch the file again") from error
    except ParseError as error:
        line, column = error.position
        raise HamakgError(
            f"not well-formed XML at line {line}, column {column + 1}; is it a complete MediaWiki export?"
        ) from error
    except OSError as error:
        raise HamakgError(f"cannot be read ({error.strerror or error}); check the file") from error


class _WatchedFile(io.BufferedReader):
    """A file that raises LimitError when it is read after more processor time than this without :meth:`restart`."""

    def __init__(self, file: io.FileIO, seconds: float) -> None:
        super().__init__(file)
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        """Count the time from now."""
        self._start = time.thread_time()

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes; a decompressor may ask for many without giving any."""
        if time.thread_time() - self._start > self._seconds:
            raise LimitError(
                f"no page ends within {self._seconds:.0f} s of processor time, so the rest is not read; "
                "give it more with --timeout if it is a MediaWiki export"
            )
        return super().read(size)


def _decompress(path: Path, file: io.BufferedReader) -> IO[bytes]:
    match path.suffix:
        case ".bz2":
            return bz2.open(file)
        case ".gz":
            return cast(IO[bytes], gzip.open(file))
    return file


def _read_stream(stream: IO[bytes], file: _WatchedFile) -> Iterator[ExportedPage]:
    target = _PageTarget()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    while chunk := stream.read(_CHUNK):
        parser.feed(chunk)
        file.read(0)
        for page in target.take_pages():
            yield page
            file.restart()
    parser.close()


class _Value:
    """The text of an element, of which the first ``longest`` characters are kept."""

    def __init__(self, longest: int) -> None:
        self.characters = 0
        self._longest = longest
        self._pieces: list[str] = []

    def add(self, text: str) -> None:
        self._pieces.append(text[: max(0, self._longest - self.characters)])
        self.characters += len(text)

    def __str__(self) -> str:
        return "".join(self._pieces)


class _PageTarget:
    """Collects pages while an export is parsed; see ``target`` of xml.etree.ElementTree.XMLParser."""

    def __init__(self) -> None:
        self._pages: list[ExportedPage] = []
        self._path: list[str] = []
        self._names: set[str] = set()
        self._page: dict[str, _Value] = {}
        self._revision: dict[str, _Value] = {}
        self._value: _Value | None = None

    def take_pages(self) -> list[ExportedPage]:
        """The pages that ended since this was called last."""
        pages, self._pages = self._pages, []
        return pages

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Go into an element. Raises HamakgError if the file is no export."""
        self._names.update((tag, *attributes))
        name = tag.rpartition("}")[2]
        if not self._path and name != "mediawiki":
            raise HamakgError(f"XML, but not a MediaWiki export (root element {name[:80]!r}); use Special:Export")
        if len(self._path) == _DEEPEST or len(self._names) > _MOST_NAMES:
            excess = f"more than {_DEEPEST} levels of elements, or {_MOST_NAMES:,} names of them"
            raise LimitError(f"XML, but not a MediaWiki export ({excess}); use Special:Export")
        self._path.append(name)
        self._value = None
        match self._path[1:]:
            case ["page"]:
                self._page, self._revision = {}, {}
            case ["page", "revision"]:
                self._revision = {}
            case ["page", child]:
                self._value = self._page.setdefault(child, _Value(_LONGEST.get(child, 0)))
            case ["page", "revision", child]:
                self._value = self._revision.setdefault(child, _Value(_LONGEST.get(child, 0)))

    def data(self, text: str) -> None:
        """Keep the text, if it belongs to a value of a page or revision."""
        if self._value is not None:
            self._value.add(text)

    def end(self, _tag: str) -> None:
        """Leave an element; at the end of a page it is complete."""
        if self._path[1:] == ["page"]:
            self._pages.append(self._make_page())
        self._path.pop()
        self._value = None

    def _make_page(self) -> ExportedPage:
        page, last, none = self._page, self._revision, _Value(0)
        text, title, timestamp = last.get("text", none), page.get("title", none), str(last.get("timestamp", none))
        return ExportedPage(
            title=str(title),
            text=str(text),
            lengths=(title.characters, text.characters),
            revision=str(last.get("id", none)) or None,
            modified=timestamp if _TIMESTAMP.fullmatch(timestamp) else None,
            is_redirect="redirect" in page,
            namespace=str(page.get("ns", none)) or "0",
        )
