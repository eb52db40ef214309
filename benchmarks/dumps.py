"""How fast dumps are written, against Store.dump of pyoxigraph, which does not sort; what sorting costs.

python benchmarks/dumps.py [STORE] [COPIES]

The graphs of the articles are copied so many times (30, if nothing is said) under other names, and the entities with
them. Without a STORE the seeds are built.
"""

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

import pyoxigraph as ox

from hamakg.build import build, facts_of
from hamakg.extract.narrative import load_pipeline
from hamakg.publish import FORMATS, dump, select
from hamakg.publish.order import Sorter
from hamakg.store import Store
from hamakg.terms import Names

SEEDS = Path(__file__).parents[1] / "seeds"
NAMES = Names()


class Counted(io.RawIOBase):
    """Takes bytes and counts them."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self.bytes += len(data)
        return len(data)


def copied(source: ox.Store, copies: int) -> Iterator[ox.Quad]:
    """The articles' and the entities' quads so many times, each time of other articles and their resources."""
    lines = io.BytesIO()
    dump(source, "nquads", lines, select(source, NAMES), NAMES)
    text, own = lines.getvalue().decode(), [NAMES.resource(""), NAMES.article_graph("")]
    for n in range(copies):
        copy = text
        for namespace in own:
            copy = copy.replace(f"<{namespace}", f"<{namespace}copy-{n}-")
        yield from ox.parse(copy, format=ox.RdfFormat.N_QUADS)


def seconds(work: Callable[[Counted], object]) -> float:
    """How long the work took, the better of two runs."""
    times = []
    for _ in range(2):
        start = perf_counter()
        work(Counted())
        times.append(perf_counter() - start)
    return min(times)


def sort(store: ox.Store, graphs: list[str], out: Counted) -> None:
    """What a dump of quads does but for its layout."""
    for graph in graphs:
        with Sorter() as sorter:
            store.dump(sorter, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph))
            sorter.end()
            for piece in sorter.pieces():
                out.write(piece)


def read(store: ox.Store, graphs: list[str], rdf: ox.RdfFormat, out: Counted) -> None:
    """What Store.dump makes of the quads in a format: at once, or graph by graph where the format has no graphs."""
    if rdf.supports_datasets:
        store.dump(out, format=rdf)
        return
    for graph in graphs:
        store.dump(out, format=rdf, from_graph=ox.NamedNode(graph))


def main(path: Path | None, copies: int) -> None:
    """Prints a line a format: seconds of Store.dump, of an export and of its sorting; the export's speed as a share of
    Store.dump's in the same format, and that share with the sorting set aside."""
    with tempfile.TemporaryDirectory() as folder:
        if path is None:
            path = Path(folder) / "seeds"
            build([SEEDS], Store(path), partial(facts_of, nlp=load_pipeline()), NAMES)
        store = ox.Store(Path(folder) / "copies")
        store.bulk_extend(copied(Store(path).snapshot(), copies))
        graphs = select(store, NAMES)
        lines = seconds(partial(read, store, graphs, ox.RdfFormat.N_TRIPLES))
        sorting = seconds(partial(sort, store, graphs)) - lines
        print(f"{len(store)} quads in {len(graphs)} graphs; sorting takes {sorting:.3f} s")
        print(f"{'':<12}{'Store.dump':>12}{'export':>12}{'share':>8}{'sorting aside':>16}")
        for fmt, rdf in FORMATS.items():
            reference = seconds(partial(read, store, graphs, rdf))
            took = seconds(lambda out, fmt=fmt: dump(store, fmt, out, graphs, NAMES))
            print(
                f"{fmt:<12}{reference:10.3f} s{took:10.3f} s{reference / took:8.2f}{reference / (took - sorting):16.2f}"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None, int(sys.argv[2]) if sys.argv[2:] else 30)
