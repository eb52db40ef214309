"""Whatever is sent to a server that may not connect, it opens no connection: the system refuses its workers sockets."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.disguises import Listener, listen, loads
from web.client import Client

TOKEN = {"Authorization": "Bearer secret"}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listen() as listener:
        yield listener


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_update_makes_the_server_connect(writable: Client, listener: Listener, data: st.DataObject) -> None:
    update = data.draw(loads(listener.base))
    response = writable.post("/sparql", headers=TOKEN, content_type="application/sparql-update", data=update)
    assert (response.status_code, listener.connections) in ((403, 0), (400, 0)), update


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process may do")
def test_workers_cannot_open_sockets(writable: Client, writable_path: Path) -> None:
    """So what the search for LOAD and SERVICE may miss cannot connect either."""
    assert writable.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200
    processes = [process for process in Path("/proc").glob("[0-9]*") if _is_of_store(process, writable_path)]
    assert {_read_seccomp_mode(process) for process in processes} - {None} == {"2"}  # SECCOMP_MODE_FILTER


def _is_of_store(process: Path, store: Path) -> bool:
    try:
        command = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:  # it has ended meanwhile
        return False
    return {b"hamakg.engine.forkserver", bytes(store)} <= set(command)


def _read_seccomp_mode(process: Path) -> str | None:
    """The mode as Linux numbers it; None for a process that has ended."""
    try:
        status = (process / "status").read_text()
    except OSError:
        return None
    found = re.search(r"^Seccomp:\t(\d)", status, re.MULTILINE)
    return found[1] if found else None
