"""Candidates of a reconciliation service, by the Reconciliation Service API 0.2 (W3C Entity Reconciliation Community
Group).

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/. A service's score and its ``match``
are not used: scores of services do not compare, and some call any single candidate a match. What it offers is judged
like all else.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hamakg.client import Client
from hamakg.errors import HamakgError
from hamakg.link.cache import Cache
from hamakg.link.classes import classes_of, expected
from hamakg.link.items import Item
from hamakg.link.things import Thing
from hamakg.model import Ref

BATCH = 20
"""Queries in one request."""

_LIMIT = 5  # candidates of a query
_IN_A_ROW = 3

Told = Callable[[str], None]


def offer(client: Client, cache: Cache, told: Told) -> Callable[[Sequence[Thing]], Mapping[Ref, Sequence[Item]]]:
    """A source: what the service finds for each thing's label, asked with the classes that it may be of."""

    def items(things: Sequence[Thing]) -> Mapping[Ref, Sequence[Item]]:
        asked = {thing.ref: json.dumps(query(thing), ensure_ascii=False, sort_keys=True) for thing in things}
        answers = dict(_answers(sorted(set(asked.values())), client, cache, told))
        return {ref: [*candidates(answers[text])] for ref, text in asked.items() if text in answers}

    return items


def query(thing: Thing) -> dict[str, Any]:
    """The query for a thing: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/#reconciliation-queries."""
    types = sorted(id_ for group in expected(thing.classes, thing.kinds, thing.names) for id_ in classes_of(group))
    asked: dict[str, Any] = {"query": thing.label, "limit": _LIMIT}
    return asked | ({"type": types, "type_strict": "should"} if types else {})


def candidates(results: object) -> Iterator[Item]:
    """The items of Wikidata among the results of a query; what is malformed is passed over."""
    for result in results if isinstance(results, list) else ():
        if isinstance(result, dict) and _is_item(result.get("id")) and isinstance(result.get("name"), str):
            types = result.get("type") or []
            yield Item(
                id=str(result["id"]),
                label=result["name"],
                types=tuple(_type(type_) for type_ in (types if isinstance(types, list) else [types])),
                description=str(result.get("description") or ""),
            )


def _is_item(id_: object) -> bool:
    return isinstance(id_, str) and id_[:1] == "Q" and id_[1:].isdigit()


def _type(type_: object) -> str:
    return str(type_.get("id") if isinstance(type_, dict) else type_)


def _answers(queries: Sequence[str], client: Client, cache: Cache, told: Told) -> Iterator[tuple[str, object]]:
    known = cache.known(client.url, queries)
    yield from known.items()
    failed = 0
    for batch in _batches([text for text in queries if text not in known]):
        if failed == _IN_A_ROW:
            told(
                f"{client.url} is left alone after {failed} failures; run hamakg link again later, it goes on from here"
            )
            return
        try:
            found = _results(client.ask({"queries": _form(batch)}), batch)
        except HamakgError as error:
            failed += 1
            told(f"{len(batch)} names not looked up: {error}")
            continue
        failed = 0
        cache.keep(client.url, found)
        yield from found.items()


def _form(queries: Sequence[str]) -> str:
    return json.dumps({f"q{nth}": json.loads(text) for nth, text in enumerate(queries)}, ensure_ascii=False)


def _results(answer: Mapping[str, Any], asked: Sequence[str]) -> dict[str, object]:
    """The results by query. Raises HamakgError where some query has none: the answer is of something else."""
    results = [answer.get(f"q{nth}") for nth in range(len(asked))]
    if not all(isinstance(result, dict) and isinstance(result.get("result"), list) for result in results):
        raise HamakgError("the answer has no results; is it a reconciliation service?")
    return {text: result["result"] for text, result in zip(asked, results, strict=True) if result}


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))
