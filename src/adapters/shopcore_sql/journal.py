"""The journal and the idempotency keys in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, or_, select, tuple_

from shopcore.idempotency import Answered
from shopcore.inventory.model import StockEquation
from shopcore.journal.model import Entry
from shopcore.journal.rules import equation_of
from shopcore_sql.guards import lost_race_on_conflict
from shopcore_sql.schema import idempotency_keys, journal
from shopcore_sql.sets import InsertSet, planned_anew
from shopcore_sql.types import one_of, texts

_APPEND = InsertSet(journal)
_OF_CART = select(journal).where(journal.c.cart_id == bindparam("cart")).order_by(journal.c.position)
_is_ledger = or_(journal.c.on_hand != 0, journal.c.held != 0)
_LEDGER = select(journal).where(journal.c.item_id == bindparam("item"), _is_ledger).order_by(journal.c.position.desc())
_SUMS = (
    select(journal.c.kind, func.sum(journal.c.on_hand), func.sum(journal.c.held))
    .where(journal.c.item_id == bindparam("item"), _is_ledger)
    .group_by(journal.c.kind)
)
_FIND = select(idempotency_keys).where(
    one_of(idempotency_keys.c.caller, texts("callers")),
    one_of(idempotency_keys.c.operation, texts("operations")),
    one_of(idempotency_keys.c.key, texts("keys")),
)
_ADD = InsertSet(idempotency_keys)


class SqlJournal:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, entries: Sequence[Entry]) -> None:
        rows = [_row(entry) for entry in entries]
        with lost_race_on_conflict():
            _APPEND.run(self._connection, rows)

    def of_cart(self, cart_id: str) -> list[Entry]:
        return [_entry(row) for row in self._connection.execute(_OF_CART, {"cart": cart_id})]

    def ledger(self, item_id: str, *, limit: int, before: datetime | None = None) -> list[Entry]:
        query = _LEDGER.limit(limit) if before is None else _LEDGER.where(journal.c.at < before).limit(limit)
        return [_entry(row) for row in self._connection.execute(query, {"item": item_id})]

    def equation(self, item_id: str, *, before: datetime | None = None) -> tuple[StockEquation, int]:
        query = _SUMS if before is None else _SUMS.where(journal.c.at < before)
        rows = self._connection.execute(query, {"item": item_id}).all()
        return equation_of({kind: int(on_hand) for kind, on_hand, _ in rows}), sum(int(held) for *_, held in rows)


class SqlKeys:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, scopes: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Answered]:
        wanted = set(scopes)
        if not wanted:
            return {}
        callers, operations, keys = (set(part) for part in zip(*wanted, strict=True))
        rows = self._connection.execute(_FIND, {"callers": callers, "operations": operations, "keys": keys})
        found = (_answered(row) for row in rows)
        return {answered.scope: answered for answered in found if answered.scope in wanted}

    def add(self, answers: Sequence[Answered]) -> None:
        rows = [
            {
                "caller": answer.caller,
                "operation": answer.operation,
                "key": answer.value,
                "fingerprint": answer.fingerprint,
                "answer": answer.answer,
                "at": answer.at,
            }
            for answer in answers
        ]
        with lost_race_on_conflict():
            _ADD.run(self._connection, rows)

    def forget(self, before: datetime, *, limit: int) -> int:
        planned_anew(self._connection)
        columns = (idempotency_keys.c.caller, idempotency_keys.c.operation, idempotency_keys.c.key)
        old = select(*columns).where(idempotency_keys.c.at < before).order_by(idempotency_keys.c.at).limit(limit)
        return self._connection.execute(delete(idempotency_keys).where(tuple_(*columns).in_(old))).rowcount


_row = attrgetter(
    *("operation", "kind", "at", "actor", "cart_id", "item_id", "order_id", "hold_id", "on_hand", "held", "data")
)
"""An entry as a row of its table, in the order of the columns."""


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        operation=row.operation,
        kind=row.kind,
        at=row.at,
        actor=row.actor,
        cart_id=row.cart_id,
        item_id=row.item_id,
        order_id=row.order_id,
        hold_id=row.hold_id,
        on_hand=row.on_hand,
        held=row.held,
        data=row.data,
        position=row.position,
    )


def _answered(row: Row[Any]) -> Answered:
    return Answered(
        caller=row.caller,
        operation=row.operation,
        value=row.key,
        fingerprint=row.fingerprint,
        answer=row.answer,
        at=row.at,
    )
