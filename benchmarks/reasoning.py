"""Compares the speed of the compiled rules with that of owlrl, whose rules they are, on the same triples.

The graphs of the seed articles are copied under other names until there are enough triples. Both give the same
entailments (``tests/infer/test_owl_rl.py``); owlrl reasons over all graphs at once, the rules graph by graph as in a
build.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import Graph

from hamakg.data_files import data_folder
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import DEFAULT_MODEL, load_pipeline
from hamakg.graph import build_article_quads
from hamakg.infer import infer_triples
from hamakg.infer.owl_rl import ONTOLOGIES, compile_updates
from hamakg.rdf.iris import Iris
from hamakg.read import find_documents, read_document

SEEDS = Path(__file__).parents[1] / "seeds"
TARGET = 30  # times the speed of owlrl


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument(
        "--triples", type=int, default=100_000, help="the number of source triples (default: 100,000)"
    )
    graphs = copy_graphs(arguments.parse_args().triples)
    triples = sum(len(quads) for quads in graphs)
    compile_updates()  # outside the time measured: a process compiles them once
    rules_time = measure_time(lambda: [infer_triples(quads) for quads in graphs])
    data = merge_graphs(graphs)
    owlrl_time = measure_time(lambda: DeductiveClosure(OWLRL_Semantics, False, False).expand(data))
    print(f"{triples:,} source triples in {len(graphs)} graphs")
    print(f"rules  {rules_time:8.2f} s  {triples / rules_time:10,.0f} triples a second")
    print(f"owlrl  {owlrl_time:8.2f} s  {triples / owlrl_time:10,.0f} triples a second")
    print(f"the rules are {owlrl_time / rules_time:.0f} times as fast (target: {TARGET})")


def copy_graphs(triples: int) -> list[list[ox.Quad]]:
    """Copy the seeds' graphs until there are so many triples; each copy of an article has its own name."""
    iris, nlp = Iris(), load_pipeline(DEFAULT_MODEL)
    articles = [article for path in find_documents([SEEDS]) for article in read_document(path)]
    texts = [
        ("".join(f"{quad} .\n" for quad in build_article_quads(extract_facts(a, nlp), iris)), a.slug) for a in articles
    ]
    graphs: list[list[ox.Quad]] = []
    while sum(map(len, graphs)) < triples:
        text, slug = texts[len(graphs) % len(texts)]
        renamed = text.replace(f"/{slug}", f"/copy-{len(graphs)}-{slug}")
        graphs.append(list(ox.parse(renamed, format=ox.RdfFormat.N_QUADS)))
    return graphs


def merge_graphs(graphs: list[list[ox.Quad]]) -> Graph:
    """All graphs and the ontology as one rdflib graph, which owlrl needs."""
    data = Graph()
    for name in ONTOLOGIES:
        data.parse(data_folder("ontology") / name)
    return data.parse(data="".join(f"{quad.triple} .\n" for quads in graphs for quad in quads), format="nt")


def measure_time(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
