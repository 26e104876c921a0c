from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from shopcore.errors import LostRace
from shopcore.orders.model import Order, OrderEvent
from shopcore.paging import Page, PageRequest
from shopcore_memory.paging import cut
from shopcore_memory.state import State


class MemoryOrders:
    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, orders: Sequence[Order]) -> None:
        for order in orders:
            if order.cart_id in self._state.order_of_cart:
                raise LostRace
            self._state.orders.put(order.id, order)
            self._state.order_of_cart.put(order.cart_id, order.id)
            self._state.owner_orders.add(order.owner, order.id)

    def get(self, order_ids: Iterable[str]) -> dict[str, Order]:
        return self._state.orders.some(order_ids)

    def of_carts(self, cart_ids: Iterable[str]) -> dict[str, Order]:
        ids = self._state.order_of_cart.some(cart_ids)
        orders = self._state.orders.some(ids.values())
        return {cart_id: orders[order_id] for cart_id, order_id in ids.items()}

    def lock(self, order_id: str) -> Order | None:
        return self._state.orders.get(order_id)

    def append(self, order_id: str, event: OrderEvent) -> None:
        order = self._state.orders.some([order_id])[order_id]
        self._state.orders.put(order_id, replace(order, history=(*order.history, event)))

    def page(self, owner: str | None, page: PageRequest) -> Page[Order]:
        orders = self._state.orders
        found = list(orders.values() if owner is None else orders.some(self._state.owner_orders.of(owner)).values())
        found.sort(key=lambda order: (order.created_at, order.id), reverse=True)
        shown = cut(found, page)
        return replace(shown, items=[replace(order, lines=()) for order in shown.items])

    def bought(self, owners: Iterable[str], items: Iterable[str]) -> dict[tuple[str, str], int]:
        wanted = set(items)
        units: Counter[tuple[str, str]] = Counter()
        for owner in owners:
            for order in self._state.orders.some(self._state.owner_orders.of(owner)).values():
                for line in order.lines if order.status != "cancelled" else ():
                    if line.item_id in wanted:
                        units[owner, line.item_id] += line.quantity
        return dict(units)
