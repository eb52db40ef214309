"""The articles in a store, with figures on how much each of them says."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from hamakg.rdf.ids import article_id
from hamakg.rdf.iris import Iris
from hamakg.rdf.terms import term

_REPORTS = tuple(term(f"hama:{name}") for name in ("CasualtyReport", "StrengthReport", "EquipmentLossReport"))


@dataclass(frozen=True, slots=True)
class ArticleFigures:
    """How many events, reports and claims one article in the store gives; ``statements`` counts its graph's quads."""

    slug: str
    title: str
    events: int
    reports: int
    claims: int
    statements: int


def list_articles(store: Store, iris: Iris) -> tuple[ArticleFigures, ...]:
    """Return the figures of every article in the store, sorted by slug."""
    prefix = iris.article_graph("")
    graphs = [graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    slugs = sorted(graph.removeprefix(prefix) for graph in graphs if graph.startswith(prefix))
    return tuple(_count_article(store, slug, iris) for slug in slugs)


def _count_article(store: Store, slug: str, iris: Iris) -> ArticleFigures:
    graph = NamedNode(iris.article_graph(slug))
    article = NamedNode(iris.resource(article_id(slug)))
    (title,) = (quad.object for quad in store.quads_for_pattern(article, term("dcterms:title"), None, graph))

    def count(prop: NamedNode | None = None, value: NamedNode | None = None) -> int:
        return sum(1 for _ in store.quads_for_pattern(None, prop, value, graph))

    return ArticleFigures(
        slug=slug,
        title=title.value if isinstance(title, Literal) else slug,
        events=count(term("hama:factuality")),  # every event has one factuality, and nothing else has any
        reports=sum(count(term("rdf:type"), kind) for kind in _REPORTS),
        claims=count(term("rdf:type"), term("hama:Claim")),
        statements=count(),
    )
