"""A whole run: servers up, everything in turns, the books closed, servers down; then how cost grows."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import pgbench, processes, statements, stores
from bench.cells import Target, measure
from bench.growth import grow
from bench.overload import overload
from bench.pgbench import Pgbench
from bench.results import Memory, Reference, Results, this_machine
from bench.scenarios import SCENARIOS, Scenario
from bench.servers import SECRET, bare_server, shop_server
from bench.shop import House, stocked
from postgres import PostgresCluster

BOTH = ("postgresql", "sqlite")
SQLITE_CONNECTIONS = 64


@dataclass(frozen=True)
class Options:
    """`growth` are the sizes of the shops in which single calls are measured, on PostgreSQL; none: not at all.

    `overload_seconds`: for so long ten times as many shoppers come as can be served; 0: they do not come.
    """

    only: str = ""
    stores: tuple[str, ...] = BOTH
    workers: tuple[int, ...] = (1, 2)
    connections: tuple[int, ...] = (1, 64, 256)
    repeats: int = 3
    seconds: float = 2.0
    warm_up: float = 0.4
    shoppers: int = 2_000
    overload_seconds: float = 0.0
    growth: tuple[int, ...] = ()

    def chosen(self) -> list[Scenario]:
        return [scenario for scenario in SCENARIOS if self.only in scenario.name]


@dataclass(frozen=True)
class Stand:
    """All that is up while the load is on."""

    shops: dict[str, list[Target]]
    bares: list[Target]
    reference: Pgbench | None


def run(options: Options, results: Results) -> None:
    """Fill `results` as it goes, so that what is there can be shown even if the run is broken off."""
    results.machine.update(this_machine(), at=f"{datetime.now(UTC):%Y-%m-%d}")
    results.options.update(asdict(options))
    with stores.durable_postgres() if "postgresql" in options.stores else nullcontext() as cluster:
        if cluster is not None:
            results.machine["postgresql"] = f"PostgreSQL {stores.version(cluster.url)}"
        if options.chosen() or options.overload_seconds:
            with standing(options, cluster) as stand:
                _load(stand, options, results)
                _overload(stand, options, results)
                _close_the_books(stand, results)
        if cluster is not None and options.growth:
            for grown in grow(cluster, options.growth, say):
                say(f"{grown.what}, {grown.size:,} {grown.of}: {grown.milliseconds:.1f} ms")
                results.growth.append(grown)


@contextmanager
def standing(options: Options, cluster: PostgresCluster | None) -> Iterator[Stand]:
    """Databases filled and servers up; all of it is ended and removed however the run ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shopcore-bench-")))
        urls: dict[str, str] = {}
        reference = None
        if cluster is not None:
            urls["postgresql"] = stack.enter_context(cluster.database())
            if any(scenario.reference for scenario in options.chosen()):
                reference = Pgbench(stack.enter_context(cluster.database()))
        if "sqlite" in options.stores:
            urls["sqlite"] = f"sqlite:///{folder}/shop.db"
        houses: dict[str, House] = {}
        for store, url in urls.items():
            say(f"filling {store}")
            houses[store] = stocked(url, SECRET, shoppers=options.shoppers)
            stack.callback(houses[store].shop.close)
        log = folder / "log"
        shops = {
            store: [
                Target(stack.enter_context(shop_server(store, url, workers, log)), houses[store], url)
                for workers in options.workers
            ]
            for store, url in urls.items()
        }
        borrowed = next(iter(houses.values()))
        bares = [Target(stack.enter_context(bare_server(count, log)), borrowed, None) for count in options.workers]
        yield Stand(shops, bares, reference)


def _load(stand: Stand, options: Options, results: Results) -> None:
    for repeat in range(1, options.repeats + 1):
        for connections in options.connections:
            for scenario in options.chosen():
                _reference(stand, scenario, connections, repeat, options, results)
                _in_turns(stand, scenario, connections, repeat, options, results)


def _reference(
    stand: Stand, scenario: Scenario, connections: int, repeat: int, options: Options, results: Results
) -> None:
    """What pgbench reaches at the same thing, now. One connection is not compared with its many."""
    if stand.reference is None or not scenario.reference or connections == 1:
        return
    for clients in pgbench.CLIENTS[scenario.reference]:
        rate = stand.reference.run(scenario.reference, clients, options.seconds)
        say(f"pgbench, {scenario.reference}, {clients} clients: {rate:,.0f}/s")
        results.references.append(Reference(scenario.reference, clients, repeat, connections, rate))


def _in_turns(
    stand: Stand, scenario: Scenario, connections: int, repeat: int, options: Options, results: Results
) -> None:
    """The same load on the bare handler and on the shops, one after the other."""
    targets = [*(stand.bares if scenario.bare else []), *stand.shops.get("postgresql", [])]
    if connections == SQLITE_CONNECTIONS or SQLITE_CONNECTIONS not in options.connections:
        targets += stand.shops.get("sqlite", [])
    for target in targets:
        cell = measure(
            target,
            scenario,
            connections=connections,
            repeat=repeat,
            seconds=options.seconds,
            warm_up=options.warm_up,
        )
        results.cells.append(cell)
        say(
            f"{cell.scenario}, {cell.store} x {cell.workers}, {connections} connections: {cell.rate:,.0f}/s, "
            f"p50 {cell.p50 * 1000:.1f} ms, p99 {cell.p99 * 1000:.1f} ms, cores {cell.cpu} {cell.note}"
        )


def _overload(stand: Stand, options: Options, results: Results) -> None:
    for targets in stand.shops.values() if options.overload_seconds else ():
        target = targets[-1]
        if target.url:
            got = overload(target, target.url, seconds=options.overload_seconds)
            say(f"overload: {got}")
            results.overloads.append(got)


def _close_the_books(stand: Stand, results: Results) -> None:
    for store, targets in stand.shops.items():
        for target in targets:
            server, pids = target.server, target.server.pids()
            serving = [pid for pid in pids if pid != server.pid]
            resident, proportional = processes.resident_mib(serving), processes.proportional_mib(pids)
            results.memory.append(Memory(store, server.workers, resident, proportional, len(serving)))
        house, url = targets[0].house, targets[0].url
        if store == "postgresql" and url and (told := statements.of_a_batch(url, house)):
            results.statements["a batch of 100 adds"] = len(told)
        say(f"auditing {store}")
        report = house.shop.auditor.run()
        results.audits[store] = "clean" if report.clean else f"{report.found} violations: {report.violations[0]}"
    if stand.reference is not None:
        results.audits["pgbench"] = "exact" if stand.reference.exact() else "not exact"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
