"""The log of a server whose program fails: lines of JSON on standard error, which need not be read."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from hamakg.store import VersionedStore

# The real server, in which a page, a path of the event loop, and every query fail in a way that nobody foresaw.
_FAILING = """
import sys
from hamakg.cli import main
from hamakg.web import site
from hamakg.web.pages import app

def fail(*arguments):
    raise LookupError("something\\nunforeseen " + 2000 * "x")

site.ROUTES["/metrics"] = site.Route(fail)
app.ROUTES = tuple(route._replace(show=fail) if route.name == "alignments" else route for route in app.ROUTES)
main()
"""


@contextmanager
def failing_server(path: Path, errors: int) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A server whose standard output is not read after its first line."""
    command = [sys.executable, "-c", _FAILING, "serve", "--port", "0", "--store", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as server:
        try:
            assert server.stdout is not None
            yield server, server.stdout.readline().split()[2].rstrip("/")
        finally:
            server.terminate()


def test_a_failure_is_a_line_of_json_on_standard_error(store: VersionedStore, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log, failing_server(store.path, log.fileno()) as (server, base):
        for path in ("/metrics", "/ontology/alignments"):
            answer = requests.get(f"{base}{path}", headers={"Accept": "text/plain"}, timeout=60)
            assert answer.status_code == 500 and "unforeseen" not in answer.text
        server.terminate()
        server.wait(timeout=30)
        assert server.stdout is not None and server.stdout.read() == ""
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    routes = ["GET /metrics", "GET /ontology/alignments"]
    assert [(line["level"], line["route"]) for line in lines] == [("error", route) for route in routes]
    for line in lines:
        assert set(line) == {"time", "level", "route", "message", "traceback"}
        assert line["traceback"].startswith("Traceback") and "something\nunforeseen" in line["traceback"]


def test_a_log_that_nobody_reads_does_not_stop_the_server(store: VersionedStore) -> None:
    """Nor do they keep it from ending."""
    with failing_server(store.path, subprocess.PIPE) as (server, base):
        for path in ("/metrics", "/ontology/alignments") * 100:
            assert requests.get(f"{base}{path}", timeout=10).status_code == 500
        assert requests.get(f"{base}/sparql?query=ASK%7B%7D", timeout=10).status_code == 200
        server.terminate()
        assert server.wait(timeout=30) == 0
