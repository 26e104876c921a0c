"""The aims that were set, and whether this run reached them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.growth import DEEP
from bench.results import Results
from bench.summary import Row, rows

WORKERS = 2
CROWDS = (64, 256)


@dataclass(frozen=True)
class Aim:
    """`figure` is None where the run did not measure it; `least_is_best` where small is good."""

    what: str
    figure: float | None
    least: float
    aim: float
    unit: str = ""
    least_is_best: bool = False
    where: str = ""

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return "not measured"
        reached = self._as_good_as(self.aim), self._as_good_as(self.least)
        return "aim reached" if reached[0] else "reached" if reached[1] else "missed"

    def _as_good_as(self, bound: float) -> bool:
        assert self.figure is not None
        return self.figure <= bound if self.least_is_best else self.figure >= bound


def aims(results: Results) -> list[Aim]:
    """Two processes; of 64 and 256 connections whichever is better."""
    of = _Rows(rows(results))
    uniform, hot = "add, 1,000 items", "add, one hot item"
    memory = [one.resident for one in results.memory if (one.store, one.workers) == ("postgresql", WORKERS)]
    batch = results.statements.get("a batch of 100 adds")
    deep, size = _deep_page(results)
    alone = of.one(uniform, "postgresql", 1)
    on_file = of.one(uniform, "sqlite", 64)
    return [
        _best("add, 1,000 items / pgbench", of.best(uniform, lambda row: row.to_reference), 0.8, 1.2),
        _best("add, one hot item / pgbench hot", of.best(hot, lambda row: row.to_reference), 3, 5),
        _best("add / bare handler", of.best(uniform, lambda row: row.to_bare), 0.6, 0.8),
        _best("checkout of five lines", of.best("checkout, 5 lines", lambda row: row.rate), 400, 800, "orders/s"),
        Aim("add, SQLite, 64 connections", on_file.rate if on_file else None, 1_000, 2_000, "/s"),
        Aim("add, one connection, p50", alone.p50 * 1000 if alone else None, 4, 2.5, "ms", True),
        _best("read cart / bare handler", of.best("read cart", lambda row: row.to_bare), 0.35, 0.6),
        Aim(f"page {DEEP:,} / page 1", deep, 3, 1.5, "x", True, f"of {size:,} items" if size else ""),
        Aim("resident memory after load", memory[0] if memory else None, 250, 180, "MiB", True, "those that serve"),
        Aim("statements of a batch of 100 adds", batch, 12, 8, "", True, "BEGIN and COMMIT included"),
    ]


class _Rows:
    def __init__(self, found: Iterable[Row]) -> None:
        self._rows = [row for row in found if row.workers == WORKERS]

    def one(self, scenario: str, store: str, connections: int) -> Row | None:
        wanted = (scenario, store, connections)
        return next((row for row in self._rows if (row.scenario, row.store, row.connections) == wanted), None)

    def best(self, scenario: str, figure: Callable[[Row], float | None]) -> tuple[float | None, str]:
        found = [
            (value, f"{connections} connections")
            for connections in CROWDS
            if (row := self.one(scenario, "postgresql", connections)) and (value := figure(row)) is not None
        ]
        return max(found, default=(None, ""))


def _best(what: str, found: tuple[float | None, str], least: float, aim: float, unit: str = "") -> Aim:
    return Aim(what, found[0], least, aim, unit, where=found[1])


def _deep_page(results: Results) -> tuple[float | None, int]:
    """How much longer a deep page takes than the first, in the largest catalog that has so many pages."""
    took = {(one.what, one.size): one.milliseconds for one in results.growth if one.of == "items"}
    sizes = [size for what, size in took if what == "list, page 1" and size >= DEEP * 20]
    if not sizes:
        return None, 0
    size = max(sizes)
    return took[f"list, page {DEEP:,} or the last", size] / took["list, page 1", size], size
