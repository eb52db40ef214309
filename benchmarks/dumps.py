"""How fast dumps are written, against Store.dump of pyoxigraph, which does not sort; what sorting costs.

python benchmarks/dumps.py [STORE] [COPIES] [ROUNDS]

The graphs of the articles are copied so many times (30, if nothing is said) under other names, and the entities with
them. Without a STORE the seeds are built. Both write the same graphs with the same prefixes and base. Store.dump does
less besides sorting: graph after graph in formats without graphs, of which the export writes the union; JSON-LD on one
line; carriage returns in RDF/XML that a parser then reads as line feeds. Whatever is compared is timed in turn, in so
many rounds (5), of which the fastest counts; in seconds of the processor, which other programs hardly change.
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
from hamakg.extract.narrative import load_pipeline
from hamakg.publish import FORMATS, select_graphs, write_dump
from hamakg.publish.sorting import Sorter, remove_marks
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.store import VersionedStore

SEEDS = Path(__file__).parents[1] / "seeds"
NAMES = Iris()

Work = Callable[["Counted"], None]


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
    write_dump(source, "nquads", lines, select_graphs(source, NAMES), NAMES)
    text, own = lines.getvalue().decode(), [NAMES.resource(""), NAMES.article_graph("")]
    for n in range(copies):
        copy = text
        for namespace in own:
            copy = copy.replace(f"<{namespace}", f"<{namespace}copy-{n}-")
        yield from ox.parse(copy, format=ox.RdfFormat.N_QUADS)


def sort(store: ox.Store, groups: Iterable[Sequence[str]], out: Counted) -> None:
    """What a dump does but for its layout, of each group of graphs as one."""
    for graphs in groups:
        with Sorter() as sorter:
            for graph in graphs:
                store.dump(sorter, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph))
            sorter.end()
            for piece in sorter.pieces():
                out.write(remove_marks(piece))


def read(store: ox.Store, graphs: Sequence[str], rdf: ox.RdfFormat, out: Counted) -> None:
    """What Store.dump makes of the quads in a format: at once, or graph by graph where the format has no graphs."""
    for graph in [None] if rdf.supports_datasets else map(ox.NamedNode, graphs):
        store.dump(out, format=rdf, from_graph=graph, prefixes=PREFIXES, base_iri=NAMES.base)


def works(store: ox.Store, graphs: Sequence[str]) -> dict[tuple[str, str], Work]:
    """What is timed, by what it is of and its name."""
    timed: dict[tuple[str, str], Work] = {}
    for fmt, rdf in FORMATS.items():
        timed[fmt, "Store.dump"] = partial(read, store, graphs, rdf)
        timed[fmt, "export"] = partial(export, store, graphs, fmt)
    timed["lines", "Store.dump"] = partial(read, store, graphs, ox.RdfFormat.N_TRIPLES)
    timed["graphs", "sorted"] = partial(sort, store, [[graph] for graph in graphs])
    timed["union", "sorted"] = partial(sort, store, [graphs])
    return timed


def export(store: ox.Store, graphs: Sequence[str], fmt: str, out: Counted) -> None:
    write_dump(store, fmt, out, graphs, NAMES)


def fastest(works: Mapping[tuple[str, str], Work], rounds: int) -> dict[tuple[str, str], float]:
    """The seconds of the processor that each took in its best round."""
    times = dict.fromkeys(works, inf)
    for _ in range(rounds):
        for name, work in works.items():
            start = process_time()
            work(Counted())
            times[name] = min(times[name], process_time() - start)
    return times


def main(path: Path | None, copies: int, rounds: int) -> None:
    """Prints a line a format: seconds of Store.dump, of an export and of the sorting in it (sorted lines of N-Triples
    against those that Store.dump writes); the export's speed as a share of Store.dump's in the same format, and that
    share with the sorting set aside."""
    with tempfile.TemporaryDirectory() as folder:
        if path is None:
            path = Path(folder) / "seeds"
            build([SEEDS], VersionedStore(path), partial(extract_facts, nlp=load_pipeline()), NAMES)
        store = ox.Store(Path(folder) / "copies")
        store.bulk_extend(copied(VersionedStore(path).snapshot(), copies))
        store.optimize()
        graphs = select_graphs(store, NAMES)
        times = fastest(works(store, graphs), rounds)
        print(f"{len(store)} quads in {len(graphs)} graphs")
        print(f"{'':<12}{'Store.dump':>12}{'export':>12}{'sorting':>12}{'share':>8}{'sorting aside':>16}")
        for fmt, rdf in FORMATS.items():
            reference, took = times[fmt, "Store.dump"], times[fmt, "export"]
            sorting = times["graphs" if rdf.supports_datasets else "union", "sorted"] - times["lines", "Store.dump"]
            print(
                f"{fmt:<12}{reference:10.3f} s{took:10.3f} s{sorting:10.3f} s"
                f"{reference / took:8.2f}{reference / (took - sorting):16.2f}"
            )


if __name__ == "__main__":
    path, copies, rounds = [*sys.argv[1:], *("", "30", "5")[len(sys.argv) - 1 :]]
    main(Path(path) if path else None, int(copies), int(rounds))
