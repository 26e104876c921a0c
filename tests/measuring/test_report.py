from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench import docs, report
from bench.cells import Cell
from bench.chart import chart
from bench.reach import aims
from bench.results import Grown, Memory, Reference, Results, this_machine
from bench.summary import rows

ADD = Cell(
    scenario="add, 1,000 items",
    store="postgresql",
    workers=2,
    connections=64,
    repeat=1,
    rate=4_000.0,
    p50=0.010,
    p99=0.050,
    answers=8_000,
    errors=0,
    seconds=2.0,
    exact=True,
    cpu={"server": 1.0, "database": 0.5, "client": 0.1},
    load_average=2.0,
)
BARE = replace(ADD, scenario="bare, add", store="bare", rate=8_000.0, exact=None)


@pytest.fixture
def results() -> Results:
    """Three repeats, on a machine that was slower during the second; the ratios did not change."""
    found = Results(machine=this_machine())
    for repeat, speed in ((1, 1.0), (2, 0.5), (3, 1.2)):
        found.cells.append(replace(BARE, repeat=repeat, rate=8_000 * speed))
        found.cells.append(replace(ADD, repeat=repeat, rate=4_000 * speed))
        found.references += [
            Reference("uniform", clients, repeat, 64, rate * speed) for clients, rate in ((16, 3_000.0), (64, 5_000.0))
        ]
    found.memory.append(Memory("postgresql", 2, 240.0, 170.0, 2))
    found.growth += [
        Grown(what, "items", size, took)
        for size, page, deep in ((1_000, 1.0, 1.0), (1_000_000, 2.0, 5.0))
        for what, took in (("list, page 1", page), ("list, page 5,000 or the last", deep))
    ]
    found.audits["postgresql"] = "clean"
    found.statements["a batch of 100 adds"] = 10
    return found


def test_what_was_found_comes_back_from_json(results: Results, tmp_path: Path) -> None:
    results.write(tmp_path / "results.json")

    again = Results.read(tmp_path / "results.json")

    assert again == results
    assert report.text(again) == report.text(results)
    assert chart(again) == chart(results)


def test_figures_are_medians_and_ratios_are_those_of_their_own_repeat(results: Results) -> None:
    results.references[-1] = replace(results.references[-1], rate=12_000.0)  # the machine was quick for one moment

    [_, add] = rows(results)

    assert (add.rate, add.to_bare, add.to_reference) == (4_000.0, 0.5, 0.8)


def test_one_answer_that_was_not_kept_shows(results: Results) -> None:
    assert report.exact(results)
    results.cells.append(replace(ADD, repeat=4, exact=False))

    assert not report.exact(results)
    assert "| NO " in report.text(results)


def test_an_audit_that_found_something_is_no_success(results: Results) -> None:
    results.audits["sqlite"] = "1 violations: S1: ..."

    assert not report.exact(results)


def test_aims_say_what_was_reached_missed_and_not_measured(results: Results) -> None:
    verdicts = {one.what: one.verdict for one in aims(results)}

    assert verdicts["add, 1,000 items / pgbench"] == "reached"
    assert verdicts["add / bare handler"] == "missed"
    assert verdicts["page 5,000 / page 1"] == "reached"
    assert verdicts["resident memory after load"] == "reached"
    assert verdicts["statements of a batch of 100 adds"] == "reached"
    assert verdicts["read cart / bare handler"] == "not measured"
    assert next(one for one in aims(results) if one.what == "page 5,000 / page 1").figure == 2.5


def test_growth_is_told_per_tenfold(results: Results) -> None:
    lines = report.growth(results).splitlines()

    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == ["items", "list, page 1", "1.0", "2.0", "1.26"]


def test_the_chart_is_a_picture_of_all_that_was_measured(results: Results) -> None:
    picture = ET.fromstring(chart(results))

    words = " ".join(picture.itertext())
    assert "add, 1,000 items" in words
    assert "pgbench, uniform" in words
    assert len(picture.findall("{*}polyline")) == 2
    assert ET.fromstring(chart(Results())) is not None


def test_the_page_is_filled_between_its_marks_and_nowhere_else(results: Results, tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(docs.PAGE.read_text(encoding="utf-8"), encoding="utf-8")

    docs.write(results, page)
    docs.write(results, page)

    text = page.read_text(encoding="utf-8")
    assert text.count(report.reach(results)) == 1
    assert text.count("<!-- bench: ") == 2 * len(docs.PARTS)
    assert text.splitlines()[0] == docs.PAGE.read_text(encoding="utf-8").splitlines()[0]
    assert (tmp_path / "performance.svg").read_text(encoding="utf-8") == chart(results)
