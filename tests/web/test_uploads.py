"""Bodies of writes: not read without the token, saved on the disk with it, and cleaned up after a killed server."""

import os
import signal
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from hamakg.store import VersionedStore
from web.client import process

MEGABYTE = 1024 * 1024
TOKEN = "secret"
UPDATE, TURTLE = "application/sparql-update", "text/turtle"
WRITES = [
    ("POST", "/sparql", UPDATE),
    ("PUT", "/store?graph=https://example.org/g", TURTLE),
    ("POST", "/store", TURTLE),
    ("POST", "/store?graph=https://example.org/g", "multipart/form-data; boundary=x"),
]


def peak_megabytes(pid: int) -> float:
    """The most memory that the process has had."""
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def send(base: str, head: str, megabytes: int) -> bytes:
    """Sends a request with a body of zeros, or as much of it as the server takes; returns the answer."""
    address = urlsplit(base)
    with socket.create_connection((str(address.hostname), address.port), timeout=60) as raw:
        try:
            raw.sendall(f"{head}Host: x\r\nContent-Length: {megabytes * MEGABYTE}\r\n\r\n".encode())
            for _ in range(megabytes):
                raw.sendall(bytes(MEGABYTE))
        except OSError:
            pass  # the server has closed the connection
        return raw.recv(65536)


@pytest.mark.parametrize(("method", "target", "media_type"), WRITES)
def test_the_body_of_a_write_without_the_token_is_not_read(
    store: VersionedStore, method: str, target: str, media_type: str
) -> None:
    """400 MB of it take neither memory nor time: the answer comes first, and then the connection ends."""
    with process(store.path, "--token", TOKEN) as (server, base):
        requests.put(f"{base}/store?graph=a:a", data=b"x", timeout=60)  # what is loaded once is loaded now
        before, begun = peak_megabytes(server.pid), time.monotonic()
        answer = send(base, f"{method} {target} HTTP/1.1\r\nContent-Type: {media_type}\r\n", 400)
        assert b" 401 " in answer.partition(b"\r\n")[0]
        assert peak_megabytes(server.pid) < before + 4
        assert time.monotonic() - begun < 5


def test_a_client_that_is_slow_after_an_early_answer_is_cut_off(store: VersionedStore) -> None:
    with process(store.path, "--token", TOKEN) as (_, base):
        address = urlsplit(base)
        with socket.create_connection((str(address.hostname), address.port), timeout=30) as raw:
            raw.sendall(b"PUT /store HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
            begun = time.monotonic()
            assert b" 401 " in b"".join(iter(lambda: raw.recv(65536), b""))
            assert time.monotonic() - begun < 10


def test_a_body_that_cannot_be_a_graph_is_refused_before_it_is_read(store: VersionedStore, tmp_path: Path) -> None:
    with process(store.path, "--token", TOKEN) as (_, base):
        head = f"PUT /store?graph=a:a HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: text/csv\r\n"
        assert b" 415 " in send(base, head, 400).partition(b"\r\n")[0]


@pytest.mark.slow
def test_a_large_graph_is_not_held_in_the_servers_memory(store: VersionedStore, tmp_path: Path) -> None:
    """400 MB go to the disk."""
    store.backup(tmp_path / "store")
    with process(tmp_path / "store", "--token", TOKEN) as (server, base):
        url = f"{base}/store?graph=https://example.org/g"
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/n-triples"}
        assert requests.put(url, data=b"<a:a> <a:b> <a:c> .", headers=headers, timeout=60).status_code == 201
        before = peak_megabytes(server.pid)
        comments = b"#" + b"x" * 62 + b"\n"
        pieces = (comments * (MEGABYTE // len(comments)) for _ in range(400))
        assert requests.put(url, data=pieces, headers=headers, timeout=300).status_code == 204
        assert peak_megabytes(server.pid) < before + 16
        assert not uploads(tmp_path / "store")


def uploads(store: Path) -> list[Path]:
    return list(store.glob("uploads/*/*"))


def test_a_server_deletes_the_uploads_of_one_that_was_killed(store: VersionedStore, tmp_path: Path) -> None:
    """But not those of one that is alive."""
    store.backup(tmp_path / "store")
    options = (tmp_path / "store", "--token", TOKEN)
    with process(*options) as (killed, first), process(*options) as (_, second):
        with _begin_upload(first), _begin_upload(second):
            _wait_for_uploads(tmp_path / "store", 2)
            os.kill(killed.pid, signal.SIGKILL)
            killed.wait()
            assert len(uploads(tmp_path / "store")) == 2
            with process(*options):
                assert len(uploads(tmp_path / "store")) == 1
        _wait_for_uploads(tmp_path / "store", 0)


def _begin_upload(base: str) -> socket.socket:
    address = urlsplit(base)
    raw = socket.create_connection((str(address.hostname), address.port), timeout=30)
    head = f"PUT /store?graph=a:a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: {TURTLE}\r\n"
    raw.sendall(f"{head}Content-Length: 1000\r\n\r\n# half of it".encode())
    return raw


def _wait_for_uploads(store: Path, count: int) -> None:
    until = time.monotonic() + 10
    while len(uploads(store)) != count and time.monotonic() < until:
        time.sleep(0.05)
    assert len(uploads(store)) == count
