"""Room on the page: rows that change often are updated in place, which spares their indexes."""

from __future__ import annotations

from alembic import op


def leave_room(**percent: int) -> None:
    """Fill the pages of each table only so far. SQLite knows no such thing."""
    if op.get_bind().dialect.name == "postgresql":
        for table, filled in percent.items():
            op.execute(f"ALTER TABLE {table} SET (fillfactor = {filled})")
