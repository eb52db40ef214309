"""The fork server: a process that has imported what workers need, so that starting one is a fork of some milliseconds.

It has no threads and opens no store. It is the parent of all workers, and only it kills them: the number of a dead
process is not reused before its parent has collected it, so that no other process can be hit. It ends all workers when
the service is gone. It reports that a worker has ended when nothing is left of it, so that the service can count its
processes. It also keeps the memory of the whole service within a budget, because requests do not delay it as they delay
the service, and so it sees in time that the memory grows.

``multiprocessing`` has a fork server too. It is not used because it kills from another process than the parent, sets
no memory limit, and leaves workers running if the fork server itself is killed.
"""

import gc
import importlib
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path

from hamakg.engine.system import die_with_parent, measure_memory, prefer_as_victim

ORDER = struct.Struct("!cI")
"""An order of the service: its kind, and the number of the worker if it concerns one."""

FORK, KILL, RENICE, PING = b"F", b"K", b"N", b"P"
"""The kinds of orders. FORK comes with the descriptor of the worker's socket."""

REPORT = struct.Struct("!cI")
"""What the fork server reports: its kind and a number."""

FORKED, ENDED, GREEDY, PONG = b"F", b"E", b"G", b"P"
"""The kinds of reports: for each FORK the number of the worker, 0 if there is none; the number of a worker of which
nothing is left; that of one that is killed for its memory; for each PING the megabytes that the service uses."""

_LOWEST_PRIORITY = 19
_MEGABYTE = 1024 * 1024
_BASE_MEGABYTES = 192
"""What a worker needs before its first job: the store's threads and their stacks (measured: 128 is not enough)."""

_FILLED_PER_SECOND = 2048 * _MEGABYTE
"""How fast one processor fills memory, at most."""

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.005, 0.1
"""The seconds between two measurements of memory: so many that the processors cannot fill the rest of it meanwhile."""

_IDLE_PAUSE = 1.0
"""The seconds between two measurements while there are no workers."""

_FIRST_PART, _MOST_PART = 7 / 8, 15 / 16
"""The parts of the budget beyond which a worker is killed: if the memory of those that are dying is not enough to get
below it again, and in any case, because others fill memory faster than dying ones free it."""

_SMALL_WORKER = 32 * _MEGABYTE
"""A worker that uses no more than this is not ended for its memory."""


class _ForkServer:
    """The process: the workers it has started, of which the ``dying`` were killed, and the memory that is used."""

    def __init__(self, control: socket.socket, store: Path, budget: int) -> None:
        self._control, self._store, self._budget = control, store, budget
        self._workers, self._dying = set[int](), set[int]()
        self._used, self._next_measurement = 0, 0.0
        self._service, self._pid = os.getppid(), os.getpid()
        self._wakeups, self._writer = socket.socketpair()
        self._wakeups.setblocking(False)
        self._writer.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # select returns when a worker ends
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def run(self) -> None:
        """Follows the orders of the service until it closes its end; then ends all workers."""
        is_open = True
        while is_open:
            ready, _, _ = select.select([self._control, self._wakeups], [], [], self._watch_memory())
            if self._wakeups in ready:
                self._wakeups.recv(4096)
            self._collect_ended()
            if self._control in ready:
                is_open = self._follow_order()
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)
        for pid in self._workers:
            os.waitpid(pid, 0)

    def _follow_order(self) -> bool:
        """Follows the next order; returns False if the service has closed its end."""
        try:
            order, descriptors, _, _ = socket.recv_fds(self._control, ORDER.size, 1)
        except ConnectionResetError:  # the service has gone, and left reports unread
            return False
        if not order:
            return False
        kind, pid = ORDER.unpack(order)
        if kind == FORK:
            self._report(FORKED, self._fork(descriptors[0]))
        elif kind == PING:
            self._report(PONG, self._used // _MEGABYTE)
        elif pid in self._workers and kind == KILL:
            self._kill(pid)
        elif pid in self._workers and kind == RENICE:
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, pid, _LOWEST_PRIORITY)
        return True

    def _fork(self, descriptor: int) -> int:
        """Starts a worker with this socket; returns its number, 0 if the system allows no more processes."""
        try:
            pid = os.fork()
        except OSError:
            pid = 0
        else:
            if not pid:
                self._become_worker(descriptor)
            self._workers.add(pid)
            self._next_measurement = 0.0
        os.close(descriptor)
        return pid

    def _become_worker(self, descriptor: int) -> None:
        from hamakg.engine import worker  # noqa: PLC0415  # only this process needs it

        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for inherited in (self._control, self._wakeups, self._writer):
                inherited.close()
            die_with_parent(self._pid)
            prefer_as_victim()
            worker.run(socket.socket(fileno=descriptor), self._store)
        finally:
            os._exit(0)

    def _collect_ended(self) -> None:
        """Reports the workers that have ended, and ends those that were stopped: they would hold up their jobs."""
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG | os.WUNTRACED))[0]:
                pid, status = ended
                if os.WIFSTOPPED(status):
                    self._kill(pid)
                else:
                    self._workers.discard(pid)
                    self._dying.discard(pid)
                    self._report(ENDED, pid)

    def _watch_memory(self) -> float:
        """Ends the worker that uses most memory if all use too much; returns the seconds until the next measurement."""
        pause = self._next_measurement - time.monotonic()
        if pause > 0:
            return pause
        memory = {pid: measure_memory(pid) for pid in self._workers}
        living = self._workers - self._dying
        dying = sum(memory[pid] for pid in self._dying)
        self._used = measure_memory(self._service) + measure_memory(self._pid) + sum(memory.values())
        is_over = self._used - dying > _FIRST_PART * self._budget or self._used > _MOST_PART * self._budget
        greediest = max(living, key=memory.__getitem__, default=0)
        if is_over and memory.get(greediest, 0) > _SMALL_WORKER:
            self._report(GREEDY, greediest)
            self._kill(greediest)
        fill_seconds = (_FIRST_PART * self._budget - self._used) / (_FILLED_PER_SECOND * (os.cpu_count() or 1))
        pause = min(max(fill_seconds, _SHORTEST_PAUSE), _LONGEST_PAUSE) if living else _IDLE_PAUSE
        self._next_measurement = time.monotonic() + pause
        return pause

    def _kill(self, pid: int) -> None:
        self._dying.add(pid)
        os.kill(pid, signal.SIGKILL)

    def _report(self, kind: bytes, number: int) -> None:
        with suppress(BrokenPipeError):  # the service has gone; the next order will say so
            self._control.sendall(REPORT.pack(kind, number))


def _main(descriptor: str, store: str, service: str, *options: str) -> None:
    """Runs the fork server.

    ``descriptor`` is its end of the control socket, ``service`` the number of the process that started it. The
    ``options`` are the megabytes of one worker, those of the service and its workers together, "True" or "False" for
    whether workers may connect, and the modules whose functions they will call.
    """
    megabytes, budget_megabytes, may_connect, *modules = options
    die_with_parent(int(service))

    from hamakg.engine import worker  # noqa: F401, PLC0415  # it takes long, and the forks have it then
    from hamakg.engine.sandbox import forbid_connections  # noqa: PLC0415
    from hamakg.log import log_at_once  # noqa: PLC0415
    from hamakg.sparql.ask import STACK_BYTES  # noqa: PLC0415

    log_at_once()
    if may_connect == "False":
        forbid_connections()
    for module in modules:
        importlib.import_module(module)
    limit = (int(megabytes) + _BASE_MEGABYTES) * _MEGABYTE + STACK_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    gc.freeze()  # keeps the forks' memory shared: https://docs.python.org/3/library/gc.html#gc.freeze
    _ForkServer(socket.socket(fileno=int(descriptor)), Path(store), int(budget_megabytes) * _MEGABYTE).run()


if __name__ == "__main__":
    _main(*sys.argv[1:])
