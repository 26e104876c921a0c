"""A whole run: servers up, everything in turns, the books closed, servers down."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench import pgbench, processes, stores
from bench.cells import Target, measure
from bench.pgbench import Pgbench
from bench.results import Memory, Reference, Results, this_machine
from bench.scenarios import SCENARIOS, Scenario
from bench.servers import SECRET, bare_server, shop_server
from bench.shop import House, stocked

BOTH = ("postgresql", "sqlite")
SQLITE_CONNECTIONS = 64


@dataclass(frozen=True)
class Options:
    only: str = ""
    stores: tuple[str, ...] = BOTH
    workers: tuple[int, ...] = (1, 2)
    connections: tuple[int, ...] = (1, 64, 256)
    repeats: int = 3
    seconds: float = 3.0
    warm_up: float = 0.5
    shoppers: int = 2_000
    audit: bool = True
    scenarios: tuple[Scenario, ...] = field(default=SCENARIOS, compare=False)

    def chosen(self) -> list[Scenario]:
        return [scenario for scenario in self.scenarios if self.only in scenario.name]


@dataclass
class Stand:
    """All that is up during a run."""

    shops: dict[str, list[Target]]
    bares: list[Target]
    reference: Pgbench | None
    urls: dict[str, str]


@contextmanager
def standing(options: Options) -> Iterator[Stand]:
    """Databases filled and servers up; all of it is ended and removed however the run ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shopcore-bench-")))
        urls: dict[str, str] = {}
        reference = None
        if "postgresql" in options.stores:
            cluster = stack.enter_context(stores.durable_postgres())
            urls["postgresql"] = stack.enter_context(cluster.database())
            if any(scenario.bare == "add" for scenario in options.chosen()):
                reference = Pgbench(stack.enter_context(cluster.database()))
        if "sqlite" in options.stores:
            urls["sqlite"] = f"sqlite:///{folder}/shop.db"
        houses: dict[str, House] = {}
        for store, url in urls.items():
            say(f"filling {store}")
            houses[store] = stocked(url, SECRET, shoppers=options.shoppers)
            stack.callback(houses[store].shop.close)
        shops = {
            store: [
                Target(stack.enter_context(shop_server(store, url, workers, folder / "log")), houses[store], url)
                for workers in options.workers
            ]
            for store, url in urls.items()
        }
        bares = [
            Target(stack.enter_context(bare_server(workers, folder / "log")), next(iter(houses.values())), None)
            for workers in options.workers
        ]
        yield Stand(shops, bares, reference, urls)


def run(options: Options, results: Results) -> None:
    """Fill `results` as it goes, so that what is there can be shown even if the run is broken off."""
    results.machine.update(this_machine())
    results.options.update({name: value for name, value in asdict(options).items() if name != "scenarios"})
    with standing(options) as stand:
        for repeat in range(1, options.repeats + 1):
            _reference(stand, options, repeat, results)
            for connections in options.connections:
                for scenario in options.chosen():
                    _in_turns(stand, scenario, connections, repeat, options, results)
        _close_the_books(stand, options, results)


def _reference(stand: Stand, options: Options, repeat: int, results: Results) -> None:
    if stand.reference is None:
        return
    for kind, counts in pgbench.CLIENTS.items():
        for clients in counts:
            rate = stand.reference.run(kind, clients, options.seconds)
            say(f"pgbench, {kind}, {clients} clients: {rate:,.0f}/s")
            results.references.append(Reference(kind, clients, repeat, rate))


def _in_turns(
    stand: Stand, scenario: Scenario, connections: int, repeat: int, options: Options, results: Results
) -> None:
    """The same load on the bare handler and on the shops, one after the other."""
    targets = [*(stand.bares if scenario.bare else []), *stand.shops.get("postgresql", [])]
    if connections == SQLITE_CONNECTIONS or len(options.connections) == 1:
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


def _close_the_books(stand: Stand, options: Options, results: Results) -> None:
    for store, targets in stand.shops.items():
        for target in targets:
            pids = target.server.pids()
            resident, proportional = processes.resident_mib(pids), processes.proportional_mib(pids)
            results.memory.append(Memory(store, target.server.workers, resident, proportional, len(pids)))
        if options.audit:
            say(f"auditing {store}")
            report = targets[0].house.shop.auditor.run()
            results.audits[store] = "clean" if report.clean else f"{report.found} violations: {report.violations[0]}"
    if stand.reference is not None:
        results.audits["pgbench"] = "exact" if stand.reference.exact() else "not exact"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
