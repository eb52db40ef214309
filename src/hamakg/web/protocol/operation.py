"""Reads the operation that a request asks for, by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/).

Werkzeug could parse the forms, but it leaves bytes that are not UTF-8 percent-encoded instead of refusing them.
"""

import re
from binascii import a2b_qp
from collections import defaultdict
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl, unquote_plus

from hamakg.engine.request_error import RequestError
from hamakg.sparql.ask import Dataset

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class QueryOperation:
    """A query, the data set that the request names, and the format that ``?format=`` names."""

    text: str
    dataset: Dataset
    format: str | None


@dataclass(frozen=True, slots=True)
class UpdateOperation:
    """An update, and the data set that the request names for its patterns."""

    text: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]


def read_operation(
    method: str, query_string: bytes, content_type: str = "", body: bytes = b""
) -> QueryOperation | UpdateOperation:
    """Reads the operation of a request.

    Raises RequestError ``malformed`` if it has no operation or two, an update by GET, or bytes that are not UTF-8;
    ``unsupported-media-type`` for another kind of body.
    """
    pairs = parse_parameters(query_string)
    if method == "POST":
        kind = _require_media_type(content_type)
        pairs += parse_parameters(body) if kind == FORM else [("query" if kind == QUERY else "update", _decode(body))]
    values = defaultdict[str, list[str]](list)
    for name, value in pairs:
        values[name].append(value)
    if "update" in values:
        return _read_update(method, values)
    text = _require_one("query", values)
    dataset = Dataset(tuple(values["default-graph-uri"]), tuple(values["named-graph-uri"]))
    return QueryOperation(text, dataset, next(iter(values["format"]), None))


def parse_parameters(data: bytes) -> list[tuple[str, str]]:
    """Parses a form, or the query of an address. Raises RequestError ``malformed``."""
    try:
        if data.startswith(b"query=") and b"&" not in data:  # most requests: the same result, but faster
            return [("query", decode_parameter(data[6:]))]
        return parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise RequestError("malformed", "The parameters are not percent-encoded UTF-8.") from None


def decode_parameter(data: bytes) -> str:
    """Decodes the value of a parameter, as :func:`urllib.parse.unquote_plus` does, for a query in a tenth of its time.

    Quoted-printable is percent-encoding with "=" instead of "%", and Python decodes it in C. Raises UnicodeDecodeError.
    """
    if not data.isascii() or _NO_ESCAPE.search(data):
        return unquote_plus(data.decode("ascii"), errors="strict")
    return a2b_qp(data.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"=")).decode()


def _read_update(method: str, values: dict[str, list[str]]) -> UpdateOperation:
    if method != "POST":
        raise RequestError("malformed", "Send an update by POST.")
    if "query" in values:
        raise RequestError("malformed", "Send a query or an update, not both.")
    text = _require_one("update", values)
    return UpdateOperation(text, tuple(values["using-graph-uri"]), tuple(values["using-named-graph-uri"]))


def _require_one(name: str, values: dict[str, list[str]]) -> str:
    if len(values[name]) != 1:
        raise RequestError("malformed", f"Send one {name}; this request has {len(values[name]) or 'none'}.")
    return values[name][0]


def _require_media_type(header: str) -> str:
    message = Message()
    message["Content-Type"] = header
    kind, charset = message.get_content_type(), str(message.get_param("charset", "utf-8"))
    if not header or kind not in (FORM, QUERY, UPDATE) or charset.lower() != "utf-8":
        raise RequestError(
            "unsupported-media-type",
            f"POST a query as {QUERY}, an update as {UPDATE}, or either as {FORM} with a parameter 'query' or 'update';"
            " all in UTF-8.",
        )
    return kind


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise RequestError("malformed", "The query is not in UTF-8.") from None
