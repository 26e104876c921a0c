"""Books of orders and of idempotency keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, and_, case, func, select

from shopcore.audit.books import OrderBook, OrderedCart
from shopcore.codec import from_plain
from shopcore.facts import OrderCancelled, OrderPlaced, StockAdjusted, StockReceived, StockRestocked
from shopcore.orders.model import Order
from shopcore_sql.audit.merge import Stream, by_key
from shopcore_sql.audit.sums import word
from shopcore_sql.orders import read_event, read_line, read_order
from shopcore_sql.schema import carts, idempotency_keys, items, journal, order_events, order_lines, orders

_HEADS = (
    select(
        orders,
        carts.c.owner.label("cart_owner"),
        carts.c.status.label("cart_status"),
        carts.c.currency.label("cart_currency"),
        carts.c.order_id.label("cart_order_id"),
    )
    .outerjoin(carts, carts.c.id == orders.c.cart_id)
    .order_by(orders.c.id)
)
_stocked = (
    select(journal.c.item_id, func.min(journal.c.position).label("position"))
    .where(journal.c.kind.in_([StockReceived.kind, StockAdjusted.kind, StockRestocked.kind]))
    .group_by(journal.c.item_id)
    .subquery()
)
_LINES = (
    select(order_lines, _stocked.c.position.label("stocked_at"))
    .outerjoin(_stocked, _stocked.c.item_id == order_lines.c.item_id)
    .order_by(order_lines.c.order_id, order_lines.c.position)
)
_EVENTS = select(order_events).order_by(order_events.c.order_id, order_events.c.position)
_placed_id = word("order", "id")
_PLACED = (
    select(_placed_id.label("order_id"), journal.c.position, journal.c.data)
    .where(journal.c.kind == OrderPlaced.kind)
    .order_by(_placed_id)
)
_UNDONE = (
    select(journal.c.order_id, journal.c.kind, journal.c.item_id, journal.c.on_hand)
    .where(journal.c.kind.in_([OrderCancelled.kind, StockRestocked.kind]), journal.c.order_id.is_not(None))
    .order_by(journal.c.order_id)
)

_answer = idempotency_keys.c.answer
_effect = case(  # what sets the plain form of an order, a cart and an item apart
    (_answer["cart_id"].as_string().is_not(None), "order"),
    (_answer["changed_at"].as_string().is_not(None), "cart"),
    (_answer["price_revision"].as_string().is_not(None), "item"),
)
_scope = (idempotency_keys.c.caller, idempotency_keys.c.operation, idempotency_keys.c.key)
_answered = (
    select(
        *_scope,
        func.count().label("answers"),
        func.min(_effect).label("effect"),
        func.min(_answer["id"].as_string()).label("id"),
    )
    .group_by(*_scope)
    .subquery()
)
KEYS = (
    select(
        _answered.c.caller,
        _answered.c.operation,
        _answered.c.key.label("value"),
        _answered.c.answers,
        _answered.c.effect,
        func.coalesce(orders.c.id, carts.c.id, items.c.id).is_not(None).label("there"),
    )
    .outerjoin(orders, and_(_answered.c.effect == "order", orders.c.id == _answered.c.id))
    .outerjoin(carts, and_(_answered.c.effect == "cart", carts.c.id == _answered.c.id))
    .outerjoin(items, and_(_answered.c.effect == "item", items.c.id == _answered.c.id))
    .order_by(_answered.c.caller, _answered.c.operation, _answered.c.key)
)


def order_books(stream: Stream) -> Iterator[OrderBook]:
    """An order's book has parts of any number, so that they are put together here, from five sorted streams."""
    statements = (_HEADS, _LINES, _EVENTS, _PLACED, _UNDONE)
    for order_id, (heads, lines, events, placed, undone) in by_key(*map(stream, statements)):
        head = heads[0] if heads else None
        restocked: dict[str, int] = {}
        for row in undone:
            if row.kind == StockRestocked.kind:
                restocked[row.item_id] = restocked.get(row.item_id, 0) + row.on_hand
        yield OrderBook(
            order_id=order_id,
            order=_order(head, lines, events) if head else None,
            cart=_cart(head) if head else None,
            placed=from_plain(Order, placed[0].data["order"]) if placed else None,
            placings=len(placed),
            tracked=frozenset(
                line.item_id
                for line in lines
                if placed and line.stocked_at is not None and line.stocked_at < placed[0].position
            ),
            restocked=restocked,
            cancellations=sum(row.kind == OrderCancelled.kind for row in undone),
        )


def _order(head: Row[Any], lines: list[Row[Any]], events: list[Row[Any]]) -> Order:
    return read_order(head, [read_line(line, head.currency) for line in lines], [read_event(event) for event in events])


def _cart(head: Row[Any]) -> OrderedCart | None:
    if head.cart_status is None:
        return None
    return OrderedCart(
        owner=head.cart_owner, status=head.cart_status, currency=head.cart_currency, order_id=head.cart_order_id
    )
