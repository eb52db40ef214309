"""The log of the service: one line of JSON for each record, on standard error.

A line has the keys ``time``, ``level``, ``route``, ``message`` and, if the program failed, ``traceback``.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from queue import Full, Queue
from threading import Thread

ROUTE: ContextVar[str] = ContextVar("ROUTE", default="")
"""The method and path of the request that is being answered."""

_MAX_WAITING = 1000
"""How many lines wait while nobody reads standard error; further ones are lost."""

_LAST_SECONDS = 1.0


class LineFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line without its end."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "route": ROUTE.get(),
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0]:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


class _WaitingHandler(logging.Handler):
    """Passes lines to a thread that writes them, so that nobody has to wait for the reader of standard error.

    The standard library's QueueListener waits for its thread at the end, and so for that reader.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(LineFormatter())
        self._lines = Queue[bytes](_MAX_WAITING)
        Thread(target=self._write_lines, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Full):
            self._lines.put_nowait(f"{self.format(record)}\n".encode())

    def wait(self, seconds: float) -> None:
        """Waits until all lines are written, but no longer than this."""
        until = time.monotonic() + seconds
        while self._lines.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)

    def _write_lines(self) -> None:
        while True:
            line = memoryview(self._lines.get())
            with suppress(OSError):  # nobody can read standard error any more
                while line:  # not through sys.stderr, since the interpreter waits for its lock when it ends
                    line = line[os.write(sys.stderr.fileno(), line) :]
            self._lines.task_done()


@contextmanager
def log_in_background() -> Iterator[None]:
    """Writes the log in a thread of its own during the block."""
    handler = _WaitingHandler()
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.wait(_LAST_SECONDS)


def log_at_once() -> None:
    """Writes the log as records come, from now on; for processes that can wait, such as workers."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    logging.getLogger().addHandler(handler)
