"""Candidates of a reconciliation service, by the Reconciliation Service API 0.2 (W3C Entity Reconciliation Community
Group).

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/. A service's score and its ``match``
are not used: scores of services do not compare, and some call any single candidate a match. What it offers is judged
like all else.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from hamakg.client import ServiceClient
from hamakg.errors import HamakgError
from hamakg.link.batches import Log, answers
from hamakg.link.classes import classes_of, expected
from hamakg.link.items import Item, item_id
from hamakg.link.things import Thing
from hamakg.model import Ref

BATCH = 20
"""Queries in one request."""

_LIMIT = 5  # candidates of a query


def offer(client: ServiceClient, log: Log) -> Callable[[Sequence[Thing]], Mapping[Ref, Sequence[Item]]]:
    """A source: what the service finds for each thing's label, asked with the classes that it may be of."""

    def items(things: Sequence[Thing]) -> Mapping[Ref, Sequence[Item]]:
        asked = {thing.ref: json.dumps(query(thing), ensure_ascii=False, sort_keys=True) for thing in things}
        queries = sorted(set(asked.values()))
        found = dict(answers(client.url, queries, BATCH, partial(_results, client), "names", log))
        return {ref: [*candidates(found[text])] for ref, text in asked.items() if text in found}

    return items


def query(thing: Thing) -> dict[str, Any]:
    """The query for a thing: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#reconciliation-queries."""
    types = sorted(id_ for group in expected(thing.classes, thing.kinds, thing.names) for id_ in classes_of(group))
    asked: dict[str, Any] = {"query": thing.label, "limit": _LIMIT}
    return asked | ({"type": types, "type_strict": "should"} if types else {})


def candidates(results: object) -> Iterator[Item]:
    """The items of Wikidata among the results of a query; what is malformed is passed over."""
    for result in results if isinstance(results, list) else ():
        id_ = item_id(str(result.get("id"))) if isinstance(result, dict) else None
        if id_ and isinstance(result.get("name"), str):
            types = result.get("type") or []
            yield Item(
                id=id_,
                label=result["name"],
                types=tuple(_type(type_) for type_ in (types if isinstance(types, list) else [types])),
                description=str(result.get("description") or ""),
            )


def _type(type_: object) -> str:
    return str(type_.get("id") if isinstance(type_, dict) else type_)


def _form(queries: Sequence[str]) -> str:
    return json.dumps({f"q{nth}": json.loads(text) for nth, text in enumerate(queries)}, ensure_ascii=False)


def _results(client: ServiceClient, asked: Sequence[str]) -> dict[str, object]:
    """The results by query. Raises HamakgError where some query has none: the answer is of something else."""
    answer = client.ask({"queries": _form(asked)})
    results = [answer.get(f"q{nth}") for nth in range(len(asked))]
    if not all(isinstance(result, dict) and isinstance(result.get("result"), list) for result in results):
        raise HamakgError("the answer has no results; is it a reconciliation service?")
    return {text: result["result"] for text, result in zip(asked, results, strict=True) if result}
