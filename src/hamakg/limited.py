"""Runs functions in another process under limits of time and memory, so that no input can hang or kill the caller.

::

    caller <-> supervisor <-> worker

The supervisor is a fork of the caller, and the worker a fork of the supervisor. So both have everything that the caller
had loaded, and nothing that it opened later. When a limit or a crash ends the worker, the supervisor tells the caller
how, and forks another one. When the caller is gone, the supervisor kills the worker and ends.

The limit of time is a timer of processor time, by which the system itself ends the worker wherever it is: a machine
that is busy with other work makes no call fail. The limit of memory works on Linux only.

``concurrent.futures`` and ``multiprocessing`` have pools of processes, but these have no limits, and do not survive the
death of a process, or do not notice it.
"""

import gc
import os
import pickle
import resource
import signal
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any, Self, TypeVar

from hamakg.errors import HamakgError, LimitError

_A = TypeVar("_A")
_R = TypeVar("_R")

_CALLS = 1000
"""After so many calls the worker is replaced: libraries keep words that they saw, which counts as memory."""

_OUT_OF_MEMORY = 80
"""The exit status of a worker that could not get memory; nothing else ends with it."""

_MEGABYTE = 1024 * 1024

_Functions = tuple[Callable[[Any], object], ...]


@dataclass(frozen=True, slots=True)
class _Result:
    value: Any


@dataclass(frozen=True, slots=True)
class _Death:
    """The end of a worker; ``status`` is an exit status, or the negative number of the signal that killed it."""

    status: int


class LimitedProcess:
    """A process that runs the given functions, one call at a time; to be closed, as by ``with``.

    ``megabytes`` is how much memory a call may take beside what is loaded when this object is made.
    """

    def __init__(self, *functions: Callable[[Any], object], megabytes: int) -> None:
        """Fork the process. Make this object before the caller has threads, and before it opens files to write."""
        self._functions, self._megabytes = functions, megabytes
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, function: Callable[[_A], _R], argument: _A, seconds: float) -> _R:
        """Call one of the functions; argument and result are copied by pickle.

        Raises LimitError if it takes more processor time than ``seconds``, too much memory or too deep a recursion, or
        crashes; HamakgError if it raises one. Any other exception is a bug, and becomes a HamakgError that says so.
        """
        try:
            self._connection.send((self._functions.index(function), argument, seconds))
            answer = self._connection.recv()
        except (EOFError, OSError) as error:  # somebody has killed the supervisor
            self.close()
            self._start()
            raise LimitError(self._describe(-signal.SIGKILL, seconds)) from error
        if isinstance(answer, _Death):
            raise LimitError(self._describe(answer.status, seconds))
        if isinstance(answer, HamakgError):
            raise answer
        result: _R = answer.value
        return result

    def close(self) -> None:
        """End the process, also in the middle of a call; returns when it is gone."""
        self._connection.close()
        os.waitpid(self._supervisor, 0)

    def _start(self) -> None:
        self._connection, theirs = Pipe()
        self._supervisor = _fork()
        if not self._supervisor:
            try:
                self._connection.close()
                _supervise(theirs, self._functions, self._megabytes)
            finally:
                os._exit(1)
        theirs.close()

    def _describe(self, status: int, seconds: float) -> str:
        if status == -signal.SIGPROF:
            return f"takes more than {seconds:.0f} s of processor time; give it more with --timeout"
        if status == _OUT_OF_MEMORY:
            return f"takes more than {self._megabytes:,} MB of memory; give it more with --memory"
        if status == -signal.SIGKILL:
            return "was stopped by the system, as it does when memory is short; build it again alone"
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        return f"crashes the process that reads it ({how}); please report it with this file"


def describe_bug(error: Exception) -> HamakgError:
    """An unexpected exception as an error that asks the user to report it."""
    bug = HamakgError(f"internal error, {error!r}; please report it with this file (hamakg -v shows where)")
    bug.__cause__ = error
    return bug


def _fork() -> int:
    with warnings.catch_warnings():  # numpy's threads, which Python warns of, are made for forks
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


# ---------------------------------------------------------------- the supervisor


def _supervise(caller: Connection, functions: _Functions, megabytes: int) -> None:
    """Hand each request to the worker and its answer back, until the caller is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, which ends the rest
    gc.freeze()  # keeps the memory of forks shared: https://docs.python.org/3/library/gc.html#gc.freeze
    worker = _Worker(caller, functions, megabytes)
    with suppress(EOFError, OSError):  # the caller is gone
        while True:
            request = caller.recv_bytes()
            if worker.calls >= _CALLS or worker.has_ended():
                worker.kill()
                worker = _Worker(caller, functions, megabytes)
            answer = worker.answer(request)
            if answer is None:
                answer = pickle.dumps(_Death(worker.kill()))
                worker = _Worker(caller, functions, megabytes)
            caller.send_bytes(answer)
    worker.kill()


class _Worker:
    """The supervisor's end of a worker, which is forked with it."""

    def __init__(self, caller: Connection, functions: _Functions, megabytes: int) -> None:
        self.calls = 0
        self._caller = caller
        self._connection, theirs = Pipe()
        self._pid = _fork()
        if not self._pid:
            try:
                caller.close()
                self._connection.close()
                _work(theirs, functions, megabytes)
            except MemoryError:
                os._exit(_OUT_OF_MEMORY)
            finally:
                os._exit(1)
        theirs.close()

    def has_ended(self) -> bool:
        """Whether it ended between two calls."""
        return self._connection.poll()

    def answer(self, request: bytes) -> bytes | None:
        """The answer to a request; None if the worker ended instead. Raises EOFError if the caller ends before."""
        self.calls += 1
        try:
            self._connection.send_bytes(request)
            if self._connection in wait([self._connection, self._caller]):
                return self._connection.recv_bytes()
        except (EOFError, OSError):
            return None
        raise EOFError  # the caller sends nothing before it has an answer, so there is the end of its connection

    def kill(self) -> int:
        """Kill the worker if it still runs; return how it ended, as in :class:`_Death`."""
        os.kill(self._pid, signal.SIGKILL)  # no other process can have its number before it is waited for
        self._connection.close()
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])


# ---------------------------------------------------------------- the worker


def _work(supervisor: Connection, functions: _Functions, megabytes: int) -> None:
    """Answer requests until the supervisor is gone, which raises EOFError."""
    _limit_memory(megabytes)
    while True:
        index, argument, seconds = supervisor.recv()
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _run(functions[index], argument)
        signal.setitimer(signal.ITIMER_PROF, 0)
        supervisor.send_bytes(answer)


def _run(function: Callable[[Any], object], argument: object) -> bytes:
    """The pickled result of the call, or the error."""
    failure: HamakgError
    try:
        return pickle.dumps(_Result(function(argument)), pickle.HIGHEST_PROTOCOL)
    except HamakgError as error:
        failure = error
    except RecursionError:
        failure = LimitError("is nested too deeply")
    except MemoryError:
        raise
    except Exception as error:
        failure = describe_bug(error)
        failure.add_note(traceback.format_exc())  # pickling loses tracebacks, and keeps notes
    return pickle.dumps(failure)


def _limit_memory(megabytes: int) -> None:
    """Let this process allocate this much more, where the system says how much it has; a crash writes no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])  # see proc(5): data and stack
        limit = pages * resource.getpagesize() + megabytes * _MEGABYTE
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (limit if hard < 0 else min(limit, hard), hard))
