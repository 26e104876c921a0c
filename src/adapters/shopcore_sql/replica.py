"""Reading at a streaming replica of PostgreSQL, as long as it is fit for that; else at the primary."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, text

from shopcore.errors import NotConfigured, StoreBusy, StoreUnavailable, Unavailable
from shopcore.store import Transaction
from shopcore_sql.engine import READ_TIMEOUT_MS, make_engine, parse
from shopcore_sql.failures import explain
from shopcore_sql.migrate import require_current
from shopcore_sql.remembered import Memory
from shopcore_sql.store import SqlStore, SqlTransaction
from shopcore_sql.totals import Totals

T = TypeVar("T")
log = logging.getLogger("shopcore.replica")

MOST_BEHIND = timedelta(seconds=10)
LOOK_SECONDS = 2.0
"""From one look at the replica's state to the next."""
PAUSE_SECONDS = 10.0
"""The same while it is out of reach: each such look may cost somebody CONNECT_SECONDS."""
CONNECT_SECONDS = 2

_STATE = text(
    "SELECT pg_is_in_recovery() AS follows, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') AS position,"
    " extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) AS age"
)


class SqlReplica:
    """A store to read from: the streaming replica at `url` of the PostgreSQL that `primary` is on.

    What it tells may be `most_behind` old. While the replica is out of reach, further behind, at another version, or
    no replica at all, the primary is read; that is logged once, and its end too. Raises NotConfigured.
    """

    def __init__(
        self,
        primary: SqlStore,
        url: str,
        *,
        pool_size: int = 10,
        most_behind: timedelta = MOST_BEHIND,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        parsed = parse(url)
        if "sqlite" in (parsed.get_backend_name(), primary.url.get_backend_name()):
            raise NotConfigured("a replica of SQLite", "only PostgreSQL has replicas; leave it out")
        self._primary = primary
        self._engine = make_engine(
            parsed, pool_size=pool_size, statement_timeout_ms=READ_TIMEOUT_MS, connect_seconds=CONNECT_SECONDS
        )
        self._memory = Memory()
        self._totals = Totals()
        self._most_behind = most_behind
        self._look_seconds = look_seconds
        self._looking = threading.Lock()
        self._look_again = 0.0
        self._fit: bool | None = None

    @contextmanager
    def read(self, *, once: bool = False) -> Iterator[Transaction]:
        """A transaction at the replica, or at the primary.

        Raises StoreBusy where the replica breaks it off because the primary changed what it reads, and
        StoreUnavailable where it is lost: the work may then be done once more.
        """
        with ExitStack() as stack:
            yield self._begun(stack) or stack.enter_context(self._primary.read(once=once))

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        raise TypeError("nothing is decided or written at a replica")

    def ping(self) -> None:
        self._primary.ping()

    def close(self) -> None:
        self._engine.dispose()

    def _begun(self, stack: ExitStack) -> SqlTransaction | None:
        """A transaction at the replica, which ends with `stack`."""
        if not self._is_fit():
            return None
        stack.enter_context(explain())
        try:
            with explain():
                connection = stack.enter_context(self._engine.begin())
        except StoreBusy:
            return None
        except StoreUnavailable as error:
            self._look_again = time.monotonic() + PAUSE_SECONDS
            self._judge(str(error))
            return None
        return SqlTransaction(connection, self._memory, self._totals)

    def _is_fit(self) -> bool:
        """What was found when somebody last looked. One caller looks again when it is time; nobody waits for him."""
        if time.monotonic() >= self._look_again and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return bool(self._fit)

    def _look(self) -> None:
        self._look_again = time.monotonic() + self._look_seconds
        try:
            written = self._primary.written()
        except Unavailable:
            return  # the replica may be all that is left to read from
        try:
            with explain(), self._engine.begin() as connection:
                require_current(connection)
                self._judge(self._fault(connection.execute(_STATE).one(), written))
        except Unavailable as error:
            self._look_again = time.monotonic() + max(self._look_seconds, PAUSE_SECONDS)
            self._judge(str(error))

    def _fault(self, state: Row[Any], written: int) -> str | None:
        if not state.follows or state.position is None:
            return "it is no streaming replica"
        if state.position >= written or (state.age is not None and state.age <= self._most_behind.total_seconds()):
            return None
        return "it is too far behind"

    def _judge(self, problem: str | None) -> None:
        fit = problem is None
        if fit and not self._fit:
            log.info("reading at the replica")
        elif not fit and self._fit is not False:
            log.warning("reading at the primary, not at the replica: %s", problem)
        self._fit = fit
