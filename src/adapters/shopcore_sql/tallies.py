"""Tallies in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, cast, delete, literal, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from shopcore.codec import from_plain, to_plain
from shopcore.limits.model import Tally
from shopcore_sql.schema import tallies
from shopcore_sql.sets import InsertSet, arrays, planned_anew, unnested
from shopcore_sql.types import Moment, one_of, texts

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_subjects = unnested([tallies.c.subject])
_new = select(_subjects.c.subject, cast(literal("[]"), JSONB), literal(_NEVER, Moment())).order_by(_subjects.c.nth)
_insert = postgresql.insert(tallies).from_select(["subject", "times", "until"], _new)
# Who inserts a subject that is there locks its row. To insert first and lock then would leave a gap for `forget`.
_LOCK = _insert.on_conflict_do_update(index_elements=["subject"], set_={"until": tallies.c.until}).returning(tallies)
_FIND = select(tallies).where(one_of(tallies.c.subject, texts("subjects")))
_SAVE = InsertSet(tallies, keys=["subject"])
_over = (
    select(tallies.c.subject)
    .where(tallies.c.until < bindparam("before"))
    .order_by(tallies.c.until)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FORGET = delete(tallies).where(tallies.c.subject.in_(_over))


class SqlTallies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, subjects: Iterable[str]) -> dict[str, Tally]:
        wanted = sorted(set(subjects))
        if self._connection.dialect.name == "postgresql":
            given = arrays([tallies.c.subject], [{"subject": subject} for subject in wanted])
            rows = self._connection.execute(_LOCK, given)
        else:
            rows = self._connection.execute(_FIND, {"subjects": wanted})  # there is one writer
        return {row.subject: _tally(row) for row in rows if row.until != _NEVER}

    def save(self, changed: Sequence[Tally]) -> None:
        rows = [{"subject": tally.subject, "times": to_plain(tally.times), "until": tally.until} for tally in changed]
        _SAVE.run(self._connection, rows)

    def forget(self, before: datetime, *, limit: int) -> int:
        planned_anew(self._connection)
        return self._connection.execute(_FORGET, {"before": before, "most": limit}).rowcount


def _tally(row: Row[Any]) -> Tally:
    return Tally(subject=row.subject, times=tuple(from_plain(datetime, at) for at in row.times), until=row.until)
