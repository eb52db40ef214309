"""The items of Wikidata that Wikipedia's pages belong to, for the pages that articles link to: the best evidence there
is.

https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities: 50 titles a request, by their sitelinks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote

from hamakg.client import ServiceClient
from hamakg.errors import HamakgError
from hamakg.link.batches import Log, answers
from hamakg.link.items import Item, Point, item_id, point_of
from hamakg.link.things import Thing
from hamakg.model import Ref

BATCH = 50
"""Titles in one request: as many as the API takes of anybody."""

_LAG = 5  # seconds that the servers' copies may be behind
_PAGE = "en.wikipedia.org/wiki/"
_SITE = "enwiki"
_LANGUAGES = ("en", "mul")
_TYPE, _POINT, _COUNTRY = "P31", "P625", "P17"
_SOURCE = "Wikidata, CC0 1.0"


def offer(client: ServiceClient, log: Log) -> Callable[[Sequence[Thing]], Mapping[Ref, Sequence[Item]]]:
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
        "titles": "|".join(titles), "props": "labels|aliases|descriptions|claims|sitelinks", "sitefilter": _SITE,
        "languages": "|".join(_LANGUAGES), "redirects": "yes",
    }  # fmt: skip


def _entities(client: ServiceClient, asked: Sequence[str]) -> dict[str, Any]:
    """Each entity by the title that was asked for; {} for a page that has none. What is no entity is passed over."""
    entities = client.ask(_form(asked)).get("entities")
    if not isinstance(entities, dict | list):
        raise HamakgError("the answer has no entities; is it the API of a Wikibase?")
    found: dict[str, Any] = {title: {} for title in asked}
    for entity in entities.values() if isinstance(entities, dict) else entities:
        title = _sitelink(entity)
        if isinstance(title, str) and title in found and "missing" not in entity:
            found[title] = entity
    return found


def _sitelink(entity: object) -> object:
    return _at(entity, "sitelinks", _SITE, "title")


def _item(entity: object, title: str) -> Item | None:
    """None for a page without an item. Of a merged item the API gives the one that it was merged into, with its id."""
    id_ = item_id(str(_at(entity, "id")))
    if id_ is None:
        return None
    point = next((found for value in _claimed(entity, _POINT) if (found := _point(value))), None)
    return Item(
        id=id_,
        label=_text(_at(entity, "labels")) or title,
        aliases=(title, *(alias for language in _LANGUAGES for alias in _values(_at(entity, "aliases", language)))),
        types=tuple(str(id_) for value in _claimed(entity, _TYPE) if (id_ := _at(value, "id"))),
        point=point,
        country=tuple(str(id_) for value in _claimed(entity, _COUNTRY) if (id_ := _at(value, "id"))),
        description=_text(_at(entity, "descriptions")),
        source=_SOURCE if point else "",
        linked=True,
    )


def _claimed(entity: object, prop: str) -> list[object]:
    """The values of a property, those of the best rank."""
    claims, ranked = _at(entity, "claims", prop), defaultdict[str, list[object]](list)
    for claim in claims if isinstance(claims, list) else ():
        ranked[str(_at(claim, "rank"))].append(_at(claim, "mainsnak", "datavalue", "value"))
    return ranked["preferred"] or ranked["normal"]


def _point(value: object) -> Point | None:
    return point_of("", str(_at(value, "latitude")), str(_at(value, "longitude")))


def _text(texts: object) -> str:
    return next((str(text) for language in _LANGUAGES if (text := _at(texts, language, "value"))), "")


def _values(aliases: object) -> list[str]:
    listed = aliases if isinstance(aliases, list) else []
    return [str(alias) for one in listed if (alias := _at(one, "value"))]


def _at(value: object, *path: str) -> Any:
    """What stands there in an answer, None where it is of another shape: what is malformed says nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _title(page: str) -> str:
    """The title of an English Wikipedia page's address; "" for any other address."""
    return unquote(page.partition(_PAGE)[2]).replace("_", " ") if _PAGE in page else ""
