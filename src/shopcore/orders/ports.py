"""What orders need of a store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from shopcore.orders.model import Order, OrderEvent
from shopcore.paging import Page, PageRequest


class OrderRepository(Protocol):
    """Orders and their lines are written once; their events are appended."""

    def add(self, orders: Sequence[Order]) -> None:
        """Raises LostRace where a cart became an order already."""
        ...

    def get(self, order_ids: Iterable[str]) -> dict[str, Order]: ...

    def of_carts(self, cart_ids: Iterable[str]) -> dict[str, Order]:
        """Orders by the id of the cart they came from."""
        ...

    def lock(self, order_id: str) -> Order | None:
        """One order, locked until the transaction ends: two callers who cancel it take turns."""
        ...

    def append(self, order_id: str, event: OrderEvent) -> None:
        """Append to the history. Raises LostRace where another event took its place."""
        ...

    def page(self, owner: str | None, page: PageRequest) -> Page[Order]:
        """Newest first, ties by id; without lines. All owners' with None."""
        ...

    def bought(self, owners: Iterable[str], items: Iterable[str]) -> dict[tuple[str, str], int]:
        """Units that owners have bought and not cancelled, by (owner, item); pairs without any are left out."""
        ...
