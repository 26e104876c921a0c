"""Removal records in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Exists, Row, Select, case, exists, select, tuple_, update

from shopcore.money import Money
from shopcore.orders.model import Order
from shopcore.paging import Page, PageRequest
from shopcore.removals.model import Removal, RemovalFilter, SummaryBy, SummaryRow
from shopcore_sql.paging import fetch_page
from shopcore_sql.prepared import Prepared
from shopcore_sql.schema import order_lines, removals, users
from shopcore_sql.sets import EachSet, Given, InsertSet
from shopcore_sql.summary import fetch_summary
from shopcore_sql.types import one_of, texts

STREAM_ROWS = 1000
"""How many records an export fetches at a time."""

_ADD = InsertSet(removals)


def _in_order(given: Given) -> Exists:
    return exists().where(order_lines.c.order_id == given["order_id"], order_lines.c.item_id == removals.c.item_id)


_RETURNED = EachSet(
    [removals.c.cart_id, removals.c.item_id, removals.c.returned_at],
    lambda given: (
        update(removals)
        .where(
            removals.c.cart_id == given["cart_id"],
            removals.c.item_id == given["item_id"],
            removals.c.returned_at.is_(None),
        )
        .values(returned_at=given["returned_at"])
    ),
)
_SETTLE = EachSet(
    [removals.c.cart_id, removals.c.order_id],
    lambda given: (
        update(removals)
        .where(removals.c.cart_id == given["cart_id"], removals.c.outcome == "open")
        .values(order_id=given["order_id"], outcome=case((_in_order(given), "recovered"), else_="lost"))
    ),
)
_BOUGHT_LATER = EachSet(
    [removals.c.owner, removals.c.cart_id, removals.c.order_id, removals.c.removed_at],
    lambda given: (
        update(removals)
        .where(
            removals.c.owner == given["owner"],
            removals.c.cart_id != given["cart_id"],
            removals.c.removed_at <= given["removed_at"],
            removals.c.bought_later_order_id.is_(None),
            _in_order(given),
        )
        .values(bought_later_order_id=given["order_id"])
    ),
)
_ABANDON = Prepared(
    update(removals)
    .where(one_of(removals.c.cart_id, texts("carts")), removals.c.outcome == "open")
    .values(outcome="abandoned")
)
_NAMED = select(removals, case((users.c.status == "erased", None), else_=users.c.username).label("username")).outerjoin(
    users, users.c.id == removals.c.owner
)


_place = tuple_(removals.c.removed_at, removals.c.id)


class SqlRemovals:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, removals: Sequence[Removal]) -> None:
        _ADD.run(self._connection, [_row(removal) for removal in removals])

    def returned(self, returns: Mapping[tuple[str, str], datetime]) -> None:
        rows = [{"cart_id": cart, "item_id": item, "returned_at": at} for (cart, item), at in returns.items()]
        _RETURNED.run(self._connection, rows)

    def settle(self, orders: Sequence[Order]) -> None:
        rows = [
            {"owner": order.owner, "cart_id": order.cart_id, "order_id": order.id, "removed_at": order.created_at}
            for order in orders
        ]
        _SETTLE.run(self._connection, rows)
        _BOUGHT_LATER.run(self._connection, rows)

    def abandon(self, cart_ids: Iterable[str]) -> None:
        _ABANDON.run(self._connection, {"carts": cart_ids})

    def page(self, which: RemovalFilter, page: PageRequest) -> Page[Removal]:
        newest = (removals.c.removed_at.desc(), removals.c.id.desc())
        return fetch_page(self._connection, filtered(_NAMED, which).order_by(*newest), page, _removal)

    def stream(self, which: RemovalFilter) -> Iterator[Removal]:
        """By the key of the last record read: no cursor is held open, and memory does not grow with the rows."""
        query = filtered(_NAMED, which).order_by(removals.c.removed_at, removals.c.id).limit(STREAM_ROWS)
        rows = self._connection.execute(query).all()
        while rows:
            yield from map(_removal, rows)
            # As one row value: with OR between two conditions SQLite would read everything before it again.
            later = _place > (rows[-1].removed_at, rows[-1].id)
            rows = self._connection.execute(query.where(later)).all() if len(rows) == STREAM_ROWS else []

    def summary(self, by: SummaryBy, which: RemovalFilter, page: PageRequest) -> Page[SummaryRow]:
        return fetch_summary(self._connection, by, filtered(_NAMED, which), page)


def filtered(query: Select[Any], which: RemovalFilter) -> Select[Any]:
    """`query` over removals, limited to those of the filter."""
    query = query.where(removals.c.reason.in_(which.reasons))
    if which.state != "all":
        query = query.where(
            removals.c.order_id.is_(None) if which.state == "draft" else removals.c.order_id.is_not(None)
        )
    for column, wanted in (("outcome", which.outcome), ("owner", which.owner), ("item_id", which.item_id)):
        if wanted is not None:
            query = query.where(removals.c[column] == wanted)
    if which.since is not None:
        query = query.where(removals.c.removed_at >= which.since)
    if which.until is not None:
        query = query.where(removals.c.removed_at < which.until)
    return query


def _removal(row: Row[Any]) -> Removal:
    return Removal(
        id=row.id,
        cart_id=row.cart_id,
        owner=row.owner,
        item_id=row.item_id,
        sku=row.sku,
        item_name=row.item_name,
        quantity=row.quantity,
        unit_price=Money(row.unit_price, row.currency),
        reason=row.reason,
        added_at=row.added_at,
        removed_at=row.removed_at,
        outcome=row.outcome,
        order_id=row.order_id,
        returned_at=row.returned_at,
        bought_later_order_id=row.bought_later_order_id,
        username=row.username,
    )


def _row(removal: Removal) -> dict[str, Any]:
    return {
        "id": removal.id,
        "cart_id": removal.cart_id,
        "owner": removal.owner,
        "item_id": removal.item_id,
        "sku": removal.sku,
        "item_name": removal.item_name,
        "quantity": removal.quantity,
        "unit_price": removal.unit_price.amount,
        "currency": removal.unit_price.currency,
        "reason": removal.reason,
        "added_at": removal.added_at,
        "removed_at": removal.removed_at,
        "outcome": removal.outcome,
        "order_id": removal.order_id,
        "returned_at": removal.returned_at,
        "bought_later_order_id": removal.bought_later_order_id,
    }
