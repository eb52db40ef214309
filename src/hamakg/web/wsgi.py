"""Calls a WSGI application (https://peps.python.org/pep-3333/) for a request whose body has arrived.

A bridge such as a2wsgi takes a thread first and reads the body there: bodies that do not come would hold all threads.
"""

import sys
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.wrappers import Response

from hamakg.web.request import Scope

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class WsgiAnswer(NamedTuple):
    """A whole answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def call_application(application: "WSGIApplication", scope: Scope, body: bytes, extra: Mapping[str, Any]) -> WsgiAnswer:
    """Calls the application for a request in the form of ASGI; ``extra`` is added to its environment."""
    response = Response.from_app(application, {**make_environ(scope, body), **extra}, buffered=True)
    return WsgiAnswer(response.status_code, tuple(response.headers), response.get_data())


def make_environ(scope: Scope, body: bytes) -> "WSGIEnvironment":
    """Makes the environment of a request; texts have one character for each byte, as PEP 3333 asks."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if b"_" in name or key == "CONTENT_LENGTH":
            continue  # A_B would be taken for A-B
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
