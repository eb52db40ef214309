"""Writes a RequestError as an answer for programs: as problem JSON or as a line of text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from hamakg.engine.request_error import ErrorKind, RequestError

_HEADERS: Mapping[ErrorKind, tuple[tuple[str, str], ...]] = {
    "busy": (("Retry-After", "5"),),
    "crashed": (("Retry-After", "1"),),
    "unauthorized": (("WWW-Authenticate", 'Bearer realm="hamakg"'),),
}
"""The headers that only some kinds of errors have."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that says what went wrong."""

    status: HTTPStatus
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def write_problem(error: RequestError, accept: str) -> Problem:
    """Writes an error as text, or as problem JSON if ``accept`` names JSON (https://www.rfc-editor.org/rfc/rfc9457)."""
    headers, status = _HEADERS.get(error.kind, ()), error.status
    if "application/problem+json" in accept or "application/json" in accept:
        problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": error.message}
        return Problem(status, "application/problem+json", json.dumps(problem, ensure_ascii=False).encode(), headers)
    return Problem(status, "text/plain; charset=utf-8", f"{error.message}\n".encode(), headers)
