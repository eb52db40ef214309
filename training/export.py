"""Writes a model as ONNX: the reader and the judge, in float32, and the reader with weights of eight bits."""

import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from hamakg.extract.encoder.pairs import FEATURE_SIZES
from training.model import WIDTH, Model

READER, SMALL_READER, JUDGE = "reader.onnx", "reader.int8.onnx", "judge.onnx"
_OPSET = 20


def export(model: Model, folder: Path) -> None:
    """The three files in the folder.

    The reader takes ``pieces``, ``shapes`` and ``mask``, of (windows, pieces) int64 each, and gives ``vectors``, and
    the logits ``types``, ``begins`` and ``mentions``. The judge takes the mean vectors of ``triggers`` and
    ``mentions``, and for each pair the numbers of both and the ``features``; it gives the logits ``attributes`` and
    ``roles``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.eval()
    whole = torch.ones((2, 8), dtype=torch.long)
    vectors = torch.zeros((3, WIDTH))
    pair = torch.zeros(4, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.reader,
            (whole, whole, whole),
            folder / READER,
            input_names=["pieces", "shapes", "mask"],
            output_names=["vectors", "types", "begins", "mentions"],
            dynamic_axes={name: {0: "windows", 1: "length"} for name in ("pieces", "shapes", "mask")},
            opset_version=_OPSET,
            dynamo=False,
        )
        torch.onnx.export(
            model.judge,
            (vectors, vectors, pair, pair, torch.zeros((4, len(FEATURE_SIZES)), dtype=torch.long)),
            folder / JUDGE,
            input_names=["triggers", "mentions", "trigger_of", "mention_of", "features"],
            output_names=["attributes", "roles"],
            dynamic_axes={
                **{name: {0: name} for name in ("triggers", "mentions")},
                **{name: {0: "pairs"} for name in ("trigger_of", "mention_of", "features")},
            },
            opset_version=_OPSET,
            dynamo=False,
        )
    quantize_dynamic(folder / READER, folder / SMALL_READER, per_channel=True, weight_type=QuantType.QInt8)
