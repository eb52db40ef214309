"""Prints the page that a build ends with: counts only; ``--report`` writes the lists behind them to a file."""

from collections import Counter
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from hamakg.cli.terminal.table import print_line

if TYPE_CHECKING:  # only for the type: it loads the modules of all stages
    from hamakg.build import BuildReport

_EVENT_COLUMNS = 3


def show_build_report(report: "BuildReport", report_path: Path | None) -> None:
    """Print what happened to the articles, the events by type, and how much was not understood."""
    outcomes = Counter(report.outcomes.values())
    if outcomes:
        articles = ", ".join(f"{outcomes[outcome]:,} {outcome}" for outcome in ("new", "changed", "unchanged"))
        print_line(f"Articles: {articles}, {report.skipped.total():,} skipped, {len(report.failures):,} failed")
        _show_counts(f"Events: {report.events.total():,}", dict(report.events.most_common()), _EVENT_COLUMNS)
    elif report.failures:
        print_line("The build failed: no article could be read. The store is unchanged.")
    else:
        print_line("Nothing was built: there is no article about a conflict. The store is unchanged.")
    _show_counts(f"Skipped pages: {report.skipped.total():,}", dict(report.skipped.most_common()))
    not_understood = {
        "sentences with a word for an event, but no event found": report.silent,
        "names of actors about which nothing else is said": len(report.unclear),
        "templates": len(report.templates),
        "other pieces of infoboxes and texts": len(report.unread),
    }
    pointer = f"listed in {report_path}" if report_path else "to list it, add --report FILE"
    _show_counts(f"Not understood ({pointer}):", {name: n for name, n in not_understood.items() if n})


def _show_counts(title: str, counts: Mapping[str, int], columns: int = 1) -> None:
    """Print the title and below it the counts, in columns that are read from top to bottom; nothing without counts."""
    if not counts:
        return
    print_line(f"\n{title}")
    items = [(name, f"{n:,}") for name, n in counts.items()]
    height = -(-len(items) // columns)
    blocks = [items[start : start + height] for start in range(0, len(items), height)]
    aligned = [
        [f"{name:<{_part_width(block, 0)}}  {n:>{_part_width(block, 1)}}" for name, n in block] for block in blocks
    ]
    for row in zip_longest(*aligned, fillvalue=""):
        print_line("  " + "   ".join(row).rstrip())


def _part_width(items: list[tuple[str, str]], part: int) -> int:
    return max(len(item[part]) for item in items)
