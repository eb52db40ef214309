"""The processes of the engine, kept by one event loop: forked, given jobs, ended.

A process works on its jobs one after the other. It is given some before it is done with the first, for what costs most
of a small job is to wake the other side. Those behind a job that takes long are given to others.
"""

import asyncio
import pickle
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from hamakg.engine.jobs import DATA, END, FAULT, HEAD, JOB, PREFIX, GraphJob, Head, Job, QueryJob, packed
from hamakg.engine.nursery import Nursery
from hamakg.engine.request_error import RequestError

_TICK = 0.05
_LONG = 0.25
_DEPTH = 8
"""So many jobs are given to one process at most."""
_IDLE = 5.0
_HELD = 1024 * 1024
"""So many bytes of an answer are held for a client that is slow to take them; then its process waits."""
_SLOWEST = 20
"""How many times a query's deadline an answer may take whose client is slow, and a write."""

Gone = Callable[[], Awaitable[object]]
"""Comes back when the client has gone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the engine may use: seconds a job, processes, jobs that wait for one, megabytes a process.

    ``kept`` processes are ready whatever the others do.
    """

    timeout: float = 30.0
    processes: int = 32
    waiting: int = 4096
    megabytes: int = 1024
    kept: int = 2


@dataclass(slots=True, eq=False)
class _Task:
    """A job, what has come back for it, and since when and till when a process works on it."""

    packed: bytes
    repeatable: bool
    seconds: float
    asked: float
    gone: Gone | None
    since: float = 0.0
    until: float = 0.0
    long: bool = False
    done: bool = False
    given_up: bool = False
    fault: RequestError | None = None
    process: "_Process | None" = None
    watcher: "asyncio.Task[None] | None" = None
    messages: deque[tuple[bytes, bytes]] = field(default_factory=deque)
    held: int = 0
    waiter: "asyncio.Future[None] | None" = None

    def receive(self, kind: bytes, payload: bytes) -> None:
        self.messages.append((kind, payload))
        self.held += len(payload)
        self.wake()

    def wake(self) -> None:
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)

    async def message(self) -> tuple[bytes, bytes]:
        """The next message. Raises Fault: the job's own, or why there is none."""
        while not self.messages:
            if self.fault:
                raise self.fault
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        kind, payload = self.messages.popleft()
        self.held -= len(payload)
        if self.process and self.held < _HELD:
            self.process.go_on()
        if kind == FAULT:
            raise RequestError(*pickle.loads(payload))
        return kind, payload


class _Process(asyncio.Protocol):
    """The service's end of one process: its jobs, the one that it works on first."""

    def __init__(self, pool: "Pool", pid: int) -> None:
        self.pid, self.tasks, self.ended, self.moved = pid, deque[_Task](), False, False
        self.free_since = time.monotonic()
        self._pool, self._received, self._outgoing = pool, bytearray(), list[bytes]()
        self._paused = False
        self._transport: asyncio.Transport | None = None

    def give(self, task: _Task) -> None:
        """Jobs that are given in one turn of the loop go in one message."""
        task.process = self
        self.tasks.append(task)
        if len(self.tasks) == 1:
            self._begin(task)
        if not self._outgoing:
            asyncio.get_running_loop().call_soon(self._flush)
        self._outgoing.append(task.packed)

    def go_on(self) -> None:
        if self._paused and self._transport:
            self._transport.resume_reading()
            self._paused = False

    def close(self) -> None:
        self.ended = True
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        begin, size = 0, len(self._received)
        while size - begin >= PREFIX.size:
            length, kind = PREFIX.unpack_from(self._received, begin)
            end = begin + PREFIX.size + length
            if end > size:
                break
            payload = bytes(self._received[begin + PREFIX.size : end])
            begin = end
            self._deliver(kind, payload)
        del self._received[:begin]

    def connection_lost(self, exc: Exception | None) -> None:
        self._pool.lost(self)

    def _begin(self, task: _Task) -> None:
        task.since = time.monotonic()
        task.until = task.since + task.seconds

    def _deliver(self, kind: bytes, payload: bytes) -> None:
        if not self.tasks:
            return  # it was ended meanwhile
        task = self.tasks[0]
        if kind in (END, FAULT):
            task.done = True
            self.tasks.popleft()
            if self.tasks:
                self._begin(self.tasks[0])
            else:
                self.free_since = time.monotonic()
        task.receive(kind, payload)
        if task.done:
            self._pool.finished(self, task)
        elif task.held > _HELD and not self._paused and self._transport:
            self._transport.pause_reading()
            self._paused = True

    def _flush(self) -> None:
        if self._transport:
            self._transport.write(b"".join(self._outgoing))
        self._outgoing.clear()


class Answer:
    """What comes back for a job: its head, and then its bytes as they come.

    It is a context: a job that is not done when the block ends is stopped.
    """

    head: Head

    def __init__(self, pool: "Pool", task: _Task) -> None:
        self._pool, self._task = pool, task

    async def __aenter__(self) -> "Answer":
        """Raises Fault: what the job raises, ``timeout`` after its deadline, ``busy`` where no process is free in time,
        ``crashed`` where the process died, for want of memory or by a fault of the engine.
        """
        try:
            self._pool.submit(self._task)
            kind, payload = await self._task.message()
            if kind != HEAD:
                raise RuntimeError(kind)
            self.head = pickle.loads(payload)
            return self
        except BaseException:
            self._pool.give_up(self._task)
            raise

    async def __aexit__(self, *error: object) -> None:
        self._pool.give_up(self._task)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes as they come; the time that the caller takes for one is not the job's. Raises Fault."""
        task, slowest = self._task, _SLOWEST * self._pool.limits.timeout
        while (message := await task.message())[0] == DATA:
            given = time.monotonic()
            yield message[1]
            task.until = min(task.until + time.monotonic() - given, task.since + slowest)

    async def whole(self) -> bytes:
        """All bytes of the answer. Raises Fault."""
        data = list[bytes]()
        while (message := await self._task.message())[0] == DATA:
            data.append(message[1])
        return b"".join(data)


class Pool:
    """Processes over one store; to be started and stopped in the event loop that uses it."""

    def __init__(self, store: Path, limits: Limits = Limits()) -> None:
        self.limits = limits
        self.timeouts = 0
        self._nursery = Nursery(store, limits.megabytes)
        self._processes: list[_Process] = []
        self._waiting: deque[_Task] = deque()
        self._done = 0
        self._ticker: asyncio.Task[None] | None = None

    @property
    def busy(self) -> int:
        """How many processes work on a job."""
        return sum(bool(process.tasks) for process in self._processes)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a process."""
        return len(self._waiting) + sum(max(len(process.tasks) - 1, 0) for process in self._processes)

    async def start(self) -> None:
        """Forks the processes that are kept ready, and starts the clock."""
        for _ in range(self.limits.kept):
            await self._fork()
        self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Ends all processes, whatever they do."""
        if self._ticker:
            self._ticker.cancel()
        for process in list(self._processes):
            self._end(process, RequestError("busy", "The server stops."))
        self._nursery.close()

    def answer(self, job: Job, gone: Gone | None = None) -> Answer:
        """What comes back for the job, once its context is entered; a job whose client has ``gone`` is stopped."""
        reads, limit = isinstance(job, QueryJob | GraphJob), self.limits.timeout
        task = _Task(packed(JOB, job), reads, limit if reads else _SLOWEST * limit, time.monotonic(), gone)
        return Answer(self, task)

    def submit(self, task: _Task) -> None:
        """Gives the job to a process, or lets it wait. Raises Fault ``busy`` where too many wait."""
        if self._waiting and self.waiting >= self.limits.waiting:
            raise RequestError("busy", "The server has too much to do; try again in a moment.")
        self._waiting.append(task)
        self._hand_out()

    def give_up(self, task: _Task) -> None:
        """Nobody waits for the job any more."""
        if task.watcher:
            task.watcher.cancel()
        if task.done:
            return
        task.given_up = True
        if task.process is None:
            with suppress(ValueError):
                self._waiting.remove(task)
        elif task.process.tasks and task.process.tasks[0] is task:
            self._end(task.process, RequestError("busy", "The client has gone."))
            self._hand_out()

    def finished(self, process: _Process, task: _Task) -> None:
        """A process is done with a job; it is ended if that took long, or if its other jobs were given away."""
        self._done += 1
        if task.watcher:
            task.watcher.cancel()
        if task.long or process.moved:
            self._end(process, RequestError("busy", "The server ended this process."))
        self._hand_out()

    def lost(self, process: _Process) -> None:
        """A process has ended: by us, or by itself in the midst of its first job."""
        if not process.ended:
            megabytes = self.limits.megabytes
            problem = f"The job was stopped: it needs more than {megabytes} MB of memory, or the engine failed."
            self._end(process, RequestError("crashed", problem))
            self._hand_out()

    def _hand_out(self) -> None:
        """Gives the jobs that wait to processes, as far as there are any for them."""
        while self._waiting and (process := self._free_for(self._waiting[0])):
            process.give(self._waiting.popleft())

    def _free_for(self, task: _Task) -> _Process | None:
        """One that is idle, of these the last used; or one that will soon be, where the job can be moved again: as many
        as are kept share small jobs, for more of them would only wake each other.
        """
        idle = max((p for p in self._processes if not p.tasks), key=lambda p: p.free_since, default=None)
        quick = [p for p in self._processes if self._is_quick(p)] if task.repeatable else []
        if idle and len(quick) < self.limits.kept:
            return idle
        return min(quick, key=lambda p: len(p.tasks), default=idle)

    @staticmethod
    def _is_quick(process: _Process) -> bool:
        first = process.tasks[0] if process.tasks else None
        return bool(first and len(process.tasks) < _DEPTH and first.repeatable and not (first.long or process.moved))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            now = time.monotonic()
            for process in list(self._processes):
                if process.tasks:
                    self._watch(process, process.tasks[0], now)
            self._give_up_waiting(now)
            await self._keep_ready()
            self._hand_out()
            self._end_surplus(now)

    def _watch(self, process: _Process, first: _Task, now: float) -> None:
        if now > first.until or (first.given_up and now - first.since > _TICK):
            self.timeouts += now > first.until
            said = f"The query ran longer than {first.seconds:g} s, and was stopped."
            self._end(process, RequestError("timeout", said))
        elif now - first.since > _TICK:
            self._move_others(process)
            if now - first.since > _LONG and not first.long:
                first.long = True
                self._nursery.put_behind(process.pid)
                if first.gone:
                    first.watcher = asyncio.create_task(self._end_when(process, first, first.gone))

    async def _end_when(self, process: _Process, task: _Task, gone: Gone) -> None:
        await gone()
        if not task.done:
            self._end(process, RequestError("busy", "The client has gone."))

    def _move_others(self, process: _Process) -> None:
        """Those behind the first job wait again, before all others; the process will work on them in vain."""
        while len(process.tasks) > 1:
            process.moved = True
            task = process.tasks.pop()
            task.process = None
            if not task.given_up:
                self._waiting.appendleft(task)

    def _give_up_waiting(self, now: float) -> None:
        while self._waiting and now - self._waiting[0].asked > self.limits.timeout:
            task = self._waiting.popleft()
            task.fault = RequestError("busy", "The server has too much to do; try again in a moment.")
            task.wake()

    async def _keep_ready(self) -> None:
        """As many processes as are kept are not at long work; where nothing was done since the last time, no job waits
        for another.
        """
        ready = sum(not (process.tasks and process.tasks[0].long) for process in self._processes)
        wanted = max(self.limits.kept - ready, 0 if self._done else len(self._waiting))
        for _ in range(min(wanted, self.limits.processes - self.busy)):
            await self._fork()
        self._done = 0

    def _end_surplus(self, now: float) -> None:
        idle = [process for process in self._processes if not process.tasks]
        for process in idle[: len(self._processes) - self.limits.kept]:
            if now - process.free_since > _IDLE:
                self._end(process, RequestError("busy", "The server needs this process no more."))

    def _end(self, process: _Process, why: RequestError) -> None:
        """Ends the process; its first job fails for this reason, the others wait again."""
        if process.ended:
            return
        self._processes.remove(process)
        self._move_others(process)
        self._nursery.end(process.pid)
        process.close()
        for task in process.tasks:
            task.fault = why
            task.wake()

    async def _fork(self) -> None:
        pid, channel = self._nursery.fork()
        await asyncio.get_running_loop().create_unix_connection(lambda: self._adopt(pid), sock=channel)

    def _adopt(self, pid: int) -> _Process:
        process = _Process(self, pid)
        self._processes.append(process)
        return process
