"""A process that may not connect cannot, whatever the engine is given to run."""

import platform
import subprocess
import sys

import pytest

from support.disguises import Listener, listen

FORBID = """
import socket, sys, threading
import pyoxigraph as ox
from hamakg.engine.sandbox import forbid_connections
url = sys.argv[1]
kept, other = socket.socketpair()
assert forbid_connections()
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="only Linux filters system calls"
)


def run(code: str, listener: Listener) -> str:
    """What the code prints after it forbade its process to connect."""
    done = subprocess.run(
        [sys.executable, "-c", FORBID + code, listener.base], check=False, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    "code",
    [
        "ox.Store().update(f'LOAD <{url}x>')",
        "list(ox.Store().query(f'SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}'))",
        "socket.create_connection(('127.0.0.1', int(url.split(':')[2].strip('/'))))",
    ],
)
def test_nothing_connects(code: str) -> None:
    with listen() as listener:
        attempt = f"\ntry:\n    {code}\nexcept OSError:\n    print('refused')\n"
        assert run(attempt, listener) == "refused\n"
        assert listener.connections == 0


def test_a_silent_load_loads_nothing() -> None:
    with listen() as listener:
        code = "store = ox.Store(); store.update(f'LOAD SILENT <{url}x>'); print(len(store))"
        assert (run(code, listener), listener.connections) == ("0\n", 0)


def test_threads_and_processes_that_start_later_cannot_connect_either() -> None:
    code = """
import subprocess
def attempt():
    try:
        socket.socket()
    except PermissionError:
        print("refused")
thread = threading.Thread(target=attempt)
thread.start()
thread.join()
sys.stdout.flush()
print(subprocess.run([sys.executable, "-c", "import socket; socket.socket()"], capture_output=True).returncode)
"""
    with listen() as listener:
        assert run(code, listener) == "refused\n1\n"


def test_open_sockets_and_files_go_on_working() -> None:
    code = "kept.send(b'a'); print(other.recv(1)); print(len(open(sys.executable, 'rb').read(4)))"
    with listen() as listener:
        assert run(code, listener) == "b'a'\n4\n"
