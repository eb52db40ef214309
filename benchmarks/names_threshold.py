"""Precision and recall of recognising spellings of one name, by threshold, on the pairs of ``tests/cases/names.tsv``.

    python benchmarks/names_threshold.py [--errors]

The threshold is chosen on the pairs of one half of the articles ("tune"); the other half ("held out") tests it.
"""

import argparse
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hamakg.naming.spellings import THRESHOLD, similarity

PAIRS = Path(__file__).parents[1] / "tests" / "cases" / "names.tsv"


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two names of one article, and whether they are the same name."""

    a: str
    b: str
    same: bool
    article: str

    @property
    def held_out(self) -> bool:
        """Whether the pair's article is kept out of the choice of the threshold."""
        return hashlib.sha256(self.article.encode()).digest()[0] % 2 == 1


def read_pairs() -> Iterator[NamePair]:
    for line in PAIRS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            a, b, verdict, where = line.split("\t")
            yield NamePair(a, b, verdict == "same", where.rpartition(", ")[0])


def score_threshold(scored: list[tuple[NamePair, float]], threshold: float) -> tuple[float, float, int]:
    """Precision and recall of "same", and how many pairs of different names count as one."""
    accepted = [pair.same for pair, similarity in scored if similarity >= threshold]
    hits = sum(accepted)
    return hits / max(1, len(accepted)), hits / sum(pair.same for pair, _ in scored), accepted.count(False)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Precision and recall of is_same_name by threshold")
    arguments.add_argument("--errors", action="store_true", help="list the pairs that are classified wrongly")
    scored = [(pair, similarity(pair.a, pair.b)) for pair in read_pairs()]
    halves = {
        "tune": [(pair, score) for pair, score in scored if not pair.held_out],
        "held out": [(pair, score) for pair, score in scored if pair.held_out],
    }
    for name, half in halves.items():
        same = sum(pair.same for pair, _ in half)
        print(f"{name}: {same} same, {len(half) - same} different\nthreshold  precision  recall  false positives")
        for hundredth in range(80, 100):
            threshold = hundredth / 100
            precision, recall, wrong = score_threshold(half, threshold)
            chosen = "  <" if abs(threshold - THRESHOLD) < 0.005 else ""
            print(f"{threshold:9.2f}  {precision:9.3f}  {recall:6.3f}  {wrong:15}{chosen}")
    if arguments.parse_args().errors:
        for pair, score in sorted(scored, key=lambda s: s[1]):
            if pair.same != (score >= THRESHOLD):
                print(f"{score:.3f}  {'same' if pair.same else 'different'}  {pair.a} | {pair.b}")


if __name__ == "__main__":
    main()
