"""Opens the files of the trained model."""

from pathlib import Path

from onnxruntime import InferenceSession, SessionOptions

from hamakg.extract.encoder.model import Model

READER, JUDGE = "reader.onnx", "judge.onnx"


def load_model(folder: Path, reader: str = READER) -> Model:
    """The model in a folder. Raises OSError for a file that is not there."""
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    paths = [folder / reader, folder / JUDGE]
    return Model(*(InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"]) for path in paths))
