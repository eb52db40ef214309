"""Whatever is sent, the answer is clear: no internal error, no traceback, and the server keeps running."""

import http.client
import os
import random
import socket
import string
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from hamakg.store import VersionedStore
from web.client import Client, process

FEW, MANY = 400, 10_000
TOKEN = "secret"
PATHS = ["/sparql", "/sparql/", "/store", "/store/x", "/query", "/resource/place/aba", "/resource/", "/graph/entities"]
PATHS += ["/queries/timeline", "/ontology", "/health", "/metrics", "/.well-known/void", "/static/style.css", "/nothing"]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"]
NAMES = [
    "query",
    "update",
    "default-graph-uri",
    "named-graph-uri",
    "using-graph-uri",
    "graph",
    "default",
    "format",
    "x",
]
VALUES = ["ASK {}", "SELECT * {", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", "INSERT DATA { <a:a> <a:b> 1 }", "DROP x", ""]
VALUES += [
    "http://[",
    "a b",
    "\x00",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\u202e",
    "json",
]
VALUES += [
    "<",
    "../../etc/passwd",
    "{{7*7}}",
    "%s%n",
    "1e999",
    "-1",
    "SELECT (1/0 AS ?x) {}",
    "LIMIT 99999999999999999999",
]
TYPES = ["application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded", "text/turtle"]
TYPES += [
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "text/turtle; charset=utf-16",
    ";",
    "",
]
ACCEPTS = ["*/*", "text/html", "application/json", ";q=", "text/csv;q=abc", "\xff", 'application/ld+json;profile="', ""]
TAGS = ["*", '"', "W/", '"x", "y"']


def requests_of(chance: random.Random, count: int) -> Iterator[tuple[str, str, dict[str, str], bytes]]:
    for _ in range(count):
        pairs = [(chance.choice(NAMES), noise(chance)) for _ in range(chance.randrange(4))]
        query = "&".join(f"{name}={escaped(value, chance)}" for name, value in pairs)
        target = chance.choice(PATHS) + (f"?{query}" if query else "")
        headers = {
            "Accept": chance.choice(ACCEPTS), "Content-Type": chance.choice(TYPES),
            "If-None-Match": chance.choice(TAGS),
            "Authorization": chance.choice(["", "Bearer x", f"Bearer {TOKEN}", "Basic \xe4", "Bearer"]),
            "Accept-Encoding": chance.choice(["gzip", "identity", "br;q=1", ""]),
        }  # fmt: skip
        sent_headers = {name: value for name, value in headers.items() if chance.random() < 0.6}
        yield chance.choice(METHODS), target, sent_headers, noise(chance).encode("utf-8", "surrogatepass")


def noise(chance: random.Random) -> str:
    value = chance.choice(VALUES)
    if chance.random() < 0.5:
        place = chance.randrange(len(value) + 1)
        value = value[:place] + "".join(chance.choices(string.printable + "äЖ\x00<>{}'\"", k=5)) + value[place:]
    return value


def escaped(value: str, chance: random.Random) -> str:
    """Percent-encodes a text, sometimes wrongly."""
    coded = "".join(f"%{byte:02x}" for byte in value.encode("utf-8", "surrogatepass"))
    return (
        coded
        if chance.random() < 0.8
        else coded[: chance.randrange(len(coded) + 1)] + chance.choice(["%", "%zz", "%ff"])
    )


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_no_request_causes_an_internal_error(store: VersionedStore, tmp_path: Path, count: int) -> None:
    store.backup(tmp_path / "store")
    with process(tmp_path / "store", "--token", TOKEN, "--timeout", "2") as (server, base):
        address = urlsplit(base)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
        for method, target, headers, body in requests_of(random.Random(count), count):
            try:
                connection.request(method, target, body=body, headers=headers)
                response = connection.getresponse()
                data = response.read()
            except (http.client.HTTPException, ConnectionError):  # the server may close a connection that is no HTTP
                connection.close()
                continue
            sent = (method, target, headers, body, data[:300])
            assert response.status not in (500, 502), sent
            assert b"Traceback" not in data, sent
        connection.close()
        assert requests.get(f"{base}/health", timeout=60).json()["live"] is True
        assert server.poll() is None


RAW = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
    b"GET /sparql HTTP/9.9\r\n\r\n",
    b"GET\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 2_000_000,
    b"GET /" + b"a" * 2_000_000,
    b"\x00" * 100,
]


@pytest.mark.parametrize("data", RAW, ids=range(len(RAW)))
def test_bytes_that_are_not_http_are_answered_or_cut_off(client: Client, data: bytes) -> None:
    address = urlsplit(client.base)
    with socket.create_connection((str(address.hostname), address.port), timeout=30) as raw:
        try:
            raw.sendall(data)
            raw.shutdown(socket.SHUT_WR)
            answer = raw.recv(65536)
        except OSError:  # it was cut off before all was sent
            answer = b""
    assert answer == b"" or b" 500 " not in answer.split(b"\r\n")[0]
    assert client.get("/health").json["live"] is True


@pytest.mark.slow
def test_a_client_that_sends_its_headers_slowly_is_cut_off(client: Client) -> None:
    address = urlsplit(client.base)
    with socket.create_connection((str(address.hostname), address.port), timeout=30) as slow:
        begun = time.monotonic()
        slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert slow.recv(1) == b""
        assert 8 < time.monotonic() - begun < 15


@pytest.mark.long
def test_a_thousand_connections_for_a_minute(store: VersionedStore, tmp_path: Path) -> None:
    """Each sends small queries one after the other; answers are 200 or 503, and the memory does not grow."""
    store.backup(tmp_path / "store")
    with process(tmp_path / "store") as (server, base):
        address = urlsplit(base)
        crowd(address.hostname, address.port, 50, 5)  # what grows once grows now
        before = megabytes(server.pid)
        statuses, errors = crowd(address.hostname, address.port, 1000, 60)
        time.sleep(8)
        assert errors == 0
        assert set(statuses) <= {200, 429, 503} and statuses[200] > 10_000
        assert megabytes(server.pid) < before + 64
        assert requests.get(f"{base}/health", timeout=60).json()["live"] is True


def crowd(host: str | None, port: int | None, size: int, seconds: float) -> tuple[dict[int, int], int]:
    """How many answers of each status the connections got in this time, and how many requests failed."""
    statuses, errors, lock = dict[int, int](), [0], threading.Lock()
    until = time.monotonic() + seconds

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(str(host), port, timeout=60)
        while time.monotonic() < until:
            try:
                connection.request("GET", f"/sparql?query=SELECT({number}AS?x){{}}")
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                errors[0] += 1
                return
            with lock:
                statuses[response.status] = statuses.get(response.status, 0) + 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, errors[0]


def megabytes(pid: int) -> float:
    """The memory that the process does not share with others."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
