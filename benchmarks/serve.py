"""Compares the service with other servers of the same store: `oxigraph serve` and rdflib-endpoint.

    pip install oxigraph oxrdflib rdflib-endpoint && apt-get install wrk
    python benchmarks/serve.py STORE [SECONDS]

Each serves a copy of the newest generation of STORE, and wrk (https://github.com/wg/wrk) sends the same queries. Point
queries are about 10,000 random subjects over 16 connections, with the service's cache of answers off and on; all
other queries are sent over one connection, to measure the time that one user waits. rdflib-endpoint gets only the point
queries and 100,000 rows, since others take it minutes. Only ratios within one run are meaningful.
"""

import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import urlopen

import pyoxigraph as ox

from hamakg.rdf.iris import HAMA
from hamakg.sparql import query_files
from hamakg.store import VersionedStore

SUBJECTS = 10_000
PROLOGUE = f"PREFIX hama: <{HAMA}> PREFIX prov: <http://www.w3.org/ns/prov#> "

LUA = """
local targets, n = {}, 0
for line in io.lines("%s") do targets[#targets + 1] = line end
request = function()
  n = n + 1
  return wrk.format("GET", targets[n %% #targets + 1], {["Accept"] = "%s"})
end
"""
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1}
RESULTS = "application/sparql-results+json, application/n-triples;q=0.9"

RDFLIB_ENDPOINT = """
import sys
import rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
graph = rdflib.Dataset(store="Oxigraph", default_union=False)
graph.store.open(sys.argv[1])
uvicorn.run(SparqlEndpoint(graph=graph, path="/sparql"), port=int(sys.argv[2]), log_level="error")
"""


class Server(NamedTuple):
    """How a server is started on a store of ours or an Oxigraph directory, and the path of its endpoint."""

    name: str
    command: Callable[[Path, Path, int], Sequence[str]]
    path: str
    is_slow: bool = False


SERVERS = (
    Server("hamakg", lambda store, directory, port: _make_hamakg_command(store, port, "0"), "/sparql"),
    Server("hamakg, cache", lambda store, directory, port: _make_hamakg_command(store, port, "256"), "/sparql"),
    Server(
        "oxigraph",
        lambda store, directory, port: [
            "oxigraph",
            "serve-read-only",
            "-l",
            str(directory),
            "--bind",
            f"127.0.0.1:{port}",
        ],
        "/query",
    ),
    Server(
        "rdflib-endpoint",
        lambda store, directory, port: [sys.executable, "-c", RDFLIB_ENDPOINT, str(directory), str(port)],
        "/sparql",
        is_slow=True,
    ),
)


def _make_hamakg_command(store: Path, port: int, cache: str) -> list[str]:
    return ["hamakg", "serve", "--store", str(store), "--port", str(port), "--cache", cache]


def make_queries() -> dict[str, str]:
    """Queries of several kinds, and the sample questions, by name."""
    queries = {
        "star": PROLOGUE + "SELECT * { ?e a hama:Capture ; hama:place ?p ; hama:agent ?a ; hama:startDate ?d ;"
        " hama:standing ?s ; prov:wasDerivedFrom ?w } LIMIT 1000",
        "aggregate": PROLOGUE + "SELECT ?t ?s (COUNT(*) AS ?n) { ?e a ?t ; hama:standing ?s ; hama:factuality ?f }"
        " GROUP BY ?t ?s",
        "path": PROLOGUE + "SELECT (COUNT(*) AS ?n) { ?u hama:subUnitOf+ ?top . ?top hama:subUnitOf* ?x }",
        "100,000 rows": "SELECT * { ?s ?p ?o } LIMIT 100000",
    }
    return queries | {f"sample {query.name}": query.text for query in query_files.read_questions()}


def main(path: Path, seconds: int = 4) -> None:
    with TemporaryDirectory() as folder:
        store, directory = Path(folder) / "store", Path(folder) / "directory"
        VersionedStore(path).backup(store)
        snapshot = VersionedStore(path).snapshot()
        snapshot.backup(directory)
        print(f"{len(snapshot):,} quads", flush=True)
        points = list(_make_point_queries(snapshot))
        rates = {server.name: _measure(server, store, directory, points, seconds, Path(folder)) for server in SERVERS}
    for query in next(iter(rates.values())):
        _print_row(query, {name: rate.get(query, 0.0) for name, rate in rates.items()})


def _make_point_queries(snapshot: ox.Store) -> Iterator[str]:
    subjects = sorted({quad.subject.value for quad in snapshot if isinstance(quad.subject, ox.NamedNode)})
    for subject in random.Random(1).choices(subjects, k=SUBJECTS):
        yield f"SELECT ?p ?o {{ <{subject}> ?p ?o }} LIMIT 20"


def _measure(
    server: Server, store: Path, directory: Path, points: Sequence[str], seconds: int, folder: Path
) -> dict[str, float]:
    """Requests a second by query; 0 if one failed or none was answered in time."""
    with _run_server(server, store, directory) as base:
        rates = {"point": _run_wrk(base, server.path, points, 16, seconds, folder)}
        for name, query in make_queries().items():
            if server.is_slow and name != "100,000 rows":
                continue
            rates[name] = _run_wrk(base, server.path, [query], 1, seconds, folder)
    return rates


@contextmanager
def _run_server(server: Server, store: Path, directory: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(server.command(store, directory, port), stdout=subprocess.DEVNULL) as process:
        base = f"http://127.0.0.1:{port}"
        try:
            _wait_for(f"{base}{server.path}?query={quote('ASK {}')}")
            yield base
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urlopen(address).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer")


def _run_wrk(base: str, path: str, queries: Sequence[str], connections: int, seconds: int, folder: Path) -> float:
    targets, script = folder / "targets", folder / "ask.lua"
    targets.write_text("".join(f"{path}?query={quote(query, safe='')}\n" for query in queries))
    script.write_text(LUA % (targets, RESULTS))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(script), base]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        return 0.0
    if connections == 1:  # few requests end within the seconds, so take their mean time
        mean = re.search(r"Latency\s+([\d.]+)(us|ms|s)\b", output)
        return 1 / (float(mean[1]) * UNITS[mean[2]]) if mean and float(mean[1]) else 0.0
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    return float(rate[1]) if rate else 0.0


def _print_row(query: str, rates: dict[str, float]) -> None:
    times = "  ".join(f"{name} {_format_rate(rate)}" for name, rate in rates.items() if rate)
    hamakg, oxigraph, rdflib = rates["hamakg"], rates["oxigraph"], rates["rdflib-endpoint"]
    time_ratio = f"{oxigraph / hamakg:.2f} times oxigraph's time" if hamakg and oxigraph else "no comparison"
    rate_ratio = f", {hamakg / rdflib:.1f} times rdflib-endpoint's rate" if hamakg and rdflib else ""
    print(f"{query:38} {times}: {time_ratio}{rate_ratio}")


def _format_rate(rate: float) -> str:
    return f"{1000 / rate:.1f} ms" if rate < 100 else f"{rate:,.0f}/s"


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
