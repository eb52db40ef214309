"""The error that says why a request cannot be served, and the HTTP status of each kind of it."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Literal

ErrorKind = Literal[
    "malformed",
    "unauthorized",
    "forbidden",
    "not-found",
    "method-not-allowed",
    "not-acceptable",
    "slow-body",
    "changed-meanwhile",
    "too-long",
    "unsupported-media-type",
    "internal",
    "document-unreachable",
    "endpoint-failed",
    "busy",
    "no-data",
    "timeout",
    "too-large",
    "crashed",
    "storage",
]

STATUSES: Mapping[ErrorKind, HTTPStatus] = MappingProxyType(
    {
        "malformed": HTTPStatus.BAD_REQUEST,
        "unauthorized": HTTPStatus.UNAUTHORIZED,
        "forbidden": HTTPStatus.FORBIDDEN,
        "not-found": HTTPStatus.NOT_FOUND,
        "method-not-allowed": HTTPStatus.METHOD_NOT_ALLOWED,
        "not-acceptable": HTTPStatus.NOT_ACCEPTABLE,
        "slow-body": HTTPStatus.REQUEST_TIMEOUT,
        "changed-meanwhile": HTTPStatus.CONFLICT,
        "too-long": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "unsupported-media-type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
        "document-unreachable": HTTPStatus.BAD_GATEWAY,
        "endpoint-failed": HTTPStatus.BAD_GATEWAY,
        # 503 is also the status of a job that reaches a limit: it is the server that refuses to do more
        # (https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4). "busy" and "crashed" have Retry-After: repeating
        # the request may help.
        "busy": HTTPStatus.SERVICE_UNAVAILABLE,
        "no-data": HTTPStatus.SERVICE_UNAVAILABLE,
        "timeout": HTTPStatus.SERVICE_UNAVAILABLE,
        "too-large": HTTPStatus.SERVICE_UNAVAILABLE,
        "crashed": HTTPStatus.SERVICE_UNAVAILABLE,
        "storage": HTTPStatus.INSUFFICIENT_STORAGE,
    }
)


class RequestError(Exception):
    """A request that cannot be served; ``message`` is a sentence that tells its sender what to do."""

    def __init__(self, kind: ErrorKind, message: str) -> None:
        super().__init__(kind, message)
        self.kind, self.message = kind, message

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status of an answer that reports it."""
        return STATUSES[self.kind]
