"""Prints what linking did or would do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hamakg.cli.terminal.table import print_line, show_table
from hamakg.link import LinkSummary, Tally
from hamakg.link.items import WIKIDATA
from hamakg.model import EntityLink

if TYPE_CHECKING:  # only for the type: it loads the modules of all stages
    from hamakg.build import LinkPreview


def show_tallies(tallies: Iterable[Tally], notes: Iterable[str]) -> None:
    """Print how many things of each class are linked, have proposed links or none, and the notes."""
    rows = [(t.class_name, f"{t.accepted}", f"{t.proposed}", f"{t.none}") for t in tallies]
    total = (f"{sum(int(row[column]) for row in rows)}" for column in (1, 2, 3))
    figures = ("Accepted", "Proposed", "None")
    show_table("Links", ("Kind", *figures), [*rows, ("all", *total)], figures)
    for note in notes:
        print_line(f"note: {note}")


def show_preview(preview: "LinkPreview") -> None:
    """Print by name each link that would be written or removed."""
    columns = ("Name", "Item", "Status", "Source", "Grounds")
    written = [(*_describe_link(link), ", ".join(link.sources), link.grounds) for link in preview.written]
    removed = [_describe_link(link) for link in preview.removed]
    if written:
        show_table(f"Links to write: {len(written)}", columns, written)
    if removed:
        show_table(f"Links to remove: {len(removed)}", columns[:3], removed)
    if not written and not removed:
        print_line("The store has exactly these links: nothing would be written.\n")


def _describe_link(link: LinkSummary | EntityLink) -> tuple[str, str, str]:
    """The names of what is linked and of its item, each with its id, and the status of the link."""
    name, item = link.label or link.subject, link.object.removeprefix(WIKIDATA)
    return f"{name} ({link.subject})", f"{link.object_label} ({item})" if link.object_label else item, link.status.value
