"""Prints the scores of an evaluation."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from hamakg.cli.terminal.table import print_line, show_table
from hamakg.evaluation.scores import (
    Comparison,
    ConfidenceBin,
    Score,
    SlotDifference,
    bin_comparisons,
    score_facts,
    score_slots,
    score_types,
)

if TYPE_CHECKING:  # only for the type
    from hamakg.evaluation.gold import RecordedScores


def show_evaluation(comparisons: Sequence[Comparison], errors: int, recorded: "RecordedScores") -> None:
    """Print the first ``errors`` differences, the scores by slot, type and article, and how good the confidence is."""
    differences = [difference for comparison in comparisons for difference in comparison.differences]
    for difference in differences[:errors]:
        _show_difference(difference)
    _show_scores("Events (trigger and type) and their slots", score_slots(comparisons))
    _show_scores("Events by type", score_types(comparisons))
    _show_scores(
        "Facts: events and their slots",
        {c.slug: score_facts([c]) for c in comparisons} | {"all": score_facts(comparisons)},
    )
    _show_bins(bin_comparisons(comparisons))
    if recorded:
        print_line(f"F1 of facts {score_facts(comparisons).f1:.3f}, recorded {recorded['facts']['all']['f1']:.3f}")


def _show_scores(title: str, scores: Mapping[str, Score]) -> None:
    columns = ("Precision", "Recall", "F1", "Right", "Annotated", "Found")
    rows = [
        (name, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", f"{s.hits}", f"{s.annotated}", f"{s.found}")
        for name, s in scores.items()
    ]
    show_table(title, ("Name", *columns), rows, columns)


def _show_bins(bins: Iterable[ConfidenceBin]) -> None:
    columns = ("Confidence", "Events", "Mean confidence", "Share right")
    rows = [
        (f"{b.low:.1f} to {b.low + 0.1:.1f}", f"{b.events}", f"{b.confidence:.2f}", f"{b.right / b.events:.2f}")
        for b in bins
    ]
    show_table("Confidence, and the share of events that are right in all slots", columns, rows, columns[1:])


def _show_difference(difference: SlotDifference) -> None:
    annotated, found = (", ".join(fillers) or "nothing" for fillers in (difference.annotated, difference.found))
    where = f"{difference.article}: {difference.type} “{difference.trigger}”"
    print_line(f"{where}, {difference.slot}: annotated {annotated}; found {found}")
    print_line(f"  “{difference.sentence}”\n")
