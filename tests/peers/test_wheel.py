"""The wheel carries the query page's editor, got from npm, and the licences of what is in it."""

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from conftest import PROJECT

pytestmark = pytest.mark.peers


def test_a_wheel_has_the_editor_and_the_licences_of_its_packages(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        tmp_path,
        PROJECT,
    ]
    subprocess.run(build, check=True)
    (path,) = tmp_path.glob("*.whl")
    with ZipFile(path) as wheel:
        vendor = {Path(name).name for name in wheel.namelist() if "/static/vendor/" in name}
        assert vendor == {"yasgui.min.js", "yasgui.min.css", "NOTICES.txt", "package-lock.json"}
        notices = wheel.read("hamakg/web/static/vendor/NOTICES.txt").decode()
    lock = json.loads((PROJECT / "web" / "package-lock.json").read_text("utf-8"))
    packages = {
        name.rpartition("node_modules/")[2]: entry["version"] for name, entry in lock["packages"].items() if name
    }
    assert {name for name, version in packages.items() if f"\n{name} {version} (" not in notices} == set()
