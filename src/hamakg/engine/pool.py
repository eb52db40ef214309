"""The processes of the engine, kept by one event loop: started, given a job, ended."""

import asyncio
import pickle
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from hamakg.engine.jobs import DATA, END, FAULT, HEAD, JOB, PREFIX, Fault, Head, Job, packed
from hamakg.engine.nursery import Nursery

_TICK = 0.05
_LONG = 0.25
_IDLE = 60.0
_READ = 256 * 1024
_SLOWEST = 20
"""How many times its deadline an answer may take whose client reads it slowly."""

Gone = Callable[[], Awaitable[object]]
"""Comes back when the client has gone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the engine may use: seconds a job, processes, jobs that wait for one, megabytes a process."""

    timeout: float = 30.0
    processes: int = 32
    waiting: int = 2048
    megabytes: int = 1024
    kept: int = 2


@dataclass(slots=True, eq=False)
class _Process:
    """One process, the socket to it, since when and till when it works on its job, and why it was ended."""

    pid: int
    channel: socket.socket
    since: float = 0.0
    until: float = 0.0
    long: bool = False
    gone: Gone | None = None
    watcher: "asyncio.Task[None] | None" = None
    fault: Fault | None = None
    received: bytearray = field(default_factory=bytearray)


class Answer:
    """What comes back for a job: its head, and then its bytes as they come."""

    def __init__(self, head: Head, pool: "Pool", process: _Process) -> None:
        self.head = head
        self._pool, self._process = pool, process

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes as they come; the time that the caller takes for one is not the job's. Raises Fault."""
        process = self._process
        while (piece := await self._pool._piece(process)) is not None:
            given = time.monotonic()
            yield piece
            waited = time.monotonic() - given
            process.until = min(process.until + waited, process.since + _SLOWEST * self._pool.limits.timeout)

    async def whole(self) -> bytes:
        """All bytes of the answer. Raises Fault."""
        return b"".join([piece async for piece in self.pieces()])


class Pool:
    """Processes over one store; to be started and stopped in the event loop that uses it."""

    def __init__(self, store: Path, limits: Limits = Limits()) -> None:
        self.limits = limits
        self.timeouts = 0
        self._nursery = Nursery(store, limits.megabytes)
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()
        self._waiting: deque[tuple[float, asyncio.Future[_Process]]] = deque()
        self._done = 0
        self._ticker: asyncio.Task[None] | None = None

    @property
    def busy(self) -> int:
        """How many jobs are worked on."""
        return len(self._busy)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a process."""
        return len(self._waiting)

    async def start(self) -> None:
        """Starts the processes that are kept ready, and the clock."""
        self._idle = [self._start_process() for _ in range(self.limits.kept)]
        self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Ends all processes, whatever they do."""
        if self._ticker:
            self._ticker.cancel()
        for process in (*self._idle, *self._busy):
            self._end(process, Fault("busy", "The server stops."))
        self._nursery.close()

    @asynccontextmanager
    async def answer(self, job: Job, gone: Gone | None = None) -> AsyncIterator[Answer]:
        """What comes back for the job. A process that is not done when the block ends is ended, and so is one whose
        client has ``gone``.

        Raises Fault: what the job raises, ``timeout`` after its deadline, ``busy`` where no process is free in time,
        ``crashed`` where the process died, for want of memory or by a fault of the engine.
        """
        process = await self._acquire()
        process.gone = gone
        try:
            with suppress(ConnectionError):  # then it has died, and reading says so
                await asyncio.get_running_loop().sock_sendall(process.channel, packed(JOB, job))
            kind, payload = await self._message(process)
            if kind != HEAD:
                raise RuntimeError(kind)
            yield Answer(pickle.loads(payload), self, process)
        finally:
            self._release(process)

    async def _acquire(self) -> _Process:
        if self._idle:
            return self._given(self._idle.pop())
        if self.waiting >= self.limits.waiting:
            raise Fault("busy", "The server has too much to do; try again in a moment.")
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((time.monotonic(), future))
        given: _Process = await future
        return given

    def _given(self, process: _Process) -> _Process:
        process.since = time.monotonic()
        process.until = process.since + self.limits.timeout
        self._busy.add(process)
        return process

    def _release(self, process: _Process) -> None:
        """To the next that waits, or to the idle ones; it is ended if it is not done, or has been at work for long."""
        self._busy.discard(process)
        self._done += 1
        if process.watcher:
            process.watcher.cancel()
        if process.until or process.long:
            self._end(process, Fault("busy", "The client has gone."))
            self._keep_ready()
        else:
            process.since = time.monotonic()
            self._hand_on(process)

    def _hand_on(self, process: _Process) -> None:
        while self._waiting:
            _, future = self._waiting.popleft()
            if not future.done():
                future.set_result(self._given(process))
                return
        self._idle.append(process)

    async def _piece(self, process: _Process) -> bytes | None:
        """The next bytes of an answer, None at its end."""
        kind, payload = await self._message(process)
        if kind == END:
            process.until = 0.0
            return None
        if kind != DATA:
            raise RuntimeError(kind)
        return payload

    async def _message(self, process: _Process) -> tuple[bytes, bytes]:
        received, loop = process.received, asyncio.get_running_loop()
        wanted = PREFIX.size
        while len(received) < wanted:
            piece = await self._read(process, loop)
            received += piece
            if len(received) >= PREFIX.size:
                wanted = PREFIX.size + PREFIX.unpack_from(received)[0]
        length, kind = PREFIX.unpack_from(received)
        wanted = PREFIX.size + length
        while len(received) < wanted:
            received += await self._read(process, loop)
        payload = bytes(received[PREFIX.size : wanted])
        del received[:wanted]
        if kind == FAULT:
            process.until = 0.0
            raise Fault(*pickle.loads(payload))
        return kind, payload

    async def _read(self, process: _Process, loop: asyncio.AbstractEventLoop) -> bytes:
        piece = b""
        with suppress(ConnectionError):
            piece = await loop.sock_recv(process.channel, _READ)
        if not piece:
            raise process.fault or Fault(
                "crashed",
                f"The job was stopped: it needs more than {self.limits.megabytes} MB of memory, or the engine failed.",
            )
        return piece

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            now = time.monotonic()
            for process in list(self._busy):
                self._watch(process, now)
            self._give_up_waiting(now)
            self._keep_ready()
            self._end_surplus(now)

    def _watch(self, process: _Process, now: float) -> None:
        if process.until and now > process.until and process.fault is None:
            self.timeouts += 1
            self._end(
                process, Fault("timeout", f"The query ran longer than {self.limits.timeout:g} s, and was stopped.")
            )
        elif now - process.since > _LONG and not process.long:
            process.long = True
            self._nursery.put_behind(process.pid)
            if process.gone:
                process.watcher = asyncio.create_task(self._end_when(process, process.gone))

    async def _end_when(self, process: _Process, gone: Gone) -> None:
        await gone()
        self._end(process, Fault("busy", "The client has gone."))

    def _give_up_waiting(self, now: float) -> None:
        while self._waiting and now - self._waiting[0][0] > self.limits.timeout:
            _, future = self._waiting.popleft()
            if not future.done():
                future.set_exception(Fault("busy", "The server has too much to do; try again in a moment."))

    def _keep_ready(self) -> None:
        """As many processes as are kept are not at long work; where nothing was done since the last time, no job waits
        for another.
        """
        ready = len(self._idle) + sum(not process.long for process in self._busy)
        wanted = max(self.limits.kept - ready, 0 if self._done else self.waiting)
        for _ in range(min(wanted, self.limits.processes - self.busy - len(self._idle))):
            self._hand_on(self._start_process())
        self._done = 0

    def _end_surplus(self, now: float) -> None:
        if len(self._idle) > self.limits.kept and now - self._idle[0].since > _IDLE:
            self._end(self._idle.pop(0), Fault("busy", "The server needs this process no more."))

    def _end(self, process: _Process, why: Fault) -> None:
        process.fault = process.fault or why
        self._nursery.end(process.pid)
        if process not in self._busy:
            process.channel.close()

    def _start_process(self) -> _Process:
        return _Process(*self._nursery.fork(), since=time.monotonic())
