"""Streams the pages of a MediaWiki XML export (https://www.mediawiki.org/wiki/Help:Export).

It is read with defusedxml, which refuses entities; a library for exports would bring an XML parser of its own.
"""

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

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class ExportedPage:
    """A page of an export in the last revision given there, which was saved at ``modified`` (an xsd:dateTime)."""

    title: str
    text: str
    revision: str | None
    modified: str | None
    is_redirect: bool
    namespace: str


def read_pages(path: Path) -> Iterator[ExportedPage]:
    """The pages of an export or dump, compressed or not; only one is in memory at a time.

    Raises HamakgError if the file ends too early, is not an export, is not well-formed, or declares a document type or
    entities; pages before the fault come first.
    """
    try:
        with _open(path) as stream:
            yield from _read_stream(stream)
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


def _open(path: Path) -> IO[bytes]:
    match path.suffix:
        case ".bz2":
            return bz2.open(path)
        case ".gz":
            return cast(IO[bytes], gzip.open(path))
    return path.open("rb")


def _read_stream(stream: IO[bytes]) -> Iterator[ExportedPage]:
    root: Element | None = None
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        name = _strip_namespace(element)
        if root is None:
            root = element
            if name != "mediawiki":
                raise HamakgError(f"XML, but not a MediaWiki export (root element {name!r}); use Special:Export")
        elif event == "end" and name == "page":
            yield _read_page(element)
            root.clear()


def _read_page(element: Element) -> ExportedPage:
    revisions = [child for child in element if _strip_namespace(child) == "revision"]
    last = revisions[-1] if revisions else element
    return ExportedPage(
        title=_read_child(element, "title"),
        text=_read_child(last, "text"),
        revision=_read_child(last, "id") or None,
        modified=timestamp if _TIMESTAMP.fullmatch(timestamp := _read_child(last, "timestamp")) else None,
        is_redirect=any(_strip_namespace(child) == "redirect" for child in element),
        namespace=_read_child(element, "ns") or "0",
    )


def _read_child(element: Element, name: str) -> str:
    return next((child.text or "" for child in element if _strip_namespace(child) == name), "")


def _strip_namespace(element: Element) -> str:
    return element.tag.rpartition("}")[2]
