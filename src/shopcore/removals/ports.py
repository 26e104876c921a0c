"""What the sales' records need of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from shopcore.orders.model import Order
from shopcore.paging import Page, PageRequest
from shopcore.removals.model import Removal, RemovalFilter, SummaryBy, SummaryRow


class RemovalRepository(Protocol):
    """Records are written once; only the four fields of their fate are set later, each of them once."""

    def add(self, removals: Sequence[Removal]) -> None: ...

    def returned(self, returns: Mapping[tuple[str, str], datetime]) -> None:
        """Items are back in their carts, by (cart, item): set `returned_at` of the records that have none."""
        ...

    def settle(self, orders: Sequence[Order]) -> None:
        """Carts became orders: open records of these carts are `recovered` or `lost`.

        Records of the same owners' other carts whose item was bought now get `bought_later_order_id`, if they
        have none.
        """
        ...

    def abandon(self, cart_ids: Iterable[str]) -> None:
        """Carts ended without an order: their open records are `abandoned`."""
        ...

    def page(self, which: RemovalFilter, page: PageRequest) -> Page[Removal]:
        """Newest removal first, ties by id."""
        ...

    def stream(self, which: RemovalFilter) -> Iterator[Removal]:
        """The same records as all pages, oldest first, in constant memory."""
        ...

    def summary(self, by: SummaryBy, which: RemovalFilter, page: PageRequest) -> Page[SummaryRow]:
        """Rows by falling number of removals (days: newest first), ties by key."""
        ...
