"""Runs the blocks of one page as a reader would who follows it from its top, in a folder that looks like a fresh clone.

- ``sh``: a script; every line must succeed. What it exports holds for the blocks below it.
- ``console``: commands behind ``$``, further lines of one behind ``>``, and what they print. A command that ends with
  ``# exit status 1`` must end so. The random part of a generation's name is shown as ``…``.
- ``sparql``: a query; it must find something.
- ``python``: a script.
- ``json``, ``toml``, ``turtle``: data; it must parse.
- ``ini`` (a systemd unit) and ``nginx``: checked by the program that reads them, where it is installed.
- ``text``, ``mermaid``: not run.

``hamakg serve`` runs beside the commands that follow it, on a free port in place of 7878, till the page ends or the
next one starts. ``make`` is run with ``--dry-run``. Where there is no curl, blocks that call it are not run.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyoxigraph as ox

from docs.blocks import PROJECT, Block

ADDRESS = "127.0.0.1:7878"
CLONE = ("seeds", "queries", "ontology", "docs/examples")
"""What the commands on the pages read of a clone."""

_SECONDS = 120
_BIN = Path(sys.executable).parent
_PRELUDE = f"""\
make() {{ command make --dry-run --directory={shlex.quote(str(PROJECT))} "$@" >/dev/null; }}
trap 'env -0 >"$HOME/.exported"' EXIT
"""
_SERVE = re.compile(r"(?:\w+=\S+ )*hamakg serve\b")
_NGINX_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_STATUS = re.compile(r"# exit status (\d+)$")


class Session:
    """One page that is followed: a folder with a store of the seed articles, and the server that the page started."""

    def __init__(self, folder: Path, seeds_store: Path) -> None:
        self._folder = folder
        for name in CLONE:
            shutil.copytree(PROJECT / name, folder / name)
        shutil.copytree(seeds_store, folder / "store")
        (folder / ".venv").symlink_to(sys.prefix)
        (folder / "home").mkdir()
        self._exported = folder / "home" / ".exported"
        self._servers = ExitStack()
        self._address = ADDRESS
        self._env = {
            "PATH": f"{_BIN}:{os.defpath}",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "COLUMNS": "100",
        }

    def close(self) -> None:
        """Stops the server."""
        self._servers.close()
        self._address = ADDRESS

    def run(self, block: Block) -> str:
        """The text of the block as it should stand in the page: with what its commands print today.

        Raises AssertionError where a command fails, a query finds nothing or data does not parse.
        """
        if "curl " in block.text and not shutil.which("curl"):
            return block.text
        return self._runners[block.language](self, block.text)

    def _run_script(self, text: str) -> str:
        for command in _split_at_servers(text):
            self._run_command(command)
        return text

    def _run_console(self, text: str) -> str:
        shown = []
        for typed in _find_commands(text):
            shown += [typed, self._run_command(re.sub(r"^(\$|>) ?", "", typed, flags=re.MULTILINE))]
        return "".join(shown)

    def _run_command(self, command: str) -> str:
        """What the command prints, standard error among it, without spaces at the ends of lines."""
        if _SERVE.match(command):
            return self._start_server(command)
        expected = int(match[1]) if (match := _STATUS.search(command)) else 0
        script = _PRELUDE + command.replace(ADDRESS, self._address)
        done = self._execute(["bash", "-eu", "-c", script])
        self._env = dict(setting.split("=", 1) for setting in self._exported.read_text("utf-8").split("\0") if setting)
        assert done.returncode == expected, f"exit status {done.returncode} of {command}\n{done.stdout}"
        return _normalise(done.stdout.replace(self._address, ADDRESS))

    def _start_server(self, command: str) -> str:
        self.close()
        server = self._servers.enter_context(_serve(command, self._folder, self._env))
        assert server.stdout is not None
        first_line = server.stdout.readline()
        address = re.search(r"http://([\d.]+:\d+)", first_line)
        assert address, f"{command} does not serve: {first_line}"
        self._address = address[1]
        return first_line.replace(self._address, ADDRESS)

    def _run_query(self, text: str) -> str:
        done = self._execute([str(_BIN / "hamakg"), "query", "-", "--format", "json"], text, merged=False)
        assert done.returncode == 0, f"{done.stderr}\n{text}"
        answer = json.loads(done.stdout)
        assert answer.get("boolean") or answer.get("results", {}).get("bindings"), f"finds nothing:\n{text}"
        return text

    def _run_python(self, text: str) -> str:
        done = self._execute([sys.executable, "-"], text.replace(ADDRESS, self._address))
        assert done.returncode == 0, done.stdout
        return text

    def _check_unit(self, text: str) -> str:
        if program := shutil.which("systemd-analyze"):
            unit = self._folder / "home" / "hamakg.service"
            unit.write_text(re.sub(r"(?<=ExecStart=)\S+", str(_BIN / "hamakg"), text))
            done = self._execute([program, "verify", "--man=no", str(unit)])
            assert done.returncode == 0 and "hamakg.service" not in done.stdout, done.stdout
        return text

    def _check_site(self, text: str) -> str:
        if program := shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"):
            site = self._folder / "home" / "nginx.conf"
            folders = "".join(f"{kind}_temp_path {site}.{kind};\n" for kind in _NGINX_FOLDERS)
            head = f"pid {site}.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}"
            site.write_text(f"{head}{text}}}\n")
            done = self._execute([program, "-t", "-c", str(site)])
            assert done.returncode == 0, done.stdout
        return text

    def _execute(
        self, command: list[str], typed: str | None = None, merged: bool = True
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            input=typed or "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merged else subprocess.PIPE,
            text=True,
            cwd=self._folder,
            env=self._env,
            timeout=_SECONDS,
            check=False,
        )

    _runners: Mapping[str, Callable[["Session", str], str]] = {
        "sh": _run_script,
        "console": _run_console,
        "sparql": _run_query,
        "python": _run_python,
        "ini": _check_unit,
        "nginx": _check_site,
        "json": lambda _, text: (json.loads(text), text)[1],
        "toml": lambda _, text: (tomllib.loads(text), text)[1],
        "turtle": lambda _, text: (list(ox.parse(text, ox.RdfFormat.TURTLE)), text)[1],
        "text": lambda _, text: text,
        "mermaid": lambda _, text: text,
    }


@contextmanager
def _serve(command: str, folder: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A server as the command starts it, but on a free port of this machine."""
    words = shlex.split(command, comments=True)
    number = next(i for i, word in enumerate(words) if "=" not in word)
    settings = dict(word.split("=", 1) for word in words[:number])
    words = [str(_BIN / words[number]), *words[number + 1 :], "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=folder, env=env | settings) as server:
        try:
            yield server
        finally:
            server.terminate()


def _split_at_servers(script: str) -> Iterator[str]:
    """The script in pieces: each command that serves by itself, all between them together."""
    piece = ""
    for line in script.splitlines(keepends=True):
        if _SERVE.match(line):
            yield from filter(str.strip, [piece])
            yield line
            piece = ""
        else:
            piece += line
    yield from filter(str.strip, [piece])


def _find_commands(text: str) -> Iterator[str]:
    """Each command as it is typed, with all its lines, without what it prints."""
    for part in re.split(r"^(?=\$ )", text, flags=re.MULTILINE):
        if part:
            typed = re.match(r"\$ (?:.*\\\n)*.*\n(?:>.*\n)*", part)
            assert typed, f"no command: {part}"
            yield typed[0]


def _normalise(output: str) -> str:
    """The output without what differs from run to run, and without spaces at the ends of lines."""
    output = re.sub(r"\b(\d{6}-)[0-9a-f]{8}\b", r"\1…", output)
    return re.sub(r"[ \t]+$", "", output, flags=re.MULTILINE).strip("\n") + "\n" if output.strip() else ""
