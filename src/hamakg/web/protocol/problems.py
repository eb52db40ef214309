"""What went wrong, as an answer: the statuses, and the two forms that programs read."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from hamakg.engine.jobs import RequestError

STATUSES = {
    "malformed": HTTPStatus.BAD_REQUEST,
    "unauthorized": HTTPStatus.UNAUTHORIZED,
    "refused": HTTPStatus.FORBIDDEN,
    "not-found": HTTPStatus.NOT_FOUND,
    "method": HTTPStatus.METHOD_NOT_ALLOWED,
    "unacceptable": HTTPStatus.NOT_ACCEPTABLE,
    "slow": HTTPStatus.REQUEST_TIMEOUT,
    "changed": HTTPStatus.CONFLICT,
    "too-long": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "fault": HTTPStatus.INTERNAL_SERVER_ERROR,
    "unreachable": HTTPStatus.BAD_GATEWAY,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "gone": HTTPStatus.SERVICE_UNAVAILABLE,
    "timeout": HTTPStatus.SERVICE_UNAVAILABLE,
    "too-large": HTTPStatus.SERVICE_UNAVAILABLE,
    "crashed": HTTPStatus.SERVICE_UNAVAILABLE,
    "storage": HTTPStatus.INSUFFICIENT_STORAGE,
}
"""By the kind of a Fault. A limit that a query runs into is 503 (https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4):
it is the server that will not do more; only ``busy`` has Retry-After, for only then the same may do later."""

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
    status = STATUSES[fault.kind]
    headers = (("Retry-After", str(_AGAIN_AFTER)),) if fault.kind == "busy" else ()
    if fault.kind == "unauthorized":
        headers = (("WWW-Authenticate", 'Bearer realm="hamakg"'),)
    if "application/problem+json" in accept or "application/json" in accept:
        said = {"type": "about:blank", "title": status.phrase, "status": status, "detail": fault.message}
        return Problem(status, "application/problem+json", json.dumps(said, ensure_ascii=False).encode(), headers)
    return Problem(status, "text/plain; charset=utf-8", f"{fault.message}\n".encode(), headers)
