"""What the catalog needs of a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from shopcore.catalog.model import Item, ItemFilter, Sellable
from shopcore.paging import Page, PageRequest


class ItemRepository(Protocol):
    def sellables(self, items: Iterable[str]) -> dict[str, Sellable]:
        """What carts need to know of items as of now, archived ones included."""
        ...

    def get(self, items: Iterable[str]) -> dict[str, Item]:
        """Items in full, archived ones included."""
        ...

    def lock(self, items: Iterable[str]) -> dict[str, Item]:
        """Items in full, locked until the transaction ends, in the order of their ids."""
        ...

    def pin(self, items: Iterable[str]) -> None:
        """Keep others from locking these items until the transaction ends; any number of transactions may pin one.

        So an item that is not tracked stays so meanwhile. Pinned in the order of their ids, before any level is locked.
        """
        ...

    def page(self, which: ItemFilter, page: PageRequest) -> Page[Item]:
        """Listed items in a total order. Costs about the same for a late page as for the first."""
        ...

    def stream(self) -> Iterator[Item]:
        """All listed items by id, without holding them all in memory."""
        ...

    def by_sku(self, skus: Iterable[str]) -> dict[str, str]:
        """Ids of the items, archived ones included, that have these SKUs, by SKU."""
        ...

    def save(self, items: Sequence[Item]) -> None:
        """Insert or replace items (not their levels).

        Raises SkuTaken where a SKU belongs to another item.
        """
        ...
