"""The service in figures, for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from hamakg.engine.pool import Pool

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What happened since the server started."""

    def __init__(self, pool: Pool) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._requests = Counter(
            "hamakg_requests", "Requests answered.", ["route", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "hamakg_request_seconds",
            "Time from a request to its whole answer.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._counted = lru_cache(self._requests.labels)
        self._timed = lru_cache(self._seconds.labels)
        busy = Gauge("hamakg_jobs_running", "Jobs that processes work on.", registry=registry)
        waiting = Gauge("hamakg_jobs_waiting", "Jobs that wait for a process.", registry=registry)
        timeouts = Gauge("hamakg_jobs_timed_out", "Jobs stopped at their deadline, so far.", registry=registry)
        busy.set_function(lambda: pool.busy)
        waiting.set_function(lambda: pool.waiting)
        timeouts.set_function(lambda: pool.timeouts)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts a request; ``status`` 0 is one that was broken off before an answer."""
        self._counted(route, method, str(status)).inc()
        self._timed(route).observe(seconds)

    def text(self) -> bytes:
        """All figures, in CONTENT_TYPE."""
        return generate_latest(self._registry)
