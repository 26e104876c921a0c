"""What a run found, as tables in Markdown, which terminals show as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log10

from bench.reach import Aim, aims
from bench.results import Results
from bench.summary import Row, best_reference, rows

HEAD = (
    "scenario",
    "store",
    "processes",
    "connections",
    "per second",
    "p50 ms",
    "p99 ms",
    "errors",
    "exact",
    "/ pgbench",
    "/ bare",
    "cores: server, database, client",
)


def text(results: Results) -> str:
    """Everything, one table after the other."""
    parts = [machine, throughput, reach, overloads, growth, books]
    return "\n\n".join(filter(None, (part(results) for part in parts))) + "\n"


def machine(results: Results) -> str:
    facts = results.machine
    loads = [cell.load_average for cell in results.cells]
    busy = f" Load average {min(loads):.1f} to {max(loads):.1f} while it ran." if loads else ""
    return (
        f"{facts.get('cpu')}, {facts.get('cores')} cores, {facts.get('memory')}, {facts.get('system')}, "
        f"Python {facts.get('python')}; {facts.get('postgresql', 'no PostgreSQL')}. {facts.get('at')}.{busy}"
    )


def throughput(results: Results) -> str:
    """Medians of the repeats; ratios are medians of those within each repeat."""
    lines: list[Sequence[object]] = [
        (f"pgbench, {kind}", "postgresql", "", "", f"{rate:,.0f}", *[""] * 7)
        for kind, rate in best_reference(results).items()
    ]
    lines += [_line(row) for row in rows(results)]
    return table(HEAD, lines) if lines else ""


def _line(row: Row) -> Sequence[object]:
    return (
        row.scenario,
        row.store,
        row.workers,
        row.connections,
        f"{row.rate:,.0f}",
        f"{row.p50 * 1000:.1f}",
        f"{row.p99 * 1000:.1f}",
        row.errors,
        {True: "yes", False: "NO", None: ""}[row.exact],
        f"{row.to_reference:.2f}" if row.to_reference else "",
        f"{row.to_bare:.2f}" if row.to_bare else "",
        ", ".join(f"{share:.2f}" for share in row.cpu.values()),
    )


def reach(results: Results) -> str:
    head = ("two processes", "figure", "at least", "aim", "reached", "where")
    return table(head, [_aim(one) for one in aims(results)])


def _aim(one: Aim) -> Sequence[object]:
    figure = "" if one.figure is None else f"{one.figure:,.2f}" if one.figure < 10 else f"{one.figure:,.0f}"
    bounds = [f"{bound:,g} {one.unit}".strip() for bound in (one.least, one.aim)]
    return one.what, f"{figure} {one.unit if figure else ''}".strip(), *bounds, one.verdict, one.where


def overloads(results: Results) -> str:
    """Adds of ten times as many shoppers as a server is at its best with."""
    head = (
        *("store", "connections", "seconds", "served a second, before, during, after", "refused", "failed", "lost"),
        *("served in ms, p50, p99, slowest", "resident MiB, before, during", "exact"),
    )
    lines = [
        (
            f"{one.store} x {one.workers}",
            f"{one.connections:,}",
            f"{one.seconds:.0f}",
            f"{one.rate_before:,.0f}, {one.rate_during:,.0f}, {one.rate_after:,.0f}",
            f"{one.refused:,}",
            one.failed,
            one.lost,
            ", ".join(f"{seconds * 1000:,.0f}" for seconds in (one.p50, one.p99, one.slowest)),
            f"{one.memory_before:.0f}, {one.memory_during:.0f}",
            "yes" if one.exact else "NO",
        )
        for one in results.overloads
    ]
    return table(head, lines) if lines else ""


def growth(results: Results) -> str:
    """Milliseconds of one call of the library, and by how much that grows as the shop grows tenfold."""
    if not results.growth:
        return ""
    sizes = sorted({one.size for one in results.growth})
    took = {(one.of, one.what, one.size): one.milliseconds for one in results.growth}
    lines = []
    for of, what in dict.fromkeys((one.of, one.what) for one in results.growth):
        values = [took.get((of, what, size)) for size in sizes]
        known = [(size, value) for size, value in zip(sizes, values, strict=True) if value is not None]
        (small, first), (great, last) = known[0], known[-1]
        slope = (last / first) ** (1 / log10(great / small)) if great > small else 1.0
        cells = ("" if value is None else f"{value:.1f}" for value in values)
        lines.append((of, what, *cells, f"{slope:.2f}"))
    return table(("many", "call, in ms", *(f"{size:,}" for size in sizes), "per tenfold"), lines)


def books(results: Results) -> str:
    """Memory, statements and audits."""
    lines = [
        f"Memory, {one.store}: {one.resident:.0f} MiB resident in the {one.processes} that serve; with the one that "
        f"started them, and shared pages counted once, {one.proportional:.0f} MiB."
        for one in results.memory
    ]
    lines += [f"Statements of {what}: {number}." for what, number in results.statements.items()]
    lines += [f"Audit, {store}: {verdict}." for store, verdict in results.audits.items()]
    return "\n".join(f"- {line}" for line in lines)


def exact(results: Results) -> bool:
    """Whether every yes was kept, and the auditor found nothing."""
    cells = all(cell.exact is not False for cell in results.cells)
    crowds = all(one.exact and not (one.failed or one.lost) for one in results.overloads)
    return cells and crowds and all(verdict in ("clean", "exact") for verdict in results.audits.values())


def table(head: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Columns as wide as they must be; what begins with a digit stands on the right."""
    cells = [tuple(head), *(tuple(map(str, line)) for line in lines)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    rule = ["-" * width for width in widths]
    shown = [" | ".join(map(_placed, row, widths)) for row in [cells[0], rule, *cells[1:]]]
    return "\n".join(f"| {row} |" for row in shown)


def _placed(cell: str, width: int) -> str:
    return cell.rjust(width) if cell[:1].isdigit() else cell.ljust(width)
