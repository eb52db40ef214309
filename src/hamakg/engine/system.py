"""What the engine asks of the operating system about processes and memory, beyond Python's ``os``.

All of it is particular to Linux. Elsewhere these functions do nothing, or say that they know nothing: a killed service
may then leave a query running to its end, and the memory of all workers together has no limit.
"""

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

_IS_LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # prctl(2)
_FIRST_VICTIM = 500  # from -1000 to 1000: proc_pid_oom_score_adj(5)
_CGROUPS = {"": ("", "memory.max"), "memory": ("memory", "memory.limit_in_bytes")}  # version 2, version 1
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def die_with_parent(parent: int) -> None:
    """Has the system kill this process when its parent, the process of this number, dies; also if that is done."""
    if _IS_LINUX:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Makes this process the parent of those of its descendants whose parent dies, so that it can wait for them."""
    if _IS_LINUX:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1))


def prefer_as_victim() -> None:
    """If the machine has no memory left, has the system kill this process rather than one of normal priority."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_FIRST_VICTIM))


def measure_memory(pid: int) -> int:
    """Returns the bytes of memory that a process uses, without files: what it shares with its parent counts too."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except (OSError, ValueError):  # it has ended, or this system has no such file
        return 0
    return (int(resident) - int(shared)) * _PAGE_BYTES


def measure_processor(pid: int) -> float:
    """Returns the seconds for which a process has used a processor; 0 if it has ended or the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # proc_pid_stat(5): utime, stime
    except OSError:
        return 0.0


def find_half_of_memory() -> int:
    """Returns half of the megabytes of memory that there are: those of the machine, or of this process's cgroups."""
    return min([_PAGE_BYTES * os.sysconf("SC_PHYS_PAGES"), *_read_cgroup_limits()]) // (2 * 1024 * 1024)


def _read_cgroup_limits() -> list[int]:
    """The limits of the cgroups that this process is in, and of those around them (cgroups(7))."""
    limits = list[int]()
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controller, path = line.split(":", 2)
            if controller in _CGROUPS:
                folder, name = _CGROUPS[controller]
                root = Path("/sys/fs/cgroup", folder)
                own = root / path.lstrip("/")
                for group in [own, *own.parents[: len(own.parts) - len(root.parts)]]:
                    with suppress(OSError, ValueError):  # not visible in this container; "max"
                        limits.append(int((group / name).read_text()))
    return limits
