"""How far the confidence of events can be trusted: by tenths of confidence, how many events are right.

    python benchmarks/confidence.py [GOLD_DIR] [--write]

The events of each article get their confidence from the events of the other articles, so that none vouches for itself.
An event is right if it was annotated; the annotations were made by language models that read by the written guidelines,
and no human expert has checked them. --write replaces src/hamakg/extract/narrative/events/confidence.toml with the
shares of all articles together.
"""

import argparse
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hamakg.evaluation.gold import evaluate, read_gold
from hamakg.evaluation.scores import EVENT, Comparison
from hamakg.evaluation.verdicts import ConfidenceBin, bin_by_confidence
from hamakg.extract.article import extract_facts
from hamakg.extract.narrative import load_pipeline
from hamakg.extract.narrative.events.confidence import DATA, Reading, plain_types, reading
from hamakg.model import Event

GOLD = Path(__file__).parents[2] / "shared" / "gold"
DECISIVE = (EVENT, "agent", "place", "relation", "start", "factuality")
"""An event is right if these slots hold exactly what was annotated."""

WEIGHT = 10
"""The weight, in events, of the row with one fact less when the share of a row is smoothed."""

TEXT = """\
# How many of the events that are read in the same way are right; confidence.py explains both.
# Measured on {events} events read in {articles} annotated articles, and written, by benchmarks/confidence.py --write.
# The annotations were made by language models that read by the written guidelines; no human expert has checked them.
# A row's confidence is smoothed with {weight} events of the row with less known, so that a few events are no certainty.

# Types that are mostly told plainly, by a verb with subject and object; to be edited here.
plain = [{plain}]

shares = [
{shares}
]

# How far it can be trusted: the events of each article by the shares of the other articles, in tenths of confidence.
measured = [
{measured}
]
"""

JudgedReading = tuple[Reading, bool]


def measure(annotations: Path) -> dict[str, list[JudgedReading]]:
    """For each article, how each event found was read and whether it is right."""
    nlp = load_pipeline()
    articles = evaluate(read_gold(annotations), lambda article: extract_facts(article, nlp))
    return {one.annotated.article.slug: list(_judge(one.compare())) for one in articles}


def _judge(comparison: Comparison) -> Iterator[JudgedReading]:
    """How each event found was read, and whether it is right."""
    for pair, scores in zip(comparison.pairs, comparison.scores, strict=True):
        if pair.found:
            decisive = (scores[slot] for slot in DECISIVE)
            yield _reading_of(pair.found), all(one.hits == one.annotated == one.found for one in decisive)


def _reading_of(event: Event) -> Reading:
    places = (*event.places, *event.near, *event.origin, *event.toward)
    return reading(event.type, event.standing, bool(event.agents), bool(places))


def smooth_share(known: Sequence[bool], events: Iterable[JudgedReading]) -> float:
    """The share of right events among those whose reading begins with ``known``, smoothed because some rows have few.

    It is smoothed with the share of the row with one fact less, and so on; the row without facts with a half.
    """
    alike = [(row, right) for row, right in events if row[: len(known)] == tuple(known)]
    broader = smooth_share(known[:-1], events) if known else 0.5
    return (sum(right for _, right in alike) + WEIGHT * broader) / (len(alike) + WEIGHT)


def share_by_reading(events: Sequence[JudgedReading]) -> dict[Reading, float]:
    """The smoothed share of every row, even if no event belongs to it."""
    rows = itertools.product((True, False), repeat=len(Reading._fields))
    return {Reading(*row): smooth_share(row, events) for row in rows}


def cross_validate(by_article: Mapping[str, Sequence[JudgedReading]]) -> list[tuple[float, bool]]:
    """The confidence of each event by the shares of the other articles, and whether the event is right."""
    events_with_confidence = []
    for article, events in by_article.items():
        others = share_by_reading(
            [event for other, members in by_article.items() if other != article for event in members]
        )
        events_with_confidence += [(others[row], right) for row, right in events]
    return events_with_confidence


def print_scores(events: Sequence[tuple[float, bool]]) -> None:
    """Print the tenths, the Brier score and the log loss (0.25 and 0.69 for a constant confidence of 0.5)."""
    print("confidence   events   mean   right")
    for b in bin_by_confidence(events):
        print(f"{b.low:.1f} to {b.low + 0.1:.1f}{b.events:10}{b.confidence:7.2f}{b.right / b.events:8.2f}")
    brier = sum((confidence - right) ** 2 for confidence, right in events) / len(events)
    loss = -sum(math.log(confidence if right else 1 - confidence) for confidence, right in events) / len(events)
    print(f"Brier score {brier:.3f}, log loss {loss:.3f}")


def format_table(by_article: Mapping[str, Sequence[JudgedReading]], measured: Iterable[ConfidenceBin]) -> str:
    """The text of ``confidence.toml``."""
    events = [event for members in by_article.values() for event in members]
    rows = [
        ", ".join(f"{name} = {str(value).lower()}" for name, value in row._asdict().items())
        + f", events = {sum(other == row for other, _ in events)}"
        + f", right = {sum(right for other, right in events if other == row)}, confidence = {smoothed:.2f}"
        for row, smoothed in share_by_reading(events).items()
    ]
    tenths = [
        f"from = {b.low:.1f}, events = {b.events}, confidence = {b.confidence:.2f}, right = {b.right}" for b in measured
    ]
    return TEXT.format(
        articles=len(by_article),
        events=len(events),
        weight=WEIGHT,
        plain=", ".join(f'"{kind}"' for kind in plain_types()),
        shares="\n".join(f"    {{{row}}}," for row in rows),
        measured="\n".join(f"    {{{row}}}," for row in tenths),
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description="How many events of each confidence are right")
    arguments.add_argument("gold", nargs="?", type=Path, default=GOLD)
    arguments.add_argument("--write", action="store_true", help="replace confidence.toml")
    given = arguments.parse_args()
    by_article = measure(given.gold)
    events = cross_validate(by_article)
    print_scores(events)
    if given.write:
        DATA.write_text(format_table(by_article, bin_by_confidence(events)), "utf-8")


if __name__ == "__main__":
    main()
