"""The items of Wikidata that Wikipedia's pages belong to, for the pages that articles link to: the best evidence there
is.

https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities: 50 titles a request, by their sitelinks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote

from hamakg.client import Client
from hamakg.errors import HamakgError
from hamakg.link.batches import Log, answers
from hamakg.link.items import Item, Point
from hamakg.link.things import Thing
from hamakg.model import Ref

BATCH = 50
"""Titles in one request: as many as the API takes of anybody."""

_LAG = 5  # seconds that the servers' copies may be behind
_PAGE = "en.wikipedia.org/wiki/"
_SITE = "enwiki"
_TYPE, _POINT, _COUNTRY = "P31", "P625", "P17"
_SOURCE = "Wikidata, CC0 1.0"


def offer(client: Client, log: Log) -> Callable[[Sequence[Thing]], Mapping[Ref, Sequence[Item]]]:
    """A source: for each thing the items of the pages that articles link its names to; what went wrong is ``told``."""

    def items(things: Sequence[Thing]) -> Mapping[Ref, Sequence[Item]]:
        pages = {thing.ref: [title for page in thing.pages if (title := _title(page))] for thing in things}
        titles = sorted({title for found in pages.values() for title in found})
        known = dict(answers(client.url, titles, BATCH, partial(_entities, client), "pages", log))
        return {
            ref: [item for title in found if title in known and (item := _item(known[title], title))]
            for ref, found in pages.items()
            if found
        }

    return items


def _form(titles: Iterable[str]) -> dict[str, str]:
    return {
        "action": "wbgetentities", "format": "json", "formatversion": "2", "maxlag": str(_LAG), "sites": _SITE,
        "titles": "|".join(titles), "props": "labels|aliases|descriptions|claims|sitelinks", "languages": "en|mul",
        "sitefilter": _SITE, "redirects": "yes",
    }  # fmt: skip


def _entities(client: Client, asked: Sequence[str]) -> dict[str, Any]:
    """Each entity by the title that was asked for; {} for a page that has none. What is no entity is passed over."""
    entities = client.ask(_form(asked)).get("entities")
    if not isinstance(entities, dict | list):
        raise HamakgError("the answer has no entities; is it the API of a Wikibase?")
    found: dict[str, Any] = {title: {} for title in asked}
    for entity in entities.values() if isinstance(entities, dict) else entities:
        title = _sitelink(entity)
        if title in found and "missing" not in entity:
            found[title] = entity
    return found


def _sitelink(entity: object) -> str | None:
    links = entity.get("sitelinks") if isinstance(entity, dict) else None
    link = links.get(_SITE) if isinstance(links, dict) else None
    return link.get("title") if isinstance(link, dict) else None


def _item(entity: Mapping[str, Any], title: str) -> Item | None:
    """None for a page without an item. Of a merged item the API gives the one that it was merged into, with its id."""
    id_ = str(entity.get("id", ""))
    if not id_.startswith("Q") or not id_[1:].isdigit():
        return None
    aliases = [alias for language in ("en", "mul") for alias in _values(entity.get("aliases", {}).get(language))]
    points = _claimed(entity, _POINT)
    return Item(
        id=id_,
        label=_text(entity.get("labels")) or title,
        aliases=(title, *aliases),
        types=tuple(str(value["id"]) for value in _claimed(entity, _TYPE) if "id" in value),
        point=Point(str(points[0]["latitude"]), str(points[0]["longitude"])) if points else None,
        country=tuple(str(value["id"]) for value in _claimed(entity, _COUNTRY) if "id" in value),
        description=_text(entity.get("descriptions")),
        source=_SOURCE if points else "",
        linked=True,
    )


def _claimed(entity: Mapping[str, Any], prop: str) -> list[Mapping[str, Any]]:
    """The values of a property, those of the best rank."""
    ranked: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for claim in entity.get("claims", {}).get(prop, ()):
        value = claim.get("mainsnak", {}).get("datavalue", {}).get("value")
        if isinstance(value, dict):
            ranked[str(claim.get("rank"))].append(value)
    return ranked["preferred"] or ranked["normal"]


def _text(texts: object) -> str:
    return next((str(t["value"]) for key in ("en", "mul") if isinstance(texts, dict) and (t := texts.get(key))), "")


def _values(aliases: object) -> list[str]:
    return [str(alias["value"]) for alias in aliases] if isinstance(aliases, list) else []


def _title(page: str) -> str:
    """The title of an English Wikipedia page's address; "" for any other address."""
    return unquote(page.partition(_PAGE)[2]).replace("_", " ") if _PAGE in page else ""
