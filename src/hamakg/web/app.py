"""The application, its headers and errors, and the server that runs it."""

import json
import threading

import waitress  # type: ignore[import-untyped]
from flask import Flask, Response, render_template, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from hamakg.ask import STACK_BYTES
from hamakg.errors import HamakgError
from hamakg.store import Store
from hamakg.terms import Names
from hamakg.web import pages, protocol

MAX_BODY_BYTES = 1024 * 1024
THREADS = 8

_HEADERS = {
    # No script, nothing from elsewhere: labels and texts in the data are strangers' words.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # All of it is public to read, for pages of any origin; nothing depends on cookies.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, Link",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def create_app(store: Store, names: Names) -> Flask:
    """The service as a WSGI application; each request reads the generation of the store that is then the newest."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    app.register_blueprint(protocol.blueprint(store, names))
    app.register_blueprint(pages.blueprint(store, names))
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(HamakgError, _explain_store)
    app.after_request(_add_headers)
    return app


def serve(store: Store, names: Names, host: str, port: int) -> None:
    """Serves until the process is told to stop.

    Raises HamakgError if there is no store to read, or the address cannot be listened on.
    """
    store.snapshot()
    usual = threading.stack_size(STACK_BYTES)  # for the server's threads, which run the queries
    try:
        server = waitress.create_server(create_app(store, names), host=host, port=port, threads=THREADS, ident=None)
    except OSError as error:
        reason = error.strerror or str(error)
        raise HamakgError(f"cannot listen on {host} port {port}: {reason}; choose another --port") from error
    finally:
        threading.stack_size(usual)
    # A name such as localhost may stand for several addresses.
    listening = getattr(server, "effective_listen", None) or [(server.effective_host, server.effective_port)]
    addresses = " and ".join(f"http://{f'[{ip}]' if ':' in ip else ip}:{number}/" for ip, number in listening)
    print(f"Serving on {addresses} (Ctrl-C stops)", flush=True)
    server.run()


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)  # the query page has a policy of its own
    if request.method == "OPTIONS":
        response.headers.update(_PREFLIGHT)
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
