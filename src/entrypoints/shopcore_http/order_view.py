"""Orders on the wire."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from shopcore.orders.model import Order, OrderLine, OrderStatus
from shopcore_http.cart_view import DiscountOut, discount_of
from shopcore_http.reply import amount
from shopcore_http.wire import Amount, CartId, Currency, ItemId, Nothing, OrderId, Quantity, Time, Total

Status = Annotated[OrderStatus, Meta(examples=["placed"])]


class OrderSummary(msgspec.Struct, rename="camel", kw_only=True):
    id: OrderId
    created_at: Time
    status: Status
    subtotal: Total
    discount: Nothing
    total: Total
    currency: Currency


class OrderLineOut(msgspec.Struct, rename="camel", kw_only=True):
    item_id: ItemId
    sku: Annotated[str | None, Meta(examples=["MUG-1"])]
    name: Annotated[str, Meta(examples=["Mug"])]
    unit_price: Amount
    quantity: Quantity
    line_total: Total
    discount: Nothing


class OrderEventOut(msgspec.Struct, kw_only=True):
    status: Status
    at: Time
    reason: Annotated[str, Meta(examples=[""])]


class OrderOut(OrderSummary, rename="camel", kw_only=True):
    """An order never changes; only its status moves, and `history` says when."""

    cart_id: CartId
    items: list[OrderLineOut]
    discounts: Annotated[list[DiscountOut], Meta(examples=[[]])]
    history: list[OrderEventOut]


class PlacedOrder(msgspec.Struct):
    order: OrderOut


def summary_of(order: Order) -> OrderSummary:
    return OrderSummary(
        id=order.id,
        created_at=order.created_at,
        status=order.status,
        subtotal=amount(order.subtotal),
        discount=amount(order.discount),
        total=amount(order.total),
        currency=order.currency,
    )


def order_of(order: Order) -> OrderOut:
    return OrderOut(
        **msgspec.structs.asdict(summary_of(order)),
        cart_id=order.cart_id,
        items=[_line(line) for line in order.lines],
        discounts=[discount_of(discount) for discount in order.discounts],
        history=[OrderEventOut(status=event.status, at=event.at, reason=event.reason) for event in order.history],
    )


def _line(line: OrderLine) -> OrderLineOut:
    return OrderLineOut(
        item_id=line.item_id,
        sku=line.sku,
        name=line.name,
        unit_price=amount(line.unit_price),
        quantity=line.quantity,
        line_total=amount(line.line_total),
        discount=amount(line.discount),
    )
