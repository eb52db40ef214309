"""The articles in a store and what each of them says, in figures."""

from collections.abc import Sequence
from pathlib import Path

from hamakg.cli.terminal.table import show_table
from hamakg.inventory import ArticleFigures


def show_articles(path: Path, generation: str | None, articles: Sequence[ArticleFigures]) -> None:
    """The articles in a store and what each of them says, in figures."""
    rows = [(a.title, f"{a.events}", f"{a.reports}", f"{a.claims}", f"{a.statements}") for a in articles]
    title = f"Store {path}, generation {generation}"
    figures = ("Events", "Reports", "Claims", "Statements")
    show_table(title, ("Article", *figures), rows, figures)
