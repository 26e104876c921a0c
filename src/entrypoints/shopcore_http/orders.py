"""Checking out, and what became of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from shopcore.accounts.model import Caller
from shopcore.carts.commands import PlaceOrder
from shopcore.errors import (
    CancelWindowClosed,
    CartClosed,
    CartNotFound,
    CheckoutRefused,
    CurrencyMismatch,
    OrderNotFound,
)
from shopcore.money import Money
from shopcore.orders.model import Order
from shopcore_http.counter import Counter
from shopcore_http.door import SIGNED_IN, SUPPORT, Asker
from shopcore_http.endpoint import endpoint
from shopcore_http.examples import CART
from shopcore_http.headers import idempotency_key, if_match, replayed
from shopcore_http.order_view import OrderOut, OrderSummary, PlacedOrder, order_of, summary_of
from shopcore_http.paging import Paged, PageOf, page_reply
from shopcore_http.reply import Reply, reply
from shopcore_http.wire import Id


class Checkout(msgspec.Struct, rename="camel", kw_only=True):
    promo_code: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    expected_total: (
        Annotated[Decimal, Meta(description="The most that the shopper agreed to pay.", examples=[15.0])] | None
    ) = None
    cart_id: Annotated[Id, Meta(description="Says which cart is meant.", examples=[CART])] | None = None


class Cancel(msgspec.Struct):
    reason: Annotated[str, Meta(max_length=500, examples=["ordered twice"])]


class OrdersQuery(Paged):
    pass


@endpoint(
    "POST",
    "/cart/checkout",
    allow=SIGNED_IN,
    tag="orders",
    summary="Turn the cart into an order",
    status=201,
    refuses=[CheckoutRefused, CartNotFound, CartClosed, CurrencyMismatch],
    keyed=True,
    versioned=True,
    also={200: "The cart was ordered before; this is its order"},
)
async def check_out(request: Asker, counter: Counter, data: Checkout | None = None) -> Reply[PlacedOrder]:
    """All lines or none. A higher price than the shopper saw is refused, unless he agrees.

    He does so by naming the total he expects, or the version of the cart he saw (If-Match).
    """
    wanted = data or Checkout()
    owner = request.user.user_id
    command = PlaceOrder(
        owner=owner,
        cart_id=None if wanted.cart_id is None else str(wanted.cart_id),
        expected_total=await _agreed(wanted.expected_total, owner, counter),
        promo_code=wanted.promo_code,
        if_version=if_match(request),
        key=await idempotency_key(request, "checkout"),
    )
    with counter.answering(command.key):
        outcome = await counter.cart(command)
    order = outcome.take(Order)
    return reply(
        PlacedOrder(order_of(order)),
        status=200 if outcome.existed else 201,
        headers={"Location": f"/api/orders/{order.id}", **replayed(outcome.replayed)},
    )


@endpoint("GET", "/orders", allow=SIGNED_IN, tag="orders", summary="My orders, newest first", query=OrdersQuery)
async def list_orders(request: Asker, asked: OrdersQuery, counter: Counter) -> Reply[PageOf[OrderSummary]]:
    page = await counter.do(counter.shop.orders.list, asked.request, owner=request.user.user_id)
    return page_reply(request, page, summary_of)


@endpoint(
    "GET", "/orders/{order_id:str}", allow=SIGNED_IN, tag="orders", summary="See an order", refuses=[OrderNotFound]
)
async def show_order(request: Asker, order_id: str, counter: Counter) -> Reply[OrderOut]:
    """One's own; support may see any."""
    return reply(order_of(await counter.do(counter.shop.orders.get, order_id, owner=_limit(request.user))))


@endpoint(
    "POST",
    "/orders/{order_id:str}/cancel",
    allow=SIGNED_IN,
    tag="orders",
    summary="Cancel an order",
    refuses=[OrderNotFound, CancelWindowClosed],
    keyed=True,
)
async def cancel_order(request: Asker, order_id: str, data: Cancel, counter: Counter) -> Reply[OrderOut]:
    """Gives the stock back, once. Its owner may for a while, support always; again, nothing more happens."""
    key = await idempotency_key(request, "cancel-order")
    with counter.answering(key):
        answer = await counter.do(
            counter.shop.orders.cancel,
            order_id,
            actor=request.user.user_id,
            reason=data.reason,
            owner=_limit(request.user),
            key=key,
        )
    return reply(order_of(answer.value), headers=replayed(answer.replayed))


def _limit(caller: Caller) -> str | None:
    """Whose orders the caller is limited to; None for support, who sees all."""
    return None if caller.role in SUPPORT else caller.user_id


async def _agreed(total: Decimal | None, owner: str, counter: Counter) -> Money | None:
    """The total in the currency of the cart that the shopper sees."""
    if total is None:
        return None
    cart = await counter.do(counter.shop.carts.get, owner)
    return Money.parse(total, cart.currency, field="expectedTotal")


HANDLERS = [check_out, list_orders, show_order, cancel_order]
