"""What all articles together call each resource."""

from collections import Counter, defaultdict
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, Store

from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term


def build_entity_quads(store: Store, iris: Iris) -> list[Quad]:
    """``graph/entities``: one ``rdfs:label`` of each resource, its types and its other names, over all articles.

    The label is the name that most articles use, of equals the alphabetically first; the others stay as
    ``skos:altLabel``. A pure function of the article graphs: the order in which they were built does not matter.
    """
    preferred, types = _by_subject(store, "skos:prefLabel", iris), _by_subject(store, "rdf:type", iris)
    other, hidden = _by_subject(store, "skos:altLabel", iris), _by_subject(store, "skos:hiddenLabel", iris)
    graph = NamedNode(iris.graph("entities"))
    quads = []
    for subject in sorted(preferred, key=str):
        label = min(preferred[subject], key=lambda name: (-preferred[subject][name], name.value))
        alt = (preferred[subject].keys() | other[subject].keys()) - {label}
        found = {
            "rdfs:label": [label],
            "rdf:type": types[subject],
            "skos:altLabel": alt,
            "skos:hiddenLabel": hidden[subject].keys() - alt - {label},
        }
        quads += [
            Quad(subject, term(prop), value, graph)
            for prop, values in found.items()
            for value in sorted(values, key=str)
        ]
    return quads


def _by_subject(store: Store, prop: str, iris: Iris) -> dict[NamedNode, Counter[Literal | NamedNode]]:
    """{subject: {object: number of article graphs that state it}} of one property."""
    found: dict[NamedNode, Counter[Literal | NamedNode]] = defaultdict(Counter)
    articles = iris.article_graph("")
    for subject, _, value, graph in store.quads_for_pattern(None, term(prop), None, None):
        if isinstance(graph, NamedNode) and graph.value.startswith(articles):
            found[cast(NamedNode, subject)][cast(Literal | NamedNode, value)] += 1
    return found
