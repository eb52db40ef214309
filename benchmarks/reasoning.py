"""How much faster the compiled rules are than owlrl, which they are made of, on the same triples.

The graphs of the seed articles, told again and again under other names until there are so many triples. Both give the
same entailments (``tests/infer/test_rules.py``); owlrl reasons over all at once, the rules graph by graph, as a build
does.
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
from hamakg.infer.rules import ONTOLOGIES, compile_updates
from hamakg.rdf.iris import Iris
from hamakg.read import find_documents, read_document

SEEDS = Path(__file__).parents[1] / "seeds"
ASKED = 30


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--triples", type=int, default=100_000, help="how many source triples (default: 100,000)")
    graphs = copies(arguments.parse_args().triples)
    triples = sum(len(quads) for quads in graphs)
    compile_updates()  # compiled once for all builds
    fast = seconds(lambda: [infer_triples(quads) for quads in graphs])
    data = in_one(graphs)
    slow = seconds(lambda: DeductiveClosure(OWLRL_Semantics, False, False).expand(data))
    print(f"{triples:,} source triples in {len(graphs)} graphs")
    print(f"rules  {fast:8.2f} s  {triples / fast:10,.0f} triples a second")
    print(f"owlrl  {slow:8.2f} s  {triples / slow:10,.0f} triples a second")
    print(f"the rules are {slow / fast:.0f} times as fast (asked: {ASKED})")


def copies(triples: int) -> list[list[ox.Quad]]:
    """The quads of so many copies of the seeds' graphs, each copy of an article under a name of its own."""
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


def in_one(graphs: list[list[ox.Quad]]) -> Graph:
    """All graphs and the ontology in one, as owlrl reads them."""
    data = Graph()
    for name in ONTOLOGIES:
        data.parse(data_folder("ontology") / name)
    return data.parse(data="".join(f"{quad.triple} .\n" for quads in graphs for quad in quads), format="nt")


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
