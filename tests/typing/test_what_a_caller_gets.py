"""What the public API gives, to a type checker as well as to a program: mypy reads this file, pytest runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import assert_type

import pytest

from shopcore import CartView, Item, Money, Order, OutOfStock, Page, Policy, Removal, Shop, Store, SummaryRow
from shopcore_memory import MemoryStore
from shopcore_sql import SqlStore


def test_each_store_is_a_store(tmp_path: Path) -> None:
    stores: list[Store] = [MemoryStore(), SqlStore(f"sqlite:///{tmp_path}/shop.db")]

    for store in stores:
        store.ping()
        store.close()


def test_departments_give_values_of_one_kind() -> None:
    shop = Shop(MemoryStore(), policy=Policy(currency="CHF"))
    mug = assert_type(shop.catalog.add_item(name="Mug", price="7.50", stock=3), Item)

    cart = assert_type(shop.carts.add_item("ann", mug.id), CartView)
    assert_type(cart.total, Money)
    order = assert_type(shop.checkout.place_order("ann"), Order)

    assert assert_type(order.total.currency, str) == "CHF"
    assert_type(shop.removals.list(), Page[Removal])
    assert_type(shop.removals.summary("day"), Page[SummaryRow])


def test_an_error_carries_its_facts() -> None:
    shop = Shop(MemoryStore())
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=3)

    with pytest.raises(OutOfStock) as caught:
        shop.carts.add_item("ann", mug.id, quantity=4)

    assert assert_type(caught.value.available, int) == 3


PROGRAM = """\
from shopcore import Shop
from shopcore_memory import MemoryStore
shop = Shop(MemoryStore())
shop.carts.add_item("ann", 5)
shop.catalog.add_item(name="Mug", price=7.5)
shop.removals.summary("month")
shop.checkout.place_order("ann").history = ()
shop.carts.get("ann").lines
"""


def test_a_type_checker_sees_what_is_wrong(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)

    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path), program.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    complaints = re.findall(r"program\.py:(\d+): error: .*\[([\w-]+)\]", done.stdout)
    assert complaints == [("4", "arg-type"), ("5", "arg-type"), ("6", "arg-type"), ("7", "misc")], done.stdout
