"""Connections: what must be said to each database before it keeps our promises.

PostgreSQL is told at the start of a session; behind a pooler with each BEGIN, in the same message, as one such as
PgBouncer may give every transaction another session.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from shopcore.errors import NotConfigured
from shopcore_sql.prepared import PIPELINED, tell

LOCK_TIMEOUT_MS = 500
WRITE_TIMEOUT_MS = 1_500
READ_TIMEOUT_MS = 30_000
POOL_SECONDS = 3
POOLED = "shopcore_pooled"
BY_KEY = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}
"""What is written is found by its key, always: to plan it anew for each batch took a tenth of a sale. A plan that was
made for small tables read them from end to end, and compared each row with each of a hundred keys."""
GONE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""A server that has fallen silent, with its machine or with the network, is given up after about ten seconds."""

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


def make_engine(
    url: URL, *, pool_size: int, statement_timeout_ms: int, connect_seconds: int = 5, by_key: bool = False
) -> Engine:
    """An engine with a pool, or for `statement_timeout_ms` of 0 with neither a pool nor any limit.

    Its transactions only read unless the execution option `shopcore_writes` is set; with `shopcore_once` there is no
    transaction around the one statement that is read. `by_key`: rows are found by their keys, see BY_KEY. Raises
    NotConfigured where the driver is not installed or the folder is not there.
    """
    pool: dict[str, Any] = {"poolclass": NullPool}
    if statement_timeout_ms:
        pool = {"poolclass": QueuePool, "pool_size": pool_size, "max_overflow": 0, "pool_timeout": POOL_SECONDS}
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, pool)
    return _postgresql(url, pool, statement_timeout_ms, connect_seconds, by_key=by_key)


def _sqlite(url: URL, pool: dict[str, Any]) -> Engine:
    folder = Path(url.database or "").parent
    if not folder.is_dir():
        raise NotConfigured(f"the database file {url.database}", f"make the folder {folder} first")
    engine = create_engine(
        url,
        hide_parameters=True,  # an error that is logged names no customer
        connect_args={"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False},
        **pool,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin("BEGIN IMMEDIATE", "BEGIN"))
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to say
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _postgresql(
    url: URL, pool: dict[str, Any], statement_timeout_ms: int, connect_seconds: int, *, by_key: bool
) -> Engine:
    try:
        engine = create_engine(
            url,
            hide_parameters=True,  # an error that is logged names no customer
            json_deserializer=_read_json,
            connect_args={"connect_timeout": connect_seconds, **GONE},
            **pool,
        )
    except (ImportError, NoSuchModuleError):
        raise NotConfigured("the PostgreSQL driver", "run: pip install 'shopcore[postgres]'") from None
    told = {
        "lock_timeout": str(LOCK_TIMEOUT_MS if statement_timeout_ms else 0),
        "statement_timeout": str(statement_timeout_ms),
        "jit": "off",  # no statement of ours runs long enough to be worth compiling
        "timezone": "'UTC'",
        **(BY_KEY if by_key else {}),
    }
    event.listen(engine, "connect", partial(_prepare_postgresql, told=told))
    each_time = "".join(f"; SET LOCAL {name} = {value}" for name, value in told.items())
    event.listen(engine, "begin", _begin("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", each_time))
    return engine


def _prepare_postgresql(connection: Any, record: Any, *, told: Mapping[str, str]) -> None:
    connection.autocommit = True  # BEGIN is ours to say
    record.info[POOLED] = _is_pooled(connection)
    if record.info[POOLED]:
        connection.prepare_threshold = None  # a prepared statement stays behind in the session that prepared it
    else:
        record.info[PIPELINED] = _has_pipelines()
        connection.execute("; ".join(f"SET {name} = {value}" for name, value in told.items()))


def _read_json(data: bytes) -> Any:
    return json.loads(data.decode())  # of bytes it would guess the encoding first, each time


def _has_pipelines() -> bool:
    from psycopg import Pipeline  # noqa: PLC0415 (whoever has a connection has the driver)

    return Pipeline.is_supported()


def _is_pooled(connection: Any) -> bool:
    """Whether a pooler stands between us and the server: it gives a process number that is not the server's."""
    [told] = connection.execute("SELECT pg_backend_pid()").fetchone()
    return bool(told != connection.info.backend_pid)


def _begin(to_write: str, to_read: str, each_time: str = "") -> Callable[[Connection], None]:
    """What to say at the start of a transaction, and behind a pooler `each_time` with it."""

    def begin(connection: Connection) -> None:
        options, pooled = connection.get_execution_options(), connection.info.get(POOLED)
        if pooled or not options.get("shopcore_once", False):
            said = to_write if options.get("shopcore_writes", False) else to_read
            tell(connection, said + each_time if pooled else said)

    return begin
