"""From a query to a response: run it, choose a format, write it."""

from collections.abc import Callable
from typing import NoReturn

from flask import Response, abort
from pyoxigraph import QueryTriples

from hamakg.ask import QueryFault, QueryRefused, QueryTooLong, Result, faults
from hamakg.web.formats import GRAPHS, HTML, SOLUTIONS, negotiate, write


def answer(query: str, run: Callable[[], Result], page: Callable[[Result], str], html_first: bool = False) -> Response:
    """The result of a query in the format that the current request asks for, or as a page where that is HTML.

    Aborts with 400, 403 or 413 for what ``ask`` raises, and as ``negotiate`` does.
    """
    try:
        with faults(query):
            result = run()
            written = GRAPHS if isinstance(result, QueryTriples) else SOLUTIONS
            form, media_type = negotiate((HTML, *written) if html_first else (*written, HTML))
            body = page(result) if form is HTML else write(result, form)
    except (QueryFault, QueryRefused) as fault:
        _abort(fault)
    return Response(body, mimetype=media_type, headers={"Vary": "Accept"})


def _abort(fault: QueryFault | QueryRefused) -> NoReturn:
    status = 413 if isinstance(fault, QueryTooLong) else 403 if isinstance(fault, QueryRefused) else 400
    text = str(fault)
    abort(status, f"{text[0].upper()}{text[1:]}.")
