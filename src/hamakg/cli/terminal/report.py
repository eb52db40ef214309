"""What a build did."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hamakg.cli.terminal.table import print_line

if TYPE_CHECKING:  # for the type alone: it loads the language model's library
    from hamakg.build import BuildReport


def show_report(report: "BuildReport", pieces: int) -> None:
    """What a build did, and at most so many pieces of text that were not understood."""
    outcomes = Counter(report.outcomes.values())
    print_line(
        f"articles: {len(report.outcomes)} ({', '.join(f'{outcomes[o]} {o}' for o in ('new', 'changed', 'unchanged'))})"
    )
    events = ", ".join(f"{number} {kind}" for kind, number in report.events.most_common())
    print_line(f"events: {report.events.total()}" + (f" ({events})" if events else ""))
    if report.skipped:
        print_line(f"pages left out: {len(report.skipped)} ({_counts(page.reason for page in report.skipped)})")
    if report.silent:
        print_line(f"sentences with a word for an event that gave none: {report.silent} (--report FILE lists them)")
    if report.unclear:
        shown = ", ".join(list(report.unclear)[:pieces])
        left = len(report.unclear) - pieces
        print_line(f"names of which no more is known: {shown}" + (f" and {left} more" if left > 0 else ""))
    if report.templates:
        shown = ", ".join(f"{name} {n}" for name, n in report.templates.most_common(pieces))
        left = len(report.templates) - pieces
        print_line(f"templates not understood: {shown}" + (f" and {left} more" if left > 0 else ""))
    for title, piece in report.unread[:pieces]:
        print_line(f"not understood: {title}, {piece.where}: {piece.text}")
    if len(report.unread) > pieces:
        fields = Counter(piece.where for _, piece in report.unread[pieces:])
        more = ", ".join(f"{n} in {where}" for where, n in fields.most_common())
        print_line(f"not understood: {fields.total()} more ({more}); hamakg -v build shows all")


def _counts(things: Iterable[str]) -> str:
    return ", ".join(f"{n} {thing}" for thing, n in Counter(things).most_common())
