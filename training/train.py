"""Teaches the model what annotators marked: one pass over each window, with a loss for each thing it should say."""

import math
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from hamakg.extract.encoder.pairs import ATTRIBUTES, FEATURE_SIZES
from hamakg.extract.encoder.windows import LONGEST
from training.examples import IGNORED, Example, Pair, Prepared
from training.model import TRIGGER_TAGS, Model, Span, average_spans, load_encoder

SEED = 16
_SIDE = 4  # the feature that annotators know better than a reader
_SHORTEST_FIRST = 120  # pieces

# How much each loss counts.
WEIGHTS = {"types": 2.0, "begins": 0.5, "mentions": 1.0, "pairs": 1.0, "attributes": 0.3}


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how fast; the rates are those of the encoder and of the heads, which start from nothing."""

    epochs: int = 5
    windows: int = 2  # a batch
    encoder_rate: float = 1.5e-4
    head_rate: float = 1e-3
    warm_up: float = 0.1  # share of all steps
    outside_weight: float = 0.6  # of words that are no trigger: a missed event costs more than an extra one
    hidden_sides: float = 0.4  # share of windows whose pairs are not told the mentions' sides
    precise: bool = False  # float32 throughout; else most products are of bfloat16


def train(
    articles: Sequence[Prepared], vocabulary: Mapping[str, int], weights: Mapping[str, Tensor], settings: Settings
) -> Model:
    """A model that begins with the published encoder's weights and learns from the articles; seeds are fixed."""
    torch.manual_seed(SEED)
    choice = random.Random(SEED)
    model = Model()
    load_encoder(model.reader, weights)
    model.reader.pieces.weight.requires_grad_(False)
    heads = [*model.reader.tags.parameters(), *model.judge.parameters()]
    own = {id(parameter) for parameter in heads}
    encoder = [p for p in model.parameters() if p.requires_grad and id(p) not in own]
    optimizer = torch.optim.AdamW(
        [{"params": encoder, "lr": settings.encoder_rate}, {"params": heads, "lr": settings.head_rate}],
        weight_decay=0.01,
        fused=True,
    )
    steps = settings.epochs * math.ceil(sum(1 for _ in _make_all(articles, vocabulary)) / settings.windows)
    pace = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _pace(step / steps, settings.warm_up))
    began = time.monotonic()
    for epoch in range(settings.epochs):
        examples = list(_make_all(articles, vocabulary, choice))
        choice.shuffle(examples)
        sums: dict[str, float] = {}
        for begin in range(0, len(examples), settings.windows):
            batch = [_hide_sides(e, settings.hidden_sides, choice) for e in examples[begin : begin + settings.windows]]
            with torch.autocast("cpu", torch.bfloat16, enabled=not settings.precise):
                losses = compute_losses(model, batch, settings.outside_weight)
            optimizer.zero_grad()
            torch.stack([WEIGHTS[name] * loss for name, loss in losses.items()]).sum().backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            pace.step()
            for name, loss in losses.items():
                sums[name] = sums.get(name, 0.0) + loss.item() * len(batch) / len(examples)
        told = " ".join(f"{name} {value:.4f}" for name, value in sums.items())
        print(f"epoch {epoch + 1}: {told} ({time.monotonic() - began:.0f} s)", flush=True)
    model.eval()
    return model


def _pace(done: float, warm_up: float) -> float:
    """The share of the full rate when so much of the training is done: up, then down to a fiftieth."""
    return min(1.0, done / warm_up + 0.01, max(0.02, (1.0 - done) / (1.0 - warm_up)))


def _make_all(
    articles: Iterable[Prepared], vocabulary: Mapping[str, int], choice: random.Random | None = None
) -> Iterator[Example]:
    """All windows; by choice they begin elsewhere in each epoch, and hold names that no event needs."""
    for article in articles:
        if choice:
            first = choice.randint(_SHORTEST_FIRST, LONGEST)
            yield from article.add_other_names(choice).make_examples(vocabulary, first)
        else:
            yield from article.make_examples(vocabulary)


def _hide_sides(example: Example, share: float, choice: random.Random) -> Example:
    """The example, by chance with the sides of all mentions unknown, as a reader of the text often finds it."""
    if choice.random() >= share:
        return example
    return example.replace_pairs(
        tuple(
            Pair(p.trigger, p.mention, (*p.features[:_SIDE], 0, *p.features[_SIDE + 1 :]), p.role)
            for p in example.pairs
        )
    )


def encode(model: Model, examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What the reader says of the examples' windows, padded to one length."""
    length = max(len(example.window.pieces) for example in examples)

    def pad(rows: Iterable[Sequence[int]]) -> Tensor:
        return torch.tensor([[*row, *[0] * (length - len(row))] for row in rows])

    windows = [example.window for example in examples]
    said: tuple[Tensor, Tensor, Tensor, Tensor] = model.reader(
        pad(window.pieces for window in windows),
        pad(window.shapes for window in windows),
        pad([1] * len(window.pieces) for window in windows),
    )
    return said


def judge(model: Model, hidden: Tensor, examples: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """The logits of all triggers' attributes and of all pairs' roles, example by example."""
    triggers = [Span(w, t.begin, t.end) for w, e in enumerate(examples) for t in e.triggers]
    mentions = [Span(w, m.begin, m.end) for w, e in enumerate(examples) for m in e.mentions]
    rows: list[tuple[int, int, tuple[int, ...]]] = []
    trigger_at = mention_at = 0
    for example in examples:
        rows += [(trigger_at + p.trigger, mention_at + p.mention, p.features) for p in example.pairs]
        trigger_at += len(example.triggers)
        mention_at += len(example.mentions)
    said: tuple[Tensor, Tensor] = model.judge(
        average_spans(hidden, triggers),
        average_spans(hidden, mentions),
        torch.tensor([row[0] for row in rows], dtype=torch.long),
        torch.tensor([row[1] for row in rows], dtype=torch.long),
        torch.tensor([row[2] for row in rows], dtype=torch.long).view(-1, len(FEATURE_SIZES)),
    )
    return said


def compute_losses(model: Model, examples: Sequence[Example], outside_weight: float) -> dict[str, Tensor]:
    """The mean loss of each thing that the model says of the windows; none of what they do not hold."""
    hidden, types, begins, mentions = encode(model, examples)
    length = hidden.shape[1]
    words = torch.tensor([w * length + word.begin for w, e in enumerate(examples) for word in e.words])
    weight = torch.ones(TRIGGER_TAGS)
    weight[0] = outside_weight

    def gather(logits: Tensor) -> Tensor:
        return logits.flatten(0, 1)[words].float()

    losses = {
        "types": functional.cross_entropy(gather(types), _tensor(t for e in examples for t in e.trigger_tags), weight),
        "begins": functional.binary_cross_entropy_with_logits(
            gather(begins), _tensor(b for e in examples for b in e.begins).float()
        ),
        "mentions": functional.cross_entropy(gather(mentions), _tensor(t for e in examples for t in e.mention_tags)),
    }
    attributes, roles = judge(model, hidden, examples)
    wanted = _tensor(pair.role for e in examples for pair in e.pairs)
    if (wanted != IGNORED).any():
        losses["pairs"] = functional.cross_entropy(roles.float(), wanted, ignore_index=IGNORED)
    if len(attributes):
        parts = attributes.float().split([len(values) for values in ATTRIBUTES], -1)
        gold = [
            _tensor(e.attributes[t][column] for e in examples for t in range(len(e.triggers))) for column in range(3)
        ]
        losses["attributes"] = sum(
            (functional.cross_entropy(*pair) for pair in zip(parts, gold, strict=True)), hidden.new_zeros(())
        )
    return losses


def _tensor(values: Iterable[int]) -> Tensor:
    return torch.tensor(list(values), dtype=torch.long)
