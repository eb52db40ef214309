"""The pool of workers, run by one event loop: it starts them, passes them jobs and ends them.

A worker runs one job at a time. It is sent a few more in advance, because for a small job, waking the worker takes
longer than the work itself. If its first job turns out to take long, the others go to other workers. Some workers are
kept for short jobs: if one of theirs turns out to take long, it is stopped and waits until fewer long ones run.

The standard library's process pools do not fit: they return whole results, and ending one job breaks the whole pool.
Here an answer streams while the query still runs, a slow client slows its worker down, and a worker is killed for its
job's deadline, a client that has gone, or too much memory.
"""

import asyncio
import logging
import pickle
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from hamakg.engine.jobs import Head, Job, ReadingJob
from hamakg.engine.messages import DATA, END, ERROR, HEAD, JOB, MessageDecoder, encode_value
from hamakg.engine.processes import NoProcessError, Processes
from hamakg.engine.request_error import RequestError
from hamakg.engine.system import find_half_of_memory, measure_processor

_LOG = logging.getLogger(__name__)

_TICK_SECONDS = 0.05
"""How often the pool looks at its workers. A job that runs longer no longer holds up those queued behind it."""

_LONG_JOB_SECONDS = 0.25
"""A job that runs longer gets a low priority. Its worker is ended after it: only root can raise a priority again."""

_VERY_LONG_SECONDS = 2.0
"""A job that would take a worker from the short ones is stopped after so long, or after it has used the processor for
_LONG_JOB_SECONDS: on a busy machine, short jobs take their time too."""

_MAX_QUEUED = 8
"""How many jobs a worker is sent at most, including the one that it runs."""

_IDLE_SECONDS = 5.0
"""How long a worker that is not needed may be idle before it is ended."""

_BUFFER_BYTES = 1024 * 1024
"""How much of an answer is buffered for a slow client; beyond it, the worker has to wait."""

_START_SECONDS = 10.0
"""How long the first worker may take to start before the service starts without it."""

_SLOW_FACTOR = 20
"""How many times the deadline of a query an answer to a slow client, or a write, may take."""

UNCERTAIN = " The change may have been made; look before you repeat it."
"""The end of the message of a RequestError about a write whose worker was ended."""

WaitForDisconnect = Callable[[], Awaitable[object]]
"""Returns when the client has closed its connection."""

BUSY = "The server has too much to do; try again in a moment."
"""The message of a RequestError ``busy``."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the engine may use.

    ``timeout`` is the deadline of a query in seconds, ``waiting`` the number of jobs that may wait for a worker,
    ``megabytes`` the memory of one worker, and ``total_megabytes`` that of the service and all workers. There are never
    more than ``workers``; ``ready`` of them are kept free of long jobs.
    """

    timeout: float = 30.0
    workers: int = 32
    waiting: int = 4096
    megabytes: int = 1024
    total_megabytes: int = field(default_factory=find_half_of_memory)
    ready: int = 2


@dataclass(slots=True, eq=False)
class _Task:
    """A job, the messages that have arrived for it, and the state of its work.

    ``seconds`` is how long it may run; ``submitted``, ``started`` and ``deadline`` are times of the monotonic clock. A
    ``movable`` job changes nothing, so another worker can run it again, unless its answer ``has_begun``.
    ``processor_before`` is the processor time of its worker when the job was first seen to run.
    """

    message: bytes
    movable: bool
    seconds: float
    submitted: float
    wait_for_disconnect: WaitForDisconnect | None
    started: float = 0.0
    deadline: float = 0.0
    processor_before: float | None = None
    is_long: bool = False
    has_begun: bool = False
    is_done: bool = False
    is_abandoned: bool = False
    error: RequestError | None = None
    worker: "_Worker | None" = None
    disconnect_watcher: "asyncio.Task[None] | None" = None
    messages: deque[tuple[bytes, bytes]] = field(default_factory=deque)
    buffered: int = 0
    reader: "asyncio.Future[None] | None" = None

    def start(self) -> None:
        self.started = time.monotonic()
        self.deadline = self.started + self.seconds

    def receive(self, kind: bytes, payload: bytes) -> None:
        self.has_begun = True
        self.messages.append((kind, payload))
        self.buffered += len(payload)
        self.wake_reader()

    def fail(self, error: RequestError) -> None:
        self.error = error
        self.wake_reader()

    def wake_reader(self) -> None:
        if self.reader and not self.reader.done():
            self.reader.set_result(None)

    async def read(self) -> tuple[bytes, bytes]:
        """Returns the next message. Raises RequestError: the job's own, or why there is no message."""
        while not self.messages:
            if self.error:
                raise self.error
            self.reader = asyncio.get_running_loop().create_future()
            await self.reader
        kind, payload = self.messages.popleft()
        self.buffered -= len(payload)
        if self.worker and self.buffered < _BUFFER_BYTES:
            self.worker.resume_reading()
        if kind == ERROR:
            raise RequestError(*pickle.loads(payload))
        return kind, payload


class _Worker(asyncio.Protocol):
    """The service's end of a worker; of its tasks it runs the first.

    After tasks were ``moved`` to other workers it still has their jobs in its socket, and would run them in vain.
    """

    def __init__(self, pool: "Pool", pid: int) -> None:
        self.pid, self.tasks, self.is_lost, self.is_ended, self.moved = pid, deque[_Task](), False, False, False
        self.idle_since = time.monotonic()
        self._pool, self._decoder, self._outgoing = pool, MessageDecoder(), list[bytes]()
        self._is_paused = False
        self._transport: asyncio.Transport | None = None

    @property
    def is_quick(self) -> bool:
        """Whether it may be sent one more job: it runs a short one, and any of its jobs can be moved."""
        if not self.tasks or len(self.tasks) >= _MAX_QUEUED or self.moved:
            return False
        return self.tasks[0].movable and not self.tasks[0].is_long

    def send(self, task: _Task) -> None:
        """Sends a job; jobs of the same turn of the event loop are sent together."""
        task.worker = self
        self.tasks.append(task)
        if len(self.tasks) == 1:
            task.start()
        if not self._outgoing:
            asyncio.get_running_loop().call_soon(self._flush)
        self._outgoing.append(task.message)

    def resume_reading(self) -> None:
        if self._is_paused and self._transport:
            self._transport.resume_reading()
            self._is_paused = False

    def close(self) -> None:
        self.is_ended = True
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        for kind, payload in self._decoder.decode(data):
            self._deliver(kind, payload)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        self._pool.lose_worker(self)

    def _deliver(self, kind: bytes, payload: bytes) -> None:
        if not self.tasks:
            return  # it was ended in the meantime
        task = self.tasks[0]
        if kind in (END, ERROR):
            task.is_done = True
            self.tasks.popleft()
            if self.tasks:
                self.tasks[0].start()
            else:
                self.idle_since = time.monotonic()
        task.receive(kind, payload)
        if task.is_done:
            self._pool.finish(self, task)
        elif task.buffered > _BUFFER_BYTES and not self._is_paused and self._transport:
            self._transport.pause_reading()
            self._is_paused = True

    def _flush(self) -> None:
        if self._transport:
            self._transport.write(b"".join(self._outgoing))
        self._outgoing.clear()


class Answer:
    """The answer to a job, within an ``async with`` block: its head, then its bytes as they arrive.

    If the job is not done at the end of the block, it is stopped.
    """

    head: Head

    def __init__(self, pool: "Pool", task: _Task) -> None:
        self._pool, self._task = pool, task

    async def __aenter__(self) -> "Answer":
        """Starts the job and waits for the head.

        Raises RequestError: the job's own; ``timeout`` after its deadline; ``busy`` if no worker is free in time;
        ``crashed`` if the worker died, because it needed too much memory, the engine failed, or somebody killed it;
        ``too-large`` if it was ended because all workers together needed too much memory, and it most.
        """
        try:
            self._pool.submit(self._task)
            kind, payload = await self._task.read()
            if kind != HEAD:
                raise RuntimeError(kind)
            self.head = pickle.loads(payload)
            return self
        except BaseException:
            self._pool.abandon(self._task)
            raise

    async def __aexit__(self, *error: object) -> None:
        self._pool.abandon(self._task)

    async def stream(self) -> AsyncIterator[bytes]:
        """Yields the bytes as they arrive; raises RequestError.

        The time that the caller takes for a piece does not count towards the job's deadline.
        """
        task, longest = self._task, _SLOW_FACTOR * self._pool.limits.timeout
        while (message := await task.read())[0] == DATA:
            yielded = time.monotonic()
            yield message[1]
            task.deadline = min(task.deadline + time.monotonic() - yielded, task.started + longest)

    async def read(self) -> bytes:
        """Returns all bytes of the answer; raises RequestError."""
        data = list[bytes]()
        while (message := await self._task.read())[0] == DATA:
            data.append(message[1])
        return b"".join(data)


class Pool:
    """The workers of one store; to be started and stopped in the event loop that uses it.

    ``modules`` are those of the functions that they will call, so that they need not import them for each job. Unless
    they ``may_connect``, the system refuses them every network connection.
    """

    def __init__(self, store: Path, limits: Limits, modules: Sequence[str] = (), *, may_connect: bool = False) -> None:
        self.limits = limits
        self.timeouts = 0
        megabytes = min(limits.megabytes, limits.total_megabytes)
        self._processes = Processes(
            store,
            megabytes,
            limits.total_megabytes,
            may_connect=may_connect,
            lose_workers=self._lose_all_workers,
            notice=self._keep_workers_ready,
            modules=modules,
        )
        self._workers: list[_Worker] = []
        self._starting = set[asyncio.Task[None]]()
        self._waiting: deque[_Task] = deque()
        self._postponed: deque[_Task] = deque()  # those that have turned out to take long
        self._most_long = max(limits.workers - limits.ready, 1)
        self._finished_since_tick = 0
        self._clock: asyncio.Task[None] | None = None
        self._is_stopping = False

    @property
    def running(self) -> int:
        """How many jobs are running."""
        return sum(bool(worker.tasks) for worker in self._workers)

    @property
    def processes(self) -> int:
        """How many worker processes there are."""
        return self._processes.count

    @property
    def failures(self) -> int:
        """How many fork servers have failed so far."""
        return self._processes.failures

    @property
    def megabytes(self) -> int:
        """The memory that the service and its workers use."""
        return self._processes.megabytes

    @property
    def waiting(self) -> int:
        """How many jobs wait, for a worker or behind another job."""
        return (
            len(self._waiting) + len(self._postponed) + sum(max(len(worker.tasks) - 1, 0) for worker in self._workers)
        )

    async def start(self) -> None:
        """Starts the workers that are kept ready, and the clock; returns when jobs can be run."""
        self._processes.start()
        self._clock = asyncio.create_task(self._run_clock())
        with suppress(TimeoutError):  # /health says then that the server is not ready
            async with asyncio.timeout(_START_SECONDS):
                while not self._workers:
                    await asyncio.sleep(_TICK_SECONDS)

    async def stop(self) -> None:
        """Ends all workers, whatever they do."""
        if self._clock:
            self._clock.cancel()
        self._is_stopping = True
        for worker in list(self._workers):
            self._end(worker, RequestError("busy", "The server is stopping."))
        await self._processes.close()

    def answer(self, job: Job, wait_for_disconnect: WaitForDisconnect | None = None) -> Answer:
        """Returns the answer to a job, which starts when the answer's block is entered.

        A long job is stopped when ``wait_for_disconnect`` returns.
        """
        movable, timeout = isinstance(job, ReadingJob), self.limits.timeout
        seconds = timeout if movable else _SLOW_FACTOR * timeout
        return Answer(self, _Task(encode_value(JOB, job), movable, seconds, time.monotonic(), wait_for_disconnect))

    def submit(self, task: _Task) -> None:
        """Sends the job to a worker, or lets it wait. Raises RequestError ``busy`` if too many wait."""
        if self._waiting and self.waiting >= self.limits.waiting:
            raise RequestError("busy", BUSY)
        self._waiting.append(task)
        self._assign_waiting()

    def abandon(self, task: _Task) -> None:
        """Drops the job unless it is done: nobody needs its answer any more."""
        if task.disconnect_watcher:
            task.disconnect_watcher.cancel()
        if task.is_done:
            return
        task.is_abandoned = True
        if task.worker is None:
            for tasks in (self._waiting, self._postponed):
                with suppress(ValueError):
                    tasks.remove(task)
        elif task.worker.tasks and task.worker.tasks[0] is task:
            self._end(task.worker, RequestError("busy", "The client has gone."))
            self._assign_waiting()

    def finish(self, worker: _Worker, task: _Task) -> None:
        """Takes note that a job is done; ends its worker after a long job, or if jobs of it were moved."""
        self._finished_since_tick += 1
        if task.disconnect_watcher:
            task.disconnect_watcher.cancel()
        if task.is_long or worker.moved:
            self._end(worker, RequestError("busy", "The server ended this worker."))
        self._assign_waiting()

    def lose_worker(self, worker: _Worker) -> None:
        """Takes note that a worker's connection has closed; if it was not ended from here, it has crashed."""
        if worker in self._workers:
            self._end(worker, self._explain_loss(worker))
            self._keep_workers_ready()
            self._assign_waiting()

    def _assign_waiting(self) -> None:
        while self._waiting and (worker := self._choose_worker(self._waiting[0])):
            worker.send(self._waiting.popleft())

    def _choose_worker(self, task: _Task) -> _Worker | None:
        """Chooses the idle worker that was used last, or one that will be free soon if the job can still be moved.

        No more workers than are kept ready share the small jobs: more of them would only wake each other.
        """
        idle = self._find_idle()
        quick = [worker for worker in self._workers if worker.is_quick] if task.movable else []
        if idle and len(quick) < self.limits.ready:
            return idle
        return min(quick, key=lambda worker: len(worker.tasks), default=idle)

    def _find_idle(self) -> _Worker | None:
        """Finds the idle worker that was used last."""
        return max((w for w in self._workers if not w.tasks), key=lambda worker: worker.idle_since, default=None)

    async def _run_clock(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            try:
                self._tick(time.monotonic())
            except Exception:  # without the clock no job would have a deadline
                _LOG.exception("The clock of the pool has failed; it goes on.")

    def _tick(self, now: float) -> None:
        self._processes.tick()
        for worker in list(self._workers):
            if worker.tasks:
                self._check_running(worker, worker.tasks[0], now)
        for tasks in (self._waiting, self._postponed):
            while tasks and now - tasks[0].submitted > self.limits.timeout:
                tasks.popleft().fail(RequestError("busy", BUSY))
        self._resume_postponed()
        self._keep_workers_ready()
        if not self._finished_since_tick:
            self._start_workers(len(self._waiting))
        self._finished_since_tick = 0
        self._assign_waiting()
        self._end_surplus_workers(now)

    def _check_running(self, worker: _Worker, task: _Task, now: float) -> None:
        """Stops a job that is over its deadline or abandoned; moves those behind a job that takes long."""
        seconds = now - task.started
        if now > task.deadline or (task.is_abandoned and seconds > _TICK_SECONDS):
            self.timeouts += now > task.deadline
            self._end(worker, RequestError("timeout", f"The query ran longer than {task.seconds:g} s and was stopped."))
        elif seconds > _TICK_SECONDS:
            self._move_queued(worker)
            if task.processor_before is None:
                task.processor_before = measure_processor(worker.pid)
            if seconds > _LONG_JOB_SECONDS and not task.is_long:
                if self._count_long() < self._most_long or task.has_begun or not task.movable:
                    self._treat_as_long(worker, task)
                elif (
                    seconds > _VERY_LONG_SECONDS
                    or measure_processor(worker.pid) - task.processor_before > _LONG_JOB_SECONDS
                ):
                    self._postpone(worker, task)

    def _treat_as_long(self, worker: _Worker, task: _Task) -> None:
        """Lowers the priority of a job, and stops it when its client has gone."""
        task.is_long = True
        self._processes.lower_priority(worker.pid)
        if task.wait_for_disconnect:
            watcher = self._end_on_disconnect(worker, task, task.wait_for_disconnect)
            task.disconnect_watcher = asyncio.create_task(watcher)

    def _postpone(self, worker: _Worker, task: _Task) -> None:
        """Stops a job, to run it again when fewer long ones run."""
        worker.tasks.clear()
        task.worker = task.processor_before = None
        self._postponed.append(task)
        self._end(worker, RequestError("busy", "The server ended this worker."))

    def _resume_postponed(self) -> None:
        while self._postponed and self._count_long() < self._most_long and (worker := self._find_idle()):
            task = self._postponed.popleft()
            worker.send(task)
            self._treat_as_long(worker, task)

    def _count_long(self) -> int:
        return sum(bool(worker.tasks and worker.tasks[0].is_long) for worker in self._workers)

    async def _end_on_disconnect(self, worker: _Worker, task: _Task, wait_for_disconnect: WaitForDisconnect) -> None:
        await wait_for_disconnect()
        if not task.is_done:
            self._end(worker, RequestError("busy", "The client has gone."))

    def _move_queued(self, worker: _Worker) -> None:
        """Lets the jobs behind the first wait again, before all others."""
        while len(worker.tasks) > 1:
            worker.moved = True
            task = worker.tasks.pop()
            task.worker = None
            if not task.is_abandoned:
                self._waiting.appendleft(task)

    def _keep_workers_ready(self) -> None:
        """Starts so many workers that enough are free of long jobs."""
        without_long_job = sum(not (worker.tasks and worker.tasks[0].is_long) for worker in self._workers)
        self._start_workers(self.limits.ready - without_long_job)

    def _start_workers(self, wanted: int) -> None:
        """Starts this many workers, less those that are starting, as far as their limit allows."""
        if self._is_stopping:
            return
        for _ in range(min(wanted - len(self._starting), self.limits.workers - self._processes.count)):
            task = asyncio.create_task(self._add_worker())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    def _end_surplus_workers(self, now: float) -> None:
        idle = [worker for worker in self._workers if not worker.tasks]
        for worker in idle[: len(self._workers) - self.limits.ready]:
            if now - worker.idle_since > _IDLE_SECONDS:
                self._end(worker, RequestError("busy", "The server no longer needs this worker."))

    def _end(self, worker: _Worker, error: RequestError) -> None:
        """Ends a worker; its first job fails with this error, the others wait again."""
        if worker.is_ended:
            return
        self._workers.remove(worker)
        self._move_queued(worker)
        self._processes.kill(worker.pid)
        worker.close()
        for task in worker.tasks:
            task.fail(RequestError(error.kind, error.message + ("" if task.movable else UNCERTAIN)))

    async def _add_worker(self) -> None:
        with suppress(NoProcessError, OSError):  # such as too many open files; the next tick tries again
            pid, channel = await self._processes.fork()
            connect = asyncio.get_running_loop().create_unix_connection
            _, worker = await connect(lambda: _Worker(self, pid), sock=channel)
            if not worker.is_lost:
                self._workers.append(worker)
                self._assign_waiting()

    def _lose_all_workers(self) -> None:
        for worker in list(self._workers):
            self._end(worker, RequestError("crashed", "The process that ran the job was killed; try again."))
        self._keep_workers_ready()

    def _explain_loss(self, worker: _Worker) -> RequestError:
        if self._processes.was_greedy(worker.pid):
            most = self.limits.total_megabytes
            return RequestError(
                "too-large",
                f"The job was stopped: all jobs together need more than {most} MB of memory, and this one needs most;"
                " ask for parts of it, or try again later.",
            )
        problem = f"it needs more than {self.limits.megabytes} MB of memory, or the engine failed"
        return RequestError("crashed", f"The job was stopped: {problem}.")
