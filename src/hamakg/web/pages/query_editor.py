"""``/query``: a page with the SPARQL editor YASGUI (https://github.com/rdfjs/Yasgui), or with a form in its place.

The build downloads the editor from npm (``hatch_build.py``). Without it, or without scripts, the page has a form.
"""

from functools import cache
from pathlib import Path

from flask import Response, current_app, render_template, request, url_for
from pyoxigraph import QuerySolution

from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.sparql import query_files
from hamakg.sparql.query_files import query_text
from hamakg.sparql.select import select
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.ontology_files import ONTOLOGY, SHAPES, load_files

# The editor writes one inline style: the handles for resizing columns (npm: column-resizer).
_HANDLES_DIGEST = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
# The images that the editor draws are in its style sheet.
_POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {_HANDLES_DIGEST}; connect-src 'self';"
    " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_MAX_COMMENT = 80


def show_query_editor(context: PageContext) -> Response:
    """Shows the editor with the query of the address, or with a first query."""
    page = render_template(
        "query.html",
        is_installed=(Path(current_app.static_folder or "") / "vendor" / "yasgui.min.js").is_file(),
        settings=_collect_settings(context.iris),
        query=request.args.get("query") or query_text("pages/first"),
    )
    return Response(page, headers={"Content-Security-Policy": _POLICY})


def _collect_settings(iris: Iris) -> dict[str, object]:
    """Collects what ``static/query.js`` reads from the page."""
    return {
        "endpoint": url_for("sparql"),
        "resources": {"iri": iris.resource(""), "page": url_for("resource", path=".").removesuffix(".")},
        "prefixes": PREFIXES,
        "terms": _read_completions(),
        "labels": query_text("pages/labels"),
        "first": query_text("pages/first"),
        "samples": {query.name: {"title": query.title, "text": query.text} for query in query_files.read_questions()},
    }


@cache
def _read_completions() -> list[dict[str, str | list[str]]]:
    """Reads the terms that the editor completes.

    ``kind`` is "class", "property" or "value"; ``of`` lists the properties that a value belongs to.
    """
    return [_read_completion(row) for row in select(load_files(ONTOLOGY, SHAPES), "pages/completions")]


def _read_completion(row: QuerySolution) -> dict[str, str | list[str]]:
    iri, kind, comment, of = (value.value if (value := row[column]) else "" for column in range(4))
    short = comment if len(comment) <= _MAX_COMMENT else comment[:_MAX_COMMENT].rsplit(" ", 1)[0] + " …"
    return {"iri": iri, "kind": kind, "comment": short, "of": of.split()}
