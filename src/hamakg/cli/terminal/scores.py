"""Prints the scores of an evaluation."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from hamakg.cli.terminal.table import print_line, show_table
from hamakg.evaluation.figures import group_by_period
from hamakg.evaluation.scores import (
    EVENT,
    Comparison,
    Score,
    SlotDifference,
    score_arguments,
    score_events,
    score_facts,
    score_slots,
    score_types,
)
from hamakg.evaluation.verdicts import Calibration, ConfidenceBin, Verdict, Verdicts, calibrate, count_verdicts

if TYPE_CHECKING:  # only for the type
    from hamakg.evaluation.bars import BarScores
    from hamakg.evaluation.gold import EvaluatedArticle
    from hamakg.evaluation.recorded import RecordedScores


def show_evaluation(
    articles: Sequence["EvaluatedArticle"], comparisons: Sequence[Comparison], errors: int, recorded: "RecordedScores"
) -> None:
    """Print the first ``errors`` differences, all scores, how the events fare, and how good their confidence is."""
    differences = [difference for comparison in comparisons for difference in comparison.differences]
    for difference in differences[:errors]:
        _show_difference(difference)
    slots = score_slots(comparisons)
    _show_scores(
        "Events (type and sentence), their arguments, and facts: both together",
        {
            "events": slots.pop(EVENT),
            "arguments": score_arguments(comparisons),
            "facts": score_facts(comparisons),
        },
    )
    _show_scores("Arguments by slot", slots)
    _show_scores("Events by type", score_types(comparisons))
    periods = group_by_period(comparisons)
    _show_scores(
        "Events and facts by period",
        {
            f"{period}: {name}": score(members)
            for period, members in periods
            for name, score in (("events", score_events), ("facts", score_facts))
        },
    )
    _show_scores("Facts by article", {f"{c.slug} ({c.period})": score_facts([c]) for c in comparisons})
    groups = {period.value: members for period, members in periods} | {"all": list(comparisons)}
    _show_verdicts({name: count_verdicts(members) for name, members in groups.items()})
    _show_calibration({name: calibrate(members) for name, members in groups.items()})
    for article in articles:
        if article.missing:
            count, slug = len(article.missing), article.annotated.article.slug
            print_line(f"{slug}: {count} annotated sentences are not in the document; their events count as missed")
    if outside := sum(comparison.outside for comparison in comparisons):
        print_line(f"{outside} events of sentences that are not annotated are not judged")
    if recorded:
        print_line(f"F1 of facts {score_facts(comparisons).f1:.3f}, recorded {recorded['facts']['all']['f1']:.3f}")


def show_bars(bars: Iterable["BarScores"]) -> None:
    """Print what remains of the events, and how good it is, if only those of at least some confidence are used."""
    columns = (
        *("At least", "Events", "Precision", "Recall", "Precision of facts", "Recall of facts"),
        *("Mislead", "Share misleading"),
    )
    rows = []
    for one in bars:
        events, facts, verdicts = one.events, one.facts, one.verdicts
        figures = (events.precision, events.recall, facts.precision, facts.recall)
        misleading = sum(verdicts.counts[verdict] for verdict in Verdict if verdict.misleads)
        rows.append(
            (
                *(f"{one.bar:.2f}", f"{events.found}", *(f"{figure:.3f}" for figure in figures)),
                *(f"{misleading}", f"{verdicts.misleading:.3f}" if verdicts.told else ""),
            )
        )
    show_table("Events by the bar of confidence that they reach", columns, rows, columns)


def _show_scores(title: str, scores: Mapping[str, Score]) -> None:
    columns = ("Precision", "Recall", "F1", "Right", "Annotated", "Found")
    rows = [
        (name, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", f"{s.hits}", f"{s.annotated}", f"{s.found}")
        for name, s in scores.items()
    ]
    show_table(title, ("Name", *columns), rows, columns)


def _show_verdicts(verdicts: Mapping[str, Verdicts]) -> None:
    columns = ("Found", *(verdict.value.capitalize() for verdict in Verdict), "Share misleading", "Missed")
    rows = [
        (
            *(name, f"{one.told}"),
            *(f"{one.counts[verdict]} ({one.share(verdict):.2f})" for verdict in Verdict),
            *(f"{one.misleading:.3f}", f"{one.missed}"),
        )
        for name, one in verdicts.items()
    ]
    show_table(
        "The events found, by their core slots; wrong and spurious ones mislead", ("Name", *columns), rows, columns
    )
    wrong = verdicts["all"].wrong_slots
    if wrong:
        print_line(f"Wrong slots: {', '.join(f'{slot} {count}' for slot, count in wrong.items())}\n")


def _show_calibration(calibrations: Mapping[str, Calibration | None]) -> None:
    columns = ("Events", "Brier score", "Best constant")
    rows = [
        (name, f"{one.events}", f"{one.brier:.3f}", f"{one.constant:.3f}")
        for name, one in calibrations.items()
        if one is not None
    ]
    show_table("Confidence as the probability that an event does not mislead", ("Name", *columns), rows, columns)
    if overall := calibrations["all"]:
        _show_bins(overall.tenths)


def _show_bins(bins: Iterable[ConfidenceBin]) -> None:
    columns = ("Confidence", "Events", "Mean confidence", "Share not misleading")
    rows = [
        (f"{b.low:.1f} to {b.low + 0.1:.1f}", f"{b.events}", f"{b.confidence:.2f}", f"{b.right / b.events:.2f}")
        for b in bins
    ]
    show_table("Confidence, and the share of events that do not mislead", columns, rows, columns[1:])


def _show_difference(difference: SlotDifference) -> None:
    annotated, found = (", ".join(fillers) or "nothing" for fillers in (difference.annotated, difference.found))
    where = f"{difference.article}: {difference.type} “{difference.trigger}”"
    print_line(f"{where}, {difference.slot}: annotated {annotated}; found {found}")
    print_line(f"  “{difference.sentence}”\n")
