"""Orders in SQL: written once, their events appended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from shopcore.codec import from_plain, to_plain
from shopcore.money import Money
from shopcore.orders.model import Discount, Order, OrderEvent, OrderLine
from shopcore.paging import Page, PageRequest
from shopcore_sql.guards import lost_race_on_conflict
from shopcore_sql.paging import fetch_page
from shopcore_sql.schema import order_events, order_lines, orders
from shopcore_sql.sets import InsertSet
from shopcore_sql.types import one_of, texts

_ADD = InsertSet(orders)
_ADD_LINES = InsertSet(order_lines)
_ADD_EVENTS = InsertSet(order_events)
_GET = select(orders).where(one_of(orders.c.id, texts("ids")))
_OF_CARTS = select(orders).where(one_of(orders.c.cart_id, texts("ids")))
_LOCK = select(orders).where(orders.c.id == bindparam("id")).with_for_update()
_LINES = select(order_lines).where(one_of(order_lines.c.order_id, texts("ids"))).order_by(order_lines.c.position)
_EVENTS = select(order_events).where(one_of(order_events.c.order_id, texts("ids"))).order_by(order_events.c.position)
_cancelled = (
    select(order_events.c.order_id)
    .where(order_events.c.order_id == orders.c.id, order_events.c.status == "cancelled")
    .exists()
)
_BOUGHT = (
    select(orders.c.owner, order_lines.c.item_id, func.sum(order_lines.c.quantity))
    .join(order_lines, order_lines.c.order_id == orders.c.id)
    .where(one_of(orders.c.owner, texts("owners")), one_of(order_lines.c.item_id, texts("items")), ~_cancelled)
    .group_by(orders.c.owner, order_lines.c.item_id)
)


class SqlOrders:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, orders: Sequence[Order]) -> None:
        with lost_race_on_conflict():
            _ADD.run(self._connection, [_row(order) for order in orders])
            _ADD_LINES.run(self._connection, [row for order in orders for row in _line_rows(order)])
            _ADD_EVENTS.run(self._connection, [row for order in orders for row in _event_rows(order)])

    def get(self, order_ids: Iterable[str]) -> dict[str, Order]:
        return {order.id: order for order in self._load(_GET, ids=order_ids)}

    def of_carts(self, cart_ids: Iterable[str]) -> dict[str, Order]:
        return {order.cart_id: order for order in self._load(_OF_CARTS, ids=cart_ids)}

    def lock(self, order_id: str) -> Order | None:
        return next(iter(self._load(_LOCK, id=order_id)), None)

    def append(self, order_id: str, event: OrderEvent) -> None:
        events = self._connection.execute(_EVENTS, {"ids": [order_id]}).all()
        with lost_race_on_conflict():
            _ADD_EVENTS.run(self._connection, [_event_row(order_id, len(events) + 1, event)])

    def page(self, owner: str | None, page: PageRequest) -> Page[Order]:
        query = select(orders).order_by(orders.c.created_at.desc(), orders.c.id.desc())
        if owner is not None:
            query = query.where(orders.c.owner == owner)
        found = fetch_page(self._connection, query, page, lambda row: row)
        events = self._events(row.id for row in found.items)
        shown = [read_order(row, (), events[row.id]) for row in found.items]
        return Page(items=shown, page=found.page, limit=found.limit, total=found.total)

    def bought(self, owners: Iterable[str], items: Iterable[str]) -> dict[tuple[str, str], int]:
        rows = self._connection.execute(_BOUGHT, {"owners": owners, "items": items})
        return {(owner, item): int(quantity) for owner, item, quantity in rows}

    def _load(self, query: Select[Any], **values: Any) -> list[Order]:
        rows = self._connection.execute(query, values).all()
        ids = [row.id for row in rows]
        if not ids:
            return []
        lines: dict[str, list[OrderLine]] = {order_id: [] for order_id in ids}
        currencies = {row.id: row.currency for row in rows}
        for line in self._connection.execute(_LINES, {"ids": ids}):
            lines[line.order_id].append(read_line(line, currencies[line.order_id]))
        events = self._events(ids)
        return [read_order(row, lines[row.id], events[row.id]) for row in rows]

    def _events(self, order_ids: Iterable[str]) -> dict[str, list[OrderEvent]]:
        events: dict[str, list[OrderEvent]] = {order_id: [] for order_id in order_ids}
        if events:
            for row in self._connection.execute(_EVENTS, {"ids": events}):
                events[row.order_id].append(read_event(row))
        return events


def read_order(row: Row[Any], lines: Sequence[OrderLine], events: Sequence[OrderEvent]) -> Order:
    return Order(
        id=row.id,
        owner=row.owner,
        cart_id=row.cart_id,
        created_at=row.created_at,
        currency=row.currency,
        lines=tuple(lines),
        subtotal=Money(row.subtotal, row.currency),
        discount=Money(row.discount, row.currency),
        total=Money(row.total, row.currency),
        discounts=tuple(from_plain(Discount, discount) for discount in row.discounts),
        history=tuple(events),
    )


def read_line(row: Row[Any], currency: str) -> OrderLine:
    return OrderLine(
        item_id=row.item_id,
        sku=row.sku,
        name=row.name,
        unit_price=Money(row.unit_price, currency),
        quantity=row.quantity,
        line_total=Money(row.line_total, currency),
        discount=Money(row.discount, currency),
        hold_id=row.hold_id,
    )


def read_event(row: Row[Any]) -> OrderEvent:
    return OrderEvent(status=row.status, at=row.at, actor=row.actor, reason=row.reason)


def _row(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "owner": order.owner,
        "cart_id": order.cart_id,
        "created_at": order.created_at,
        "currency": order.currency,
        "subtotal": order.subtotal.amount,
        "discount": order.discount.amount,
        "total": order.total.amount,
        "discounts": to_plain(order.discounts),
    }


def _line_rows(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order.id,
            "item_id": line.item_id,
            "position": position,
            "sku": line.sku,
            "name": line.name,
            "unit_price": line.unit_price.amount,
            "quantity": line.quantity,
            "line_total": line.line_total.amount,
            "discount": line.discount.amount,
            "hold_id": line.hold_id,
        }
        for position, line in enumerate(order.lines, start=1)
    ]


def _event_rows(order: Order) -> list[dict[str, Any]]:
    return [_event_row(order.id, position, event) for position, event in enumerate(order.history, start=1)]


def _event_row(order_id: str, position: int, event: OrderEvent) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "position": position,
        "status": event.status,
        "at": event.at,
        "actor": event.actor,
        "reason": event.reason,
    }
