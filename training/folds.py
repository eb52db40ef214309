"""Which articles are held out together: three folds by article, each with its share of either period's events."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from training.annotations import FOLDER, Annotated, read

FOLDS = 3
FILE = Path(__file__).with_name("folds.tsv")


def assign(articles: Iterable[Annotated]) -> dict[str, int]:
    """The largest articles first, each to the fold that has the fewest events of its period so far."""
    events: Counter[tuple[str, int]] = Counter()
    folds: dict[str, int] = {}
    for article in sorted(articles, key=lambda article: (-len(article.events), article.name)):
        fold = min(range(FOLDS), key=lambda fold: events[article.period, fold])
        events[article.period, fold] += len(article.events)
        folds[article.name] = fold
    return dict(sorted(folds.items()))


def read_folds(path: Path = FILE) -> Mapping[str, int]:
    """The fold of each article, by name."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["name"]: int(row["fold"]) for row in csv.DictReader(file, delimiter="\t")}


if __name__ == "__main__":
    rows = assign(map(read, FOLDER.glob("*.json"))).items()
    FILE.write_text("".join(["name\tfold\n", *(f"{name}\t{fold}\n" for name, fold in rows)]), "utf-8")
