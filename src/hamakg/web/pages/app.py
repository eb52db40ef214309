"""The pages as a Flask application: their addresses, their headers, and how errors are answered."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from hamakg.engine.request_error import RequestError
from hamakg.errors import HamakgError
from hamakg.web.headers import COMMON, PREFLIGHT
from hamakg.web.pages.alignments import show_alignments
from hamakg.web.pages.context import REVIEW, PageContext
from hamakg.web.pages.crosswalk import show_crosswalk
from hamakg.web.pages.errors import (
    answer_error,
    answer_memory_error,
    answer_request_error,
    answer_store_error,
    raise_protocol_error,
)
from hamakg.web.pages.graphs import list_graphs, show_graph
from hamakg.web.pages.home import show_home
from hamakg.web.pages.ontology import show_ontology
from hamakg.web.pages.query_editor import show_query_editor
from hamakg.web.pages.questions import list_questions, show_question
from hamakg.web.pages.rendering.links import find_address
from hamakg.web.pages.resource import show_resource
from hamakg.web.pages.site_files import send_favicon, send_robots
from hamakg.web.pages.sparql_form import show_sparql_form

MAX_BODY_BYTES = 1024 * 1024


class PageRoute(NamedTuple):
    """The path of a page, its name for ``url_for``, and the function that shows it.

    A page is shown ``in_worker`` if it takes long, or if its time and memory depend on the data.
    """

    path: str
    name: str
    show: Callable[..., ResponseReturnValue]
    in_worker: bool = False


ROUTES = (
    PageRoute("/", "home", show_home),
    PageRoute("/queries", "questions", list_questions),
    PageRoute("/queries/<name>", "question", show_question, in_worker=True),
    PageRoute("/query", "query", show_query_editor),
    PageRoute("/sparql", "sparql", show_sparql_form, in_worker=True),
    PageRoute("/resource/<path:path>", "resource", show_resource, in_worker=True),
    PageRoute("/graph", "graphs", list_graphs, in_worker=True),
    PageRoute("/graph/<path:path>", "graph", show_graph, in_worker=True),
    PageRoute("/ontology", "ontology", show_ontology, in_worker=True),
    PageRoute("/ontology/alignments", "alignments", show_alignments),
    PageRoute("/crosswalk", "crosswalk", show_crosswalk),
    PageRoute("/crosswalk/<any(acled, ucdp):scheme>", "crosswalk_scheme", show_crosswalk),
    PageRoute("/robots.txt", "robots", send_robots),
    PageRoute("/favicon.ico", "favicon", send_favicon),
)


_OTHER_ADDRESSES = (("/review", f"{REVIEW}.list"), ("/reconcile", "reconciliation.reconcile"))
"""Addresses that pages link to, and that blueprints add."""


def create_app(context: PageContext, blueprints: Iterable[Blueprint] = ()) -> Flask:
    """Creates the pages as a WSGI application; without the blueprints, pages only link to their addresses."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["find_address"] = find_address
    app.url_map.strict_slashes = False
    for route in ROUTES:
        app.add_url_rule(route.path, route.name, partial(route.show, context))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    for path, name in _OTHER_ADDRESSES:
        if name not in app.view_functions:
            app.add_url_rule(path, name, build_only=True)
    app.before_request(raise_protocol_error)
    app.register_error_handler(HTTPException, answer_error)
    app.register_error_handler(RequestError, answer_request_error)
    app.register_error_handler(HamakgError, answer_store_error)
    app.register_error_handler(MemoryError, answer_memory_error)
    app.after_request(_add_headers)
    return app


def _add_headers(response: Response) -> Response:
    for name, value in COMMON.items():
        response.headers.setdefault(name, value)  # the query page has a policy of its own
    if request.blueprint == REVIEW:  # its pages contain the reviewer's token: no other origin may read them
        del response.headers["Access-Control-Allow-Origin"]
    elif request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response
