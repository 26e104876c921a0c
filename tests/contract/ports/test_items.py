"""What ItemRepository promises: items as they were said, listed in an order that is the same in every store."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any, get_args

import pytest

from account_shop import raised
from samples import MICRO, NOON, SECOND, a_level, an_item, euros
from shopcore.catalog.model import Item, ItemFilter, Sort, SortOrder
from shopcore.errors import SkuTaken
from shopcore.inventory.model import Level
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.store import Store, Transaction
from shopcore.text import fold

ODD_TEXTS = [
    "Crème brûlée",
    "李小龙 🛒🧵",
    "' OR 1=1; --",
    "a\nb\tc",
    '"{\\}%_',
    "\u202eabc",
    "ﬁne",
    "İstanbul",
    "x" * 200,
]
ATTRIBUTES: dict[str, Any] = {
    "small": -(2**63),
    "large": 2**63 - 1,
    "float": 0.1,
    "tiny": 5e-324,
    "whole": 1.0,
    "nothing": None,
    "flags": [True, False, None, [], {}, ""],
    "deep": {"ä": {"🛒": ["\u2028", {"'": '"'}]}},
    "ключ": "значение",
}


def keep(store: Store, *items: Item) -> None:
    store.write(lambda tx: tx.items.save(items))


def keep_leveled(store: Store, *items: tuple[Item, Level | None]) -> None:
    def work(tx: Transaction) -> None:
        tx.items.save([item for item, _ in items])
        tx.stock.track([level for _, level in items if level])

    store.write(work)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_an_item_comes_back_as_it_was_kept(raw_store: Store, text: str) -> None:
    item = an_item(
        "mug",
        name=text,
        price=Money(10**12, "KWD"),
        sku=text[:100],
        status="finishing",
        max_per_customer=999,
        price_revision=2**31 - 1,
        description=text * 3,
        category=text[:100],
        image_urls=(f"https://shop.example/{text}", text),
        attributes={**ATTRIBUTES, text: text},
        created_at=NOON + MICRO,
    )
    keep(raw_store, item)
    with raw_store.read() as tx:
        assert tx.items.get(["mug"]) == {"mug": item}
        assert tx.items.by_sku([text[:100]]) == {text[:100]: "mug"}
    assert raw_store.write(lambda tx: tx.items.lock(["mug"])) == {"mug": item}


def test_attributes_keep_their_types(raw_store: Store) -> None:
    keep(raw_store, an_item("mug", attributes=ATTRIBUTES))
    with raw_store.read() as tx:
        attributes = tx.items.get(["mug"])["mug"].attributes
    assert {name: type(value) for name, value in attributes.items()} == {
        name: type(value) for name, value in ATTRIBUTES.items()
    }


def test_what_carts_must_know_of_an_item_comes_with_its_level(raw_store: Store) -> None:
    recalled = an_item("old", status="recalled", max_per_customer=2, price_revision=3, sku="O-1")
    keep_leveled(raw_store, (recalled, a_level("old", 7, 3)), (an_item("song"), None))
    with raw_store.read() as tx:
        found = tx.items.sellables(["old", "song", "nothing"])
        assert (tx.items.sellables([]), tx.items.get([]), tx.items.by_sku([])) == ({}, {}, {})
    assert found.keys() == {"old", "song"}
    assert found["song"].level is None
    assert found["old"].level == a_level("old", 7, 3)
    known = ("id", "name", "price", "sku", "status", "max_per_customer", "price_revision")
    assert [getattr(found["old"], name) for name in known] == [getattr(recalled, name) for name in known]


def test_saving_again_replaces_an_item_and_leaves_its_level(raw_store: Store) -> None:
    keep_leveled(
        raw_store, (an_item("mug", name="Mug", sku="M"), a_level("mug", 5, 1)), (an_item("cup", sku="C"), None)
    )
    renamed = an_item("mug", name="Becher", sku="M-2", status="recalled", level=a_level("mug", 99))
    keep(raw_store, renamed, an_item("pot"))
    with raw_store.read() as tx:
        assert tx.items.get(["mug"]) == {"mug": replace(renamed, level=a_level("mug", 5, 1))}
        assert tx.items.by_sku(["M", "M-2", "C"]) == {"M-2": "mug", "C": "cup"}


def test_a_sku_of_another_item_is_taken_even_by_an_archived_one(raw_store: Store) -> None:
    keep(raw_store, an_item("mug", sku="M", status="recalled"), an_item("cup"), an_item("pot"))
    assert isinstance(raised(lambda: keep(raw_store, an_item("jar"), an_item("cup", sku="M"))), SkuTaken)
    assert isinstance(raised(lambda: keep(raw_store, an_item("a", sku="S"), an_item("b", sku="S"))), SkuTaken)
    with raw_store.read() as tx:
        assert tx.items.get(["jar", "a", "b"]) == {}
        assert tx.items.by_sku(["M"]) == {"M": "mug"}


# ---- order and filters

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
    keep(raw_store, *items)
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
    keep(raw_store, *shelf(), *many)
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


def test_items_of_one_moment_keep_their_order_by_microsecond(raw_store: Store) -> None:
    times = [NOON, NOON + MICRO, NOON + SECOND - MICRO, NOON + SECOND]
    keep(raw_store, *[an_item(f"i{9 - n}", created_at=at) for n, at in enumerate(times)])
    with raw_store.read() as tx:
        assert [item.id for item in tx.items.page(ItemFilter(), PageRequest())] == ["i9", "i8", "i7", "i6"]
