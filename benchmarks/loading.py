"""How fast quads become a store that is read, against pyoxigraph's own bulk loader on the same quads.

    python benchmarks/loading.py STORE

Ours is ``hamakg restore``: it loads the union of all graphs beside the quads, and makes a generation of both; the bulk
loader writes the quads alone.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from hamakg.store import VersionedStore, load_dump

ASKED = 0.8


def main(path: Path) -> None:
    snapshot = VersionedStore(path).snapshot()
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
    VersionedStore(folder).restore(lambda path: load_dump(file, path))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]))
