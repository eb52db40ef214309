"""A wheel built from the clone, in an environment with the locked libraries alone: its size, the command, all pages."""

import json
import subprocess
import venv
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from zipfile import ZipFile

import pytest
import requests

from conftest import PROJECT, SEEDS

pytestmark = pytest.mark.peers

MEGABYTE = 1_000_000
LARGEST = 550  # megabytes
VENDOR = ("yasgui.min.js", "yasgui.min.css", "NOTICES.txt", "package-lock.json")


class Environment:
    """A Python environment of its own, without any package of the one that runs the tests."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=True)
        self.folder = folder

    def run(self, command: str, *arguments: object, cwd: Path = PROJECT) -> None:
        subprocess.run([self.folder / "bin" / command, *map(str, arguments)], check=True, cwd=cwd)

    def pip(self, *arguments: object) -> None:
        self.run("python", "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)

    def megabytes(self) -> float:
        files = (path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink())
        return sum(path.stat().st_size for path in files) / MEGABYTE


class Links(HTMLParser):
    """The addresses that a page links to or loads; ``navigation`` are those of its ``nav`` elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: set[str] = set()
        self.navigation: set[str] = set()
        self._in_nav = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_nav = self._in_nav or tag == "nav"
        addresses = {value for name, value in attrs if name in ("href", "src") and value}
        self.all |= addresses
        self.navigation |= addresses if self._in_nav else set()

    def handle_endtag(self, tag: str) -> None:
        self._in_nav = self._in_nav and tag != "nav"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with what requirements.lock names and nothing else."""
    environment = Environment(tmp_path_factory.mktemp("locked") / "venv")
    environment.pip("install", "--require-hashes", "-r", "requirements.lock")
    return environment


@pytest.fixture(scope="module")
def wheel(locked: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    locked.pip("wheel", "--no-deps", "--build-constraint", "requirements-dev.lock", "-w", folder, ".")
    return next(folder.glob("hamakg-*.whl"))


@pytest.fixture(scope="module")
def installed(locked: Environment, wheel: Path) -> Environment:
    """The environment with the wheel in it."""
    locked.pip("install", "--no-deps", wheel)
    return locked


@pytest.fixture(scope="module")
def address(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the seeds' graph, built and served by the installed command in an empty folder."""
    folder = tmp_path_factory.mktemp("empty")
    installed.run("hamakg", "build", SEEDS, cwd=folder)
    command = [str(installed.folder / "bin" / "hamakg"), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env={}) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[2].rstrip("/") + "/"
        finally:
            server.terminate()


def test_what_running_needs_stays_small(installed: Environment, capsys: pytest.CaptureFixture[str]) -> None:
    size = installed.megabytes()
    with capsys.disabled():
        print(f"\nan environment for running hamakg takes {size:.0f} MB of at most {LARGEST}")
    assert size <= LARGEST


def test_the_lock_has_all_that_the_wheel_needs(installed: Environment) -> None:
    installed.pip("check")


def test_every_page_of_the_navigation_and_all_it_links_to_is_there(address: str) -> None:
    """Each page of the navigation is read; what it links to or loads, on this host, answers too."""

    def within(addresses: set[str]) -> set[str]:
        absolute = {urldefrag(urljoin(address, a)).url for a in addresses}
        return {a for a in absolute if a.startswith(address)}

    home = Links(requests.get(address, timeout=60).text)
    pages = {page: requests.get(page, timeout=60) for page in within(home.navigation)}
    assert len(pages) >= 4
    linked = {link for page in pages.values() for link in within(Links(page.text).all)}
    status = {a: requests.get(a, timeout=60).status_code for a in pages.keys() | linked}
    assert {a: code for a, code in status.items() if code != 200} == {}
    assert {urljoin(address, f"static/vendor/{name}") for name in VENDOR if "yasgui" in name} <= linked


def test_the_editor_has_the_licences_of_its_packages(wheel: Path) -> None:
    with ZipFile(wheel) as files:
        assert {Path(name).name for name in files.namelist() if "/static/vendor/" in name} == set(VENDOR)
        notices = files.read("hamakg/web/pages/static/vendor/NOTICES.txt").decode()
    lock = json.loads((PROJECT / "web" / "package-lock.json").read_text("utf-8"))
    packages = {
        name.rpartition("node_modules/")[2]: entry["version"] for name, entry in lock["packages"].items() if name
    }
    assert {name for name, version in packages.items() if f"\n{name} {version} (" not in notices} == set()
