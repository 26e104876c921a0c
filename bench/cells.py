"""One measurement: a scenario on a server at a number of connections, with what it cost and whether it is exact."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

from bench import processes, stores
from bench.load import drive
from bench.scenarios import Promises, Scenario
from bench.servers import Server
from bench.shop import House, fill


@dataclass(frozen=True)
class Target:
    """A server, and the shop behind it; a bare server has none, it borrows another's shoppers."""

    server: Server
    house: House
    url: str | None


@dataclass(frozen=True)
class Cell:
    """`cpu`: cores kept busy by server, database and client. `exact`: None where nothing was written."""

    scenario: str
    store: str
    workers: int
    connections: int
    repeat: int
    rate: float
    p50: float
    p99: float
    answers: int
    errors: int
    seconds: float
    exact: bool | None
    cpu: dict[str, float] = field(default_factory=dict)
    load_average: float = 0.0
    note: str = ""


def measure(
    target: Target, scenario: Scenario, *, connections: int, repeat: int, seconds: float, warm_up: float
) -> Cell:
    promises = Promises()
    own = target.url is not None
    playing = scenario.playing(target.house, connections)
    if own and scenario.lines is not None:
        fill(target.house.shop, playing, lines=scenario.lines)
    before = stores.levels(target.url) if target.url else None
    busy = _busy(target)
    began = time.perf_counter()
    scripts = scenario.scripts(target.house, playing, connections, promises, seed=repeat)
    got = drive(target.server.address, scripts, seconds=seconds, warm_up=0.0 if scenario.used_up else warm_up)
    passed = time.perf_counter() - began
    cpu = {name: round((now - busy[name]) / passed, 2) for name, now in _busy(target).items()}
    exact, note = None, ""
    if target.url and before and scenario.writes:
        after = stores.levels(target.url)
        changes = (after.on_hand - before.on_hand, after.held - before.held, after.orders - before.orders)
        promised = (promises.on_hand, promises.held, promises.orders)
        exact = changes == promised
        note = "" if exact else f"on hand, held, orders changed by {changes}, answers say {promised}"
    return Cell(
        scenario=scenario.name if own else f"bare, {scenario.bare}",
        store=target.server.name,
        workers=target.server.workers,
        connections=connections,
        repeat=repeat,
        rate=got.rate,
        p50=got.percentile(0.5),
        p99=got.percentile(0.99),
        answers=sum(got.statuses.values()),
        errors=got.errors,
        seconds=got.seconds,
        exact=exact,
        cpu=cpu,
        load_average=os.getloadavg()[0],
        note=note or (str(dict(got.statuses)) if got.errors else ""),
    )


def _busy(target: Target) -> dict[str, float]:
    return {
        "server": processes.cpu_seconds(target.server.pid),
        "database": stores.database_cpu(target.url) if target.url else 0.0,
        "client": time.process_time(),
    }
