"""Prints which articles a store holds."""

from collections.abc import Sequence
from pathlib import Path

from hamakg.cli.terminal.table import show_table
from hamakg.inventory import ArticleFigures


def show_articles(path: Path, generation: str | None, articles: Sequence[ArticleFigures]) -> None:
    """Print a table of the articles, with how many events, reports, claims and statements each gives."""
    rows = [(a.title, f"{a.events}", f"{a.reports}", f"{a.claims}", f"{a.statements}") for a in articles]
    title = f"Store {path}, generation {generation}"
    figures = ("Events", "Reports", "Claims", "Statements")
    show_table(title, ("Article", *figures), rows, figures)
