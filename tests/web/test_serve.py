"""The real server, a process of its own, over the wire."""

import dataclasses
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from facts import FACTS
from hamakg.errors import HamakgError
from hamakg.store import Store
from hamakg.terms import Names
from hamakg.web import serve

Write = Callable[..., Store]

_SERVE = """
import sys
from pathlib import Path
from hamakg.store import Store
from hamakg.terms import Names
from hamakg.web import serve
serve(Store(Path(sys.argv[1])), Names(), "127.0.0.1", int(sys.argv[2]))
"""


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """The address of a server over the store at the path; it says it itself once it listens."""
    with subprocess.Popen([sys.executable, "-c", _SERVE, str(path), "0"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[2].rstrip("/")
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    with serving(store.path) as address:
        yield address


def titles(address: str) -> list[str]:
    query = """
        PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX hama: <https://w3id.org/hamakg/ontology#>
        SELECT DISTINCT ?title WHERE { ?a a hama:Article ; dcterms:title ?title } ORDER BY ?title
    """
    with urlopen(f"{address}/sparql?{urlencode({'query': query})}") as response:
        return [row["title"]["value"] for row in json.load(response)["results"]["bindings"]]


def test_a_running_server_shows_what_is_built_meanwhile(write: Write, tmp_path: Path) -> None:
    """Without a restart, from the next request on; on the pages as at the endpoint."""
    write(tmp_path / "store")
    other = dataclasses.replace(FACTS, article=dataclasses.replace(FACTS.article, slug="bab", title="Battle of Bab"))
    with serving(tmp_path / "store") as address:
        assert titles(address) == ["Battle of Aba"]
        write(tmp_path / "store", other)
        assert titles(address) == ["Battle of Aba", "Battle of Bab"]
        with urlopen(address) as home:
            assert b"Battle of Bab" in home.read()


def test_the_wire_carries_a_post_and_its_answer(address: str) -> None:
    request = Request(
        f"{address}/sparql",
        "SELECT ('Ḥamā, حماة' AS ?x) {}".encode(),
        {"Content-Type": "application/sparql-query", "Accept": "text/csv"},
    )
    with urlopen(request) as response:
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.read().decode() == 'x\r\n"Ḥamā, حماة"\r\n'


def test_an_error_goes_over_the_wire_with_its_status(address: str) -> None:
    with pytest.raises(HTTPError) as error:
        urlopen(f"{address}/sparql?query=ASK")
    with error.value as answer:
        assert (answer.code, answer.read()[:36]) == (400, b"The query is malformed at line 1, co")


def test_a_nested_query_does_not_end_the_server(address: str) -> None:
    """64 KiB of braces overflow a thread's usual stack."""
    body = ("SELECT * " + "{" * 65000).encode()
    with pytest.raises(HTTPError) as error:
        urlopen(Request(f"{address}/sparql", body, {"Content-Type": "application/sparql-query"}))
    with error.value as answer:
        assert answer.code == 400
    assert titles(address) == ["Battle of Aba"]


def test_other_requests_go_on_beside_a_long_query(address: str) -> None:
    """The long one counts the combinations of four triples, till the server ends; a small one is answered at once."""
    long = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?c) < STR(?l)) }"
    get = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()"
    with subprocess.Popen([sys.executable, "-c", get, f"{address}/sparql?{urlencode({'query': long})}"]) as client:
        try:
            time.sleep(0.3)
            begun = time.monotonic()
            assert titles(address) == ["Battle of Aba"]
            assert time.monotonic() - begun < 1
        finally:
            client.terminate()


def test_a_port_in_use_is_one_clear_line(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-c", _SERVE, str(store.path), str(port)]
        said = subprocess.run(command, stderr=subprocess.PIPE, text=True).stderr.splitlines()[-1]
    line = f"cannot listen on 127.0.0.1 port {port}: Address already in use; choose another --port"
    assert said == f"hamakg.errors.HamakgError: {line}"


def test_there_is_nothing_to_serve_without_a_store(tmp_path: Path) -> None:
    with pytest.raises(HamakgError, match="no store in"):
        serve(Store(tmp_path / "none"), Names(), "127.0.0.1", 0)


def test_the_server_starts_without_the_language_model() -> None:
    check = "import sys, hamakg.web; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0
