"""The store in SQL: one transaction a use case, tried again where a competitor was in the way."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import Connection, text

from shopcore.errors import LostRace, StoreBusy
from shopcore.store import Transaction
from shopcore_sql.audit import SqlAudit
from shopcore_sql.carts import SqlCarts
from shopcore_sql.catalog import SqlItems
from shopcore_sql.engine import READ_TIMEOUT_MS, WRITE_TIMEOUT_MS, make_engine, parse
from shopcore_sql.failures import Competitor, explain
from shopcore_sql.guards import lost_race_on_conflict
from shopcore_sql.inventory import SqlStock
from shopcore_sql.journal import SqlJournal, SqlKeys
from shopcore_sql.migrate import require_current, require_no_others, upgrade
from shopcore_sql.orders import SqlOrders
from shopcore_sql.prepared import together
from shopcore_sql.recount import recount
from shopcore_sql.remembered import Memory
from shopcore_sql.removals import SqlRemovals
from shopcore_sql.sessions import SqlSessions
from shopcore_sql.tallies import SqlTallies
from shopcore_sql.totals import Totals
from shopcore_sql.users import SqlUsers

T = TypeVar("T")
RETRIES = 3
BACKOFF_SECONDS = (0.010, 0.080)
_WRITTEN = text("SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')")


class SqlTransaction:
    """`one_state`: no two statements see different states, although nothing is locked."""

    def __init__(
        self, connection: Connection, memory: Memory, totals: Totals | None = None, *, one_state: bool = False
    ) -> None:
        self.users = SqlUsers(connection)
        self.sessions = SqlSessions(connection)
        self.items = SqlItems(connection, memory, totals)
        self.stock = SqlStock(connection)
        self.carts = SqlCarts(connection, memory, one_state=one_state)
        self.removals = SqlRemovals(connection)
        self.orders = SqlOrders(connection)
        self.journal = SqlJournal(connection)
        self.keys = SqlKeys(connection)
        self.tallies = SqlTallies(connection)
        self.audit = SqlAudit(connection)
        self._connection = connection

    @contextmanager
    def together(self) -> Iterator[None]:
        with lost_race_on_conflict(), together(self._connection):
            yield


class SqlStore:
    """Keeps the promises of `shopcore.store.Store` on SQLite (one machine) or PostgreSQL (any number of machines).

    `url`: `sqlite:///shop.db` or `postgresql://user@host/name`. With `migrate`, an empty or older SQLite database is
    brought to the current version first; a PostgreSQL one, and one that has tables of another program, is only when it
    is asked for by name: `migrate=True`. Raises NotConfigured, StoreUnavailable, StoreOutdated or NotAShop.
    """

    def __init__(self, url: str, *, pool_size: int = 10, migrate: bool | None = None) -> None:
        parsed = parse(url)
        self.url = parsed
        self._sqlite = parsed.get_backend_name() == "sqlite"
        with explain():
            if migrate is None and self._sqlite:
                require_no_others(parsed)
            if migrate or (migrate is None and self._sqlite):
                upgrade(parsed)
            self._writer = make_engine(parsed, pool_size=pool_size, statement_timeout_ms=WRITE_TIMEOUT_MS, by_key=True)
            self._reader = make_engine(parsed, pool_size=pool_size, statement_timeout_ms=READ_TIMEOUT_MS)
        self._turn: AbstractContextManager[Any] = threading.Lock() if self._sqlite else nullcontext()
        self._writer = self._writer.execution_options(shopcore_writes=True)
        self._glance = self._reader.execution_options(shopcore_once=True)
        self._memory = Memory()
        self._totals = Totals()

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        for attempt in range(RETRIES + 1):
            if attempt:
                time.sleep(random.uniform(*BACKOFF_SECONDS))  # noqa: S311 (spreads competitors, hides nothing)
            try:
                with explain(retried=True, repeatable=repeatable), self._turn, self._writer.begin() as connection:
                    transaction = SqlTransaction(connection, self._memory)
                    done = work(transaction)
            except (LostRace, Competitor):
                continue
            transaction.carts.remember()
            return done
        raise StoreBusy

    @contextmanager
    def read(self, *, once: bool = False) -> Iterator[Transaction]:
        with explain(), (self._glance if once else self._reader).begin() as connection:
            transaction = SqlTransaction(connection, self._memory, self._totals, one_state=not once)
            yield transaction
        transaction.carts.remember()

    def ping(self) -> None:
        with explain(), self._reader.begin() as connection:
            require_current(connection)

    def recount(self) -> list[str]:
        """Make anew what items are listed and counted by, and give what was wrong with it.

        Only needed where somebody changed items or stock with SQL of his own. Whoever changes the catalog or takes
        stock waits meanwhile, for some seconds at a million items. Raises StoreBusy.
        """
        with explain(), self._turn, self._writer.begin() as connection:
            return recount(connection)

    def written(self) -> int:
        """How far PostgreSQL has written its log, which its replicas follow; no use on SQLite."""
        with explain(), self._reader.begin() as connection:
            return int(connection.execute(_WRITTEN).scalar_one())

    def close(self) -> None:
        self._memory = Memory()
        self._writer.dispose()
        self._reader.dispose()
