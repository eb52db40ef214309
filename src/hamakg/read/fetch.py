"""Fetches current articles from a MediaWiki API, and stores each as a MediaWiki export.

It follows the API's etiquette (https://www.mediawiki.org/wiki/API:Etiquette): titles are sent in batches and with
``maxlag``; :mod:`hamakg.client` does the rest. The export is written by hand because the API would put all
requested pages into one export.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from hamakg.client import ServiceClient
from hamakg.errors import HamakgError, UsageError
from hamakg.rdf.ids import article_slug
from hamakg.read.mediawiki import read_exported_pages
from hamakg.settings import API, CONTACT

BATCH = 50
"""The number of titles in one request: the API's limit for users without special rights."""

_MAXLAG = 5  # seconds that the replicas of the database may lag behind

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class FetchedArticle:
    """An article with its revision and file; ``outcome`` is NEW, CHANGED or UNCHANGED."""

    title: str
    revision: str
    path: Path
    outcome: str


@dataclass(frozen=True, slots=True)
class MissingPage:
    """A title for which the API has no page, and the reason."""

    title: str
    reason: str


class ArticleFetcher:
    """Fetches articles from one API; ``pause`` and ``timeout`` are those of :class:`hamakg.client.ServiceClient`."""

    def __init__(
        self,
        api: str = API,
        contact: str = CONTACT,
        pause: float = 1.0,
        timeout: tuple[float, float] = (10, 60),
    ) -> None:
        self.api, self._client = api, ServiceClient(api, contact, pause, timeout)

    def fetch(self, names: Sequence[str], folder: Path) -> Iterator[FetchedArticle | MissingPage]:
        """Store the articles of these titles or URLs in the folder as ``SLUG.xml``, and yield each when it is there.

        An article whose current revision is in the folder is not fetched again, so a run that was interrupted can be
        repeated. Raises UsageError for a URL of another site, HamakgError if the API cannot be reached or the folder
        cannot be written.
        """
        titles = list(dict.fromkeys(parse_title(name, self.api) for name in names))
        for start in range(0, len(titles), BATCH):
            yield from self._fetch_batch(titles[start : start + BATCH], folder)

    def _fetch_batch(self, titles: Sequence[str], folder: Path) -> Iterator[FetchedArticle | MissingPage]:
        outdated: list[str] = []
        for page in self._ask_for_pages(titles, "ids"):
            title = str(page["title"])
            if reason := _find_missing_reason(page):
                yield MissingPage(title, reason)
                continue
            path, revision = folder / f"{article_slug(title)}.xml", str(page["revisions"][0]["revid"])
            if read_stored_revision(path) == revision:
                yield FetchedArticle(title, revision, path, UNCHANGED)
            else:
                outdated.append(title)
        for page in self._ask_for_pages(outdated, "ids|timestamp|content") if outdated else ():
            yield _write_export(page, folder)

    def _ask_for_pages(self, titles: Sequence[str], properties: str) -> Iterator[Mapping[str, Any]]:
        """The API's data on the pages, with redirects resolved; follows the continuations of a long answer."""
        form = {
            "action": "query", "format": "json", "formatversion": "2", "maxlag": str(_MAXLAG), "redirects": "1",
            "prop": "revisions", "rvprop": properties, "rvslots": "main", "titles": "|".join(titles),
        }  # fmt: skip
        continuation: Mapping[str, str] | None = {}
        while continuation is not None:
            answer = self._client.ask({**form, **continuation})
            pages = answer.get("query", {}).get("pages", ())
            yield from (page for page in pages if "revisions" in page or _find_missing_reason(page))
            continuation = answer.get("continue")


def parse_title(name: str, api: str) -> str:
    """The title of a page, given as such or by a URL of the API's site ("https://…/wiki/Battle_of_Keren").

    Raises UsageError for a URL of another site and for one without a title.
    """
    if not name.startswith(("http://", "https://")):
        return " ".join(name.replace("_", " ").split())
    parts = urlsplit(name)
    if parts.hostname not in {urlsplit(api).hostname, (urlsplit(api).hostname or "").replace(".", ".m.", 1)}:
        raise UsageError(f"{name}: not on {urlsplit(api).hostname}; name the API of its site with --api")
    title = parse_qs(parts.query).get("title", [""])[0] or unquote(parts.path.partition("/wiki/")[2])
    if not title:
        raise UsageError(f"{name}: has no title; the address of an article ends in /wiki/TITLE")
    return " ".join(title.replace("_", " ").split())


def read_stored_revision(path: Path) -> str | None:
    """The revision of the article in the file; None if the file is missing or broken."""
    if not path.exists():
        return None
    try:
        return next((page.revision for page in read_exported_pages(path)), None)
    except HamakgError:
        return None


def _find_missing_reason(page: Mapping[str, Any]) -> str:
    """Why the API has no such page; empty if it has one."""
    if page.get("invalid"):
        return str(page.get("invalidreason", "not a valid title"))
    return "no such page" if page.get("missing") else ""


def _write_export(page: Mapping[str, Any], folder: Path) -> FetchedArticle:
    """Write the page as an export; the file is replaced at once, so an interrupted run leaves it as it was."""
    title, revision = str(page["title"]), page["revisions"][0]
    path = folder / f"{article_slug(title)}.xml"
    outcome = CHANGED if path.exists() else NEW
    partial = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _build_export(page, title, revision).write(partial, encoding="utf-8", xml_declaration=True)
        os.replace(partial, path)
    except OSError as error:
        raise HamakgError(f"{path} cannot be written ({error.strerror}); name another folder with --out") from error
    return FetchedArticle(title, str(revision["revid"]), path, outcome)


def _build_export(page: Mapping[str, Any], title: str, revision: Mapping[str, Any]) -> "ElementTree[Element]":
    root = Element(
        "mediawiki", {"xmlns": "http://www.mediawiki.org/xml/export-0.11/", "version": "0.11", "xml:lang": "en"}
    )
    page_element = SubElement(root, "page")
    for name, text in (("title", title), ("ns", str(page.get("ns", 0))), ("id", str(page.get("pageid", "")))):
        SubElement(page_element, name).text = text
    revision_element = SubElement(page_element, "revision")
    SubElement(revision_element, "id").text = str(revision["revid"])
    SubElement(revision_element, "timestamp").text = str(revision.get("timestamp", ""))
    SubElement(revision_element, "text").text = str(revision["slots"]["main"]["content"])
    indent(root)
    return ElementTree(root)
