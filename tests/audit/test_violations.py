"""Each rule is broken on purpose, on every store: the auditor reports it, and nothing that is not broken."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from planted import PLANTS, Plant
from shop_copies import Rows, connected, in_memory, read_rows, write_rows
from shopcore.audit import AuditReport
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_sql import SqlStore


@dataclass(frozen=True)
class Corrupt:
    """What is stored of a shop once somebody has been at it, and what is reported of that on SQLite."""

    plant: Plant
    rows: Rows
    report: AuditReport


@pytest.fixture(scope="module", params=PLANTS, ids=[f"{plant.rule} {plant.name}" for plant in PLANTS])
def corrupt(request: pytest.FixtureRequest, rows: Rows, loose_sqlite: SqlStore) -> Corrupt:
    plant: Plant = request.param
    write_rows(loose_sqlite.url, rows)
    with connected(loose_sqlite.url) as connection:
        for statement in plant.sql:
            assert connection.exec_driver_sql(statement).rowcount > 0, f"nothing was planted by {statement}"
    return Corrupt(plant=plant, rows=read_rows(loose_sqlite.url), report=audit(loose_sqlite))


def audit(store: Store) -> AuditReport:
    return Shop(store).auditor.run()


def lines(report: AuditReport) -> list[str]:
    return sorted(map(str, report.violations))


def test_the_auditor_reports_what_was_planted_and_nothing_else(corrupt: Corrupt) -> None:
    reported = {violation.rule for violation in corrupt.report.violations}
    assert reported == set(corrupt.plant.breaks.split()), lines(corrupt.report)


def test_the_store_in_memory_is_judged_alike(corrupt: Corrupt) -> None:
    if corrupt.plant.unkeyed:
        pytest.skip("its tables are dicts by key")
    assert lines(audit(in_memory(corrupt.rows))) == lines(corrupt.report)


def test_postgresql_is_judged_alike(corrupt: Corrupt, loose_postgresql: SqlStore) -> None:
    write_rows(loose_postgresql.url, corrupt.rows)
    assert lines(audit(loose_postgresql)) == lines(corrupt.report)


def test_every_rule_was_broken_by_a_plant_of_its_own(rows: Rows) -> None:
    assert set(audit(in_memory(rows)).checked) == {plant.rule for plant in PLANTS}
