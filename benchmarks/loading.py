"""How fast quads become a store that is read, against pyoxigraph's own bulk loader on the same quads.

    python benchmarks/loading.py STORE

Ours writes each article's graph to a draft, keeps the union of all graphs beside them, and publishes a compact copy;
the bulk loader writes the quads alone. What follows from the articles is not made anew.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from hamakg.store import Store, replace

ASKED = 0.8


def main(path: Path) -> None:
    snapshot = Store(path).snapshot()
    graphs = {
        graph.value: list(snapshot.quads_for_pattern(None, None, None, graph)) for graph in snapshot.named_graphs()
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.nq"
        with file.open("wb") as out:
            ox.serialize((quad for quads in graphs.values() for quad in quads), out, format=ox.RdfFormat.N_QUADS)
        theirs = seconds(lambda: _bulk(file, Path(folder) / "bulk"))
        ours = seconds(lambda: _ours(file, Path(folder) / "ours"))
    quads = sum(map(len, graphs.values()))
    print(f"{quads:,} quads in {len(graphs)} graphs")
    print(f"bulk_load {theirs:7.2f} s, ours {ours:7.2f} s: {theirs / ours:.2f} of its speed (asked: {ASKED})")


def _bulk(file: Path, folder: Path) -> None:
    store = ox.Store(folder)
    store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)
    store.optimize()


def _ours(file: Path, folder: Path) -> None:
    graphs: dict[str, list[ox.Quad]] = {}
    for quad in ox.parse(path=file, format=ox.RdfFormat.N_QUADS):
        graphs.setdefault(str(quad.graph_name)[1:-1], []).append(quad)
    with Store(folder).writing() as draft:
        for graph, quads in graphs.items():
            replace(draft, graph, quads)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]))
