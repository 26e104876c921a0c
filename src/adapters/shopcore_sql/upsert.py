"""INSERT … ON CONFLICT DO UPDATE, which both databases have and SQLAlchemy spells twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert


class Upsert:
    """Inserts rows of `table`, or replaces all columns but `keys` of those that are there. Built once."""

    def __init__(self, table: Table, keys: Sequence[str]) -> None:
        updated = [column.name for column in table.c if column.name not in keys and column.autoincrement is not True]
        self._statements: dict[str, Insert] = {}
        for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite)):
            statement = dialect.insert(table)
            changes = {column: statement.excluded[column] for column in updated}
            self._statements[name] = statement.on_conflict_do_update(index_elements=list(keys), set_=changes)

    def run(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            connection.execute(self._statements[connection.dialect.name], rows)
