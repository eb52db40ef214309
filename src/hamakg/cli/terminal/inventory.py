"""The articles in a store and what each of them says, in figures."""

from collections.abc import Sequence
from pathlib import Path

from hamakg.cli.terminal.table import show_table
from hamakg.inventory import Holding


def show_inventory(path: Path, generation: str | None, holdings: Sequence[Holding]) -> None:
    """The articles in a store and what each of them says, in figures."""
    rows = [(h.title, f"{h.events}", f"{h.reports}", f"{h.claims}", f"{h.statements}") for h in holdings]
    title = f"Store {path}, generation {generation}"
    figures = ("Events", "Reports", "Claims", "Statements")
    show_table(title, ("Article", *figures), rows, figures)
