"""Answers errors: with a page for browsers, with problem JSON or plain text for programs."""

import json

from flask import Response, render_template, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException, NotAcceptable, NotFound, ServiceUnavailable
from werkzeug.http import parse_accept_header

from hamakg.engine.request_error import RequestError
from hamakg.errors import HamakgError
from hamakg.web.protocol.problems import write_problem

_NEGOTIATED = ("Content-Type", "Content-Length")
ERROR_KEY = "hamakg.error"
"""The pages answer a request with the RequestError that is under this key of its environment, whatever its path."""


def raise_protocol_error() -> None:
    """Raises the error in the environment of the current request, if one was found before it came to the pages."""
    error: RequestError | None = request.environ.get(ERROR_KEY)
    if error is not None:
        raise error


def answer_request_error(error: RequestError) -> Response:
    """Answers a request that cannot be served as it was sent."""
    exception = HTTPException(error.message)
    exception.code = error.status
    response = answer_error(exception)
    response.headers.extend(write_problem(error, "").headers)
    return response


def answer_memory_error(error: MemoryError) -> Response:
    """Answers a request whose page needs more memory than a worker may have."""
    return answer_request_error(RequestError("too-large", "This page needs more memory than it may have."))


def answer_store_error(error: HamakgError) -> Response:
    """Answers a request that failed because the store cannot be read or written."""
    return answer_error(ServiceUnavailable(str(error)))


def answer_error(error: HTTPException) -> Response:
    """Answers with a page, with problem JSON (https://www.rfc-editor.org/rfc/rfc9457), or with text."""
    if error.description == NotFound.description:
        error.description = f"There is nothing at {request.path}."
    response = Response(status=error.code, headers={"Vary": "Accept"})
    if prefers("text/html"):
        response.set_data(_render_page(error))
    elif prefers("application/problem+json") or prefers("application/json"):
        problem = {"type": "about:blank", "title": error.name, "status": error.code, "detail": error.description}
        response.set_data(json.dumps(problem, ensure_ascii=False))
        response.mimetype = "application/problem+json"
    else:
        response.set_data(f"{error.description}\n")
        response.mimetype = "text/plain"
    response.headers.extend(pair for pair in error.get_headers() if pair[0] not in _NEGOTIATED)
    return response


def _render_page(error: HTTPException) -> str:
    """Renders the error; one about a query as the form with that query and the message beside it."""
    if request.endpoint == "sparql":
        return render_template(
            "sparql.html",
            query=request.values.get("query", ""),
            format=request.values.get("format", ""),
            problems={"format" if error.code == NotAcceptable.code else "query": error.description},
        )
    return render_template("error.html", error=error)


def prefers(media_type: str) -> bool:
    """Whether the current request names this media type, and gives no other a higher quality."""
    return _is_preferred(media_type, request.accept_mimetypes)


def prefers_page(accept: str) -> bool:
    """Whether an Accept header comes from a browser: it names HTML, and gives no other media type a higher quality."""
    return _is_preferred("text/html", parse_accept_header(accept, MIMEAccept))


def _is_preferred(media_type: str, accept: MIMEAccept) -> bool:
    return media_type in accept.values() and accept.quality(media_type) >= max(quality for _, quality in accept)
