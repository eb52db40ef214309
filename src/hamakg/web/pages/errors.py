"""Answers errors: with a page for browsers, with problem JSON or plain text for programs."""

import json

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from hamakg.errors import HamakgError

_NEGOTIATED = ("Content-Type", "Content-Length")


def answer_store_error(error: HamakgError) -> Response:
    """Answers a request that failed because the store cannot be read or written."""
    return answer_error(ServiceUnavailable(str(error)))


def answer_error(error: HTTPException) -> Response:
    """Answers with a page, with problem JSON (https://www.rfc-editor.org/rfc/rfc9457), or with text."""
    response = Response(status=error.code)
    if prefers("text/html"):
        response.set_data(render_template("error.html", error=error, query=request.values.get("query", "")))
    elif prefers("application/problem+json") or prefers("application/json"):
        problem = {"type": "about:blank", "title": error.name, "status": error.code, "detail": error.description}
        response.set_data(json.dumps(problem, ensure_ascii=False))
        response.mimetype = "application/problem+json"
    else:
        response.set_data(f"{error.description}\n")
        response.mimetype = "text/plain"
    response.headers.extend(pair for pair in error.get_headers() if pair[0] not in _NEGOTIATED)
    return response


def prefers(media_type: str) -> bool:
    """Whether the current request names this media type, and gives no other a higher quality."""
    accept = request.accept_mimetypes
    return media_type in accept.values() and accept.quality(media_type) >= max(quality for _, quality in accept)
