"""The trained files of the package are those of the model card."""

import re
from hashlib import sha256

from conftest import PROJECT

TRAINED = PROJECT / "src" / "hamakg" / "extract" / "narrative" / "events" / "trained"


def test_the_model_card_has_the_digests_of_all_trained_files() -> None:
    card = (PROJECT / "docs" / "model-card.md").read_text("utf-8")
    digests = {path.name: sha256(path.read_bytes()).hexdigest() for path in TRAINED.iterdir()}
    assert dict(re.findall(r"^\| `([\w.]+)` \| `([0-9a-f]{64})` \|$", card, re.MULTILINE)) == digests
