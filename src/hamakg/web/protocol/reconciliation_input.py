"""Reads what clients send to ``/reconcile``, and refuses what the API does not allow.

Every function here aborts the current request when the input is wrong: with 400, or with 413 when there is too much of
it. The checks are hand-written because their messages name the query and the key that are wrong.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request

from hamakg.link.catalogue import ALL, ANY, SHOULD, CatalogueQuery, QueryValue
from hamakg.link.catalogue.properties import properties

MAX_QUERIES = 100
"""Queries in one request."""

MAX_IDS = 500
"""Entities in one request for values."""

MAX_PROPERTIES = 20
"""Properties in one query, or in one request for values."""

MAX_CHARACTERS = 200
"""Characters in a name or value: no name in the graph is longer, and comparing long strings is slow."""

MAX_RESULTS = 100
"""Candidates for one query, or entries on one page of suggestions."""

_DEFAULT_CANDIDATES = 10
_DEFAULT_SUGGESTIONS = 20
_COUNT = re.compile(r"[0-9]{1,9}(\.0+)?")


@dataclass(frozen=True, slots=True)
class Extension:
    """A request for values: the ids of the entities, and the largest number of values by property (0: all of them)."""

    ids: Sequence[str]
    limits: Mapping[str, int]


def read_queries(text: str) -> Mapping[str, CatalogueQuery]:
    """Reads a batch of queries, by their keys."""
    batch = _read_json_object("queries", text)
    _require(
        len(batch) <= MAX_QUERIES, f"Send at most {MAX_QUERIES} queries at once; this request has {len(batch)}.", 413
    )
    return {key: _read_query(key, query) for key, query in batch.items()}


def read_extension(text: str) -> Extension:
    """Reads a request for the values of properties."""
    extension = _read_json_object("extend", text)
    ids, wanted = extension.get("ids"), extension.get("properties")
    _require(_is_list_of_strings(ids), "The 'ids' of 'extend' must be a list of strings.")
    _require(_have_string(wanted, "id"), "The 'properties' of 'extend' must be a list of objects with an 'id'.")
    _require(
        len(ids) <= MAX_IDS and len(wanted) <= MAX_PROPERTIES,
        f"Send at most {MAX_IDS} ids and {MAX_PROPERTIES} properties; this request has {len(ids)} and {len(wanted)}.",
        413,
    )
    for prop in wanted:
        known = prop["id"] in properties()
        _require(known, f"There is no property {prop['id']!r}; /reconcile/suggest/property lists the properties.")
    return Extension(ids, {prop["id"]: _read_limit(prop.get("settings")) for prop in wanted})


def read_prefix() -> str:
    """Reads the parameter ``prefix`` of a suggestion."""
    _require("prefix" in request.args, "Send the parameter 'prefix': the beginning of the names to suggest.")
    return request.args["prefix"][:MAX_CHARACTERS]


def read_number(name: str, default: int) -> int:
    """Reads a parameter of the address that is a natural number; ``default`` if it is missing or empty."""
    value = request.args.get(name, "")
    return _read_count(f"parameter '{name}'", value) if value else default


def select_page(entries: Sequence[Any]) -> list[Any]:
    """Selects the entries that the parameters ``cursor`` and ``limit`` ask for."""
    start, limit = read_number("cursor", 0), read_number("limit", _DEFAULT_SUGGESTIONS)
    return list(entries[start : start + min(limit, MAX_RESULTS)])


def _read_query(key: str, query: Any) -> CatalogueQuery:
    """Reads one query of a batch. A key whose value is null counts as absent."""
    _require(isinstance(query, dict), f"The query {key!r} is not a JSON object.")
    name, constraints = query.get("query") or "", query.get("properties") or []
    _require(
        isinstance(name, str) and bool(name or constraints),
        f"The query {key!r} needs a string 'query' or a list of 'properties'.",
    )
    _require(
        len(name) <= MAX_CHARACTERS,
        f"The string 'query' of the query {key!r} is longer than {MAX_CHARACTERS} characters.",
    )
    types = query.get("type") or []
    types = [types] if isinstance(types, str) else types
    _require(_is_list_of_strings(types), f"The 'type' of the query {key!r} must be a string or a list of strings.")
    strictness = query.get("type_strict") or ANY
    _require(strictness in (ANY, ALL, SHOULD), f"The 'type_strict' of the query {key!r} must be any, all or should.")
    limit = _DEFAULT_CANDIDATES if query.get("limit") is None else query["limit"]
    is_number = isinstance(limit, int | float) and not isinstance(limit, bool)
    _require(is_number and limit >= 1, f"The 'limit' of the query {key!r} must be a positive number.")
    return CatalogueQuery(
        name, tuple(types), strictness, _read_constraints(key, constraints), int(min(limit, MAX_RESULTS))
    )


def _read_constraints(key: str, constraints: Any) -> tuple[tuple[str, tuple[QueryValue, ...]], ...]:
    """Reads the properties that a query asks for, each with the values that it may have."""
    _require(
        _have_string(constraints, "pid"),
        f"The 'properties' of the query {key!r} must be a list of objects with 'pid' and 'v'.",
    )
    _require(len(constraints) <= MAX_PROPERTIES, f"The query {key!r} has more than {MAX_PROPERTIES} properties.")
    return tuple((constraint["pid"], tuple(_read_values(constraint.get("v")))) for constraint in constraints)


def _read_values(value: Any) -> Iterator[QueryValue]:
    """Reads one value or a list of values: strings, numbers, and the ids of entities."""
    for item in (value if isinstance(value, list) else [value])[:MAX_PROPERTIES]:
        scalar = item.get("id") if isinstance(item, dict) else item
        if isinstance(scalar, str):
            yield scalar[:MAX_CHARACTERS]
        elif isinstance(scalar, int | float):
            yield scalar


def _read_limit(settings: Any) -> int:
    """Reads the limit among a property's settings; OpenRefine sends the number in a form field as a string."""
    return _read_count("setting 'limit'", str(settings.get("limit") or 0) if isinstance(settings, dict) else "0")


def _read_count(source: str, text: str) -> int:
    _require(
        bool(_COUNT.fullmatch(text)),
        f"The {source} is {text[:MAX_CHARACTERS]!r}; it must be a whole number, 0 or more.",
    )
    return int(text.partition(".")[0])


def _read_json_object(name: str, text: str) -> Any:
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()  # an escaped lone surrogate cannot be written as UTF-8
    except (ValueError, RecursionError) as error:
        abort(400, f"The parameter '{name}' is not valid JSON: {error}.")
    if not isinstance(value, dict):
        abort(400, f"The parameter '{name}' is not a JSON object.")
    return value


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number (https://www.rfc-editor.org/rfc/rfc8259#section-6)")


def _is_list_of_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _have_string(value: Any, key: str) -> bool:
    """Whether the value is a list of objects that all have a string under this key."""
    return isinstance(value, list) and all(isinstance(item, dict) and isinstance(item.get(key), str) for item in value)


def _require(condition: bool, message: str, status: int = 400) -> None:
    if not condition:
        abort(status, message)
