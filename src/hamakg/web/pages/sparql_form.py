"""``/sparql`` for people: a form that works without scripts, and the result as a page.

The site sends only requests of browsers here; ``web.protocol.sparql`` answers programs.
"""

from typing import cast

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hamakg.sparql import query_files
from hamakg.sparql.query_files import query_text
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.rendering.results import QueryResult, render_result, respond_with_result
from hamakg.web.pages.rendering.terms import TermRenderer
from hamakg.web.protocol.operation import QueryOperation, read_operation


def show_sparql_form(context: PageContext) -> ResponseReturnValue:
    """Shows the empty form, or the form with a query and its result."""
    if not request.query_string:
        return render_template("sparql.html", query=query_text("pages/first"), questions=query_files.read_questions())
    operation = cast(QueryOperation, read_operation("GET", request.query_string))

    def render_page(result: QueryResult) -> str:
        rendered = render_result(result, TermRenderer(context.snapshot(), context.iris))
        return render_template("sparql.html", query=operation.text, format=operation.format, **rendered)

    return respond_with_result(
        lambda: context.run_query(operation.text, operation.dataset, request.base_url), operation.text, render_page
    )
