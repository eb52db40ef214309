"""``/sparql``: the query operation of the SPARQL 1.1 Protocol, read-only (https://www.w3.org/TR/sparql11-protocol/)."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from hamakg.ask import Dataset, ask
from hamakg.store import Store
from hamakg.terms import Names
from hamakg.web import pages
from hamakg.web.answer import answer
from hamakg.web.formats import accepts_pages

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_READ_ONLY = "This endpoint is read-only: it answers queries and takes no updates."


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks: a query, and the data set that it names beside it."""

    query: str
    dataset: Dataset


def blueprint(store: Store, names: Names) -> Blueprint:
    """The endpoint over a store; a browser that brings no query gets a form."""
    endpoint = Blueprint("protocol", __name__)

    @endpoint.route("/sparql", methods=["GET", "POST"])
    def sparql() -> ResponseReturnValue:
        if request.method != "POST" and not request.query_string and accepts_pages():
            return pages.query_form()
        operation = read_operation()
        snapshot = store.snapshot()
        return answer(
            operation.query,
            lambda: ask(snapshot, operation.query, operation.dataset, request.base_url),
            lambda result: pages.result_page(snapshot, names, operation.query, result),
        )

    return endpoint


def read_operation() -> Operation:
    """The query of the current request, by whichever of the three ways of the Protocol (section 2.1) it came.

    Aborts with 400 for none or two queries or bytes that are not UTF-8, 403 for updates, 415 for another kind of body.
    """
    parameters = _decoded(request.query_string)
    if request.method == "POST":
        if request.mimetype == _UPDATE:
            abort(403, _READ_ONLY)
        charset = request.mimetype_params.get("charset", "utf-8")
        if request.mimetype not in (_FORM, _QUERY) or charset.lower() != "utf-8":
            abort(415, f"POST a query as {_QUERY}, or as {_FORM} with a parameter 'query'; both in UTF-8.")
        body = request.get_data()
        parameters += _decoded(body) if request.mimetype == _FORM else [("query", _utf8(body))]
    return _operation(parameters)


def _operation(parameters: list[tuple[str, str]]) -> Operation:
    values = {name: [value for key, value in parameters if key == name] for name, _ in parameters}
    if "update" in values:
        abort(403 if request.method == "POST" else 400, _READ_ONLY)
    queries = values.get("query", [])
    if len(queries) != 1:
        abort(400, f"Send one query; this request has {len(queries) or 'none'}.")
    graphs = Dataset(tuple(values.get("default-graph-uri", ())), tuple(values.get("named-graph-uri", ())))
    return Operation(queries[0], graphs)


def _decoded(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        abort(400, "The parameters are not percent-encoded UTF-8.")


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        abort(400, "The query is not in UTF-8.")
