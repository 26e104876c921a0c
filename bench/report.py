"""What a run found, for people: a table, ratios, and a chart."""

from __future__ import annotations

from bench.results import Results
from bench.summary import Row, best_reference, rows

HEAD = (
    f"{'':22}{'store':>11}{'proc':>5}{'conn':>5}{'per s':>8}{'p50 ms':>8}{'p99 ms':>8}{'errors':>7}{'exact':>7}"
    f"{'/pgbench':>9}{'/bare':>7}  cores: server, database, client"
)


def table(results: Results) -> str:
    """Medians of the repeats; ratios are medians of those within each repeat."""
    lines = [f"pgbench, {kind}: {rate:,.0f}/s" for kind, rate in best_reference(results).items()]
    lines += [HEAD, *(_line(row) for row in rows(results))]
    lines += [
        f"memory, {one.store} x {one.workers}: {one.resident:.0f} MiB resident in {one.processes} processes, "
        f"{one.proportional:.0f} MiB with shared pages counted once"
        for one in results.memory
    ]
    lines += [f"audit, {store}: {verdict}" for store, verdict in results.audits.items()]
    return "\n".join(lines)


def _line(row: Row) -> str:
    cores = ", ".join(f"{share:.2f}" for share in row.cpu.values())
    exact = {True: "yes", False: "NO", None: ""}[row.exact]
    ratios = "".join(
        f"{ratio:{width}.2f}" if ratio else " " * width for ratio, width in ((row.to_reference, 9), (row.to_bare, 7))
    )
    return (
        f"{row.scenario:22}{row.store:>11}{row.workers:5}{row.connections:5}{row.rate:8,.0f}{row.p50 * 1000:8.1f}"
        f"{row.p99 * 1000:8.1f}{row.errors:7}{exact:>7}{ratios}  {cores}"
    )


def exact(results: Results) -> bool:
    """Whether every yes was kept, and no more were said than could be."""
    cells = all(cell.exact is not False for cell in results.cells)
    return cells and all(verdict in ("clean", "exact") for verdict in results.audits.values())


def chart(results: Results) -> str:
    return ""
