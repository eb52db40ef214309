"""Figures of the running server, for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from hamakg.engine.pool import Pool

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counts requests since the server started, and reads the state of the pool."""

    def __init__(self, pool: Pool) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        requests = Counter("hamakg_requests", "Requests answered.", ["route", "method", "status"], registry=registry)
        seconds = Histogram(
            "hamakg_request_seconds",
            "Seconds from a request to the end of its answer.",
            ["route"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._counter_of = lru_cache(requests.labels)
        self._timer_of = lru_cache(seconds.labels)
        running = Gauge("hamakg_jobs_running", "Jobs that workers run now.", registry=registry)
        waiting = Gauge("hamakg_jobs_waiting", "Jobs that wait for a worker.", registry=registry)
        timeouts = Gauge("hamakg_jobs_timed_out", "Jobs stopped at their deadline so far.", registry=registry)
        running.set_function(lambda: pool.running)
        waiting.set_function(lambda: pool.waiting)
        timeouts.set_function(lambda: pool.timeouts)
        workers = Gauge("hamakg_workers", "Worker processes.", registry=registry)
        failures = Gauge("hamakg_fork_servers_failed", "Fork servers that ended unasked so far.", registry=registry)
        memory = Gauge("hamakg_memory_megabytes", "Memory of the server and its workers.", registry=registry)
        workers.set_function(lambda: pool.processes)
        failures.set_function(lambda: pool.failures)
        memory.set_function(lambda: pool.megabytes)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts a request; ``status`` is 0 if its connection ended before an answer."""
        self._counter_of(route, method, str(status)).inc()
        self._timer_of(route).observe(seconds)

    def write(self) -> bytes:
        """Returns all figures as a text of type CONTENT_TYPE."""
        return generate_latest(self._registry)
