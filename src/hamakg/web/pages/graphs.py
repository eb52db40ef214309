"""``/graph``: the list of the named graphs, and each graph as a page or as RDF."""

from flask import Response, abort, render_template
from pyoxigraph import NamedNode, Triple

from hamakg.sparql.select import select
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.rendering.properties import group_values
from hamakg.web.pages.rendering.representations import negotiate, require_iri, respond_with
from hamakg.web.pages.rendering.results import render_table
from hamakg.web.pages.rendering.terms import RDF_TYPE, TermRenderer
from hamakg.web.protocol.formats import GRAPHS, HTML, write


def list_graphs(context: PageContext) -> str:
    """Shows the named graphs and their sizes."""
    snapshot = context.store.snapshot()
    table = render_table(select(snapshot, "pages/graphs"), TermRenderer(snapshot, context.iris))
    return render_template("graphs.html", graphs=table)


def show_graph(context: PageContext, path: str) -> Response:
    """Shows what a named graph describes, or gives its triples in an RDF format."""
    node, snapshot = require_iri(context.iris.graph(path)), context.store.snapshot()
    triples = [quad.triple for quad in snapshot.quads_for_pattern(None, None, None, node)]
    if not triples:
        abort(404, f"There is no graph {node.value}; /graph lists the graphs.")
    form, media_type = negotiate((HTML, *GRAPHS))
    if form is HTML:
        return respond_with(_render_page(node, path, triples, TermRenderer(snapshot, context.iris)), form, media_type)
    return respond_with(write(sorted(triples, key=str), form), form, media_type)


def _render_page(node: NamedNode, path: str, triples: list[Triple], terms: TermRenderer) -> str:
    resources_by_type = ((triple.object, triple.subject) for triple in triples if triple.predicate == RDF_TYPE)
    return render_template(
        "graph.html",
        iri=node.value,
        path=path,
        size=len(triples),
        resources=group_values(resources_by_type, terms),
        formats=GRAPHS,
    )
