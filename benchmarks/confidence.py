"""What the confidence of an event is worth: how sure events are, and how many of them are right, by tenths.

    python benchmarks/confidence.py [GOLD_DIR] [--write]

Each article's events are given the shares of the other articles' events, so that no event vouches for itself.
With --write, the shares of all articles together become src/hamakg/extract/narrative/confidence.toml.
"""

import argparse
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hamakg.build import facts_of
from hamakg.evaluation.gold import read_gold
from hamakg.evaluation.scores import Bin, bins, compare, judged
from hamakg.extract.narrative import load_pipeline
from hamakg.extract.narrative.confidence import DATA, Reading, plain_types, reading
from hamakg.model import Event

GOLD = Path(__file__).parents[2] / "shared" / "gold"
WEIGHT = 10
"""So many events a row's share leans on that of the shorter row above it (all but the last of what is known)."""

TEXT = """\
# How many of the events that are read in the same way are right (what is meant by both says confidence.py).
# Measured on {events} events read in {articles} annotated articles, and written, by benchmarks/confidence.py --write.
# A row's confidence is smoothed with {weight} events of the row with less known, so that a few events are no certainty.

# Types that are mostly told plainly, by a verb with subject and object; to be edited here.
plain = [{plain}]

shares = [
{shares}
]

# What that is worth: each article's events by the shares of the other articles, in tenths of confidence.
measured = [
{measured}
]
"""

Judged = tuple[Reading, bool]


def measure(annotations: Path) -> dict[str, list[Judged]]:
    """By article, how each event found was read and whether it is right."""
    nlp = load_pipeline()
    comparisons = [compare(facts_of(facts.article, nlp), facts) for facts in read_gold(annotations)]
    return {c.slug: [(_reading(event), right) for event, right in judged([c])] for c in comparisons}


def _reading(event: Event) -> Reading:
    places = (*event.places, *event.near, *event.origin, *event.toward)
    return reading(event.type, event.standing, bool(event.agents), bool(places))


def share(known: Sequence[bool], events: Iterable[Judged]) -> float:
    """The share of right events among those that begin with what is known, smoothed: few events say little.

    It leans on the share of a row with less known, that on one with less again, and the last on a half.
    """
    alike = [(row, right) for row, right in events if row[: len(known)] == tuple(known)]
    broader = share(known[:-1], events) if known else 0.5
    return (sum(right for _, right in alike) + WEIGHT * broader) / (len(alike) + WEIGHT)


def shares(events: Sequence[Judged]) -> dict[Reading, float]:
    """The share of every row, also of those that no event belongs to."""
    rows = itertools.product((True, False), repeat=len(Reading._fields))
    return {Reading(*row): share(row, events) for row in rows}


def held_out(by_article: Mapping[str, Sequence[Judged]]) -> list[tuple[float, bool]]:
    """Each event's confidence by the other articles, and whether it is right."""
    found = []
    for article, events in by_article.items():
        others = shares([event for other, members in by_article.items() if other != article for event in members])
        found += [(others[row], right) for row, right in events]
    return found


def show(events: Sequence[tuple[float, bool]]) -> None:
    """Prints the tenths; then two sums that are 0.25 and 0.69 for a half throughout, and less the better."""
    print("confidence   events   mean   right")
    for b in bins(events):
        print(f"{b.low:.1f} to {b.low + 0.1:.1f}{b.events:10}{b.confidence:7.2f}{b.right / b.events:8.2f}")
    brier = sum((confidence - right) ** 2 for confidence, right in events) / len(events)
    loss = -sum(math.log(confidence if right else 1 - confidence) for confidence, right in events) / len(events)
    print(f"Brier score {brier:.3f}, log loss {loss:.3f}")


def table(by_article: Mapping[str, Sequence[Judged]], measured: Iterable[Bin]) -> str:
    """The text of confidence.toml."""
    events = [event for members in by_article.values() for event in members]
    rows = [
        ", ".join(f"{name} = {str(value).lower()}" for name, value in row._asdict().items())
        + f", events = {sum(other == row for other, _ in events)}"
        + f", right = {sum(right for other, right in events if other == row)}, confidence = {smoothed:.2f}"
        for row, smoothed in shares(events).items()
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
    arguments.add_argument("--write", action="store_true", help="write confidence.toml anew")
    given = arguments.parse_args()
    by_article = measure(given.gold)
    events = held_out(by_article)
    show(events)
    if given.write:
        DATA.write_text(table(by_article, bins(events)), "utf-8")


if __name__ == "__main__":
    main()
