"""Shows pages in a worker of the engine, where they have the deadline and the memory of a query.

A worker makes the application when it shows its first page, and keeps it.
"""

import pickle
from functools import cache
from typing import NamedTuple

from flask import Flask, request
from pyoxigraph import Store

from hamakg.engine.jobs import FunctionResult
from hamakg.rdf.iris import Iris
from hamakg.sparql.ask import Dataset, ask_first_part
from hamakg.sparql.paging import split_query
from hamakg.web.pages.app import create_app
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.home import count_figures
from hamakg.web.pages.rendering.results import QueryResult
from hamakg.web.request import Scope
from hamakg.web.wsgi import call_application

_PAGE_KEY, _SNAPSHOT_KEY = "hamakg.page", "hamakg.snapshot"
_SENT = ("type", "method", "path", "query_string", "headers", "scheme", "server", "client", "http_version")


class Page(NamedTuple):
    """A request for a page: the parts of its ASGI scope that a worker needs, and what queries of visitors may do."""

    scope: Scope
    base: str
    max_rows: int
    services: frozenset[str]


class PageHead(NamedTuple):
    """The status and the headers of a page, the details of its FunctionResult."""

    status: int
    headers: tuple[tuple[str, str], ...]


def reduce_scope(scope: Scope) -> Scope:
    """Returns the parts of an ASGI scope that can be sent to a worker."""
    return {key: [*value] if key == "headers" else value for key, value in scope.items() if key in _SENT}


def show_page(snapshot: Store, page: Page) -> FunctionResult:
    """Answers a request for a page; the details are its PageHead."""
    extra = {_PAGE_KEY: page, _SNAPSHOT_KEY: snapshot}
    answer = call_application(_make_app(page.base), page.scope, b"", extra)
    return FunctionResult(answer.body, PageHead(answer.status, answer.headers))


def pickle_figures(snapshot: Store, base: str) -> FunctionResult:
    """Counts the figures of the home page; the bytes are their pickle."""
    with _make_app(base).test_request_context():
        return FunctionResult(pickle.dumps(count_figures(snapshot, Iris(base))))


def make_context(iris: Iris) -> PageContext:
    """Makes the context of pages that are shown by :func:`show_page`."""
    return PageContext(iris, lambda: request.environ[_SNAPSHOT_KEY], _run_query)


@cache
def _make_app(base: str) -> Flask:
    return create_app(make_context(Iris(base)))


def _run_query(text: str, dataset: Dataset, base: str) -> QueryResult:
    """Runs the query of the current request, as far as the largest number of rows."""
    page: Page = request.environ[_PAGE_KEY]
    snapshot, split = request.environ[_SNAPSHOT_KEY], split_query(text, page.max_rows)
    return ask_first_part(snapshot, text, split, dataset, base, page.services)
