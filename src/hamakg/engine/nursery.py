"""The parent of the engine's processes: has loaded what they need, so that a new one is a fork of some milliseconds.

It has no threads and opens no store, and is the only one that ends its children, so that no other process is hit
whose number was theirs. Where the service is gone, it ends them all.
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
_FORK, _END, _NICE = b"F", b"E", b"N"
_NICEST = 19
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_ENGINE_MEGABYTES = 192
"""What a process needs before its first job: the store's threads and their stacks (measured: 128 is not enough)."""


class Nursery:
    """The service's end: starts a process for a socket, ends it, puts it behind others. No call takes long."""

    def __init__(self, store: Path, megabytes: int) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "hamakg.engine.nursery", str(theirs.fileno()), str(store), str(megabytes)]
            self._process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | {"RUST_BACKTRACE": "0"},
                start_new_session=True,  # Ctrl-C is for the service, which ends the rest in order
            )

    def fork(self) -> tuple[int, socket.socket]:
        """A new process's number, and the socket to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [_ORDER.pack(_FORK, 0)], [theirs.fileno()])
            (pid,) = _PID.unpack(self._control.recv(_PID.size, socket.MSG_WAITALL))
        ours.setblocking(False)
        return pid, ours

    def end(self, pid: int) -> None:
        """Ends the process at once, if it has not ended."""
        self._control.sendall(_ORDER.pack(_END, pid))

    def put_behind(self, pid: int) -> None:
        """Gives the process only what time others leave."""
        self._control.sendall(_ORDER.pack(_NICE, pid))

    def close(self) -> None:
        """Ends all of its processes, and comes back when they are gone."""
        self._control.close()
        self._process.wait()


def _main(descriptor: str, store: str, megabytes: str) -> None:
    from hamakg.engine import worker  # noqa: PLC0415 -- the service imports this module and needs neither
    from hamakg.sparql.ask import STACK_BYTES  # noqa: PLC0415

    control, children = socket.socket(fileno=int(descriptor)), set[int]()
    allowed = (int(megabytes) + _ENGINE_MEGABYTES) * 1024 * 1024 + STACK_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
    gc.freeze()  # so that the forks share what is there: https://docs.python.org/3/library/gc.html#gc.freeze
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, _ORDER.size, 1)
        if not order:
            break
        kind, pid = _ORDER.unpack(order)
        _reap(children)
        if kind == _FORK:
            pid = os.fork()
            if not pid:
                control.close()
                _die_with_parent()
                worker.serve(socket.socket(fileno=descriptors[0]), Path(store))
                os._exit(0)
            os.close(descriptors[0])
            children.add(pid)
            control.sendall(_PID.pack(pid))
        elif pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL) if kind == _END else os.setpriority(os.PRIO_PROCESS, pid, _NICEST)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    for pid in children:
        os.waitpid(pid, 0)


def _die_with_parent() -> None:
    """Whoever kills the nursery leaves no query running (prctl(2); where there is none, a query runs to its end)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _reap(children: set[int]) -> None:
    for pid in list(children):
        if os.waitpid(pid, os.WNOHANG)[0]:
            children.remove(pid)


if __name__ == "__main__":
    _main(*sys.argv[1:])
