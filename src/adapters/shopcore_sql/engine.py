"""Connections: what must be said to each database before it keeps our promises."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from shopcore.errors import NotConfigured

LOCK_TIMEOUT_MS = 500
WRITE_TIMEOUT_MS = 1_500
READ_TIMEOUT_MS = 30_000
SQLITE_BUSY_SECONDS = 5.0
"""How long a writer waits for another process's writer."""


def parse(url: str) -> URL:
    """The database that `url` names. Raises NotConfigured where it is none that can be used."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise NotConfigured(
            "the database", "the URL must look like sqlite:///shop.db or postgresql://host/name"
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        remedy = "the URL must begin with sqlite:/// or postgresql://"
        raise NotConfigured(f"the database {parsed.drivername}", remedy)
    if parsed.drivername == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise NotConfigured("a SQLite database in memory", "name a file, or use shopcore_memory.MemoryStore")
    return parsed


def make_engine(url: URL, *, pool_size: int, statement_timeout_ms: int) -> Engine:
    """An engine with a pool. Raises NotConfigured where the driver is not installed or the folder is not there."""
    if url.get_backend_name() == "sqlite":
        folder = Path(url.database or "").parent
        if not folder.is_dir():
            raise NotConfigured(f"the database file {url.database}", f"make the folder {folder} first")
        engine = create_engine(
            url,
            poolclass=QueuePool if statement_timeout_ms else NullPool,
            hide_parameters=True,  # an error that is logged names no customer
            connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False},
            **({"pool_size": pool_size, "max_overflow": 0} if statement_timeout_ms else {}),
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # No statement of ours runs long enough to be worth compiling.
    options = (
        f"-c lock_timeout={LOCK_TIMEOUT_MS} -c statement_timeout={statement_timeout_ms} -c jit=off -c timezone=UTC"
    )
    try:
        return create_engine(
            url,
            poolclass=QueuePool if statement_timeout_ms else NullPool,
            hide_parameters=True,  # an error that is logged names no customer
            connect_args={"options": options, "connect_timeout": 5} if statement_timeout_ms else {},
            **({"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 3} if statement_timeout_ms else {}),
        )
    except (ImportError, NoSuchModuleError):
        raise NotConfigured("the PostgreSQL driver", "run: pip install 'shopcore[postgres]'") from None


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to say, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("shopcore_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
