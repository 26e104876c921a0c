from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from shopcore.audit.books import KeyBook, OrderBook, OrderedCart
from shopcore.codec import from_plain
from shopcore.facts import OrderCancelled, OrderPlaced, StockAdjusted, StockReceived, StockRestocked
from shopcore.idempotency import Answered
from shopcore.journal.model import Entry
from shopcore.orders.model import Order
from shopcore_memory.state import State

_STOCKED = {StockReceived.kind, StockAdjusted.kind, StockRestocked.kind}


def order_books(state: State) -> Iterator[OrderBook]:
    placed: defaultdict[str, list[Entry]] = defaultdict(list)
    undone: defaultdict[str, list[Entry]] = defaultdict(list)
    stocked: dict[str, int] = {}
    for entry in state.entries.values():
        if entry.kind == OrderPlaced.kind:
            placed[entry.data["order"]["id"]].append(entry)
        elif entry.kind in (OrderCancelled.kind, StockRestocked.kind) and entry.order_id:
            undone[entry.order_id].append(entry)
        if entry.kind in _STOCKED:
            stocked.setdefault(entry.item_id or "", entry.position)
    orders = {order.id: order for order in state.orders.values()}
    for order_id in sorted({*orders, *placed, *undone}):
        order, placings = orders.get(order_id), placed[order_id]
        restocked: Counter[str] = Counter()
        for entry in undone[order_id]:
            if entry.kind == StockRestocked.kind:
                restocked[entry.item_id or ""] += entry.on_hand
        yield OrderBook(
            order_id=order_id,
            order=order,
            cart=_cart(state, order) if order else None,
            placed=from_plain(Order, placings[0].data["order"]) if placings else None,
            placings=len(placings),
            tracked=frozenset(
                line.item_id
                for line in (order.lines if order else ())
                if placings and stocked.get(line.item_id, placings[0].position) < placings[0].position
            ),
            restocked=dict(restocked),
            cancellations=sum(entry.kind == OrderCancelled.kind for entry in undone[order_id]),
        )


def key_books(state: State) -> Iterator[KeyBook]:
    answers = Counter(answered.scope for answered in state.keys.values())
    for answered in sorted({answered.scope: answered for answered in state.keys.values()}.values(), key=_scope):
        effect, there = _effect(state, answered.answer)
        yield KeyBook(
            caller=answered.caller,
            operation=answered.operation,
            value=answered.value,
            answers=answers[answered.scope],
            effect=effect,
            there=there,
        )


def _effect(state: State, answer: Any) -> tuple[str | None, bool]:
    """What an answer shows, told by what sets the plain form of an order, a cart and an item apart."""
    shown: Mapping[str, Any] = answer if isinstance(answer, Mapping) else {}
    if shown.get("cart_id") is not None:
        return "order", shown["id"] in state.orders
    if shown.get("changed_at") is not None:
        return "cart", shown["id"] in state.carts
    if shown.get("price_revision") is not None:
        return "item", shown["id"] in state.items
    return None, False


def _scope(answered: Answered) -> tuple[str, str, str]:
    return answered.scope


def _cart(state: State, order: Order) -> OrderedCart | None:
    cart = state.carts.get(order.cart_id)
    if cart is None:
        return None
    return OrderedCart(owner=cart.owner, status=cart.status, currency=cart.currency, order_id=cart.order_id)
