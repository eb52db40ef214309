"""A server under mixed load with faults keeps its memory, files and processes, and what it has confirmed.

``HAMAKG_SOAK_SECONDS`` is how long the load lasts, ten minutes if it is not set.
"""

import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from hamakg.store import VersionedStore
from web.client import process
from web.process_tree import count_descriptors, proportional_megabytes, read_tree
from web.test_memory import GREEDY
from web.test_serve import RUNAWAY
from web.test_survival import seconds_until_whole

SECONDS = float(os.environ.get("HAMAKG_SOAK_SECONDS", "600"))
QUIET_SECONDS = 8
"""How long nothing is asked before something is measured: idle workers are ended after five seconds."""

TOKEN = {"Authorization": "Bearer soak"}
PAGES = ("/", "/resource/place/aba", "/queries", "/queries/timeline", "/ontology", "/crosswalk", "/review", "/query")
SMALL = "SELECT ?s ({n} AS ?n) {{ ?s ?p ?o }} LIMIT 20"
LARGE = "CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o . ?a ?b ?c FILTER(STR(?c) > '{n}') }} LIMIT 20000"


@dataclass(frozen=True)
class Figures:
    """What a server uses while nothing is asked."""

    megabytes: float
    all_megabytes: float
    descriptors: int
    all_descriptors: int
    threads: int
    processes: int
    uploads: int

    def __str__(self) -> str:
        return (
            f"memory {self.megabytes:.0f} MB (with all processes {self.all_megabytes:.0f} MB), open files"
            f" {self.descriptors} ({self.all_descriptors}), threads {self.threads}, processes {self.processes},"
            f" uploads {self.uploads}"
        )


def measure(root: int, store: Path) -> Figures:
    everything = [root, *read_tree(root).all]
    return Figures(
        megabytes=proportional_megabytes(root),
        all_megabytes=sum(map(proportional_megabytes, everything)),
        descriptors=count_descriptors(root),
        all_descriptors=sum(map(count_descriptors, everything)),
        threads=len(os.listdir(f"/proc/{root}/task")),
        processes=len(everything),
        uploads=sum(len(files) for _, _, files in os.walk(store / "uploads")),
    )


class Visitors:
    """Clients of all kinds, each in a thread of its own, and what they were answered."""

    def __init__(self, base: str, numbers: Iterator[int]) -> None:
        self.answers, self.confirmed, self.problems = Counter[str](), set[int](), list[str]()
        self._base, self._numbers, self._chance = base, numbers, random.Random(15)
        address = urlsplit(base)
        self._address = (str(address.hostname), int(address.port or 80))
        self._is_over = threading.Event()
        kinds: tuple[Callable[[int], None], ...] = (
            *(self._query, self._query, self._look_at_page, self._look_at_page, self._update, self._write_graph),
            *(self._run_away, self._be_greedy, self._read_slowly, self._send_slowly, self._leave),
        )
        self._threads = [threading.Thread(target=self._repeat, args=(kind,)) for kind in kinds]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, kind: Callable[[int], None]) -> None:
        while not self._is_over.wait(self._chance.uniform(0.01, 0.2)):
            number = next(self._numbers)
            try:
                kind(number)
            except (requests.RequestException, OSError) as error:
                self.problems.append(f"{kind.__name__} {number}: {error!r}")

    def _ask(self, kind: str, method: str, path: str, right: tuple[int, ...], **how: object) -> requests.Response:
        answer = requests.request(method, self._base + path, timeout=60, **how)  # type: ignore[arg-type]
        self.answers[f"{kind} {answer.status_code}"] += 1
        if answer.status_code not in (*right, 503):
            self.problems.append(f"{kind}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _query(self, number: int) -> None:
        text = (SMALL, LARGE)[number % 10 == 0].format(n=number)
        self._ask("query", "GET", "/sparql", (200,), params={"query": text})

    def _look_at_page(self, number: int) -> None:
        self._ask("page", "GET", PAGES[number % len(PAGES)], (200,), headers={"Accept": "text/html"})

    def _update(self, number: int) -> None:
        text = f"INSERT DATA {{ GRAPH <urn:soak> {{ <urn:n> <urn:is> {number} }} }}"
        if self._ask("update", "POST", "/sparql", (204,), data={"update": text}, headers=TOKEN).status_code == 204:
            self.confirmed.add(number)

    def _write_graph(self, number: int) -> None:
        graph, body = f"/store?graph=urn:soak:{number % 5}", "".join(f"<urn:{n}> <urn:is> {n} .\n" for n in range(2000))
        headers = TOKEN | {"Content-Type": "text/turtle"}
        self._ask("PUT", "PUT", graph, (201, 204), data=body.encode(), headers=headers)
        self._ask("GET", "GET", graph, (200, 404))
        if number % 3 == 0:
            self._ask("DELETE", "DELETE", graph, (204, 404), headers=TOKEN)

    def _run_away(self, number: int) -> None:
        self._ask("runaway", "GET", "/sparql", (), params={"query": f"{RUNAWAY} # {number}"})

    def _be_greedy(self, number: int) -> None:
        self._ask("greedy", "GET", "/sparql", (200,), params={"query": GREEDY[number % 2].format(n=number)})

    def _read_slowly(self, number: int) -> None:
        """Reads an answer in small pieces, and leaves before its end."""
        with socket.create_connection(self._address, timeout=30) as connection:
            target = f"/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%20.%20%3Fa%20%3Fb%20{number}%20%7D"
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: soak\r\n\r\n".encode())
            for _ in range(20):
                if not connection.recv(20):
                    break
                time.sleep(0.05)

    def _send_slowly(self, number: int) -> None:
        """Sends a head, or a part of a body, and then nothing for a while."""
        with socket.create_connection(self._address, timeout=30) as connection:
            connection.sendall(b"POST /reconcile HTTP/1.1\r\nHost: soak\r\nContent-Length: 100\r\n")
            if number % 2:
                connection.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nqueries=")
            self._is_over.wait(3)

    def _leave(self, number: int) -> None:
        """Asks for something that takes long, and leaves."""
        with suppress(requests.Timeout):
            requests.get(f"{self._base}/sparql", params={"query": f"{RUNAWAY} # {number}"}, timeout=0.4)


def disturb(root: int, base: str, seconds: float, chance: random.Random) -> list[float]:
    """Kills or stops a process every few seconds; returns how long the service was not whole each time."""
    times, until = list[float](), time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(chance.uniform(1, 4))
        with suppress(ProcessLookupError):
            os.kill(chance.choice(read_tree(root).all), chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP)))
        times.append(seconds_until_whole(base))
    return times


@pytest.mark.long
def test_a_soak_under_mixed_load_with_faults_leaks_nothing(store: VersionedStore, tmp_path: Path) -> None:
    """Prints what the server uses at the start, in the middle and at the end, each time when nothing is asked."""
    path, chance = tmp_path / "store", random.Random(15)
    store.backup(path)
    options = ("--token", "soak", "--timeout", "4", "--processes", "8", "--memory", "300", "--memory-total", "1000")
    figures, times, numbers = list[Figures](), list[float](), count()
    answers, problems, confirmed = Counter[str](), list[str](), set[int]()
    with process(path, *options, "--cache", "1") as (server, base):
        for share in (0.1, 0.45, 0.45):  # the first part fills caches
            visitors = Visitors(base, numbers)
            visitors.start()
            times += disturb(server.pid, base, share * SECONDS, chance)
            visitors.stop()
            time.sleep(QUIET_SECONDS)
            figures.append(measure(server.pid, path))
            print(("start", "middle", "end")[len(figures) - 1], figures[-1])
            answers += visitors.answers
            problems += visitors.problems
            confirmed |= visitors.confirmed
        stored = read_numbers(base)
    print(f"{len(times)} faults, longest not whole for {max(times):.2f} s; answers {dict(sorted(answers.items()))}")
    assert problems == []
    assert confirmed <= stored
    assert max(times) < 8
    start, middle, end = figures
    assert end.processes <= start.processes and end.uploads == 0
    assert end.descriptors <= middle.descriptors + 2 and end.threads <= middle.threads + 2
    assert end.megabytes < middle.megabytes * 1.1 + 5
    assert end.all_megabytes < middle.all_megabytes * 1.1 + 20


def read_numbers(base: str) -> set[int]:
    query = "SELECT ?n { GRAPH <urn:soak> { ?s ?p ?n } }"
    rows = requests.get(f"{base}/sparql", params={"query": query, "format": "csv"}, timeout=60).text.split()[1:]
    return set(map(int, rows))
