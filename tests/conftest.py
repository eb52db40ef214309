"""What several tests share: the language model, loaded once, and the graph of the seed articles, built once.

The model's library takes a second to load, so only the fixtures that need it import it.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest

from hamakg.rdf.iris import Iris
from hamakg.store import VersionedStore

if TYPE_CHECKING:
    from spacy.language import Language

PROJECT = Path(__file__).parents[1]
SEEDS = PROJECT / "seeds"

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def nlp() -> "Language":
    from hamakg.extract.narrative import load_pipeline

    return load_pipeline()


@pytest.fixture(scope="session")
def seeds_store(nlp: "Language", tmp_path_factory: pytest.TempPathFactory) -> VersionedStore:
    """The graph of the two seed articles as they are read; not to be written to."""
    from hamakg.build import build
    from hamakg.extract.article import extract_facts
    from hamakg.extract.narrative import load_trained

    store = VersionedStore(tmp_path_factory.mktemp("seeds") / "store")
    build([SEEDS], store, partial(extract_facts, nlp=nlp, trained=load_trained()), Iris())
    return store


@pytest.fixture
def hamakg(tmp_path: Path) -> Run:
    """Runs the installed command as its users do, in an empty folder; its streams are bytes."""

    def run(
        *args: object, stdin: bytes = b"", env: Mapping[str, str] = MappingProxyType({})
    ) -> subprocess.CompletedProcess[bytes]:
        command = [str(Path(sys.executable).with_name("hamakg")), *map(str, args)]
        return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=tmp_path, env=env, timeout=60)

    return run
