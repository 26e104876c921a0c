"""Putting a run into docs/performance.md: between its marks stands what was measured, around it what people wrote."""

from __future__ import annotations

import re
from pathlib import Path

from bench import report
from bench.chart import chart
from bench.results import Results

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
PARTS = {
    "machine": report.machine,
    "reach": report.reach,
    "throughput": report.throughput,
    "overload": report.overloads,
    "growth": report.growth,
    "books": report.books,
}


def write(results: Results, page: Path = PAGE) -> None:
    """Fill the page and draw the chart beside it. Parts that the run did not measure stay as they are."""
    text = page.read_text(encoding="utf-8")
    for name, part in PARTS.items():
        if told := part(results):
            text = filled(text, name, told)
    page.write_text(text, encoding="utf-8")
    page.with_suffix(".svg").write_text(chart(results), encoding="utf-8")


def filled(text: str, name: str, told: str) -> str:
    """`text` with `told` between the marks of `name`. Raises ValueError where there are none."""
    marks = f"<!-- bench: {name} -->", "<!-- bench: end -->"
    found = re.compile(f"{marks[0]}\n.*?{marks[1]}", re.DOTALL)
    if not found.search(text):
        raise ValueError(f"no place for {name}")
    return found.sub(lambda _: f"{marks[0]}\n{told}\n{marks[1]}", text, count=1)
