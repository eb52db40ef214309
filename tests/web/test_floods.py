"""Requests that hold up the server in one place do not starve those in another."""

import http.client
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote, urlsplit

import pytest
import requests

from hamakg.store import VersionedStore
from web.client import process
from web.test_limits import UNBOUNDED_PATHS
from web.test_serve import RUNAWAY

SLOW_BODIES, HEAVY_QUERIES = 200, 50
POSTED = ("/reconcile", "/reconcile", "/review", "/sparql", "/", "/resource/place/aba", "/query", "/nothing")
SMALL = ("/", "/resource/place/aba", "/sparql?query=ASK%20%7B%7D", "/reconcile", "/ontology", "/queries")


@contextmanager
def slow_bodies(base: str, count: int) -> Iterator[None]:
    """Connections with a POST whose body does not come."""
    address = urlsplit(base)
    with ExitStack() as connections:
        for number in range(count):
            raw = connections.enter_context(socket.create_connection((str(address.hostname), address.port), timeout=30))
            head = f"POST {POSTED[number % len(POSTED)]} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            raw.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nqueries=".encode())
        yield


@contextmanager
def heavy_pages(base: str, count: int) -> Iterator[list[int]]:
    """Browsers that ask for the results of queries that never end; yields the statuses of their answers so far."""
    statuses = list[int]()

    def visit(number: int) -> None:
        query = (RUNAWAY, UNBOUNDED_PATHS)[number % 2]
        answer = requests.get(f"{base}/sparql?query={quote(query)}", headers={"Accept": "text/html"}, timeout=60)
        statuses.append(answer.status_code)

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(count)]
    for visitor in visitors:
        visitor.start()
    yield statuses
    for visitor in visitors:
        visitor.join()


def seconds_of(base: str, path: str) -> float:
    address = urlsplit(base)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    begun = time.monotonic()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 200, (path, response.status)
    return time.monotonic() - begun


@pytest.mark.slow
def test_slow_bodies_and_heavy_pages_leave_every_other_address_quick(store: VersionedStore) -> None:
    """While 200 bodies do not come and 50 visitors run heavy queries, small answers take less than half a second."""
    with process(store.path, "--timeout", "8") as (_, base):
        for path in SMALL:
            seconds_of(base, path)  # what is read once is read now
        with slow_bodies(base, SLOW_BODIES), heavy_pages(base, HEAVY_QUERIES) as statuses:
            time.sleep(1)
            times = {path: [seconds_of(base, path) for _ in range(5)] for path in SMALL}
        assert {
            path: round(seconds, 2) for path, tries in times.items() if (seconds := statistics.median(tries)) > 0.5
        } == {}
        assert len(statuses) == HEAVY_QUERIES and set(statuses) <= {200, 503}


@pytest.mark.slow
def test_clients_that_do_not_take_their_answers_hold_up_others_for_half_a_minute_at_most(large: VersionedStore) -> None:
    """With four processes, six clients ask for all triples and read none of them."""
    query = quote("SELECT * { ?a ?b ?c }")
    with process(large.path, "--processes", "4") as (_, base), ExitStack() as connections:
        address = urlsplit(base)
        for _ in range(6):
            raw = connections.enter_context(socket.create_connection((str(address.hostname), address.port), timeout=30))
            raw.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(5)
        until, status = time.monotonic() + 45, 0
        while status != 200 and time.monotonic() < until:
            status = requests.get(f"{base}/sparql?query=ASK%7B%7D", timeout=60).status_code
        assert status == 200
