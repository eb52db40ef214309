"""All queries together stay within the memory of the service, and within the number of its processes."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from hamakg.engine.system import find_half_of_memory, measure_memory
from hamakg.store import VersionedStore
from web.client import process
from web.process_tree import proportional_megabytes, read_tree
from web.test_survival import seconds_until_whole

GREEDY = (  # both grow until they are stopped
    "SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} ORDER BY ?c ?f ?i LIMIT 1000000{n}",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), '{n}')) AS ?x) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}",
)


@contextmanager
def watching(root: int) -> Iterator[list[float]]:
    """Measures the memory of a server and its processes during the block; yields the megabytes."""
    measured, is_over = list[float](), threading.Event()

    def measure() -> None:
        while not is_over.wait(0.1):
            measured.append(sum(map(proportional_megabytes, [root, *read_tree(root).all])))

    thread = threading.Thread(target=measure)
    thread.start()
    yield measured
    is_over.set()
    thread.join()


@pytest.mark.slow
def test_greedy_queries_stay_within_the_memory_of_the_service(store: VersionedStore) -> None:
    """Each alone may use as much as all together may; those that use most are stopped, and the server says why."""
    megabytes, queries, answers = 1024, 36, Counter[str]()

    def ask(number: int) -> None:
        query = GREEDY[number % 2].format(n=number)
        answer = requests.get(f"{base}/sparql", params={"query": query}, timeout=100)
        answers[f"{answer.status_code} {answer.text if answer.status_code != 200 else ''}"] += 1

    options = ("--memory-total", str(megabytes), "--memory", str(megabytes), "--timeout", "15")
    with process(store.path, *options) as (server, base), watching(server.pid) as measured:
        clients = [threading.Thread(target=ask, args=(number,)) for number in range(queries)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        assert seconds_until_whole(base) < 2
    print(f"{queries} greedy queries, at most {max(measured):.0f} of {megabytes} MB; {dict(answers)}")
    assert max(measured) < megabytes
    assert {answer[:3] for answer in answers} <= {"200", "503"}
    assert answers[
        "503 The job was stopped: all jobs together need more than 1024 MB of memory, and this one needs most; ask for"
        " parts of it, or try again later.\n"
    ]


def test_half_of_the_memory_is_that_of_the_machine_or_less() -> None:
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    assert 0 < find_half_of_memory() <= int(total.split()[1]) / 1024 / 2


def test_memory_is_measured_of_processes_that_exist() -> None:
    size = 64 * 1024 * 1024
    before = measure_memory(os.getpid())
    block = b"x" * size
    assert measure_memory(os.getpid()) - before == pytest.approx(size, rel=0.1) and block
    assert measure_memory(2**22 + 1) == 0
