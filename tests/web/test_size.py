"""Pages about much data have the deadline and the memory of queries, and hold up nothing else."""

import http.client
import statistics
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from hamakg.store import VersionedStore
from support.crowded import EVENTS, TRIPLES
from web.client import Client, process, serving
from web.test_uploads import peak_megabytes

pytestmark = pytest.mark.slow

PLACE, GRAPH = "/resource/place/crowded", "/graph/article/big"


REQUESTS = [
    (PLACE, "text/html"),
    (PLACE, "text/turtle"),
    (GRAPH, "text/html"),
    (GRAPH, "text/turtle"),
    (GRAPH, "application/rdf+xml"),
    ("/graph", "text/html"),
    ("/", "text/html"),
    ("/sparql?query=SELECT%20*%20%7B%20?a%20?b%20?c%20%7D", "text/html"),
    ("/sparql?query=CONSTRUCT%20WHERE%20%7B%20?a%20?b%20?c%20%7D", "text/html"),
]


def fetch(base: str, path: str, accept: str) -> tuple[int, int]:
    """The status of an answer and the number of its bytes; 0 for one that breaks off."""
    address = urlsplit(base)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=120)
    connection.request("GET", path, headers={"Accept": accept})
    response = connection.getresponse()
    size = 0
    try:
        while piece := response.read(65536):
            size += len(piece)
    except http.client.IncompleteRead:
        return response.status, 0
    finally:
        connection.close()
    return response.status, size


@pytest.mark.parametrize(("path", "accept"), REQUESTS)
def test_a_large_page_ends_at_the_deadline_and_takes_no_memory_of_the_server(
    large: VersionedStore, path: str, accept: str
) -> None:
    """Meanwhile small queries take less than half a second."""
    times, is_over = list[float](), threading.Event()
    with process(large.path, "--timeout", "3") as (server, base):
        fetch(base, "/sparql?query=ASK%7B%7D", "*/*")
        before = peak_megabytes(server.pid)

        def ask() -> None:
            while not is_over.is_set():
                begun = time.monotonic()
                assert fetch(base, "/sparql?query=ASK%7B%7D", "*/*")[0] == 200
                times.append(time.monotonic() - begun)
                time.sleep(0.05)

        asking = threading.Thread(target=ask)
        asking.start()
        begun = time.monotonic()
        status, _ = fetch(base, path, accept)
        seconds = time.monotonic() - begun
        is_over.set()
        asking.join()
        assert status in (200, 503)
        assert seconds < 3 + 3
        assert statistics.median(times) < 0.5
        assert peak_megabytes(server.pid) < before + 32


@pytest.fixture(scope="module")
def patient(large: VersionedStore) -> Iterator[Client]:
    with serving(large.path, "--timeout", "60") as client:
        yield client


def test_a_crowded_place_and_a_large_graph_have_their_pages_and_all_their_triples(patient: Client) -> None:
    place = patient.get(PLACE, headers={"Accept": "text/html"})
    assert place.status_code == 200 and "<h1>Crowded" in place.text and "… and 299,975 more" in place.text
    graph = patient.get(GRAPH, headers={"Accept": "text/html"})
    assert graph.status_code == 200 and f"{TRIPLES:,} triples" in graph.text and "… and 299,975 more" in graph.text
    triples = patient.get(PLACE, headers={"Accept": "application/n-triples"})
    assert triples.data.count(b"\n") == EVENTS + 2
    triples = patient.get(GRAPH, headers={"Accept": "application/n-triples"})
    assert triples.data.count(b"\n") == TRIPLES


def test_the_home_page_does_not_wait_for_its_figures(large: VersionedStore) -> None:
    """They appear when they were counted."""
    with process(large.path) as (_, base):
        begun, client = time.monotonic(), Client(base)
        first = client.get("/", headers={"Accept": "text/html"})
        assert first.status_code == 200 and time.monotonic() - begun < 3
        until = time.monotonic() + 30
        while f"{TRIPLES:,}" not in client.get("/", headers={"Accept": "text/html"}).text and time.monotonic() < until:
            time.sleep(0.2)
        assert f"{TRIPLES:,}" in client.get("/", headers={"Accept": "text/html"}).text
        client.close()
