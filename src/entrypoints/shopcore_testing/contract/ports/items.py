"""What ItemRepository promises: items as they were said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shopcore.catalog.model import ItemFilter
from shopcore.errors import SkuTaken
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.store import Store
from shopcore_testing.accounts import raised
from shopcore_testing.samples import MICRO, NOON, SECOND, a_level, an_item, keep_items, keep_leveled

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
    keep_items(raw_store, item)
    with raw_store.read() as tx:
        assert tx.items.get(["mug"]) == {"mug": item}
        assert tx.items.by_sku([text[:100]]) == {text[:100]: "mug"}
    assert raw_store.write(lambda tx: tx.items.lock(["mug"])) == {"mug": item}


def test_attributes_keep_their_types(raw_store: Store) -> None:
    keep_items(raw_store, an_item("mug", attributes=ATTRIBUTES))
    with raw_store.read() as tx:
        attributes = tx.items.get(["mug"])["mug"].attributes
    assert {name: type(value) for name, value in attributes.items()} == {
        name: type(value) for name, value in ATTRIBUTES.items()
    }


def test_what_carts_must_know_of_an_item_is_told_archived_or_not(raw_store: Store) -> None:
    recalled = an_item("old", status="recalled", max_per_customer=2, price_revision=3, sku="O-1")
    keep_leveled(raw_store, (recalled, a_level("old", 7, 3)), (an_item("song"), None))
    with raw_store.read() as tx:
        found = tx.items.sellables(["old", "song", "nothing"])
        assert (tx.items.sellables([]), tx.items.get([]), tx.items.by_sku([])) == ({}, {}, {})
    assert found.keys() == {"old", "song"}
    known = ("id", "name", "price", "sku", "status", "max_per_customer", "price_revision")
    assert [getattr(found["old"], name) for name in known] == [getattr(recalled, name) for name in known]


def test_saving_again_replaces_an_item_and_leaves_its_level(raw_store: Store) -> None:
    keep_leveled(
        raw_store, (an_item("mug", name="Mug", sku="M"), a_level("mug", 5, 1)), (an_item("cup", sku="C"), None)
    )
    renamed = an_item("mug", name="Becher", sku="M-2", status="recalled", level=a_level("mug", 99))
    keep_items(raw_store, renamed, an_item("pot"))
    with raw_store.read() as tx:
        assert tx.items.get(["mug"]) == {"mug": replace(renamed, level=a_level("mug", 5, 1))}
        assert tx.items.by_sku(["M", "M-2", "C"]) == {"M-2": "mug", "C": "cup"}


def test_a_sku_of_another_item_is_taken_even_by_an_archived_one(raw_store: Store) -> None:
    keep_items(raw_store, an_item("mug", sku="M", status="recalled"), an_item("cup"), an_item("pot"))
    assert isinstance(raised(lambda: keep_items(raw_store, an_item("jar"), an_item("cup", sku="M"))), SkuTaken)
    assert isinstance(raised(lambda: keep_items(raw_store, an_item("a", sku="S"), an_item("b", sku="S"))), SkuTaken)
    with raw_store.read() as tx:
        assert tx.items.get(["jar", "a", "b"]) == {}
        assert tx.items.by_sku(["M"]) == {"M": "mug"}


def test_items_of_one_moment_keep_their_order_by_microsecond(raw_store: Store) -> None:
    times = [NOON, NOON + MICRO, NOON + SECOND - MICRO, NOON + SECOND]
    keep_items(raw_store, *[an_item(f"i{9 - n}", created_at=at) for n, at in enumerate(times)])
    with raw_store.read() as tx:
        assert [item.id for item in tx.items.page(ItemFilter(), PageRequest())] == ["i9", "i8", "i7", "i6"]
