"""One picture of a run: what is carried, and how cost grows. Plain SVG, written by hand."""

from __future__ import annotations

from html import escape
from math import ceil, floor, log10

from bench.results import Results
from bench.scenarios import SCENARIOS
from bench.summary import Row, best_reference, rows

WIDTH, MARGIN, LABELS = 960, 20, 190
BAR, GAP = 15, 6
PLOT = 300
COLOURS = ("#1f6f8b", "#d1603d", "#7a9e3f", "#8a5a9e", "#c29b2f", "#4f5d75", "#b23a48", "#2a9d8f")
GREY = "#9aa5ab"


def chart(results: Results) -> str:
    """An SVG document. Wants a run with measurements in it; draws nothing of what was not measured."""
    bars, height = _bars(results, MARGIN)
    lines, bottom = _growth(results, height + 30) if results.growth else ("", height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + MARGIN}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="#222">'
        f'<rect width="100%" height="100%" fill="#fff"/>{bars}{lines}</svg>\n'
    )


def _bars(results: Results, top: int) -> tuple[str, int]:
    """Requests a second, best number of connections, most processes."""
    best: dict[tuple[str, str], Row] = {}
    for row in rows(results):
        known = best.get((row.scenario, row.store))
        if known is None or (row.workers, row.rate) > (known.workers, known.rate):
            best[row.scenario, row.store] = row
    entries = [(f"pgbench, {kind}", rate, GREY, "") for kind, rate in best_reference(results).items()]
    for (scenario, store), row in sorted(best.items(), key=lambda one: _place(one[1])):
        colour = {"postgresql": COLOURS[0], "sqlite": COLOURS[1]}.get(store, GREY)
        told = f"{row.workers} processes, {row.connections} connections, p99 {row.p99 * 1000:.0f} ms"
        entries.append((scenario if store != "sqlite" else f"{scenario}, SQLite", row.rate, colour, told))
    if not entries:
        return "", top
    most = max(rate for _, rate, _, _ in entries)
    room = WIDTH - LABELS - 2 * MARGIN - 310
    drawn = [_text(MARGIN, top + 12, "Requests a second", weight="bold")]
    y = top + 24
    for name, rate, colour, told in entries:
        long = max(1.0, room * rate / most)
        drawn.append(_text(LABELS + MARGIN - 8, y + 12, name, anchor="end"))
        drawn.append(f'<rect x="{LABELS + MARGIN}" y="{y}" width="{long:.1f}" height="{BAR}" fill="{colour}"/>')
        drawn.append(_text(LABELS + MARGIN + long + 6, y + 12, f"{rate:,.0f}" + (f"  ({told})" if told else "")))
        y += BAR + GAP
    return "".join(drawn), y


def _place(row: Row) -> tuple[int, str]:
    """The bare handler first, as it is a reference; then in the order of the scenarios, the stores side by side."""
    names = [scenario.name for scenario in SCENARIOS]
    return (names.index(row.scenario) if row.scenario in names else -1, row.store)


def _growth(results: Results, top: int) -> tuple[str, int]:
    """Both axes are logarithmic: a straight line that rises with the grid grows as the shop does."""
    sizes = [log10(one.size) for one in results.growth]
    times = [log10(max(one.milliseconds, 0.01)) for one in results.growth]
    left, right = MARGIN + 50, WIDTH - 330
    low, high = floor(min(times)), max(ceil(max(times)), floor(min(times)) + 1)
    first, last = min(sizes), max(*sizes, min(sizes) + 1)

    def at(size: float, took: float) -> str:
        x = left + (right - left) * (log10(size) - first) / (last - first)
        y = top + 24 + PLOT * (high - log10(max(took, 0.01))) / (high - low)
        return f"{x:.1f},{y:.1f}"

    drawn = [_text(MARGIN, top + 12, "Milliseconds of a call as the shop grows", weight="bold")]
    for power in range(low, high + 1):
        x, y = at(10**first, 10.0**power).split(",")
        drawn.append(f'<path d="M{x} {y}H{right}" stroke="#ddd"/>')
        drawn.append(_text(float(x) - 6, float(y) + 4, f"{10.0**power:g}", anchor="end"))
    for size in sorted({one.size for one in results.growth}):
        x = at(size, 10.0**low).split(",")[0]
        drawn.append(_text(float(x), top + PLOT + 42, f"{size:,}", anchor="middle"))
    for number, (of, what) in enumerate(dict.fromkeys((one.of, one.what) for one in results.growth)):
        points = " ".join(at(one.size, one.milliseconds) for one in results.growth if (one.of, one.what) == (of, what))
        colour = COLOURS[number % len(COLOURS)]
        dash = ("", ' stroke-dasharray="6 3"', ' stroke-dasharray="2 3"')[number // len(COLOURS) % 3]
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        row = top + 30 + number * 16
        drawn.append(f'<path d="M{right + 14} {row}h22" stroke="{colour}" stroke-width="2"{dash}/>')
        drawn.append(_text(right + 42, row + 4, f"{of}: {what}"))
    series = len(dict.fromkeys((one.of, one.what) for one in results.growth))
    return "".join(drawn), top + max(PLOT + 50, 30 + series * 16)


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'
