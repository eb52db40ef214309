"""The model: a small BERT that reads a window once, and heads that tag its words and judge its triggers and pairs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from hamakg.extract.encoder.pairs import ATTRIBUTES, EVENT_TYPES, FEATURE_SIZES, KINDS, ROLES
from hamakg.extract.encoder.wordpiece import Shape

WIDTH, INNER, LAYERS, HEADS, POSITIONS, VOCABULARY = 384, 1536, 6, 12, 512, 30522
TRIGGER_TAGS, MENTION_TAGS = 1 + len(EVENT_TYPES), 1 + 2 * len(KINDS)
_DROPOUT = 0.1
_FEATURE_WIDTH = 12
_JUDGE_WIDTH = 256


class Layer(nn.Module):
    """A layer of BERT; the names of its parts are short, ``load_encoder`` knows the published ones."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.widen, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.mixed, self.done = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
        self.drop = nn.Dropout(_DROPOUT)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """From and to (windows, pieces, ``WIDTH``); ``bias``: (windows * ``HEADS``, pieces, pieces), of attention."""
        windows, pieces = hidden.shape[:2]
        split = (windows, pieces, HEADS, WIDTH // HEADS)
        query, key, value = (
            part(hidden).view(split).transpose(1, 2).flatten(0, 1) for part in (self.query, self.key, self.value)
        )
        weights = torch.baddbmm(bias.to(query.dtype), query, key.transpose(1, 2), alpha=(WIDTH // HEADS) ** -0.5)
        attended = (torch.softmax(weights, -1) @ value).view(windows, HEADS, pieces, -1).transpose(1, 2).flatten(2)
        hidden = self.mixed(hidden + self.mix(attended))
        return self.done(hidden + self.drop(self.narrow(functional.gelu(self.widen(hidden)))))


class Reader(nn.Module):
    """The encoder with what tags each piece: triggers by type, their beginnings, mentions by kind."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(len(Shape), WIDTH)
        self.ready = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(_DROPOUT)
        self.tags = nn.Linear(WIDTH, TRIGGER_TAGS + 1 + MENTION_TAGS)

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Of (windows, pieces) each: vectors, then logits of triggers' types, of their beginnings, of mentions."""
        places = torch.arange(pieces.shape[1], device=pieces.device).unsqueeze(0)
        hidden = self.drop(self.ready(self.pieces(pieces) + self.shapes(shapes) + self.positions(places)))
        bias = (mask.to(hidden.dtype)[:, None, None, :] - 1.0) * 1e4
        bias = bias.expand(-1, HEADS, pieces.shape[1], -1).flatten(0, 1)
        for layer in self.layers:
            hidden = layer(hidden, bias)
        types, begins, mentions = self.tags(self.drop(hidden)).split((TRIGGER_TAGS, 1, MENTION_TAGS), -1)
        return hidden, types, begins.squeeze(-1), mentions


class Judge(nn.Module):
    """Judges triggers and pairs by the mean vectors of their pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes = _make_head(WIDTH, _JUDGE_WIDTH // 2, sum(map(len, ATTRIBUTES)))
        self.features = nn.ModuleList(nn.Embedding(size, _FEATURE_WIDTH) for size in FEATURE_SIZES)
        self.pairs = _make_head(3 * WIDTH + _FEATURE_WIDTH * len(FEATURE_SIZES), _JUDGE_WIDTH, len(ROLES))

    def forward(
        self, triggers: Tensor, mentions: Tensor, trigger_of: Tensor, mention_of: Tensor, features: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits of each trigger's attributes, and of each pair's roles; the tensors' last axes are vectors."""
        trigger, mention = triggers[trigger_of], mentions[mention_of]
        known = [table(features[:, column]) for column, table in enumerate(self.features)]
        return self.attributes(triggers), self.pairs(torch.cat([trigger, mention, trigger * mention, *known], -1))


def _make_head(width: int, inner: int, out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(_DROPOUT), nn.Linear(width, inner), nn.GELU(), nn.Dropout(_DROPOUT), nn.Linear(inner, out)
    )


class Span(NamedTuple):
    """Pieces of a window of a batch."""

    window: int
    begin: int
    end: int


class Model(nn.Module):
    """Both parts."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self.judge = Reader(), Judge()


def average_spans(hidden: Tensor, spans: Sequence[Span]) -> Tensor:
    """The mean vector of each span's pieces, of (windows, pieces, ``WIDTH``)."""
    if not spans:
        return hidden.new_zeros((0, WIDTH))
    length = hidden.shape[1]
    pieces = torch.tensor([w * length + piece for w, begin, end in spans for piece in range(begin, end)])
    owner = torch.tensor([number for number, (_, begin, end) in enumerate(spans) for _ in range(begin, end)])
    sums = hidden.new_zeros((len(spans), WIDTH)).index_add(0, owner, hidden.flatten(0, 1)[pieces])
    return sums / torch.tensor([end - begin for _, begin, end in spans], dtype=hidden.dtype).unsqueeze(1)


# The parts of a layer, and what the published weights call them.
_PUBLISHED = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mix": "attention.output.dense",
    "mixed": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "done": "output.LayerNorm",
}


def load_encoder(reader: Reader, weights: Mapping[str, Tensor]) -> None:
    """Gives the reader the published weights of BERT; each shape of words begins as the first segment's vector."""
    named = {
        f"layers.{number}.{own}.{kind}": weights[f"encoder.layer.{number}.{published}.{kind}"]
        for number in range(LAYERS)
        for own, published in _PUBLISHED.items()
        for kind in ("weight", "bias")
    }
    named["pieces.weight"] = weights["embeddings.word_embeddings.weight"]
    named["positions.weight"] = weights["embeddings.position_embeddings.weight"]
    named["shapes.weight"] = weights["embeddings.token_type_embeddings.weight"][:1].expand(len(Shape), WIDTH)
    named |= {f"ready.{kind}": weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")}
    missing, unknown = reader.load_state_dict(named, strict=False)
    if unknown or set(missing) != {"tags.weight", "tags.bias"}:
        raise ValueError(f"weights do not fit: missing {missing}, unknown {unknown}")
