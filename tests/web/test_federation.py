"""A server connects to the endpoints that its options allow, and to nothing else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hamakg.rdf.iris import HAMA, Iris
from hamakg.store import VersionedStore
from web.client import Client, serving

TOKEN = {"Authorization": "Bearer secret"}
UPDATE = "application/sparql-update"


@pytest.fixture(scope="module")
def open_one(client: Client, store: VersionedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server that may call the other server's endpoint."""
    path = tmp_path_factory.mktemp("open") / "store"
    store.backup(path)
    options = ("--allow-service", f"{client.base}/sparql", "--allow-load", "--token", "secret")
    with serving(path, *options) as other:
        yield other


def test_an_allowed_endpoint_is_called(open_one: Client, client: Client) -> None:
    query = f"SELECT DISTINCT ?p {{ SERVICE <{client.base}/sparql> {{ ?e a <{HAMA}Capture> ; <{HAMA}place> ?p }} }}"
    response = open_one.get("/sparql", query_string={"query": query, "format": "csv"})
    assert (response.status_code, response.text) == (200, f"p\r\n{Iris().resource('place/aba')}\r\n")
    assert "ETag" not in response.headers  # what the other says may change


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <http://127.0.0.1:9/> {}",
        "BIND(<{here}/sparql> AS ?x) SERVICE ?x {{}}",
        "SERVICE <{here}/sparql?> {{}}",
    ],
)
def test_no_other_endpoint_is_called(open_one: Client, client: Client, clause: str) -> None:
    query = f"SELECT * {{ {clause.format(here=client.base) if '{here}' in clause else clause} }}"
    response = open_one.get("/sparql", query_string={"query": query})
    assert response.status_code == 403
    assert response.text.startswith(f"SERVICE may only call {client.base}/sparql: ")


def test_an_update_can_load_a_document_if_that_is_allowed(open_one: Client, client: Client) -> None:
    text = f"LOAD <{client.base}/ontology> INTO GRAPH <urn:loaded>"
    assert open_one.post("/sparql", data=text, content_type=UPDATE, headers=TOKEN).status_code == 204
    found = open_one.get(
        "/sparql", query_string={"query": f"ASK {{ GRAPH <urn:loaded> {{ <{HAMA}Capture> a ?kind }} }}"}
    )
    assert found.json["boolean"] is True
    union = open_one.get("/sparql", query_string={"query": f"ASK {{ <{HAMA}Capture> a ?kind }}"})
    assert union.json["boolean"] is True


def test_an_error_names_a_document_that_cannot_be_loaded(open_one: Client, tmp_path: Path) -> None:
    text = "LOAD <http://127.0.0.1:9/nothing> INTO GRAPH <urn:other>"
    response = open_one.post("/sparql", data=text, content_type=UPDATE, headers=TOKEN)
    assert response.status_code == 502 and response.text.startswith("A document cannot be loaded")


class _FailingEndpoint(BaseHTTPRequestHandler):
    """Answers with the status that its path names; a redirect leads to the same server."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def failing() -> Iterator[str]:
    """The address of an endpoint that fails."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _FailingEndpoint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize("status", [301, 302, 307, 308, 403, 500, 503])
def test_an_error_names_an_endpoint_that_fails_or_redirects(store: VersionedStore, failing: str, status: int) -> None:
    """It is the endpoint's fault, not the store's."""
    endpoint = f"{failing}/{status}"
    query = {"query": f"SELECT * {{ SERVICE <{endpoint}> {{ ?x ?y ?z }} }}"}
    with serving(store.path, "--allow-service", endpoint) as client:
        response = client.get("/sparql", query_string=query)
        page = client.get("/sparql", query_string=query, headers={"Accept": "text/html"})
    assert (response.status_code, page.status_code, page.mimetype) == (502, 502, "text/html")
    assert "Redirects of endpoints are not followed." in page.text
    assert response.text.startswith(
        "An endpoint that SERVICE calls has failed, or the store cannot be read or written: "
    )
    assert failing in response.text and response.text.endswith(" Redirects of endpoints are not followed.\n")
