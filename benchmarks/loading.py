"""Compares the speed of restoring a store with pyoxigraph's bulk loader on the same quads.

    python benchmarks/loading.py STORE

``hamakg restore`` also loads the union of all graphs, and makes a generation of it; the bulk loader only loads the
quads.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from hamakg.store import VersionedStore, load_dump

TARGET = 0.8  # of the speed of the bulk loader


def main(path: Path) -> None:
    snapshot = VersionedStore(path).snapshot()
    graphs = {
        graph.value: list(snapshot.quads_for_pattern(None, None, None, graph)) for graph in snapshot.named_graphs()
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "all.nq"
        with file.open("wb") as out:
            ox.serialize((quad for quads in graphs.values() for quad in quads), out, format=ox.RdfFormat.N_QUADS)
        bulk_time = measure_time(lambda: _load_in_bulk(file, Path(folder) / "bulk"))
        restore_time = measure_time(lambda: _restore(file, Path(folder) / "restored"))
    quads = sum(map(len, graphs.values()))
    print(f"{quads:,} quads in {len(graphs)} graphs")
    print(f"bulk_load {bulk_time:7.2f} s, restore {restore_time:7.2f} s", end="")
    print(f": {bulk_time / restore_time:.2f} of its speed (target: {TARGET})")


def _load_in_bulk(file: Path, folder: Path) -> None:
    store = ox.Store(folder)
    store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)
    store.optimize()


def _restore(file: Path, folder: Path) -> None:
    VersionedStore(folder).restore(lambda path: load_dump(file, path))


def measure_time(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]))
