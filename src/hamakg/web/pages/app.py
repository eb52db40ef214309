"""The pages as an application: its headers and its errors."""

import json

from flask import Flask, Response, render_template, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from hamakg.errors import HamakgError
from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore
from hamakg.web.headers import COMMON, PREFLIGHT
from hamakg.web.pages import pages, review
from hamakg.web.pages.answer import Run
from hamakg.web.protocol import reconciliation

MAX_BODY_BYTES = 1024 * 1024


def create_app(store: VersionedStore, iris: Iris, run: Run, desk: review.Desk, seconds: float) -> Flask:
    """The pages as a WSGI application; each request reads the generation of the store that is then the newest.

    Queries that come from outside are answered by ``run``; links are decided on at ``desk``; to match a list may take
    so many ``seconds`` at once.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    app.register_blueprint(pages.blueprint(store, iris, run))
    app.register_blueprint(reconciliation.blueprint(store, iris, seconds))
    app.register_blueprint(review.blueprint(store, iris, desk))
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(HamakgError, _explain_store)
    app.after_request(_add_headers)
    return app


def _add_headers(response: Response) -> Response:
    for name, value in COMMON.items():
        response.headers.setdefault(name, value)  # the query page has a policy of its own
    if request.blueprint == review.NAME:  # whoever decides there shows the token: to that page alone
        del response.headers["Access-Control-Allow-Origin"]
    elif request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response


def _explain_store(error: HamakgError) -> Response:
    return _explain(ServiceUnavailable(str(error)))


def _explain(error: HTTPException) -> Response:
    """An error as a page for browsers, as problem JSON (https://www.rfc-editor.org/rfc/rfc9457) or as text."""
    accept = request.accept_mimetypes
    response = Response(status=error.code)
    if _prefers(accept, "text/html"):
        page = render_template("error.html", error=error, query=request.values.get("query", ""))
        response.set_data(page)
    elif _prefers(accept, "application/problem+json") or _prefers(accept, "application/json"):
        problem = {"type": "about:blank", "title": error.name, "status": error.code, "detail": error.description}
        response.set_data(json.dumps(problem, ensure_ascii=False))
        response.mimetype = "application/problem+json"
    else:
        response.set_data(f"{error.description}\n")
        response.mimetype = "text/plain"
    response.headers.extend(pair for pair in error.get_headers() if pair[0] not in ("Content-Type", "Content-Length"))
    return response


def _prefers(accept: MIMEAccept, kind: str) -> bool:
    """Whether this type is asked for by name and no other is asked for more."""
    return kind in accept.values() and accept.quality(kind) >= max(quality for _, quality in accept)
