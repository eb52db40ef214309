"""Wikidata: the items of the Wikipedia pages that articles link to, which are the best evidence there is.

Asked with ``wbgetentities`` by the pages' titles (https://www.wikidata.org/w/api.php?action=help&modules=wbgetentities).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote

from hamakg.client import ServiceClient
from hamakg.errors import HamakgError
from hamakg.link.items import Item, parse_item_id
from hamakg.link.points import parse_point
from hamakg.link.sources.ask import ItemSource
from hamakg.link.sources.batches import Lookup, look_up
from hamakg.link.things import Thing
from hamakg.model import Ref

BATCH = 50
"""Titles in one request: the API's limit for clients without special rights."""

_MAX_LAG = 5  # seconds that the database replicas may be behind; https://www.mediawiki.org/wiki/Manual:Maxlag_parameter
_PAGE = "en.wikipedia.org/wiki/"
_SITE = "enwiki"
_LANGUAGES = ("en", "mul")
_INSTANCE_OF, _COORDINATES, _COUNTRY = "P31", "P625", "P17"
_LICENCE = "Wikidata, CC0 1.0"


def build_source(client: ServiceClient, lookup: Lookup) -> ItemSource:
    """Return a source of the items whose pages the articles link a thing's names to."""

    def find_items(things: Sequence[Thing]) -> Mapping[Ref, Sequence[Item]]:
        titles = {thing.ref: [title for page in thing.pages if (title := _read_title(page))] for thing in things}
        questions = sorted({title for own in titles.values() for title in own})
        entities = dict(look_up(client.url, questions, BATCH, partial(_ask_entities, client), "pages", lookup))
        return {
            ref: [item for title in own if title in entities and (item := _read_item(entities[title], title))]
            for ref, own in titles.items()
            if own
        }

    return ItemSource("Wikidata", find_items)


def _read_title(page: str) -> str:
    """Return the title in the address of an English Wikipedia page; "" for any other address."""
    return unquote(page.partition(_PAGE)[2]).replace("_", " ") if _PAGE in page else ""


def _ask_entities(client: ServiceClient, titles: Sequence[str]) -> dict[str, Any]:
    """Return the entity of each title, {} for a page that has none; skip what is not an entity."""
    entities = client.ask(_build_form(titles)).get("entities")
    if not isinstance(entities, dict | list):
        raise HamakgError("the answer has no entities; is it the API of a Wikibase?")
    by_title: dict[str, Any] = {title: {} for title in titles}
    for entity in entities.values() if isinstance(entities, dict) else entities:
        title = _get(entity, "sitelinks", _SITE, "title")
        if isinstance(title, str) and title in by_title and "missing" not in entity:
            by_title[title] = entity
    return by_title


def _build_form(titles: Iterable[str]) -> dict[str, str]:
    return {
        "action": "wbgetentities", "format": "json", "formatversion": "2", "maxlag": str(_MAX_LAG), "sites": _SITE,
        "titles": "|".join(titles), "props": "labels|aliases|descriptions|claims|sitelinks", "sitefilter": _SITE,
        "languages": "|".join(_LANGUAGES), "redirects": "yes",
    }  # fmt: skip


def _read_item(entity: object, title: str) -> Item | None:
    """Return the entity as an item, None for a page without one.

    For a merged item the API answers with the item that it was merged into, under that item's id.
    """
    id_ = parse_item_id(str(_get(entity, "id")))
    if id_ is None:
        return None
    points = (
        parse_point("", str(_get(value, "latitude")), str(_get(value, "longitude")))
        for value in _best_values(entity, _COORDINATES)
    )
    point = next((point for point in points if point), None)
    return Item(
        id=id_,
        label=_get_text(_get(entity, "labels")) or title,
        aliases=(title, *(alias for language in _LANGUAGES for alias in _get_aliases(entity, language))),
        types=_get_ids(entity, _INSTANCE_OF),
        point=point,
        countries=_get_ids(entity, _COUNTRY),
        description=_get_text(_get(entity, "descriptions")),
        coordinates_source=_LICENCE if point else "",
        linked_by_article=True,
    )


def _best_values(entity: object, prop: str) -> list[object]:
    """Return the values of a property's best rank (https://www.wikidata.org/wiki/Help:Ranking)."""
    claims, by_rank = _get(entity, "claims", prop), defaultdict[str, list[object]](list)
    for claim in claims if isinstance(claims, list) else ():
        by_rank[str(_get(claim, "rank"))].append(_get(claim, "mainsnak", "datavalue", "value"))
    return by_rank["preferred"] or by_rank["normal"]


def _get_ids(entity: object, prop: str) -> tuple[str, ...]:
    return tuple(str(id_) for value in _best_values(entity, prop) if (id_ := _get(value, "id")))


def _get_text(texts: object) -> str:
    return next((str(text) for language in _LANGUAGES if (text := _get(texts, language, "value"))), "")


def _get_aliases(entity: object, language: str) -> list[str]:
    aliases = _get(entity, "aliases", language)
    return [str(text) for alias in (aliases if isinstance(aliases, list) else ()) if (text := _get(alias, "value"))]


def _get(value: object, *path: str) -> Any:
    """Return the value at a path of keys; None if the answer has another shape there."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
