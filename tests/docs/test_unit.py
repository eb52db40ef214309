"""The systemd unit of ``docs/serving.md``: systemd accepts it, and the server does all its work under it."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph
import pytest

from docs.blocks import PROJECT, find_blocks
from hamakg.store import VersionedStore
from hamakg.web.server import _DRAIN_SECONDS

UNIT = next(block.text for block in find_blocks(PROJECT / "docs" / "serving.md") if block.language == "ini")
BOOT, TRIAL = (Path(__file__).with_name(name) for name in ("boot.sh", "trial.sh"))
MOST_EXPOSURE = 1.5  # of 10
SECONDS = 180
NEEDED_CALLS = {
    *("clone", "execve", "exit_group", "kill", "prctl", "prlimit64", "setpriority", "setsid", "wait4"),
    *("accept4", "bind", "connect", "listen", "recvmsg", "sendmsg", "socket", "socketpair"),
    *("flock", "fsync", "ftruncate", "link", "mmap", "mprotect", "rename", "unlink"),
}
"""Among others: starting and ending queries, their memory and priority, the store's files, and connections."""

systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit as a file that names a program on this machine."""
    path = tmp_path / "hamakg.service"
    path.write_text(re.sub(r"(?<=^ExecStart=)\S+", shlex.quote(sys.executable), UNIT, flags=re.MULTILINE))
    return path


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "--no-pager", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@systemd
def test_systemd_has_nothing_to_say_about_the_unit(unit: Path) -> None:
    verified = analyze("verify", "--man=no", unit)
    assert (verified.returncode, "hamakg.service" in verified.stderr + verified.stdout) == (0, False)


@systemd
def test_the_service_is_hardly_exposed(unit: Path) -> None:
    """By systemd's own measure, from 0 (best) to 10."""
    report = analyze("security", "--offline=true", unit).stdout
    overall = re.search(r"exposure level for hamakg.service: ([\d.]+)", report)
    assert overall and float(overall[1]) <= MOST_EXPOSURE, report


@systemd
def test_no_system_call_that_the_server_needs_is_forbidden() -> None:
    allowed = list_calls("@system-service")
    assert NEEDED_CALLS - allowed == set()


def list_calls(group: str) -> set[str]:
    """The system calls of a group, those of the groups in it too."""
    names = re.findall(r"^    ([@\w-]+)$", analyze("syscall-filter", group).stdout, re.MULTILINE)
    assert names
    return {call for name in names for call in (list_calls(name) if name.startswith("@") else {name})}


def test_the_server_has_time_to_finish_its_answers() -> None:
    """It stops after the time of a query and of the drain; systemd waits longer."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(UNIT)
    service = parser["Service"]
    timeout = re.search(r"--timeout (\d+)", service["ExecStart"])
    assert timeout and int(service["TimeoutStopSec"]) > int(timeout[1]) + _DRAIN_SECONDS
    assert service["KillMode"] == "mixed"  # only the server itself is told to stop


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("systemd") is None, reason="needs root, and systemd installed")
@pytest.mark.parametrize("error", ["EPERM", None])
def test_the_server_works_under_the_unit(seeds_store: VersionedStore, tmp_path: Path, error: str | None) -> None:
    """Booted by systemd itself in namespaces of its own; without ``error`` a forbidden system call would kill.

    A query that is running when the service is stopped is answered. After a crash the server is back, after a mistake
    in its options it is not tried again.
    """
    unit, output = tmp_path / "unit", tmp_path / "output"
    unit.write_text(UNIT if error else UNIT.replace("SystemCallErrorNumber=EPERM\n", ""))
    arguments = (unit, sys.base_prefix, PROJECT, Path(pyoxigraph.__file__).parents[1], seeds_store.path, TRIAL, output)
    namespaces = ("--mount", "--pid", "--fork", "--uts", "--ipc", "--net", "--kill-child")
    with subprocess.Popen(["unshare", *namespaces, "bash", BOOT, *arguments]) as boot:
        try:
            deadline = time.monotonic() + SECONDS
            while not (output.exists() and output.read_text().endswith("END\n")) and time.monotonic() < deadline:
                time.sleep(0.5)
        finally:
            boot.kill()
    subprocess.run(["unshare", "--mount", "bash", "-c", REMOVE_GROUPS], check=False, stderr=subprocess.DEVNULL)
    assert sorted(output.read_text().splitlines()) == sorted(EXPECTED)


REMOVE_GROUPS = """
mount --make-rprivate / && mount -t cgroup2 none /mnt
for _ in $(seq 50); do find /mnt/hamakg-boot-* -depth -type d -exec rmdir {} + && break; sleep 0.1; done
"""
"""Removes the control groups of boots, once their processes are gone."""

EXPECTED = [
    *("question 200", "meanwhile 200", *["endless 503"] * 4),
    *(f"{page} 200" for page in ("/", "/query", "/review", "/ontology", "/metrics", "/reconcile")),
    *("put 201", "update 204", "count 200"),
    *("can write /var/lib/hamakg/x", "elsewhere 000"),
    *("restarts 1", "finished 200", "Result=success"),
    *("restarts 0, failed", "END"),
]
