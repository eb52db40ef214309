"""Bounds for each kind of work, so that none of them starves the others."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from hamakg.engine.request_error import RequestError

_Result = TypeVar("_Result")


class Lane:
    """Work of one kind: ``at_once`` pieces of it run, and ``waiting`` more wait for at most ``seconds``."""

    def __init__(self, name: str, at_once: int, waiting: int, seconds: float) -> None:
        self._name, self._max_waiting, self._seconds = name, waiting, seconds
        self._waiting = 0
        self._slots = asyncio.Semaphore(at_once)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=name)

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        """Waits for a slot and holds it during the block. Raises RequestError ``busy`` if there is none in time."""
        busy = RequestError("busy", f"The server has too much to do with {self._name}; try again in a moment.")
        if self._slots.locked() and self._waiting >= self._max_waiting:
            raise busy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise busy from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    async def run(self, function: Callable[[], _Result]) -> _Result:
        """Calls a function in a thread of this lane; raises what it raises, and as :meth:`enter` does."""
        async with self.enter():
            context = contextvars.copy_context()
            return await asyncio.get_running_loop().run_in_executor(self._threads, context.run, function)
