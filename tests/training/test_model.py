"""What is exported says what the model says; only in the environment of ``make train``."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is only in the environment of make train")
pytest.importorskip("onnx", reason="onnx is only in the environment of make train")


def test_the_exported_model_says_the_same(tmp_path: Path) -> None:
    from hamakg.extract.encoder.files import JUDGE, READER, load_model
    from hamakg.extract.encoder.pairs import FEATURE_SIZES
    from training.export import WHOLE_READER, export
    from training.model import VOCABULARY, WIDTH, Model

    torch.manual_seed(1)
    model = Model()
    export(model, tmp_path)
    assert sum((tmp_path / name).stat().st_size for name in (READER, JUDGE)) < 30e6
    pieces = torch.randint(1000, VOCABULARY, (1, 90))
    inputs = {"pieces": pieces, "shapes": pieces % 4, "mask": torch.ones_like(pieces)}
    names = ["vectors", "types", "begins", "mentions"]
    with torch.inference_mode():
        expected = model.reader(*inputs.values())
    for reader, tolerance in ((WHOLE_READER, 1e-4), (READER, 0.1)):
        said = load_model(tmp_path, reader).reader.run(names, {name: value.numpy() for name, value in inputs.items()})
        for own, other in zip(said, expected, strict=True):
            assert own == pytest.approx(other.numpy(), abs=tolerance)
    pairs = (torch.randn(3, WIDTH), torch.randn(2, WIDTH), torch.tensor([0, 2]), torch.tensor([1, 0]))
    features = torch.tensor([[0] * len(FEATURE_SIZES), [size - 1 for size in FEATURE_SIZES]])
    with torch.inference_mode():
        judged = model.judge(*pairs, features)
    keys = ("triggers", "mentions", "trigger_of", "mention_of", "features")
    answers = load_model(tmp_path).judge.run(
        ["attributes", "roles"], {key: value.numpy() for key, value in zip(keys, (*pairs, features), strict=True)}
    )
    for own, other in zip(answers, judged, strict=True):
        assert own == pytest.approx(other.numpy(), abs=1e-4)
