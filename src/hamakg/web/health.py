"""Whether the service can answer, found out with a query of its own."""

import asyncio
import time
from dataclasses import dataclass

from hamakg.engine.jobs import QueryJob
from hamakg.engine.pool import Pool
from hamakg.engine.request_error import RequestError
from hamakg.errors import HamakgError
from hamakg.sparql.ask import ALL_GRAPHS
from hamakg.store import VersionedStore

_QUERY_SECONDS = 2.0
"""How long the query may take; on an idle machine it takes a millisecond."""

_FRESH_SECONDS = 0.25
"""How long a report is valid, so that asking for it often does not load the server."""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Whether queries are answered, from which generation, and what is wrong, if something is.

    A server that is ready in spite of a fault serves an older generation, because it cannot read the newest.
    """

    is_ready: bool
    generation: str | None
    fault: str | None

    @property
    def status(self) -> str:
        """The state in one word."""
        return "unavailable" if not self.is_ready else "ok" if self.fault is None else "stale"


class Health:
    """Checks a service when it is asked to, and remembers the report for a moment."""

    def __init__(self, store: VersionedStore, pool: Pool) -> None:
        self._store, self._pool = store, pool
        self._check: asyncio.Task[HealthReport] | None = None
        self._checked, self._state = 0.0, self._read_state()

    async def report(self) -> HealthReport:
        """Returns a report that is no older than a moment; requests that come meanwhile wait for the same one."""
        is_fresh = time.monotonic() - self._checked < _FRESH_SECONDS and self._state == self._read_state()
        if self._check is None or (self._check.done() and not is_fresh):
            self._check = asyncio.create_task(self._make_report())
        return await asyncio.shield(self._check)

    def _read_state(self) -> tuple[int, str | None]:
        """What makes a report outdated at once if it changes: the failures so far, and the newest generation."""
        return self._pool.failures, self._store.generation()

    async def _make_report(self) -> HealthReport:
        state = self._read_state()
        generation = None
        try:
            generation, _ = self._store.named_snapshot()
            job = QueryJob(
                generation=generation,
                text="ASK { ?s ?p ?o }",
                dataset=ALL_GRAPHS,
                base="http://localhost/",
                solutions_type="application/sparql-results+json",
                graph_type=None,
                max_rows=1,
                max_bytes=1024,
            )
            async with asyncio.timeout(_QUERY_SECONDS), self._pool.answer(job) as answer:
                await answer.read()
            report = HealthReport(True, generation, self._store.read_error)
        except TimeoutError:
            report = HealthReport(False, generation, f"no query is answered within {_QUERY_SECONDS:g} s")
        except RequestError as error:
            report = HealthReport(False, generation, error.message)
        except HamakgError as error:
            report = HealthReport(False, generation, str(error))
        self._checked, self._state = time.monotonic(), state
        return report
