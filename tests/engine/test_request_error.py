"""Every kind of RequestError has an HTTP status, and survives the way from a worker process."""

import pickle
from typing import get_args

from hamakg.engine.request_error import STATUSES, ErrorKind, RequestError


def test_every_kind_has_a_status_of_an_error() -> None:
    assert [*STATUSES] == [*get_args(ErrorKind)]
    assert all(400 <= status < 600 for status in STATUSES.values())


def test_an_error_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(RequestError("busy", "Try again.")))
    assert (error.kind, error.message, error.status) == ("busy", "Try again.", 503)
