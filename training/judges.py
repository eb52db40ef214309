"""Trains the judges on the evidence of articles that the model had not seen: ``python -m training.judges --work WORK``.

Writes ``WORK/judges.npz``, and prints figures by folds of articles: events, slots, and what confidence is worth.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from hamakg.extract.narrative.events.judges import DATE_FLOOR, EVENT_FLOOR, describe_probabilities
from training.folds import FOLDS, read_folds

SEEDS = 3
_WIDTHS = {"events": 48, "slots": 64, "dates": 48, "confidence": 0}
_EPOCHS, _BATCH, _RATE, _DECAY = 10, 128, 4e-3, 1e-2
Rows = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Trained:
    """Networks of one shape and the mean and scale of their inputs."""

    mean: Tensor
    scale: Tensor
    networks: tuple[nn.Sequential, ...]

    def run(self, rows: Rows) -> list[float]:
        """The mean of the networks' probabilities for each row."""
        if not rows:
            return []
        values = (torch.tensor(rows, dtype=torch.float32) - self.mean) / self.scale
        with torch.no_grad():
            probabilities = torch.stack([torch.sigmoid(network(values)).squeeze(1) for network in self.networks])
        result: list[float] = probabilities.mean(0).tolist()
        return result

    def save(self, name: str) -> dict[str, NDArray[np.float64]]:
        """The arrays of the networks as the reader loads them."""
        layers = [[layer for layer in network if isinstance(layer, nn.Linear)] for network in self.networks]
        arrays = {f"{name}.mean": self.mean, f"{name}.scale": self.scale}
        for number, same in enumerate(zip(*layers, strict=True)):
            arrays[f"{name}.weight{number}"] = torch.stack([layer.weight.T for layer in same])
            arrays[f"{name}.bias{number}"] = torch.stack([layer.bias for layer in same])
        return {key: value.detach().double().numpy().astype(np.float32) for key, value in arrays.items()}


@dataclass(frozen=True, slots=True)
class Judges:
    """What judges events, slots and days."""

    events: Trained
    slots: Trained
    dates: Trained


def fit(rows: Rows, right: Sequence[float], width: int) -> Trained:
    """Networks that give each row the probability that it is right; ``width`` 0 is a logistic regression."""
    inputs, wanted = torch.tensor(rows, dtype=torch.float32), torch.tensor(right, dtype=torch.float32)
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-2
    networks = tuple(_fit_one((inputs - mean) / scale, wanted, width, seed) for seed in range(SEEDS))
    return Trained(mean, scale, networks)


def _fit_one(inputs: Tensor, wanted: Tensor, width: int, seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    network = _make_network(inputs.shape[1], width)
    optimizer = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=_DECAY)
    steps = _EPOCHS * -(-len(inputs) // _BATCH)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(inputs)).split(_BATCH):
            loss = functional.binary_cross_entropy_with_logits(network(inputs[batch]).squeeze(1), wanted[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            pace.step()
    return network.eval()


def _make_network(inputs: int, width: int) -> nn.Sequential:
    if not width:
        return nn.Sequential(nn.Linear(inputs, 1))
    first, second = nn.Linear(inputs, width), nn.Linear(width, width // 2)
    return nn.Sequential(first, nn.GELU("tanh"), nn.Dropout(0.25), second, nn.GELU("tanh"), nn.Linear(width // 2, 1))


def teach(articles: Iterable[Any]) -> Judges:
    """The judges that the rows of these articles teach."""
    rows = [row for article in articles for row in article["rows"]]
    events = [row for row in rows if row["is_event"]]
    slots = [((*slot[2], *row["event"]), slot[3]) for row in events for slot in row["slots"]]
    dated = [row for row in events if row["has_days"]]
    return Judges(
        fit([row["event"] for row in rows], [row["is_event"] for row in rows], _WIDTHS["events"]),
        fit([features for features, _ in slots], [right for _, right in slots], _WIDTHS["slots"]),
        fit([(*r["dates"], *r["event"]) for r in dated], [r["right_days"] for r in dated], _WIDTHS["dates"]),
    )


def judge(article: Any, judges: Judges) -> None:
    """Adds the probabilities to each row of an article: ``p`` of the event, ``days``, and of each slot at its end."""
    for row in article["rows"]:
        row["p"] = judges.events.run([row["event"]])[0]
        row["days"] = judges.dates.run([(*row["dates"], *row["event"])])[0]
        for slot, probability in zip(
            row["slots"], judges.slots.run([(*slot[2], *row["event"]) for slot in row["slots"]]), strict=True
        ):
            slot.append(probability)


def decide(row: Any) -> tuple[tuple[float, ...], bool]:
    """The features of the confidence of a decided event, and whether it does not mislead; as the reader decides."""
    described, chosen = describe_probabilities(
        row["p"],
        row["days"],
        has_days=bool(row["has_days"]) and row["days"] >= DATE_FLOOR,
        slots=[(slot[0], slot[1], slot[4]) for slot in row["slots"]],
        features=row["event"],
    )
    right = {(slot[0], slot[1]): slot[3] for slot in row["slots"]}
    wrong_days = row["has_days"] and row["days"] >= DATE_FLOOR and not row["right_days"]
    wrong_slot = any(not right[ref, role] for ref, (role, _) in chosen.items() if role != "target")
    return described, bool(row["is_event"]) and not (wrong_days or wrong_slot or row["misleads"])


def main() -> None:
    """Read the command line, train, print figures, write the judges."""
    parser = argparse.ArgumentParser(prog="python -m training.judges", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("build", "training"))
    work = parser.parse_args().work
    torch.set_num_threads(1)
    folds = read_folds()
    articles = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((work / "evidence").glob("*.json"))}
    parts = {name: number % 4 for number, name in enumerate(sorted(articles))}
    print(f"{len(articles)} articles of {len({folds[name] for name in articles})} of {FOLDS} folds")
    for part in range(4):
        judges = teach(article for name, article in articles.items() if parts[name] != part)
        for name, article in articles.items():
            if parts[name] == part:
                judge(article, judges)
    kept = {name: [decide(r) for r in article["rows"] if r["p"] >= EVENT_FLOOR] for name, article in articles.items()}
    told = [(features, float(right)) for rows in kept.values() for features, right in rows]
    _print_confidence(kept, parts)
    confidence = fit([features for features, _ in told], [right for _, right in told], _WIDTHS["confidence"])
    judges = teach(articles.values())
    arrays: dict[str, NDArray[Any]] = {}
    for name, trained in (("events", judges.events), ("slots", judges.slots), ("dates", judges.dates)):
        arrays |= trained.save(name)
    arrays |= confidence.save("confidence")
    np.savez_compressed(work / "judges.npz", allow_pickle=False, **arrays)


def _print_confidence(kept: Any, parts: Any) -> None:
    """How far the confidence of articles apart can be trusted."""
    scored: list[tuple[float, bool]] = []
    for part in range(4):
        learned = [pair for name, rows in kept.items() if parts[name] != part for pair in rows]
        apart = [pair for name, rows in kept.items() if parts[name] == part for pair in rows]
        model = fit([f for f, _ in learned], [float(right) for _, right in learned], _WIDTHS["confidence"])
        scored += zip(model.run([f for f, _ in apart]), [right for _, right in apart], strict=True)
    share = sum(right for _, right in scored) / len(scored)
    brier = sum((p - right) ** 2 for p, right in scored) / len(scored)
    print(f"{len(scored)} events told, {1 - share:.3f} mislead; Brier {brier:.3f}, constant {share * (1 - share):.3f}")
    for bar in (0.3, 0.4, 0.5, 0.6, 0.7):
        above = [right for p, right in scored if p >= bar]
        print(f"at {bar}: {len(above)} events, {1 - sum(above) / max(1, len(above)):.3f} mislead")


if __name__ == "__main__":
    main()
