"""Current articles from a MediaWiki API, each kept as an export of its own.

It keeps to the API's etiquette (https://www.mediawiki.org/wiki/API:Etiquette): batches of titles, ``maxlag``, and what
:mod:`hamakg.client` sees to.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from hamakg import client
from hamakg.errors import HamakgError, UsageError
from hamakg.rdf.ids import article_slug
from hamakg.read.mediawiki import read_pages
from hamakg.settings import API, CONTACT

BATCH = 50
"""Titles in one request: as many as the API takes of anybody."""

_LAG = 5  # seconds that the servers' copies may be behind

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One article: where it is kept, its revision, and whether that is NEW, CHANGED or UNCHANGED."""

    title: str
    revision: str
    path: Path
    outcome: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A title of which the API has no page, and why."""

    title: str
    why: str


class Client:
    """A connection to one API; ``pause`` and ``timeout`` as of :class:`hamakg.client.ServiceClient`."""

    def __init__(
        self,
        api: str = API,
        contact: str = CONTACT,
        pause: float = 1.0,
        timeout: tuple[float, float] = (10, 60),
    ) -> None:
        self.api, self._client = api, client.ServiceClient(api, contact, pause, timeout)

    def fetch(self, names: Sequence[str], folder: Path) -> Iterator[Fetched | Missing]:
        """The articles of these titles or addresses, as they come, each kept in the folder as ``SLUG.xml``.

        An article whose current revision is kept already is not loaded again, so a run that was broken off goes on
        where it ended. Raises UsageError for an address of another site, HamakgError where the API cannot be reached or
        the folder cannot be written.
        """
        titles = list(dict.fromkeys(title_of(name, self.api) for name in names))
        for start in range(0, len(titles), BATCH):
            yield from self._batch(titles[start : start + BATCH], folder)

    def _batch(self, titles: Sequence[str], folder: Path) -> Iterator[Fetched | Missing]:
        stale: list[str] = []
        for page in self._pages(titles, "ids"):
            title, why = str(page["title"]), _missing(page)
            path = folder / f"{article_slug(title)}.xml" if not why else folder
            if why:
                yield Missing(title, why)
            elif kept_revision(path) == str(page["revisions"][0]["revid"]):
                yield Fetched(title, str(page["revisions"][0]["revid"]), path, UNCHANGED)
            else:
                stale.append(title)
        for page in self._pages(stale, "ids|timestamp|content") if stale else ():
            yield _keep(page, folder)

    def _pages(self, titles: Sequence[str], properties: str) -> Iterator[Mapping[str, Any]]:
        """What the API says of the pages, redirects followed; a long answer comes in parts."""
        asked = {
            "action": "query", "format": "json", "formatversion": "2", "maxlag": str(_LAG), "redirects": "1",
            "prop": "revisions", "rvprop": properties, "rvslots": "main", "titles": "|".join(titles),
        }  # fmt: skip
        more: Mapping[str, str] | None = {}
        while more is not None:
            answer = self._client.ask({**asked, **more})
            yield from (
                page for page in answer.get("query", {}).get("pages", ()) if "revisions" in page or _missing(page)
            )
            more = answer.get("continue")


def title_of(name: str, api: str) -> str:
    """The title that a title or an address of the API's own site names ("https://…/wiki/Battle_of_Keren").

    Raises UsageError for an address of another site and for one that names no page.
    """
    if not name.startswith(("http://", "https://")):
        return " ".join(name.replace("_", " ").split())
    parts = urlsplit(name)
    if parts.hostname not in {urlsplit(api).hostname, (urlsplit(api).hostname or "").replace(".", ".m.", 1)}:
        raise UsageError(f"{name}: not of {urlsplit(api).hostname}; name its API with --api")
    title = parse_qs(parts.query).get("title", [""])[0] or unquote(parts.path.partition("/wiki/")[2])
    if not title:
        raise UsageError(f"{name}: names no page; an article's address ends in /wiki/TITLE")
    return " ".join(title.replace("_", " ").split())


def kept_revision(path: Path) -> str | None:
    """The revision of the article that a file keeps; None where there is no such file or it is broken."""
    if not path.exists():
        return None
    try:
        return next((page.revision for page in read_pages(path)), None)
    except HamakgError:
        return None


def _missing(page: Mapping[str, Any]) -> str:
    if page.get("invalid"):
        return str(page.get("invalidreason", "no valid title"))
    return "no such page" if page.get("missing") else ""


def _keep(page: Mapping[str, Any], folder: Path) -> Fetched:
    """Writes a page as an export; a run that dies in the middle leaves the file as it was."""
    title, revision = str(page["title"]), page["revisions"][0]
    path = folder / f"{article_slug(title)}.xml"
    outcome = CHANGED if path.exists() else NEW
    root = Element(
        "mediawiki", {"xmlns": "http://www.mediawiki.org/xml/export-0.11/", "version": "0.11", "xml:lang": "en"}
    )
    element = SubElement(root, "page")
    for name, text in (("title", title), ("ns", str(page.get("ns", 0))), ("id", str(page.get("pageid", "")))):
        SubElement(element, name).text = text
    written = SubElement(element, "revision")
    words = {"id": str(revision["revid"]), "timestamp": str(revision.get("timestamp", ""))}
    for name, text in (*words.items(), ("text", str(revision["slots"]["main"]["content"]))):
        SubElement(written, name).text = text
    indent(root)
    beside = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ElementTree(root).write(beside, encoding="utf-8", xml_declaration=True)
        os.replace(beside, path)
    except OSError as error:
        raise HamakgError(f"{path} cannot be written ({error.strerror}); name another folder with --out") from error
    return Fetched(title, words["id"], path, outcome)
