"""The processes of a pool: its workers, the fork server that starts and kills them, and one that stands by.

A fork server can die, for instance because the machine has no memory left, or hang. Its workers die with it. The one
that stands by takes its place at once: to start one takes a sixth of a second on an idle machine and seconds on a busy
one, and to keep one takes about 10 MB of memory. The workers of a dead fork server become children of this process,
which waits for them, so that a worker counts until the system has removed it.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from hamakg.engine.forkserver import ENDED, FORK, FORKED, GREEDY, KILL, ORDER, PING, RENICE, REPORT
from hamakg.engine.system import adopt_orphans

_TICKS_BETWEEN_PINGS = 5
_MOST_SILENT_TICKS = 100
"""A fork server that has reported nothing for so many ticks, about five seconds, counts as hung. Ticks are counted
rather than seconds, since after a pause of the whole machine nobody is late."""

_MOST_STARTING_TICKS = 1200
"""The same for one that is still starting."""

_RESTART_SECONDS = 0.5
"""How long to wait after a fork server has ended before it was ready: the next one may do so too."""

_CLOSE_SECONDS = 1.0
"""How long fork servers may take to end their workers and themselves; after that they are killed."""

_LOG = logging.getLogger(__name__)


class NoProcessError(Exception):
    """A worker could not be started: its fork server has ended, or the system allows no more processes."""


class ForkServer:
    """The service's end of one fork server; its methods do not block.

    ``options`` are the arguments of the process after its socket. ``lose`` is called when it has ended, or was killed
    because it hung, ``notice`` when one of its workers has. ``workers`` are the numbers of those that exist, ``greedy``
    of those killed for their memory; ``megabytes`` is the memory of the whole service.
    """

    def __init__(self, options: list[str], lose: Callable[["ForkServer"], None], notice: Callable[[], None]) -> None:
        self.workers, self.greedy, self.megabytes, self.is_ready = set[int](), set[int](), 0, False
        self._lose, self._notice, self._is_closed = lose, notice, False
        self._forks, self._received = deque[asyncio.Future[int]](), b""
        self._ticks, self._silent_ticks = 0, 0
        self._control, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "hamakg.engine.forkserver", str(theirs.fileno()), *options]
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | {"RUST_BACKTRACE": "0"},
                start_new_session=True,  # Ctrl-C is for the service, which ends the rest in order
            )
        self._control.setblocking(False)
        asyncio.get_running_loop().add_reader(self._control, self.read)
        self.send(PING)

    @property
    def count(self) -> int:
        """How many workers exist or were ordered."""
        return len(self.workers) + len(self._forks)

    async def fork(self) -> tuple[int, socket.socket]:
        """Starts a worker; returns its process number and the socket to it. Raises NoProcessError."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        fork: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._forks.append(fork)
        with theirs:
            self.send(FORK, descriptors=[theirs.fileno()])
        try:
            return await fork, ours
        except BaseException:
            ours.close()  # if the worker starts all the same, it ends at once
            raise

    def send(self, kind: bytes, pid: int = 0, descriptors: list[int] | None = None) -> None:
        """Sends an order."""
        if self._is_closed:
            self._fail_forks()
            return
        try:
            socket.send_fds(self._control, [ORDER.pack(kind, pid)], descriptors or [])
        except OSError:  # it has ended, or is so far behind that the socket is full
            self._end()

    def read(self) -> None:
        """Takes note of what the fork server has reported."""
        try:
            data = b"" if self._is_closed else self._control.recv(64 * 1024)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end()
            return
        self._silent_ticks = 0
        self._received += data
        size = len(self._received) // REPORT.size * REPORT.size
        for kind, number in REPORT.iter_unpack(self._received[:size]):
            self._take(kind, number)
        self._received = self._received[size:]

    def tick(self) -> None:
        """Looks after the process; to be called regularly."""
        self._ticks += 1
        self._silent_ticks += 1
        most = _MOST_SILENT_TICKS if self.is_ready else _MOST_STARTING_TICKS
        if self._silent_ticks > most or _has_stopped(self.process.pid):
            self._end()
        elif self._ticks % _TICKS_BETWEEN_PINGS == 0:
            self.send(PING)

    def close(self) -> None:
        """Closes the connection, whereupon the process ends its workers and itself."""
        if not self._is_closed:
            self._is_closed = True
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._fail_forks()

    def _end(self) -> None:
        if not self._is_closed:
            self.close()
            self.process.kill()  # the system then kills its workers
            asyncio.get_running_loop().call_soon(self._lose, self)  # later: the caller may be about to use its workers

    def _take(self, kind: bytes, number: int) -> None:
        if kind == ENDED:
            self.workers.discard(number)
            self._notice()
        elif kind == GREEDY:
            self.greedy.add(number)
        elif kind == FORKED:
            fork = self._forks.popleft()
            if number:
                self.workers.add(number)
                self.greedy.discard(number)  # another process had the same number
            if not fork.done() and number:
                fork.set_result(number)
            elif not fork.done():
                fork.set_exception(NoProcessError("the system allows no more processes"))
        else:
            self.is_ready, self.megabytes = True, number

    def _fail_forks(self) -> None:
        for fork in self._forks:
            if not fork.done():
                fork.set_exception(NoProcessError("the fork server has ended"))
        self._forks.clear()


class Processes:
    """All processes of a pool, with a fork server in use and one that stands by; to be used in one event loop.

    ``megabytes`` is the memory of one worker, ``total_megabytes`` that of the service and all workers. Unless they
    ``may_connect``, workers cannot open sockets. ``lose_workers`` is called when all workers are lost with their fork
    server, ``notice`` when a worker has ended. ``modules`` are imported before workers are started.
    """

    def __init__(
        self,
        store: Path,
        megabytes: int,
        total_megabytes: int,
        *,
        may_connect: bool,
        lose_workers: Callable[[], None],
        notice: Callable[[], None],
        modules: Sequence[str] = (),
    ) -> None:
        self.failures = 0
        self._options = [str(store), str(os.getpid()), str(megabytes), str(total_megabytes), str(may_connect), *modules]
        self._lose_workers, self._notice = lose_workers, notice
        self._current: ForkServer | None = None
        self._standby: ForkServer | None = None
        self._lost = list[ForkServer]()
        self._is_closing, self._start_after = False, 0.0

    @property
    def count(self) -> int:
        """How many workers exist or were ordered, with those that have not quite ended."""
        return sum(server.count for server in (*self._lost, self._current) if server)

    @property
    def megabytes(self) -> int:
        """The memory that the service and its workers use, as measured last."""
        return self._current.megabytes if self._current else 0

    def start(self) -> None:
        """Starts the fork servers."""
        adopt_orphans()
        self._start_missing()

    async def fork(self) -> tuple[int, socket.socket]:
        """Starts a worker; returns its process number and the socket to it. Raises NoProcessError."""
        if self._current is None:
            raise NoProcessError("there is no fork server")
        return await self._current.fork()

    def kill(self, pid: int) -> None:
        """Kills a worker, unless it has ended by itself."""
        if self._current and pid in self._current.workers:
            self._current.send(KILL, pid)

    def lower_priority(self, pid: int) -> None:
        """Gives a worker only the processor time that other processes leave."""
        if self._current and pid in self._current.workers:
            self._current.send(RENICE, pid)

    def was_greedy(self, pid: int) -> bool:
        """Whether a worker that has ended was killed because all together used too much memory, and it most."""
        if self._current:
            self._current.read()  # the report may have come later than the end of the worker's connection
        return self._current is not None and pid in self._current.greedy

    def tick(self) -> None:
        """Looks after the fork servers, starts those that are missing, and collects what is left of lost ones."""
        for server in (self._current, self._standby):
            if server:
                server.tick()
        self._start_missing()
        self._collect_lost()

    async def close(self) -> None:
        """Ends all workers and the fork servers, whatever their state; returns when they are gone."""
        self._is_closing = True
        for server in (self._current, self._standby):
            if server:
                server.close()
                self._lost.append(server)
        self._current = self._standby = None
        await self._wait_for_lost()
        for server in self._lost:
            server.process.kill()
        await self._wait_for_lost()

    async def _wait_for_lost(self) -> None:
        until = time.monotonic() + _CLOSE_SECONDS
        while self._lost and time.monotonic() < until:
            await asyncio.sleep(0.01)
            self._collect_lost()

    def _lose(self, server: ForkServer) -> None:
        if self._is_closing:
            return
        self.failures += 1
        _LOG.error(
            "A fork server (process %d) has ended or did not answer; another takes its place.", server.process.pid
        )
        if not server.is_ready:
            self._start_after = time.monotonic() + _RESTART_SECONDS
        self._lost.append(server)
        if server is self._standby:
            self._standby = None
        else:
            self._current, self._standby = self._standby, None
            self._lose_workers()
        self._start_missing()

    def _start_missing(self) -> None:
        if self._is_closing or time.monotonic() < self._start_after:
            return
        try:
            self._current = self._current or ForkServer(self._options, self._lose, self._notice)
            self._standby = self._standby or ForkServer(self._options, self._lose, self._notice)
        except OSError as error:
            _LOG.error("A fork server cannot be started: %s.", error)
            self._start_after = time.monotonic() + _RESTART_SECONDS

    def _collect_lost(self) -> None:
        """Waits for lost fork servers and their workers, which are children of this process by now."""
        if not self._lost:
            return
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:  # also workers that a fork server could not report any more
                pass
        for server in self._lost:
            if server.process.poll() is not None:
                server.workers = {pid for pid in server.workers if not _has_ended(pid)}
        self._lost = [server for server in self._lost if server.workers or server.process.returncode is None]
        self._notice()


def _has_stopped(pid: int) -> bool:
    """Whether a child has ended or was stopped, as by SIGSTOP."""
    try:
        return os.waitpid(pid, os.WNOHANG | os.WUNTRACED)[0] == pid
    except ChildProcessError:
        return True


def _has_ended(pid: int) -> bool:
    """Whether a child has ended and was waited for."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
