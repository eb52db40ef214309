"""A query's answer on a page, or in the format that a request to a page asks for."""

from collections.abc import Callable, Iterable
from typing import NoReturn

from flask import Response, abort
from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from hamakg.engine.jobs import RequestError
from hamakg.sparql.ask import Dataset
from hamakg.web.protocol.formats import GRAPHS, HTML, SOLUTIONS, negotiate, write
from hamakg.web.protocol.problems import STATUSES

Rows = QuerySolutions | QueryBoolean
Result = Rows | Iterable[Triple]
Run = Callable[[str, Dataset, str], Result]
"""Answers a query over a data set, its relative IRIs read against a base; raises Fault."""


def answer(run: Callable[[], Result], page: Callable[[Result], str], html_first: bool = False) -> Response:
    """The result of a query in the format that the current request asks for, or as a page where that is HTML.

    Aborts with the status of the Fault that ``run`` raises, and as ``negotiate`` does.
    """
    try:
        result = run()
        written = SOLUTIONS if isinstance(result, Rows) else GRAPHS
        form, media_type = negotiate((HTML, *written) if html_first else (*written, HTML))
        body = page(result) if form is HTML else write(result, form)
    except RequestError as fault:
        _abort(fault)
    return Response(body, mimetype=media_type, headers={"Vary": "Accept"})


def _abort(fault: RequestError) -> NoReturn:
    abort(STATUSES[fault.kind], fault.message)
