"""What went wrong, as an answer: the statuses, and the two forms that programs read."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from hamakg.engine.request_error import RequestError

_AGAIN_AFTER = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that says what went wrong; ``media_type`` is the one that the request reads."""

    status: HTTPStatus
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def problem(fault: RequestError, accept: str) -> Problem:
    """The fault as problem JSON (https://www.rfc-editor.org/rfc/rfc9457) where JSON is asked for, else as a line."""
    status = fault.status
    headers = (("Retry-After", str(_AGAIN_AFTER)),) if fault.kind == "busy" else ()
    if fault.kind == "unauthorized":
        headers = (("WWW-Authenticate", 'Bearer realm="hamakg"'),)
    if "application/problem+json" in accept or "application/json" in accept:
        said = {"type": "about:blank", "title": status.phrase, "status": status, "detail": fault.message}
        return Problem(status, "application/problem+json", json.dumps(said, ensure_ascii=False).encode(), headers)
    return Problem(status, "text/plain; charset=utf-8", f"{fault.message}\n".encode(), headers)
