"""No answer says that a write has failed which stands, or the other way, wherever the worker fails or dies."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hamakg.store import VersionedStore
from web.client import Answer, Client

TOKEN = {"Authorization": "Bearer secret"}
GRAPH = "https://example.org/g"

# Python runs this file in every process of the server. It is in a worker that a generation is published.
_FAULT = """
import os, signal
from hamakg.store.generations import VersionedStore

publish = VersionedStore._publish

def publish_and_fail(self, name, fill):
    if os.environ["FAULT"] == "death before":
        os.kill(os.getpid(), signal.SIGKILL)
    if os.environ["FAULT"] == "error before":
        raise OSError(28, "No space left on device")
    publish(self, name, fill)
    if os.environ["FAULT"] == "death after":
        os.kill(os.getpid(), signal.SIGKILL)
    if os.environ["FAULT"] == "error after":
        raise OSError(28, "No space left on device")

if os.environ.get("FAULT"):
    VersionedStore._publish = publish_and_fail
"""


@contextmanager
def failing_server(path: Path, fault: str, folder: Path) -> Iterator[Client]:
    """A server whose workers fail before or after they publish a generation."""
    (folder / "sitecustomize.py").write_text(_FAULT)
    command = [sys.executable, "-c", "from hamakg.cli import main; main()", "serve", "--port", "0"]
    environment = os.environ | {"FAULT": fault, "PYTHONPATH": f"{folder}:{os.environ.get('PYTHONPATH', '')}"}
    with subprocess.Popen(
        [*command, "--store", str(path), "--token", "secret"], stdout=subprocess.PIPE, text=True, env=environment
    ) as server:
        try:
            assert server.stdout is not None
            client = Client(server.stdout.readline().split()[2].rstrip("/"))
            yield client
            client.close()
        finally:
            server.terminate()


def put(client: Client) -> Answer:
    target = f"/store?graph={GRAPH}"
    return client.put(target, data="<a:a> <a:b> 1 .", content_type="text/turtle", headers=TOKEN)


def update(client: Client) -> Answer:
    text = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <a:a> <a:b> 1 }} }}"
    return client.post("/sparql", data=text, content_type="application/sparql-update", headers=TOKEN)


@pytest.mark.parametrize("change", [put, update])
@pytest.mark.parametrize(
    ("fault", "statuses", "message"),
    [
        ("death before", (503, 503), "Nothing was changed."),
        ("error before", (507, 507), "No space left on device"),
        ("death after", (201, 204), ""),
        ("error after", (201, 204), ""),
    ],
)
def test_an_answer_says_whether_the_write_stands(
    store: VersionedStore,
    tmp_path: Path,
    change: Callable[[Client], Answer],
    fault: str,
    statuses: tuple[int, int],
    message: str,
) -> None:
    store.backup(tmp_path / "store")
    with failing_server(tmp_path / "store", fault, tmp_path) as client:
        answer = change(client)
        stands = client.get(f"/store?graph={GRAPH}").status_code == 200
        assert (answer.status_code, stands) == (statuses[change is update], statuses[0] == 201), answer.text
        assert message in answer.text and "may have been made" not in answer.text
