"""What is in a store: its articles, and how much each of them says."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from hamakg.rdf.ids import article_id
from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term

_TITLE = term("dcterms:title")
_TYPE = term("rdf:type")
_FACTUALITY = term("hama:factuality")  # every event has one, and nothing else does
_CLAIM = term("hama:Claim")
_REPORTS = tuple(term(f"hama:{name}") for name in ("CasualtyReport", "StrengthReport", "EquipmentLossReport"))


@dataclass(frozen=True, slots=True)
class Holding:
    """One article in the store; ``statements`` are the quads of its graph."""

    slug: str
    title: str
    events: int
    reports: int
    claims: int
    statements: int


def inventory(store: Store, iris: Iris) -> tuple[Holding, ...]:
    """The articles in the store, by their slugs in alphabetical order."""
    prefix = iris.article_graph("")
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    slugs = sorted(graph.value.removeprefix(prefix) for graph in graphs if graph.value.startswith(prefix))
    return tuple(_holding(store, slug, iris) for slug in slugs)


def _holding(store: Store, slug: str, iris: Iris) -> Holding:
    graph = NamedNode(iris.article_graph(slug))
    article = NamedNode(iris.resource(article_id(slug)))
    (title,) = (quad.object for quad in store.quads_for_pattern(article, _TITLE, None, graph))

    def count(prop: NamedNode | None = None, value: NamedNode | None = None) -> int:
        return sum(1 for _ in store.quads_for_pattern(None, prop, value, graph))

    return Holding(
        slug=slug,
        title=title.value if isinstance(title, Literal) else slug,
        events=count(_FACTUALITY),
        reports=sum(count(_TYPE, kind) for kind in _REPORTS),
        claims=count(_TYPE, _CLAIM),
        statements=count(),
    )
