"""The processes of a running server, and what they use, read from /proc."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class ProcessTree(NamedTuple):
    """The numbers of the processes below a server: its fork servers, and the workers."""

    fork_servers: frozenset[int]
    workers: frozenset[int]

    @property
    def all(self) -> list[int]:
        return sorted(self.fork_servers | self.workers)


def read_tree(root: int) -> ProcessTree:
    """The processes that exist now, also those that have ended and are still to be waited for."""
    parents = dict[int, int]()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    fork_servers = frozenset(pid for pid, parent in parents.items() if parent == root)
    return ProcessTree(fork_servers, frozenset(pid for pid, parent in parents.items() if parent in fork_servers))


def is_alive(pid: int) -> bool:
    """Whether a process exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


def proportional_megabytes(pid: int) -> float:
    """The memory of a process, of which what is shared counts in part (PSS); 0 if it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def count_descriptors(pid: int) -> int:
    """How many files and sockets a process has open, without the tables of stores, whose number varies."""
    number = 0
    with suppress(OSError):  # it has ended
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                number += not os.readlink(descriptor).removesuffix(" (deleted)").endswith(".sst")
    return number
