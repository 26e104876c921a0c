"""A store in SQL: SQLite in a file, or PostgreSQL."""

from shopcore_sql.replica import SqlReplica
from shopcore_sql.store import SqlStore

__all__ = ["SqlStore", "SqlReplica"]
