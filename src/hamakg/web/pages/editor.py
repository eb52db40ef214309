"""The query page's editor (https://github.com/rdfjs/Yasgui): whether it is there, and what it is told of this data."""

from functools import cache
from pathlib import Path

from flask import current_app, url_for
from pyoxigraph import QuerySolution, RdfFormat, Store

from hamakg.data_files import data_folder
from hamakg.rdf.iris import PREFIXES, Iris
from hamakg.sparql import query_files
from hamakg.sparql.query_files import query_text
from hamakg.sparql.select import select

# The one style that it writes into the page: the grips of its table's columns (npm: column-resizer).
_GRIPS = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {_GRIPS}; connect-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy of its page; the images that it draws are in its style sheet."""

_LONGEST_COMMENT = 80


def installed() -> bool:
    """Whether the build got it from npm (``hatch_build.py``)."""
    return (Path(current_app.static_folder or "") / "vendor" / "yasgui.min.js").is_file()


def settings(iris: Iris) -> dict[str, object]:
    """What ``static/query.js`` reads from the page: where to ask, prefixes, what to complete, the sample queries."""
    return {
        "endpoint": url_for("pages.sparql"),
        "resources": {"iri": iris.resource(""), "page": url_for("pages.resource", path=".").removesuffix(".")},
        "prefixes": PREFIXES,
        "terms": _terms(),
        "labels": query_text("pages/labels"),
        "first": query_text("pages/first"),
        "samples": {query.name: {"title": query.title, "text": query.text} for query in query_files.read_examples()},
    }


@cache
def _terms() -> list[dict[str, str | list[str]]]:
    """The terms to complete, with their kinds ("class", "property", "value"), the beginning of what they mean, and of
    values the properties that have them.
    """
    graph = Store()
    for name in ("conflict", "shapes"):
        graph.load((data_folder("ontology") / f"{name}.ttl").read_bytes(), RdfFormat.TURTLE)
    return [_term(solution) for solution in select(graph, "pages/completions")]


def _term(solution: QuerySolution) -> dict[str, str | list[str]]:
    iri, kind, comment, of = (value.value if (value := solution[i]) else "" for i in range(4))
    short = comment if len(comment) <= _LONGEST_COMMENT else comment[:_LONGEST_COMMENT].rsplit(" ", 1)[0] + " …"
    return {"iri": iri, "kind": kind, "comment": short, "of": of.split()}
