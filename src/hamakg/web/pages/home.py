"""``/``: what the data contains, the sample questions, and the articles with their licence."""

from functools import lru_cache

from flask import render_template
from pyoxigraph import Store

from hamakg.rdf.iris import Iris
from hamakg.sparql import query_files
from hamakg.sparql.select import select
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.rendering.results import render_table
from hamakg.web.pages.rendering.terms import TermRenderer


def show_home(context: PageContext) -> str:
    """Shows the home page."""
    counts = _count_contents(context.store.snapshot(), context.iris)
    return render_template("home.html", questions=query_files.read_questions(), **counts)


@lru_cache(maxsize=2)
def _count_contents(snapshot: Store, iris: Iris) -> dict[str, object]:
    """Counts what a generation contains, once for each generation."""
    terms = TermRenderer(snapshot, iris)
    totals = render_table(select(snapshot, "pages/totals"), terms)
    return {
        "totals": dict(zip(totals.columns, totals.rows[0], strict=True)),
        "events": render_table(select(snapshot, "pages/events-by-type"), terms),
        "articles": render_table(select(snapshot, "pages/articles"), terms),
    }
