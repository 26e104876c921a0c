"""The stores that pass the contract, each made fresh, empty and quickly."""

from __future__ import annotations

import logging
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Dialect, event, select, text

import shopcore_testing
from shopcore.store import Store, Transaction
from shopcore_memory import MemoryStore
from shopcore_memory.state import Groups, Table
from shopcore_sql import SqlStore
from shopcore_sql.engine import parse
from shopcore_sql.remembered import Memory
from shopcore_sql.schema import metadata
from sql_shelves import must_count_right

StoreKind = Literal["memory", "sqlite", "postgresql"]
KINDS: tuple[StoreKind, ...] = ("memory", "sqlite", "postgresql")
SQL: tuple[StoreKind, ...] = ("sqlite", "postgresql")


OpenStore = Callable[[], AbstractContextManager["Opened"]]


class CommitFailed(Exception):
    """What a doomed transaction of the store in memory fails with."""


@dataclass(frozen=True, kw_only=True)
class Opened(shopcore_testing.Opened):
    """A fresh store of ours, with what only the tests of our own stores look at."""

    kind: StoreKind

    @property
    def sql(self) -> SqlStore:
        assert isinstance(self.store, SqlStore)
        return self.store

    @property
    def url(self) -> str:
        return self.sql.url.render_as_string(hide_password=False)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The SQL that the store sends meanwhile, if it remembers nothing of carts and items.

        What is run for many rows at once counts as one.
        """
        self.sql._memory = Memory()
        sent: list[str] = []

        def note(_c: Connection, _cursor: object, statement: str, *_rest: object) -> None:
            sent.append(statement)

        def note_prepared(record: logging.LogRecord) -> bool:
            sent.append(record.getMessage())
            return False

        engines = (self.sql._writer, self.sql._reader)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        log, level = logging.getLogger("shopcore.sql"), logging.getLogger("shopcore.sql").level
        log.addFilter(note_prepared)
        log.setLevel(logging.DEBUG)
        try:
            yield sent
        finally:
            log.setLevel(level)
            log.removeFilter(note_prepared)
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)


def contents(store: Store) -> dict[str, object]:
    """Everything that is stored, to compare; tables of SQL by their rows, tables in memory by their values."""
    if isinstance(store, MemoryStore):
        tables = {name: table for name, table in vars(store._state).items() if isinstance(table, Table | Groups)}
        return {name: {key: rows for key, rows in table._rows.items() if rows} for name, table in tables.items()}
    assert isinstance(store, SqlStore)
    with store._reader.begin() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }


@contextmanager
def in_memory() -> Iterator[Opened]:
    doomed: list[Transaction] = []

    def before_commit() -> None:
        if doomed:
            doomed.clear()
            raise CommitFailed("commit")

    store = MemoryStore(before_commit=before_commit)
    try:
        yield Opened(
            kind="memory",
            store=store,
            doom=doomed.append,
            must_be_idle=partial(_must_be_idle_in_memory, store),
            contents=partial(contents, store),
        )
    finally:
        store.close()


@contextmanager
def on_sqlite(template: Path, file: Path) -> Iterator[Opened]:
    """A store on a copy of `template`, a file that was brought to the current version before; it is gone afterwards."""
    shutil.copy(template, file)
    try:
        with _sql("sqlite", f"sqlite:///{file}") as opened:
            yield opened
    finally:
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()


@contextmanager
def on_postgresql(database: AbstractContextManager[str]) -> Iterator[Opened]:
    """A store on a new `database` of the current version."""
    with database as url, _sql("postgresql", url) as opened:
        yield opened


def migrate(url: str) -> None:
    """Bring an empty database to the current version, and let go of it."""
    SqlStore(url, migrate=True).close()


@contextmanager
def _sql(kind: StoreKind, url: str) -> Iterator[Opened]:
    """A store on the database at `url`. It may have been one on another database before.

    An engine compiles each statement once, which takes longer than most tests. So a store that a test is done with
    is kept, without any connection, and told where to connect to the next time.
    """
    store = _idle[kind].pop() if _idle[kind] else _movable(url)
    store.url = parse(url)
    try:
        yield Opened(
            kind=kind,
            store=store,
            doom=_doom,
            elsewhere=partial(SqlStore, url, migrate=False, pool_size=2),
            several_writers=kind == "postgresql",
            must_be_idle=partial(_must_be_idle, store),
            must_be_in_step=partial(must_count_right, store),
            contents=partial(contents, store),
            deadlocks=partial(_deadlocks, store) if kind == "postgresql" else None,
        )
    finally:
        store.close()
        _idle[kind].append(store)


_idle: defaultdict[StoreKind, list[SqlStore]] = defaultdict(list)


def _movable(url: str) -> SqlStore:
    store = SqlStore(url, migrate=False)

    def connect_to_where_it_is(dialect: Dialect, _record: object, cargs: list[Any], cparams: dict[str, Any]) -> None:
        where = dialect.create_connect_args(store.url)
        cargs[:] = where[0]
        cparams.update(where[1])

    for engine in (store._writer, store._reader):
        event.listen(engine, "do_connect", connect_to_where_it_is)
    return store


def _doom(tx: Transaction) -> None:
    """A row that the database checks, and refuses, when the transaction commits and not before."""
    connection: Connection = tx.stock._connection  # type: ignore[attr-defined]
    connection.execute(
        text(
            "CREATE TABLE IF NOT EXISTS doom (cart TEXT CONSTRAINT fk_doom REFERENCES carts (id) "
            "DEFERRABLE INITIALLY DEFERRED)"
        )
    )
    connection.execute(text("INSERT INTO doom VALUES ('no such cart')"))


def _must_be_idle_in_memory(store: MemoryStore) -> None:
    assert store._state.readers == 0
    assert not store._state.undo
    assert not store._lock.locked()


def _must_be_idle(store: SqlStore) -> None:
    """Whatever was done with the store, each of its connections must be back in its pool."""
    pools = [engine.pool for engine in (store._writer, store._reader)]
    assert [pool.checkedout() for pool in pools] == [0, 0]  # type: ignore[attr-defined]


def _deadlocks(store: SqlStore) -> int:
    store.close()  # a session tells what it has counted when it ends, at the latest
    with store._reader.begin() as connection:
        counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(connection.execute(counted).scalar_one())
