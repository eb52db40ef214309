"""Answers a request with the result of a query: as a page, or in the format that the request asks for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from flask import Response
from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from hamakg.engine.worker import reporting_connection_errors, reporting_errors
from hamakg.sparql.ask import Dataset, explain_errors
from hamakg.web.pages.rendering.representations import negotiate
from hamakg.web.pages.rendering.terms import RenderedTerm, TermRenderer
from hamakg.web.protocol.formats import GRAPHS, HTML, SOLUTIONS, write

ROWS_SHOWN = 500

Solutions = QuerySolutions | QueryBoolean
QueryResult = Solutions | Iterable[Triple]
QueryRunner = Callable[[str, Dataset, str], QueryResult]
"""Runs a query over a data set, with a base for its relative IRIs; raises RequestError."""


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The first ``ROWS_SHOWN`` rows of a result; ``is_cut`` if there are more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[RenderedTerm, ...], ...]
    is_cut: bool


def respond_with_result(
    run: Callable[[], QueryResult], text: str, render_page: Callable[[QueryResult], str], html_first: bool = False
) -> Response:
    """Runs a query, whose text is needed for messages, and writes its result as the current request prefers.

    A request without preference gets a page if ``html_first``, else the first format of the tables in ``formats``.
    Raises RequestError as ``run`` does, and if the result cannot be written in the format that the request asks for.
    """
    # Some errors of a query come when its result is read.
    with reporting_errors(), explain_errors(text), reporting_connection_errors(text):
        result = run()
        formats = SOLUTIONS if isinstance(result, Solutions) else GRAPHS
        form, media_type = negotiate((HTML, *formats) if html_first else (*formats, HTML))
        body = render_page(result) if form is HTML else write(result, form)
    return Response(body, mimetype=media_type, headers={"Vary": "Accept"})


def render_result(result: QueryResult, terms: TermRenderer) -> dict[str, object]:
    """Prepares a result for the macro ``result``: a table, yes or no, or Turtle; and the formats it also comes in."""
    if isinstance(result, QuerySolutions):
        return {"table": render_table(result, terms), "formats": SOLUTIONS}
    if isinstance(result, QueryBoolean):
        return {"truth": bool(result), "formats": SOLUTIONS}
    return {"turtle": write(islice(result, ROWS_SHOWN), GRAPHS[0]).decode(), "formats": GRAPHS}


def render_table(solutions: QuerySolutions, terms: TermRenderer) -> ResultTable:
    """Renders the rows of a SELECT query."""
    columns = tuple(variable.value for variable in solutions.variables)
    rows = [
        tuple(terms.render(solution[column]) for column in columns) for solution in islice(solutions, ROWS_SHOWN + 1)
    ]
    return ResultTable(columns, tuple(rows[:ROWS_SHOWN]), len(rows) > ROWS_SHOWN)
