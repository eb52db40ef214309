"""Writes a model as ONNX: the reader with the weights of its products and pieces in eight bits, and the judge.

Only how the weights are stored is of eight bits; all products are of float32. So the model is small, and processors
differ no more than they do for any sum of float32, which they round in different orders.
"""

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from hamakg.extract.encoder.files import JUDGE, READER
from hamakg.extract.encoder.pairs import FEATURE_SIZES
from training.model import WIDTH, Model

WHOLE_READER = "reader.float32.onnx"
_OPSET = 20
_LARGE = 100_000  # tables with fewer numbers are kept as they are


def export(model: Model, folder: Path) -> None:
    """The files of the model in the folder, and the reader in float32.

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
        warnings.simplefilter("ignore")  # of torch, about its own older way of exporting
        torch.onnx.export(
            model.reader,
            (whole, whole, whole),
            folder / WHOLE_READER,
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
    shrink(folder / WHOLE_READER, folder / READER)


def shrink(source: Path, target: Path) -> None:
    """Writes a graph with the weights of its products, by column, and its large tables, by row, in eight bits."""
    model = onnx.load(source)
    kept = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in kept:
            name = node.input[1]
            small, scale = _round(numpy_helper.to_array(kept.pop(name)), axis=0)
            kept |= _name({f"{name}.small": small, f"{name}.scale": scale[0]})
            nodes.append(helper.make_node("DequantizeLinear", [f"{name}.small", f"{name}.scale"], [name], axis=1))
            nodes.append(node)
        elif node.op_type == "Gather" and (table := kept.get(node.input[0])) and np.prod(table.dims) > _LARGE:
            name, rows = node.output[0], node.input[1]
            small, scale = _round(numpy_helper.to_array(kept.pop(node.input[0])), axis=1)
            kept |= _name({f"{name}.small": small, f"{name}.scale": scale})
            nodes += [
                helper.make_node("Gather", [f"{name}.small", rows], [f"{name}.rows"]),
                helper.make_node("Gather", [f"{name}.scale", rows], [f"{name}.factors"]),
                helper.make_node("Cast", [f"{name}.rows"], [f"{name}.whole"], to=onnx.TensorProto.FLOAT),
                helper.make_node("Mul", [f"{name}.whole", f"{name}.factors"], [name]),
            ]
        else:
            nodes.append(node)
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(kept.values())
    onnx.checker.check_model(model)
    onnx.save(model, target)


def _round(weights: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers from -127 to 127, and by what to multiply them along the axis."""
    scale = np.maximum(np.abs(weights).max(axis=axis, keepdims=True), 1e-12) / 127
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)


def _name(arrays: dict[str, NDArray[np.generic]]) -> dict[str, onnx.TensorProto]:
    return {name: numpy_helper.from_array(array, name) for name, array in arrays.items()}
