"""Statements as PostgreSQL's driver takes them without looking for names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopcore_sql.prepared import _numbered
from shopcore_sql.types import Arrayed, Moment, array_text


def test_each_name_has_a_number_and_a_percent_sign_is_one() -> None:
    sql = "SELECT %(a)s::TEXT[], x %% 2 FROM t WHERE b = %(b_1)s AND a = %(a)s"

    assert _numbered(sql) == ("SELECT $1::TEXT[], x % 2 FROM t WHERE b = $2 AND a = $1", ["a", "b_1"])


@pytest.mark.parametrize("values", [[], [None], [datetime(2026, 1, 31, 12, tzinfo=UTC), None]])
def test_times_go_as_every_array_does(values: list[datetime | None]) -> None:
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    write = Arrayed(Moment()).bind_processor(postgresql.dialect())  # type: ignore[no-untyped-call]

    assert write(values).replace('"', "") == array_text(values).replace('"', "")
