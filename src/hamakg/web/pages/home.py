"""``/``: what the data contains, the sample questions, and the articles with their licence."""

from flask import render_template, request
from pyoxigraph import Store

from hamakg.rdf.iris import Iris
from hamakg.sparql import query_files
from hamakg.sparql.select import select
from hamakg.web.pages.context import PageContext
from hamakg.web.pages.rendering.results import render_table
from hamakg.web.pages.rendering.terms import TermRenderer

FIGURES_KEY = "hamakg.figures"
"""The figures of the data are under this key of a request's environment; None while they are being counted."""


def show_home(context: PageContext) -> str:
    """Shows the home page, without figures as long as there are none."""
    figures = request.environ.get(FIGURES_KEY) or {}
    return render_template("home.html", questions=query_files.read_questions(), **figures)


def count_figures(snapshot: Store, iris: Iris) -> dict[str, object]:
    """Counts what a generation contains, and lists its articles."""
    terms = TermRenderer(snapshot, iris)
    totals = render_table(select(snapshot, "pages/totals"), terms)
    return {
        "totals": dict(zip(totals.columns, totals.rows[0], strict=True)),
        "events": render_table(select(snapshot, "pages/events-by-type"), terms),
        "articles": render_table(select(snapshot, "pages/articles"), terms),
    }
