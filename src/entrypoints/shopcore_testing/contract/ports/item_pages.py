"""What ItemRepository promises of pages: one order, the same in every store, and filters that mean what they say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any, get_args

import pytest

from shopcore.catalog.model import Item, ItemFilter, Sort, SortOrder
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.store import Store
from shopcore.text import fold
from shopcore_testing.samples import MICRO, NOON, a_level, an_item, euros, keep_items, keep_leveled

PRICES = [
    Money(100, "EUR"),
    Money(100, "JPY"),
    Money(999, "KWD"),
    Money(1000, "KWD"),
    Money(1, "CLF"),
    Money(10**12, "JPY"),
]
NAMES = ["apple", "Zebra", "äpfel", "Apple", "zebra 2", "", "_", "ß", "苹果"]


def shelf() -> list[Item]:
    """Items with few distinct names, prices and times, so that ties abound."""
    choices = product(NAMES, PRICES)
    return [
        an_item(
            f"{'iI'[number % 2]}{number * 37 % 100:02}",
            name=name,
            price=price,
            category=("Tea", "tea", None)[number % 3],
            created_at=NOON + number % 4 * MICRO,
            status="listed" if number % 10 else ("finishing", "recalled")[number // 10 % 2],
        )
        for number, (name, price) in enumerate(choices)
    ]


def key_of(sort: Sort, item: Item) -> Any:
    return {"name": fold(item.name), "price": item.price.major, "createdAt": item.created_at}[sort]


@pytest.mark.parametrize("order", get_args(SortOrder))
@pytest.mark.parametrize("sort", get_args(Sort))
def test_pages_are_one_total_order_cut_up(raw_store: Store, sort: Sort, order: SortOrder) -> None:
    items = shelf()
    keep_items(raw_store, *items)
    listed = [item for item in items if item.status == "listed"]
    expected = sorted(listed, key=lambda item: (key_of(sort, item), item.id), reverse=order == "desc")

    with raw_store.read() as tx:
        which = ItemFilter(sort=sort, order=order)
        pages = [tx.items.page(which, PageRequest(page=number, limit=10)) for number in range(1, 7)]

    assert [item.id for page in pages for item in page] == [item.id for item in expected]
    assert {page.total for page in pages} == {len(expected)}
    assert [len(page) for page in pages][-2:] == [len(expected) % 10, 0]


def test_the_stream_is_every_listed_item_by_id(raw_store: Store) -> None:
    many = [an_item(f"{number:05}") for number in range(1001)]
    keep_items(raw_store, *shelf(), *many)
    with raw_store.read() as tx:
        streamed = [item.id for item in tx.items.stream()]
        total = tx.items.page(ItemFilter(), PageRequest()).total
    assert streamed == sorted(streamed)
    assert len(streamed) == len(set(streamed)) == total


FILTERS: dict[str, tuple[ItemFilter, Any]] = {
    "category": (ItemFilter(category="Tea"), lambda item: item.category == "Tea"),
    "min price": (ItemFilter(min_price=Decimal("0.999")), lambda item: item.price.major >= Decimal("0.999")),
    "max price": (ItemFilter(max_price=Decimal("0.9990")), lambda item: item.price.major <= Decimal("0.999")),
    "just above": (ItemFilter(min_price=Decimal("0.99901")), lambda item: item.price.major > Decimal("0.999")),
    "huge": (ItemFilter(min_price=Decimal("1e30")), lambda item: False),
    "both": (ItemFilter(min_price=Decimal(1), max_price=Decimal(1)), lambda item: item.price.major == 1),
    "crossed": (ItemFilter(min_price=Decimal(2), max_price=Decimal(1)), lambda item: False),
    "in stock": (ItemFilter(in_stock=True), lambda item: item.stock is None or item.stock > 0),
    "sold out": (ItemFilter(in_stock=False), lambda item: item.stock == 0),
    "all of it": (
        ItemFilter(category="tea", in_stock=True, min_price=Decimal(100), sort="price", order="desc"),
        lambda item: item.category == "tea" and item.stock != 0 and item.price.major >= 100,
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_lists_what_it_says(raw_store: Store, name: str) -> None:
    some = (None, (0, 0), (3, 3), (3, 1))
    levels = [some[number % 4] for number, _ in enumerate(shelf())]
    items = [
        replace(item, level=level and a_level(item.id, *level)) for item, level in zip(shelf(), levels, strict=True)
    ]
    keep_leveled(raw_store, *[(item, item.level) for item in items])
    which, wanted = FILTERS[name]

    with raw_store.read() as tx:
        found = tx.items.page(which, PageRequest(limit=100))

    assert {item.id for item in found} == {item.id for item in items if item.status == "listed" and wanted(item)}
    assert found.total == len(found)


def test_a_page_shows_levels(raw_store: Store) -> None:
    keep_leveled(raw_store, (an_item("mug", price=euros(5)), a_level("mug", 4, 1)), (an_item("pen"), None))
    with raw_store.read() as tx:
        mug, pen = tx.items.page(ItemFilter(), PageRequest())
    assert (mug.level, mug.stock, pen.level, pen.stock) == (a_level("mug", 4, 1), 3, None, None)
