from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from shopcore.carts.model import Cart
from shopcore.carts.ports import CartChange, CartFilter
from shopcore.errors import LostRace
from shopcore.paging import Page, PageRequest
from shopcore_memory.paging import cut
from shopcore_memory.state import State


class MemoryCarts:
    def __init__(self, state: State) -> None:
        self._state = state

    def lock(self, owners: Iterable[str]) -> dict[str, Cart]:
        return self.active(owners)

    def lock_lapsed(self, now: datetime, *, items: Iterable[str] | None = None, limit: int) -> list[Cart]:
        wanted = None if items is None else set(items)
        found = [
            (due, cart.id, cart)
            for cart in self._state.carts.values()
            if cart.status == "active" and (due := self._due(cart, now, wanted)) is not None
        ]
        return [cart for _, _, cart in sorted(found, key=lambda row: row[:2])[:limit]]

    def get(self, cart_ids: Iterable[str]) -> dict[str, Cart]:
        return self._state.carts.some(cart_ids)

    def active(self, owners: Iterable[str]) -> dict[str, Cart]:
        carts = self._state.carts
        ids = self._state.active.some(owners)
        return {owner: cart for owner, cart_id in ids.items() if (cart := carts.get(cart_id)) is not None}

    def page(self, which: CartFilter, page: PageRequest) -> Page[Cart]:
        found = [
            cart
            for cart in self._state.carts.values()
            if which.owner in (None, cart.owner) and (cart.status == "active" or not which.active_only)
        ]
        found.sort(key=lambda cart: (cart.opened_at, cart.id), reverse=True)
        return cut(found, page)

    def save(self, changes: Sequence[CartChange]) -> None:
        for cart in sorted((change.cart for change in changes), key=lambda cart: cart.status == "active"):
            if cart.status != "active" and self._state.active.get(cart.owner) == cart.id:
                self._state.active.drop(cart.owner)
            if cart.status == "active" and self._state.active.get(cart.owner) != cart.id:
                if cart.owner in self._state.active:
                    raise LostRace
                self._state.active.put(cart.owner, cart.id)
            self._state.carts.put(cart.id, cart)

    def _due(self, cart: Cart, now: datetime, wanted: set[str] | None) -> datetime | None:
        """When the first thing that this cart may not hold any more was due, if there is one."""
        due = [
            line.hold.until if line.hold and line.hold.until else line.added_at
            for line in cart.lines.values()
            if (wanted is None or line.item_id in wanted)
            and (cart.overdue(line.item_id, now) or (wanted and self._recalled(line.item_id) and not line.lapse))
        ]
        return min(due, default=None)

    def _recalled(self, item_id: str) -> bool:
        item = self._state.items.get(item_id)
        return item is not None and item.status == "recalled"
