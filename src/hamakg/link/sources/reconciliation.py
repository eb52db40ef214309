"""Reconciliation services: the items they find by name, asked by the Reconciliation Service API 0.2.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/ (W3C Entity Reconciliation Community
Group). A service's scores and its ``match`` are not used: scores of different services cannot be compared, and some
services call any single candidate a match. Its items are judged like those of every other source.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from hamakg.client import ServiceClient
from hamakg.errors import HamakgError
from hamakg.link.classes import expected_groups, wikidata_classes
from hamakg.link.items import Item, parse_item_id
from hamakg.link.sources.ask import ItemSource
from hamakg.link.sources.batches import Lookup, look_up
from hamakg.link.things import Thing
from hamakg.model import Ref

BATCH = 20
"""Queries in one request."""

_LIMIT = 5  # items for a query


def build_source(client: ServiceClient, lookup: Lookup) -> ItemSource:
    """Return a source of the items that the service finds by a thing's label and the classes it may have."""

    def find_items(things: Sequence[Thing]) -> Mapping[Ref, Sequence[Item]]:
        queries = {thing.ref: json.dumps(build_query(thing), ensure_ascii=False, sort_keys=True) for thing in things}
        questions = sorted(set(queries.values()))
        results = dict(look_up(client.url, questions, BATCH, partial(_ask_results, client), "names", lookup))
        return {ref: list(read_results(results[query])) for ref, query in queries.items() if query in results}

    return ItemSource(client.url, find_items)


def build_query(thing: Thing) -> dict[str, Any]:
    """Return the query for a thing.

    https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#reconciliation-queries
    """
    types = sorted(class_ for group in expected_groups(thing) for class_ in wikidata_classes(group))
    query: dict[str, Any] = {"query": thing.label, "limit": _LIMIT}
    return query | ({"type": types, "type_strict": "should"} if types else {})


def read_results(results: object) -> Iterator[Item]:
    """Yield the Wikidata items among the results of a query; skip what is malformed."""
    for result in results if isinstance(results, list) else ():
        id_ = parse_item_id(str(result.get("id"))) if isinstance(result, dict) else None
        if id_ and isinstance(result.get("name"), str):
            types = result.get("type") or []
            yield Item(
                id=id_,
                label=result["name"],
                types=tuple(_read_type(type_) for type_ in (types if isinstance(types, list) else [types])),
                description=str(result.get("description") or ""),
            )


def _read_type(type_: object) -> str:
    return str(type_.get("id") if isinstance(type_, dict) else type_)


def _ask_results(client: ServiceClient, queries: Sequence[str]) -> dict[str, object]:
    """Return the results by query. Raises HamakgError if any query has none: the service answers something else."""
    form = json.dumps({f"q{number}": json.loads(query) for number, query in enumerate(queries)}, ensure_ascii=False)
    answer = client.ask({"queries": form})
    results = [answer.get(f"q{number}") for number in range(len(queries))]
    if not all(isinstance(result, dict) and isinstance(result.get("result"), list) for result in results):
        raise HamakgError("the answer has no results; is it a reconciliation service?")
    return {query: result["result"] for query, result in zip(queries, results, strict=True) if result}
