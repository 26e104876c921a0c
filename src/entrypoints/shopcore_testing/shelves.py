"""What the catalog must list, found by looking at each item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shopcore.catalog.model import Item, ItemFilter, Sort
from shopcore.paging import PageRequest
from shopcore.store import Store, Transaction
from shopcore.text import fold


def listed_naively(items: Iterable[Item], which: ItemFilter) -> list[Item]:
    """The whole listing, by looking at each item."""
    wanted = [item for item in items if item.status == "listed" and _is_wanted(item, which)]
    return sorted(wanted, key=lambda item: (_key(item, which.sort), item.id), reverse=which.order == "desc")


def _key(item: Item, sort: Sort) -> Any:
    return {"name": fold(item.name), "price": item.price.major, "createdAt": item.created_at}[sort]


def _is_wanted(item: Item, which: ItemFilter) -> bool:
    words = fold(f"{item.name} {item.sku or ''} {item.category or ''} {item.description}").split()
    return (
        all(any(word.startswith(start) for word in words) for start in which.words.split())
        and (which.category is None or item.category == which.category)
        and (which.min_price is None or item.price.major >= which.min_price)
        and (which.max_price is None or item.price.major <= which.max_price)
        and (which.in_stock is None or (item.stock != 0) == which.in_stock)
    )


def must_list(store: Store, which: ItemFilter, expected: Sequence[Item], *, limit: int) -> None:
    """Page after page, one past the end included, the store lists what is expected."""
    with store.read() as tx:
        for number in range(1, len(expected) // limit + 3):
            page = tx.items.page(which, PageRequest(page=number, limit=limit))
            assert list(page.items) == expected[page.limit * (number - 1) :][: page.limit]
            assert page.total == len(expected)


def save_locked(tx: Transaction, items: Sequence[Item]) -> None:
    """Save as use cases do: with a lock on what is there already."""
    tx.items.lock(item.id for item in items)
    tx.items.save(items)
