"""Whatever process of a server dies or hangs: answers are right or 503, and the service is soon whole again."""

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle

import pytest
import requests

from hamakg.store import VersionedStore
from web.client import process
from web.process_tree import is_alive, read_tree
from web.test_serve import RUNAWAY

WHOLE_SECONDS = 2.0
QUESTIONS = {
    "/sparql?query=SELECT%20(1%20%2B%201%20AS%20%3Fx)%20%7B%7D&format=csv": "x\r\n2\r\n",
    "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D&format=csv": "true",
    "/resource/place/aba": None,
    "/health": None,
}
"""Paths, and what is answered, if that is always the same."""


class Load:
    """Clients that ask the same questions all the time, and what was answered."""

    def __init__(self, base: str, clients: int) -> None:
        self.answers, self.wrong, self.errors = Counter[int](), list[str](), list[str]()
        self._base, self._is_over = base, threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(clients)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        with requests.Session() as session:
            for path in cycle([*QUESTIONS][number:] + [*QUESTIONS][:number]):
                if self._is_over.wait(0.01):
                    return
                self._ask_one(session, path)

    def _ask_one(self, session: requests.Session, path: str) -> None:
        try:
            response = session.get(self._base + path, timeout=20)
        except requests.RequestException as error:
            self.errors.append(f"{path}: {error}")
            return
        self.answers[response.status_code] += 1
        is_right = QUESTIONS[path] is None or response.text == QUESTIONS[path]
        if not (response.status_code == 503 or (response.status_code == 200 and is_right)):
            self.wrong.append(f"{path}: {response.status_code} {response.text[:200]}")


def is_whole(base: str) -> bool:
    """Whether the server says that it is ready, and answers a query."""
    with suppress(requests.RequestException):
        if requests.get(f"{base}/health", timeout=WHOLE_SECONDS).status_code == 200:
            answer = requests.get(f"{base}/sparql", params={"query": "ASK {}", "format": "csv"}, timeout=WHOLE_SECONDS)
            return answer.text == "true"
    return False


def seconds_until_whole(base: str) -> float:
    begun = time.monotonic()
    while not is_whole(base) and time.monotonic() < begun + 20:
        time.sleep(0.02)
    return time.monotonic() - begun


def kill_one_after_another(store: VersionedStore, kills: int) -> None:
    """Prints what was answered, and how long the service was not whole."""
    chance, times = random.Random(15), list[tuple[float, str]]()
    with process(store.path, "--timeout", "5") as (server, base), Load(base, 4) as load:
        for _ in range(kills):
            tree = read_tree(server.pid)
            victim = chance.choice([*tree.fork_servers, *tree.workers])
            kind = "fork server" if victim in tree.fork_servers else "worker"
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            times.append((seconds_until_whole(base), kind))
            time.sleep(0.3)
    print(f"{kills} kills ({Counter(kind for _, kind in times)}), answers {dict(load.answers)}, longest {max(times)}")
    assert (load.wrong, load.errors) == ([], [])
    assert [late for late in times if late[0] > WHOLE_SECONDS] == []
    assert load.answers[200] > load.answers[503]


@pytest.mark.slow
def test_ten_kills_of_processes_under_load_are_survived(store: VersionedStore) -> None:
    kill_one_after_another(store, 10)


@pytest.mark.long
def test_a_hundred_kills_of_processes_under_load_are_survived(store: VersionedStore) -> None:
    kill_one_after_another(store, 100)


@pytest.mark.parametrize("kind", ["fork servers", "workers"])
def test_a_server_whose_processes_are_stopped_goes_on(store: VersionedStore, kind: str) -> None:
    """With SIGSTOP, as a hung process would."""
    with process(store.path, "--timeout", "10") as (server, base):
        tree = read_tree(server.pid)
        stopped = tree.fork_servers if kind == "fork servers" else tree.workers
        assert stopped
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        begun = time.monotonic()
        time.sleep(1.5)
        assert is_whole(base)
        assert time.monotonic() - begun < 5


@contextmanager
def runaways(base: str, count: int) -> Iterator[list[int]]:
    """Clients that wait for queries which never end; yields the statuses of their answers so far."""
    statuses = list[int]()

    def ask() -> None:
        with suppress(requests.RequestException):
            statuses.append(requests.get(f"{base}/sparql", params={"query": RUNAWAY}, timeout=60).status_code)

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    time.sleep(0.7)
    yield statuses
    for thread in threads:
        thread.join()


def test_queries_that_run_on_a_killed_fork_server_are_answered_with_503_at_once(store: VersionedStore) -> None:
    with process(store.path, "--timeout", "30") as (server, base):
        begun = time.monotonic()
        with runaways(base, 3) as statuses:
            for pid in read_tree(server.pid).fork_servers:
                os.kill(pid, signal.SIGKILL)
        assert statuses == [503] * 3 and time.monotonic() - begun < 5
        assert seconds_until_whole(base) < WHOLE_SECONDS


@pytest.mark.parametrize(
    ("number", "whose"),
    [
        (signal.SIGKILL, ["fork_servers"]),
        (signal.SIGSTOP, ["fork_servers"]),
        (signal.SIGSTOP, ["workers"]),
        (signal.SIGSTOP, ["workers", "fork_servers"]),
    ],
)
def test_sigterm_ends_the_server_in_any_state(store: VersionedStore, number: int, whose: list[str]) -> None:
    """Processes are killed or stopped while queries run; then the server is told to end."""
    with process(store.path, "--timeout", "3") as (server, base), runaways(base, 3):
        tree = read_tree(server.pid)
        for pid in [pid for kind in whose for pid in getattr(tree, kind)]:
            os.kill(pid, number)
        server.terminate()
        assert server.wait(timeout=15) == 0
        time.sleep(0.2)
        assert [pid for pid in tree.all if is_alive(pid)] == []


@pytest.mark.parametrize("state", ["running", "stopped"])
def test_no_process_outlives_a_killed_server_by_a_second(store: VersionedStore, state: str) -> None:
    """Neither those that run long queries, nor those that were stopped."""
    with process(store.path) as (server, base), runaways(base, 4):
        tree = read_tree(server.pid)
        assert len(tree.workers) >= 4
        for pid in tree.all if state == "stopped" else ():
            os.kill(pid, signal.SIGSTOP)
        server.kill()
        time.sleep(1)
        assert [pid for pid in tree.all if is_alive(pid)] == []


def test_health_says_that_a_server_is_not_ready_if_no_query_gets_through(store: VersionedStore) -> None:
    """Here because the only worker runs another query, and until that is stopped."""
    with process(store.path, "--timeout", "5", "--processes", "1") as (_, base), runaways(base, 1):
        response = requests.get(f"{base}/health", timeout=10)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
        health = response.json()
        assert (health["status"], health["live"], health["ready"]) == ("unavailable", True, False)
        assert health["fault"] == "no query is answered within 2 s"
        time.sleep(5)
        assert requests.get(f"{base}/health", timeout=10).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_query_is_answered_whenever_health_says_so(store: VersionedStore, number: int) -> None:
    """Also just after all processes were stopped or killed."""
    with process(store.path, "--timeout", "5") as (server, base):
        for pid in read_tree(server.pid).all:
            os.kill(pid, number)
        for _ in range(20):
            if requests.get(f"{base}/health", timeout=10).status_code == 200:
                answer = requests.get(f"{base}/sparql", params={"query": "ASK {}", "format": "csv"}, timeout=2)
                assert (answer.status_code, answer.text) == (200, "true")
            time.sleep(0.1)
        assert is_whole(base)


def never_more_workers_than(server: subprocess.Popen[str], seconds: float) -> int:
    most, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        most = max(most, len(read_tree(server.pid).workers))
        time.sleep(0.005)
    return most


def test_there_are_never_more_workers_than_asked_for(store: VersionedStore) -> None:
    """Those that are being killed count, until the system has removed them."""
    with process(store.path, "--timeout", "0.5", "--processes", "4") as (server, base), runaways(base, 40) as statuses:
        most = never_more_workers_than(server, 5)
    assert most <= 4 and set(statuses) == {503}
