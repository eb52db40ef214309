"""Builds the graph of entities: what all articles together call each resource."""

from collections import Counter, defaultdict
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, Store

from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term

_Counts = dict[NamedNode, Counter[Literal | NamedNode]]


def build_entity_quads(store: Store, iris: Iris) -> list[Quad]:
    """``graph/entities``: the one ``rdfs:label`` of each resource, its types and its other names, over all articles.

    The label is the name that most articles use; in case of a tie, the first in alphabetical order. The other names
    become ``skos:altLabel``. A pure function of the articles' graphs, whatever the order in which they
    were built.
    """
    preferred, types = _count_values(store, "skos:prefLabel", iris), _count_values(store, "rdf:type", iris)
    other, hidden = _count_values(store, "skos:altLabel", iris), _count_values(store, "skos:hiddenLabel", iris)
    graph = NamedNode(iris.graph("entities"))
    quads = []
    for subject in sorted(preferred, key=str):
        label = min(preferred[subject], key=lambda name: (-preferred[subject][name], name.value))
        alternative = (preferred[subject].keys() | other[subject].keys()) - {label}
        properties = {
            "rdfs:label": [label],
            "rdf:type": types[subject],
            "skos:altLabel": alternative,
            "skos:hiddenLabel": hidden[subject].keys() - alternative - {label},
        }
        quads += [
            Quad(subject, term(prop), value, graph)
            for prop, values in properties.items()
            for value in sorted(values, key=str)
        ]
    return quads


def _count_values(store: Store, prop: str, iris: Iris) -> _Counts:
    """{subject: {value: number of articles that state it}} for one property."""
    counts: _Counts = defaultdict(Counter)
    articles = iris.article_graph("")
    for subject, _, value, graph in store.quads_for_pattern(None, term(prop), None, None):
        if isinstance(graph, NamedNode) and graph.value.startswith(articles):
            counts[cast(NamedNode, subject)][cast(Literal | NamedNode, value)] += 1
    return counts
