"""Ten times as many shoppers as a server can serve at its best, for half a minute: what they meet, and what is left."""

from __future__ import annotations

from dataclasses import dataclass

from bench import processes, stores
from bench.cells import Target
from bench.load import LOST, Measured, drive
from bench.scenarios import ADD, Promises
from shopcore_http.serve import allow_files

CARRIED = 256
"""Connections at which a server is at its best."""
TIMES = 10
SECONDS = 30.0
REFUSALS = frozenset({429, 503})


@dataclass(frozen=True)
class Overload:
    """Rates are of answers with 200; times in seconds; memory is resident, in MiB, of all processes of the server.

    `failed` counts what was neither served nor refused with 429 or 503, `lost` what was never answered.
    """

    store: str
    workers: int
    connections: int
    seconds: float
    rate_before: float
    rate_during: float
    rate_after: float
    refused: int
    failed: int
    lost: int
    p50: float
    p99: float
    slowest: float
    memory_before: float
    memory_during: float
    exact: bool


def overload(target: Target, url: str, *, seconds: float = SECONDS, times: int = TIMES) -> Overload:
    """Load `target`, on the database at `url`, as much as it carries, `times` as much for `seconds`, then as before."""
    allow_files(times * CARRIED + 256)
    promises, stood = Promises(), stores.levels(url).held
    before = _adds(target, promises, CARRIED, 5.0)
    memory_before = processes.resident_mib(target.server.pids())
    during = _adds(target, promises, times * CARRIED, seconds)
    memory_during = processes.resident_mib(target.server.pids())
    after = _adds(target, promises, CARRIED, 5.0)
    statuses = during.statuses
    return Overload(
        store=target.server.name,
        workers=target.server.workers,
        connections=times * CARRIED,
        seconds=seconds,
        rate_before=before.rate,
        rate_during=during.rate_of(200),
        rate_after=after.rate,
        refused=sum(statuses[status] for status in REFUSALS),
        failed=sum(count for status, count in statuses.items() if status not in REFUSALS | {200, LOST}),
        lost=statuses[LOST],
        p50=during.percentile(0.5, 200),
        p99=during.percentile(0.99, 200),
        slowest=during.percentile(1.0, 200),
        memory_before=memory_before,
        memory_during=memory_during,
        exact=stores.levels(url).held - stood == promises.held,
    )


def _adds(target: Target, promises: Promises, connections: int, seconds: float) -> Measured:
    shoppers = ADD.playing(target.house, connections)
    crowd = [shoppers[number % len(shoppers)] for number in range(max(connections, len(shoppers)))]
    scripts = ADD.scripts(target.house, crowd, connections, promises, seed=connections)
    return drive(target.server.address, scripts, seconds=seconds, warm_up=0.5)
