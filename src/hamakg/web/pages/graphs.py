"""``/graph``: the list of the named graphs, and each graph as a page or as RDF."""

from collections.abc import Iterator
from typing import cast

from flask import Response, abort, render_template
from pyoxigraph import Literal, NamedNode

from hamakg.sparql.select import select
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.rendering.properties import PropertyValues, render_property, sort_properties
from hamakg.web.pages.rendering.representations import require_iri, respond_with
from hamakg.web.pages.rendering.results import render_table
from hamakg.web.pages.rendering.terms import RDF_TYPE, TermRenderer
from hamakg.web.protocol.formats import GRAPHS, HTML


def list_graphs(context: PageContext) -> str:
    """Shows the named graphs and their sizes."""
    snapshot = context.snapshot()
    table = render_table(select(snapshot, "pages/graphs"), TermRenderer(snapshot, context.iris))
    return render_template("graphs.html", graphs=table)


def show_graph(context: PageContext, path: str) -> Response:
    """Shows what a named graph describes; programs get its triples from the event loop."""
    node, snapshot = require_iri(context.iris.graph(path)), context.snapshot()
    if not snapshot.contains_named_graph(node):
        abort(404, f"There is no graph {node.value}; /graph lists the graphs.")
    (size,) = (cast(Literal, row["count"]).value for row in select(snapshot, "pages/graph-size", graphs=[node.value]))
    resources = sort_properties(_read_types(node, TermRenderer(snapshot, context.iris)))
    page = render_template("graph.html", iri=node.value, path=path, size=int(size), resources=resources, formats=GRAPHS)
    return respond_with(page, HTML, HTML.media_types[0])


def _read_types(graph: NamedNode, terms: TermRenderer) -> Iterator[PropertyValues]:
    """Reads the types of resources in the graph, each with the first resources."""
    for row in select(terms.store, "pages/graph-types", graphs=[graph.value]):
        quads = terms.store.quads_for_pattern(None, RDF_TYPE, row["type"], graph)
        count = int(cast(Literal, row["count"]).value)
        yield render_property(row["type"], (quad.subject for quad in quads), count, terms)
