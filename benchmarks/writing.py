"""Compares the speed of large writes over HTTP with pyoxigraph's bulk loader, and measures small updates.

    python benchmarks/writing.py STORE [TRIPLES]

A server is started on a copy of STORE. TRIPLES (1,000,000) triples of it, with other IRIs, are written to a new graph
by PUT, added to another one by POST, and replace the first by PUT; each time is compared with that of bulk_load for the
same file in an empty directory. Meanwhile a query is sent again and again, and its slowest answer reported. Then come
updates of up to 1,000 triples, in named graphs and over graph variables. Only ratios within one run are meaningful.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import requests

from hamakg.store import UNION, VersionedStore

TARGET = 0.5  # of the speed of the bulk loader
MOST_SECONDS = 0.3  # for a small update
TOKEN = {"Authorization": "Bearer secret"}
BULK_LOADER = """
import sys, time
import pyoxigraph as ox
start = time.perf_counter()
graph = ox.NamedNode("urn:bulk")
ox.Store(sys.argv[2]).bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
print(time.perf_counter() - start)
"""
SMALL_UPDATES = {
    "1 triple": "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> NUMBER } }",
    "1 triple in the default graph": "INSERT DATA { <urn:s> <urn:p> NUMBER }",
    "1,000 triples": "INSERT DATA { GRAPH <urn:g> { TRIPLES } }",
    "1,000 triples deleted": "DELETE WHERE { GRAPH <urn:g> { ?s <urn:qNUMBER> ?o } }",
    "1 triple over a graph variable": """
        INSERT { GRAPH ?g { <urn:s> <urn:p> NUMBER } } WHERE { GRAPH ?g { <urn:s> <urn:p> 0 } }""",
}
REPETITIONS = 7


def main(path: Path, count: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        folder = Path(name)
        VersionedStore(path).backup(folder / "store")
        file = folder / "triples.nt"
        write_triples(VersionedStore(path).snapshot(), file, count)
        size = file.stat().st_size / 2**20
        print(f"{count:,} triples, {size:.0f} MB, and a store of {count_quads(path):,} quads")
        bulk_time = time_bulk_loader(file, folder / "bulk")
        print(f"bulk_load of the file     {bulk_time:7.2f} s, {count / bulk_time:9,.0f} triples/s")
        with serve(folder / "store") as address:
            compare_writes(address, file, bulk_time)
            measure_small_updates(address)


def write_triples(snapshot: ox.Store, file: Path, count: int) -> None:
    """Writes the triples of the union, as often as needed, each time with other IRIs of resources."""
    with file.open("wb") as out:
        written = 0
        while written < count:
            quads = list(islice(snapshot.quads_for_pattern(None, None, None, UNION), count - written))
            text = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
            assert text is not None
            out.write(re.sub(rb"<([a-z]+://[^/>]+/)", rb"<\g<1>%d/" % (written + 1), text))
            written += len(quads)


def count_quads(path: Path) -> int:
    return sum(1 for quad in VersionedStore(path).snapshot() if quad.graph_name != UNION)


def time_bulk_loader(file: Path, folder: Path) -> float:
    """The seconds of bulk_load, at the priority that the server gives to long jobs."""
    command = ["nice", "-n", "19", sys.executable, "-c", BULK_LOADER, str(file), str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@contextmanager
def serve(path: Path) -> Iterator[str]:
    command = [sys.executable, "-c", "from hamakg.cli import main; main()", "serve", "--port", "0", "--token", "secret"]
    with subprocess.Popen([*command, "--store", str(path)], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[2].rstrip("/")
        finally:
            server.terminate()


def compare_writes(address: str, file: Path, bulk_time: float) -> None:
    for title, method, graph in (
        ("PUT to a new graph", "PUT", "urn:a"),
        ("POST to a new graph", "POST", "urn:b"),
        ("PUT to replace a graph", "PUT", "urn:a"),
    ):
        with querying(address) as times:
            seconds = measure_time(partial(write, address, file, method, graph))
        print(f"{title:<25} {seconds:7.2f} s: {bulk_time / seconds:.2f} of the speed (target: {TARGET})", end="; ")
        print(f"queries meanwhile: median {statistics.median(times):.3f} s, slowest {max(times):.3f} s")


def write(address: str, file: Path, method: str, graph: str) -> None:
    with file.open("rb") as body:
        headers = TOKEN | {"Content-Type": "application/n-triples"}
        answer = requests.request(method, f"{address}/store?graph={graph}", data=body, headers=headers, timeout=1200)
    if not answer.ok:
        raise SystemExit(f"{method} failed: {answer.status_code} {answer.text}")


@contextmanager
def querying(address: str) -> Iterator[list[float]]:
    """Sends a query again and again during the block; the times of the answers are appended to the list."""
    times, ended = list[float](), threading.Event()

    def ask() -> None:
        while not ended.wait(0.1):
            query = f"SELECT * {{ ?s a ?c }} LIMIT {len(times) + 1}"
            times.append(measure_time(partial(requests.get, f"{address}/sparql", {"query": query}, timeout=60)))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield times
    finally:
        ended.set()
        thread.join()


def measure_small_updates(address: str) -> None:
    for title, text in SMALL_UPDATES.items():
        times = []
        for number in range(REPETITIONS):
            triples = " ".join(f"<urn:s{n}> <urn:q{number}> {n} ." for n in range(1000))
            update = text.replace("TRIPLES", triples).replace("NUMBER", str(number))
            times.append(measure_time(partial(run_update, address, update)))
        figures = f"median {statistics.median(times):.3f} s, slowest {max(times):.3f} s"
        print(f"{title:<32} {figures} (target: {MOST_SECONDS} s)")


def run_update(address: str, text: str) -> None:
    headers = TOKEN | {"Content-Type": "application/sparql-update"}
    requests.post(f"{address}/sparql", data=text, headers=headers, timeout=600).raise_for_status()


def measure_time(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
