"""Prometheus metrics: how many requests of each route, how long they took, how many are running.

Routes are labelled by their template, never by a raw path, so that the number of series is bounded. The workers of
one server share a folder, so that each scrape tells of all of them, whoever answers it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest, values
from prometheus_client.gc_collector import GCCollector
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The client library's own variable: where processes that are scraped as one keep their numbers."""


@contextmanager
def told_together(workers: int) -> Iterator[None]:
    """The processes that are started meanwhile are scraped as one, if there are several."""
    if workers == 1 or FOLDER in os.environ:
        yield
        return
    folder = tempfile.mkdtemp(prefix="shopcore-metrics-")
    os.environ[FOLDER] = folder
    try:
        yield
    finally:
        del os.environ[FOLDER]
        shutil.rmtree(folder, ignore_errors=True)


class Metrics:
    def __init__(self) -> None:
        folder = os.environ.get(FOLDER)
        self._registry = CollectorRegistry()
        own = None if folder else self._registry  # else what is shared is told by the collector of what is shared
        if folder:
            values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
            MultiProcessCollector(self._registry, folder)  # type: ignore[no-untyped-call]
            self._registry.register(Workers(Path(folder)))
        else:
            ProcessCollector(registry=self._registry)
            GCCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._seconds = Histogram(
            "shopcore_http_request_seconds",
            "Seconds from a request's head to the end of its answer",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=own,
        )
        self._running = Gauge(
            "shopcore_http_requests_running",
            "Requests that are being answered now",
            registry=own,
            multiprocess_mode="livesum",
        )
        self._labelled = lru_cache(maxsize=4096)(self._seconds.labels)
        self._at_work = 0
        self._turn: asyncio.AbstractEventLoop | None = None

    def begun(self) -> None:
        self._at_work += 1
        self._tell_later()

    def done(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count an answer. `route` is the template that matched, None where nothing did."""
        self._at_work -= 1
        self._tell_later()
        shown = method if method in METHODS else "other"
        self._labelled(shown, route or "unmatched", str(status)).observe(seconds)

    def text(self) -> bytes:
        """The exposition format that Prometheus reads."""
        self._tell()
        return generate_latest(self._registry)

    def _tell_later(self) -> None:
        """How many are running is told once, when a turn of the event loop is over: they begin and end in dozens."""
        loop = asyncio.get_running_loop()
        if self._turn is not loop:
            self._turn = loop
            loop.call_soon(self._tell)

    def _tell(self) -> None:
        self._turn = None
        self._running.set(self._at_work)


class Workers(Collector):
    """What the machine knows of all living workers together: the sum of what they use, the most of the rest."""

    SUMS = ("cpu_seconds", "resident_memory_bytes", "virtual_memory_bytes", "open_fds")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for pid in self._pids():
            if not _lives(pid):
                with suppress(FileNotFoundError):  # another worker that has just begun was quicker
                    mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]

    def collect(self) -> Iterable[Metric]:
        total: dict[str, Metric] = {}
        for pid in filter(_lives, self._pids()):
            for metric in ProcessCollector(pid=partial(str, pid), registry=None).collect():
                known = total.setdefault(metric.name, metric)
                if known is not metric:
                    both = [each.samples[0].value for each in (known, metric)]
                    value = sum(both) if metric.name.endswith(self.SUMS) else max(both)
                    known.samples = [metric.samples[0]._replace(value=value)]
        return total.values()

    def _pids(self) -> list[int]:
        return [int(file.stem.rpartition("_")[2]) for file in self._folder.glob("gauge_livesum_*.db")]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
