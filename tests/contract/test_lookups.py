"""What a shopper does costs what he does, not what the shop holds: SQLite looks each row up, and tells so."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta

import pytest

from shopcore.carts.commands import AddItem
from shopcore.catalog.model import ItemFilter
from shopcore.idempotency import Key
from shopcore.limits.model import Draw, Limit
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_testing.selling import item
from stores import Opened

pytestmark = pytest.mark.parametrize("open_store", ["sqlite"], indirect=True)

GROWING = {"items", "stock", "carts", "cart_lines", "orders", "order_lines", "order_events", "removals", "journal"}
GROWING |= {"idempotency_keys", "users", "sessions", "refresh_tokens", "tallies"}


def read_from_end_to_end(opened: Opened, statement: str) -> set[str]:
    """Tables that grow, and that SQLite would read all of, or all of an index of."""
    with opened.sql._reader.begin() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        plan = raw.execute(f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?"))
        scanned = {found[1] for row in plan if (found := re.match(r"SCAN (\w+)", row[3]))}
    return scanned & GROWING


def test_no_table_is_read_from_end_to_end_for_a_shopper(opened: Opened, shop: Shop) -> None:
    with opened.statements() as sent:
        a_key = Key(caller="ann", operation="add", value="k", fingerprint="f")
        for item_id in ("mug", "cup"):
            item(shop, item_id, 10)
        shop.catalog.list(ItemFilter(category="a", sort="price"))
        shop.catalog.get("mug")
        shop.carts.handle([AddItem(owner="ann", item_id="mug", quantity=3, key=a_key)])
        shop.carts.add_item("ann", "cup")
        shop.carts.remove_item("ann", "mug")
        shop.carts.add_item("ann", "mug")
        shop.carts.get("ann")
        order = shop.checkout.place_order("ann")
        shop.orders.list(PageRequest(), owner="ann")
        shop.orders.get(order.id)
        shop.limits.draw([Draw(caller="ann", want=1)], Limit(most=9, period=timedelta(minutes=1)))

    scans = {statement: read_from_end_to_end(opened, statement) for statement in sent if "?" in statement}

    assert len(scans) > 20
    assert {statement: tables for statement, tables in scans.items() if tables} == {}
