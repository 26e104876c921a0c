"""Prometheus metrics of this process: how many requests of each route, how long they took, how many are running.

Routes are labelled by their template, never by a raw path, so that the number of series is bounded. With several
server processes each scrape shows the process that happened to answer it.
"""

from __future__ import annotations

from functools import lru_cache

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._seconds = Histogram(
            "shopcore_http_request_seconds",
            "Seconds from a request's head to the end of its answer",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._running = Gauge(
            "shopcore_http_requests_running", "Requests that are being answered now", registry=self._registry
        )
        self._labelled = lru_cache(maxsize=4096)(self._seconds.labels)

    def begun(self) -> None:
        self._running.inc()

    def done(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count an answer. `route` is the template that matched, None where nothing did."""
        self._running.dec()
        shown = method if method in METHODS else "other"
        self._labelled(shown, route or "unmatched", str(status)).observe(seconds)

    def text(self) -> bytes:
        """The exposition format that Prometheus reads."""
        return generate_latest(self._registry)
