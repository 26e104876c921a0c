"""The auditor's questions to a database: one statement each, or one for each kind of part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select

from shopcore.audit.books import (
    CartBook,
    HoldBook,
    KeyBook,
    LedgerBook,
    LineBook,
    OrderBook,
    OwnerBook,
    RemovalBook,
    SessionBook,
    StockBook,
    UserBook,
)
from shopcore_sql.audit.accounts import session_books, user_books
from shopcore_sql.audit.carts import CARTS, LINES, OWNERS, REMOVALS
from shopcore_sql.audit.orders import KEYS, order_books
from shopcore_sql.audit.stock import HOLDS, LEDGER, STOCK

STREAM_ROWS = 1000
"""How many rows are fetched at a time."""


class SqlAudit:
    """The columns of a statement are named like the fields of its book."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._patient = connection.dialect.name != "postgresql"

    def stock(self) -> Iterator[StockBook]:
        return (StockBook(**row._mapping) for row in self._stream(STOCK))

    def ledger(self) -> Iterator[LedgerBook]:
        return (LedgerBook(**row._mapping) for row in self._stream(LEDGER))

    def holds(self) -> Iterator[HoldBook]:
        return (HoldBook(**row._mapping) for row in self._stream(HOLDS))

    def lines(self) -> Iterator[LineBook]:
        return (LineBook(**row._mapping) for row in self._stream(LINES))

    def removals(self) -> Iterator[RemovalBook]:
        return (RemovalBook(**row._mapping) for row in self._stream(REMOVALS))

    def carts(self) -> Iterator[CartBook]:
        return (CartBook(**row._mapping) for row in self._stream(CARTS))

    def owners(self) -> Iterator[OwnerBook]:
        return (OwnerBook(**row._mapping) for row in self._stream(OWNERS))

    def orders(self) -> Iterator[OrderBook]:
        return order_books(self._stream)

    def keys(self) -> Iterator[KeyBook]:
        return (KeyBook(**row._mapping) for row in self._stream(KEYS))

    def users(self) -> Iterator[UserBook]:
        return user_books(self._stream)

    def sessions(self) -> Iterator[SessionBook]:
        return session_books(self._stream)

    def _stream(self, statement: Select[Any]) -> Iterator[Row[Any]]:
        if not self._patient:
            # A request may not take long; an audit reads all there is, and takes as long as that takes.
            self._connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            self._patient = True
        yield from self._connection.execute(statement, execution_options={"yield_per": STREAM_ROWS})
