"""Another engine, N3.js (https://github.com/rdfjs/N3.js), reads from a dump the graph that was written.

Graphs without blank nodes are isomorphic if they are equal as sets (RDF 1.1 Concepts, section 3.6).
"""

import subprocess
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest

from hamakg.publish import FORMATS, select_graphs, write_dump
from support.seed_articles import IRIS, annotated_facts, build_graph

pytestmark = pytest.mark.peers

SCRIPT = Path(__file__).with_name("n3.js")


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return build_graph(annotated_facts().values())


def read_with_n3(data: bytes, fmt: str) -> set[ox.Quad]:
    found = subprocess.run(
        ["node", SCRIPT, FORMATS[fmt].media_type], input=data, capture_output=True, check=True, cwd=SCRIPT.parent
    )
    return set(ox.parse(found.stdout, format=ox.RdfFormat.N_QUADS))


def dump(store: ox.Store, fmt: str) -> bytes:
    out = BytesIO()
    write_dump(store, fmt, out, select_graphs(store, IRIS), IRIS)
    return out.getvalue()


def read_core(store: ox.Store) -> Iterable[ox.Quad]:
    for graph in store.named_graphs():
        if graph.value == IRIS.graph("entities") or graph.value.startswith(IRIS.article_graph("")):
            yield from store.quads_for_pattern(None, None, None, graph)


@pytest.mark.parametrize("fmt", ["turtle", "ntriples"])
def test_another_engine_reads_the_triples_of_a_dump(store: ox.Store, fmt: str) -> None:
    triples = {ox.Quad(q.subject, q.predicate, q.object) for q in read_core(store)}
    assert len(triples) > 5000
    assert read_with_n3(dump(store, fmt), fmt) == triples


@pytest.mark.parametrize("fmt", ["trig", "nquads"])
def test_another_engine_reads_the_graphs_of_a_dump(store: ox.Store, fmt: str) -> None:
    assert read_with_n3(dump(store, fmt), fmt) == set(read_core(store))
