"""How the service compares with other servers over the same store: `oxigraph serve` and rdflib-endpoint.

    pip install oxigraph oxrdflib rdflib-endpoint && apt-get install wrk
    python benchmarks/serve.py STORE [SECONDS]

All serve a copy of the newest generation of STORE, one after the other, and wrk (https://github.com/wg/wrk) asks each
the same. Point queries are asked of 10,000 random subjects over 16 connections, with our cache of answers off and on;
all else over one connection, as one user waits for it. rdflib-endpoint is asked point queries and 100,000 rows alone:
others take it minutes. Only ratios within one run mean something.
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
    """How a server is started over an Oxigraph directory, or a store of ours, and where it answers."""

    name: str
    command: Callable[[Path, Path, int], Sequence[str]]
    path: str
    slow: bool = False


SERVERS = (
    Server("hamakg", lambda ours, theirs, port: _hamakg(ours, port, "0"), "/sparql"),
    Server("hamakg, cache", lambda ours, theirs, port: _hamakg(ours, port, "256"), "/sparql"),
    Server(
        "oxigraph",
        lambda ours, theirs, port: ["oxigraph", "serve-read-only", "-l", str(theirs), "--bind", f"127.0.0.1:{port}"],
        "/query",
    ),
    Server(
        "rdflib-endpoint",
        lambda ours, theirs, port: [sys.executable, "-c", RDFLIB_ENDPOINT, str(theirs), str(port)],
        "/sparql",
        slow=True,
    ),
)


def _hamakg(store: Path, port: int, cache: str) -> list[str]:
    return ["hamakg", "serve", "--store", str(store), "--port", str(port), "--cache", cache]


def questions() -> dict[str, str]:
    """One of each kind; the sample questions as they stand."""
    asked = {
        "star": PROLOGUE + "SELECT * { ?e a hama:Capture ; hama:place ?p ; hama:agent ?a ; hama:startDate ?d ;"
        " hama:standing ?s ; prov:wasDerivedFrom ?w } LIMIT 1000",
        "aggregate": PROLOGUE + "SELECT ?t ?s (COUNT(*) AS ?n) { ?e a ?t ; hama:standing ?s ; hama:factuality ?f }"
        " GROUP BY ?t ?s",
        "path": PROLOGUE + "SELECT (COUNT(*) AS ?n) { ?u hama:subUnitOf+ ?top . ?top hama:subUnitOf* ?x }",
        "100,000 rows": "SELECT * { ?s ?p ?o } LIMIT 100000",
    }
    return asked | {f"sample {query.name}": query.text for query in query_files.read_examples()}


def main(path: Path, seconds: int = 4) -> None:
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        VersionedStore(path).backup(ours)
        snapshot = VersionedStore(path).snapshot()
        snapshot.backup(theirs)
        print(f"{len(snapshot):,} quads", flush=True)
        points = list(_points(snapshot))
        rates = {server.name: _rates(server, ours, theirs, points, seconds, Path(folder)) for server in SERVERS}
    for question in next(iter(rates.values())):
        _show(question, {name: rate.get(question, 0.0) for name, rate in rates.items()})


def _points(snapshot: ox.Store) -> Iterator[str]:
    subjects = sorted({quad.subject.value for quad in snapshot if isinstance(quad.subject, ox.NamedNode)})
    for subject in random.Random(1).choices(subjects, k=SUBJECTS):
        yield f"SELECT ?p ?o {{ <{subject}> ?p ?o }} LIMIT 20"


def _rates(
    server: Server, ours: Path, theirs: Path, points: Sequence[str], seconds: int, folder: Path
) -> dict[str, float]:
    """Requests a second, by question; 0 where one failed, or none was answered in the time."""
    with _serving(server, ours, theirs) as base:
        rates = {"point": _wrk(base, server.path, points, 16, seconds, folder)}
        for name, query in questions().items():
            if server.slow and name != "100,000 rows":
                continue
            rates[name] = _wrk(base, server.path, [query], 1, seconds, folder)
    return rates


@contextmanager
def _serving(server: Server, ours: Path, theirs: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(server.command(ours, theirs, port), stdout=subprocess.DEVNULL) as process:
        base = f"http://127.0.0.1:{port}"
        try:
            _wait(f"{base}{server.path}?query={quote('ASK {}')}")
            yield base
        finally:
            process.terminate()


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            urlopen(address).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer")


def _wrk(base: str, path: str, asked: Sequence[str], connections: int, seconds: int, folder: Path) -> float:
    targets, script = folder / "targets", folder / "ask.lua"
    targets.write_text("".join(f"{path}?query={quote(query, safe='')}\n" for query in asked))
    script.write_text(LUA % (targets, RESULTS))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(script), base]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        return 0.0
    if connections == 1:  # the mean of the times: few are whole within the seconds
        mean = re.search(r"Latency\s+([\d.]+)(us|ms|s)\b", said)
        return 1 / (float(mean[1]) * UNITS[mean[2]]) if mean and float(mean[1]) else 0.0
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(rate[1]) if rate else 0.0


def _show(question: str, rates: dict[str, float]) -> None:
    times = "  ".join(f"{name} {_time(rate)}" for name, rate in rates.items() if rate)
    mine, oxigraph, rdflib = rates["hamakg"], rates["oxigraph"], rates["rdflib-endpoint"]
    against = f"{oxigraph / mine:.2f} times oxigraph's time" if mine and oxigraph else "no comparison"
    over = f", {mine / rdflib:.1f} times rdflib-endpoint's rate" if mine and rdflib else ""
    print(f"{question:38} {times}: {against}{over}")


def _time(rate: float) -> str:
    return f"{1000 / rate:.1f} ms" if rate < 100 else f"{rate:,.0f}/s"


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
