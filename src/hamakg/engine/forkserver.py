"""The fork server: a process that has imported what workers need, so that starting one is a fork of some milliseconds.

It has no threads and opens no store. It is the parent of all workers, and only it kills them: the number of a dead
process is not reused before its parent has collected it, so that no other process can be hit. It ends all workers when
the service is gone.

``multiprocessing`` has a fork server too. It is not used because it kills from another process than the parent, sets
no memory limit, and leaves workers running if the fork server itself is killed.
"""

import ctypes
import gc
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_ORDER = struct.Struct("!cI")
_PID = struct.Struct("!I")
_FORK, _KILL, _RENICE = b"F", b"E", b"N"
_LOWEST_PRIORITY = 19
_PR_SET_PDEATHSIG = 1
_BASE_MEGABYTES = 192
"""What a worker needs before its first job: the store's threads and their stacks (measured: 128 is not enough)."""


class ForkServer:
    """The service's end: starts and kills workers, and lowers their priority. No call takes long."""

    def __init__(self, store: Path, megabytes: int) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            command = [
                *(sys.executable, "-m", "hamakg.engine.forkserver"),
                *(str(theirs.fileno()), str(store), str(megabytes)),
            ]
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | {"RUST_BACKTRACE": "0"},
                start_new_session=True,  # Ctrl-C is for the service, which ends the rest in order
            )

    def fork(self) -> tuple[int, socket.socket]:
        """Starts a worker; returns its process number and the socket to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [_ORDER.pack(_FORK, 0)], [theirs.fileno()])
            (pid,) = _PID.unpack(self._control.recv(_PID.size, socket.MSG_WAITALL))
        ours.setblocking(False)
        return pid, ours

    def kill(self, pid: int) -> None:
        """Kills a worker, unless it has ended by itself."""
        self._control.sendall(_ORDER.pack(_KILL, pid))

    def lower_priority(self, pid: int) -> None:
        """Gives a worker only the processor time that other processes leave."""
        self._control.sendall(_ORDER.pack(_RENICE, pid))

    def close(self) -> None:
        """Ends all workers and the fork server; returns when they are gone."""
        self._control.close()
        self._process.wait()


def _main(descriptor: str, store: str, megabytes: str) -> None:
    from hamakg.engine import worker  # noqa: PLC0415  # only this process needs it
    from hamakg.log import log_at_once  # noqa: PLC0415
    from hamakg.sparql.ask import STACK_BYTES  # noqa: PLC0415

    log_at_once()
    control, children = socket.socket(fileno=int(descriptor)), set[int]()
    limit = (int(megabytes) + _BASE_MEGABYTES) * 1024 * 1024 + STACK_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    gc.freeze()  # keeps the forks' memory shared: https://docs.python.org/3/library/gc.html#gc.freeze
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, _ORDER.size, 1)
        if not order:
            break
        kind, pid = _ORDER.unpack(order)
        _collect_ended(children)
        if kind == _FORK:
            pid = os.fork()
            if not pid:
                control.close()
                _die_with_parent()
                worker.run(socket.socket(fileno=descriptors[0]), Path(store))
                os._exit(0)
            os.close(descriptors[0])
            children.add(pid)
            control.sendall(_PID.pack(pid))
        elif pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL) if kind == _KILL else os.setpriority(
                    os.PRIO_PROCESS, pid, _LOWEST_PRIORITY
                )
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    for pid in children:
        os.waitpid(pid, 0)


def _die_with_parent() -> None:
    """Has the system kill this process when its parent dies, so that killing the fork server leaves no query running.

    See prctl(2), which only Linux has; elsewhere a query runs to its end.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _collect_ended(children: set[int]) -> None:
    for pid in list(children):
        if os.waitpid(pid, os.WNOHANG)[0]:
            children.remove(pid)


if __name__ == "__main__":
    _main(*sys.argv[1:])
