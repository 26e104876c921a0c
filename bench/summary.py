"""Medians and ratios of a run: what was alternated is compared within its own repeat."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from bench.cells import Cell
from bench.results import Results
from bench.scenarios import SCENARIOS

BARE_OF = {scenario.name: scenario.bare for scenario in SCENARIOS}
REFERENCE_OF = {scenario.name: scenario.reference for scenario in SCENARIOS}


@dataclass(frozen=True)
class Row:
    """One scenario on one server at one number of connections."""

    scenario: str
    store: str
    workers: int
    connections: int
    rate: float
    p50: float
    p99: float
    errors: int
    exact: bool | None
    to_reference: float | None
    to_bare: float | None
    cpu: dict[str, float]


def rows(results: Results) -> list[Row]:
    groups: defaultdict[tuple[str, str, int, int], list[Cell]] = defaultdict(list)
    for cell in results.cells:
        groups[cell.scenario, cell.store, cell.workers, cell.connections].append(cell)
    return [_row(results, cells) for cells in groups.values()]


def best_reference(results: Results) -> dict[str, float]:
    """The median of what the best number of clients reached in each turn, by kind."""
    kinds = dict.fromkeys(one.kind for one in results.references)
    return {kind: median(_best(results, kind).values()) for kind in kinds}


def _best(results: Results, kind: str) -> dict[tuple[int, int], float]:
    """By repeat and the shop's number of connections."""
    best: dict[tuple[int, int], float] = {}
    for one in results.references:
        if one.kind == kind:
            turn = (one.repeat, one.connections)
            best[turn] = max(best.get(turn, 0.0), one.rate)
    return best


def _row(results: Results, cells: list[Cell]) -> Row:
    first = cells[0]
    verdicts = {cell.exact for cell in cells}
    return Row(
        scenario=first.scenario,
        store=first.store,
        workers=first.workers,
        connections=first.connections,
        rate=median(cell.rate for cell in cells),
        p50=median(cell.p50 for cell in cells),
        p99=median(cell.p99 for cell in cells),
        errors=sum(cell.errors for cell in cells),
        exact=False if False in verdicts else True if True in verdicts else None,
        to_reference=_to_reference(results, cells),
        to_bare=_to_bare(results, cells),
        cpu={name: round(median(cell.cpu.get(name, 0.0) for cell in cells), 2) for name in first.cpu},
    )


def _to_reference(results: Results, cells: list[Cell]) -> float | None:
    kind = REFERENCE_OF.get(cells[0].scenario)
    best = _best(results, kind) if kind and cells[0].store == "postgresql" else {}
    ratios = [cell.rate / rate for cell in cells if (rate := best.get((cell.repeat, cell.connections)))]
    return median(ratios) if ratios else None


def _to_bare(results: Results, cells: list[Cell]) -> float | None:
    """Against the bare handler with as many processes and connections, in the same repeat."""
    kind = BARE_OF.get(cells[0].scenario)
    if not kind:
        return None
    bare = {
        (cell.repeat, cell.workers, cell.connections): cell.rate
        for cell in results.cells
        if cell.scenario == f"bare, {kind}"
    }
    ratios = [cell.rate / rate for cell in cells if (rate := bare.get((cell.repeat, cell.workers, cell.connections)))]
    return median(ratios) if ratios else None
