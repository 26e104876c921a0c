from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from shopcore.catalog.model import Item, ItemFilter, Sellable
from shopcore.errors import SkuTaken
from shopcore.paging import Page, PageRequest
from shopcore.text import fold
from shopcore_memory.paging import cut
from shopcore_memory.state import State


class MemoryItems:
    def __init__(self, state: State) -> None:
        self._state = state

    def sellables(self, items: Iterable[str]) -> dict[str, Sellable]:
        return dict(self._state.items.some(items))

    def get(self, items: Iterable[str]) -> dict[str, Item]:
        return {item_id: self._leveled(item) for item_id, item in self._state.items.some(items).items()}

    def lock(self, items: Iterable[str]) -> dict[str, Item]:
        return self.get(items)

    def pin(self, items: Iterable[str]) -> None:
        pass  # one transaction at a time

    def page(self, which: ItemFilter, page: PageRequest) -> Page[Item]:
        found = [item for item in self.stream() if _matches(item, which)]
        found.sort(key=lambda item: (_sort_key(item, which), item.id), reverse=which.order == "desc")
        return cut(found, page)

    def stream(self) -> Iterator[Item]:
        listed = [item for item in self._state.items.values() if item.status == "listed"]
        return iter([self._leveled(item) for item in sorted(listed, key=lambda item: item.id)])

    def by_sku(self, skus: Iterable[str]) -> dict[str, str]:
        wanted = set(skus)
        return {item.sku: item.id for item in self._state.items.values() if item.sku in wanted and item.sku}

    def save(self, items: Sequence[Item]) -> None:
        for item in items:
            self._state.items.put(item.id, replace(item, level=None))
        skus = [item.sku for item in self._state.items.values() if item.sku]
        if len(skus) != len(set(skus)):
            raise SkuTaken(next(sku for sku in skus if skus.count(sku) > 1))

    def _leveled(self, item: Item) -> Item:
        return replace(item, level=self._state.levels.get(item.id))


def _matches(item: Item, which: ItemFilter) -> bool:
    words = item.search_text.split()
    return (
        all(any(word.startswith(start) for word in words) for start in which.words.split())
        and which.category in (None, item.category)
        and (which.min_price is None or item.price.major >= which.min_price)
        and (which.max_price is None or item.price.major <= which.max_price)
        and (which.in_stock is None or (item.stock is None or item.stock > 0) == which.in_stock)
    )


def _sort_key(item: Item, which: ItemFilter) -> Any:
    match which.sort:
        case "name":
            return fold(item.name)
        case "price":
            return item.price.major
        case _:
            return item.created_at
