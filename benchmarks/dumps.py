"""Compares the speed of dumps with pyoxigraph's ``Store.dump``, which does not sort, and measures the cost of sorting.

python benchmarks/dumps.py [STORE] [COPIES] [ROUNDS]

The graphs of articles and entities are copied COPIES times (default: 30) under other names. Without a STORE, the seeds
are built. Both ways write the same graphs with the same prefixes and base. Besides not sorting, ``Store.dump`` does
less: in formats without graphs it writes graph after graph where the export writes their union, it writes JSON-LD on
one line, and in RDF/XML it writes carriage returns that parsers read as line feeds. Each is timed in each of ROUNDS
rounds (default: 5), and its fastest round counts, in seconds of processor time, which other programs hardly affect.
"""

import io
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import inf
from pathlib import Path
from time import process_time

import pyoxigraph as ox

from hamakg.build import build
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_pipeline, load_trained
from hamakg.publish import FORMATS, select_graphs, write_dump
from hamakg.publish.sorting import Sorter, remove_marks
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.store import VersionedStore

SEEDS = Path(__file__).parents[1] / "seeds"
IRIS = Iris()

Task = Callable[["CountingStream"], None]


class CountingStream(io.RawIOBase):
    """Counts the bytes written to it, and drops them."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self.bytes += len(data)
        return len(data)


def copy_quads(source: ox.Store, copies: int) -> Iterator[ox.Quad]:
    """The quads of articles and entities ``copies`` times, each time with other IRIs of articles and resources."""
    lines = io.BytesIO()
    write_dump(source, "nquads", lines, select_graphs(source, IRIS), IRIS)
    text, namespaces = lines.getvalue().decode(), [IRIS.resource(""), IRIS.article_graph("")]
    for n in range(copies):
        copy = text
        for namespace in namespaces:
            copy = copy.replace(f"<{namespace}", f"<{namespace}copy-{n}-")
        yield from ox.parse(copy, format=ox.RdfFormat.N_QUADS)


def sort_graphs(store: ox.Store, groups: Iterable[Sequence[str]], out: CountingStream) -> None:
    """Sort each group of graphs together, as an export does before it writes them in a format."""
    for graphs in groups:
        with Sorter() as sorter:
            for graph in graphs:
                store.dump(sorter, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph))
            sorter.finish()
            for piece in sorter.read_pieces():
                out.write(remove_marks(piece))


def dump_unsorted(store: ox.Store, graphs: Sequence[str], rdf: ox.RdfFormat, out: CountingStream) -> None:
    """Write the graphs with ``Store.dump``: at once, or one by one if the format has no graphs."""
    for graph in [None] if rdf.supports_datasets else map(ox.NamedNode, graphs):
        store.dump(out, format=rdf, from_graph=graph, prefixes=PREFIXES, base_iri=IRIS.base)


def make_tasks(store: ox.Store, graphs: Sequence[str]) -> dict[tuple[str, str], Task]:
    """The tasks to time, by format (or another subject) and the way in which it is done."""
    tasks: dict[tuple[str, str], Task] = {}
    for fmt, rdf in FORMATS.items():
        tasks[fmt, "Store.dump"] = partial(dump_unsorted, store, graphs, rdf)
        tasks[fmt, "export"] = partial(export, store, graphs, fmt)
    tasks["lines", "Store.dump"] = partial(dump_unsorted, store, graphs, ox.RdfFormat.N_TRIPLES)
    tasks["graphs", "sorted"] = partial(sort_graphs, store, [[graph] for graph in graphs])
    tasks["union", "sorted"] = partial(sort_graphs, store, [graphs])
    return tasks


def export(store: ox.Store, graphs: Sequence[str], fmt: str, out: CountingStream) -> None:
    write_dump(store, fmt, out, graphs, IRIS)


def time_tasks(tasks: Mapping[tuple[str, str], Task], rounds: int) -> dict[tuple[str, str], float]:
    """The processor time in seconds that each task took in its fastest round."""
    times = dict.fromkeys(tasks, inf)
    for _ in range(rounds):
        for name, task in tasks.items():
            start = process_time()
            task(CountingStream())
            times[name] = min(times[name], process_time() - start)
    return times


def main(path: Path | None, copies: int, rounds: int) -> None:
    """Print a line for each format.

    It has the seconds of ``Store.dump``, of an export, and of the sorting in it (the time for sorted N-Triples minus
    that for unsorted ones), then the speed of the export divided by that of ``Store.dump``, with and without sorting.
    """
    with tempfile.TemporaryDirectory() as folder:
        if path is None:
            path = Path(folder) / "seeds"
            build(
                [SEEDS], VersionedStore(path), partial(extract_facts, nlp=load_pipeline(), trained=load_trained()), IRIS
            )
        store = ox.Store(Path(folder) / "copies")
        store.bulk_extend(copy_quads(VersionedStore(path).snapshot(), copies))
        store.optimize()
        graphs = select_graphs(store, IRIS)
        times = time_tasks(make_tasks(store, graphs), rounds)
        print(f"{len(store)} quads in {len(graphs)} graphs")
        print(f"{'':<12}{'Store.dump':>12}{'export':>12}{'sorting':>12}{'share':>8}{'without sorting':>16}")
        for fmt, rdf in FORMATS.items():
            reference, export_time = times[fmt, "Store.dump"], times[fmt, "export"]
            sorting = times["graphs" if rdf.supports_datasets else "union", "sorted"] - times["lines", "Store.dump"]
            print(
                f"{fmt:<12}{reference:10.3f} s{export_time:10.3f} s{sorting:10.3f} s"
                f"{reference / export_time:8.2f}{reference / (export_time - sorting):16.2f}"
            )


if __name__ == "__main__":
    path, copies, rounds = [*sys.argv[1:], *("", "30", "5")[len(sys.argv) - 1 :]]
    main(Path(path) if path else None, int(copies), int(rounds))
