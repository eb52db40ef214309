"""MediaWiki's XML export (https://www.mediawiki.org/wiki/Help:Export), read page by page as it streams by."""

import bz2
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from hamakg.errors import HamakgError

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an export in its newest given revision, which was saved at ``modified`` (as an xsd:dateTime).

    ``redirect``: it only sends its readers on.
    """

    title: str
    text: str
    revision: str | None
    modified: str | None
    redirect: bool
    namespace: str


def read_pages(path: Path) -> Iterator[Page]:
    """The pages of an export or a dump, compressed or not, one in memory at a time.

    Raises HamakgError, after the pages before it, where the file ends too early, is no export or is not well-formed,
    and for a document type or an entity declared in it, which no export has.
    """
    try:
        with _opened(path) as stream:
            yield from _pages(stream)
    except DefusedXmlException as error:
        raise HamakgError("declares a document type or entities, which no MediaWiki export does; not read") from error
    except (EOFError, zlib.error) as error:
        raise HamakgError("ends in the middle of its compressed data; fetch the file again") from error
    except ParseError as error:
        line, column = error.position
        raise HamakgError(
            f"not well-formed XML at line {line}, column {column + 1}; is it a whole MediaWiki export?"
        ) from error
    except OSError as error:
        raise HamakgError(f"cannot be read ({error.strerror or error}); check the file") from error


def _opened(path: Path) -> IO[bytes]:
    match path.suffix:
        case ".bz2":
            return bz2.open(path)
        case ".gz":
            return cast(IO[bytes], gzip.open(path))
    return path.open("rb")


def _pages(stream: IO[bytes]) -> Iterator[Page]:
    root: Element | None = None
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if root is None:
            root = element
            if name != "mediawiki":
                raise HamakgError(f"XML, but no MediaWiki export (its root is {name!r}); use Special:Export")
        elif event == "end" and name == "page":
            yield _page(element)
            root.clear()


def _page(element: Element) -> Page:
    revisions = [child for child in element if _local(child) == "revision"]
    last = revisions[-1] if revisions else element
    return Page(
        title=_text(element, "title"),
        text=_text(last, "text"),
        revision=_text(last, "id") or None,
        modified=stamp if _STAMP.fullmatch(stamp := _text(last, "timestamp")) else None,
        redirect=any(_local(child) == "redirect" for child in element),
        namespace=_text(element, "ns") or "0",
    )


def _text(element: Element, name: str) -> str:
    return next((child.text or "" for child in element if _local(child) == name), "")


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
