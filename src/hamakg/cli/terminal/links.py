"""What a linking found."""

from collections.abc import Iterable

from hamakg.cli.terminal.table import print_line, show_table
from hamakg.link import Tally


def show_links(tallies: Iterable[Tally], notes: Iterable[str]) -> None:
    """How many things of each kind are linked, have candidates or have none, and what could not be used."""
    rows = [(t.class_name, f"{t.accepted}", f"{t.proposed}", f"{t.none}") for t in tallies]
    total = (f"{sum(int(row[column]) for row in rows)}" for column in (1, 2, 3))
    figures = ("Accepted", "Proposed", "None")
    show_table("Links", ("Kind", *figures), [*rows, ("all", *total)], figures)
    for note in notes:
        print_line(f"note: {note}")
