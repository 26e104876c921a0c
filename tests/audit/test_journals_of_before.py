"""A journal in which an add and its hold are two entries, as before decision 56, means what it meant."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from busy_shop import busy_shop
from planted import ANNS, FAYS, LEOS, Plant, entry, plant
from shop_copies import Rows, connected, in_memory, read_rows, write_rows
from shopcore.audit.books import HoldBook, StockBook
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_memory import MemoryStore
from shopcore_sql import SqlStore
from stores import Opened
from stores_of_before import writing_as_before


def stock_and_holds(store: Store) -> tuple[list[StockBook], list[HoldBook]]:
    """The books but for the positions, of which there are more where there are more entries."""
    nowhere: dict[str, int | None] = dict.fromkeys(("first", "last", "started_at", "ended_at"))
    with store.read() as tx:
        return list(tx.audit.stock()), [replace(book, **nowhere) for book in tx.audit.holds()]  # type: ignore[arg-type]


def test_it_is_clean_and_its_books_are_those_of_today(opened: Opened) -> None:
    today = MemoryStore()
    busy_shop(today)

    shop = busy_shop(writing_as_before(opened.store))

    assert Shop(opened.store).auditor.run().violations == ()
    assert stock_and_holds(opened.store) == stock_and_holds(today)
    shop.close()


def test_a_shop_of_before_goes_on(opened: Opened) -> None:
    """A hold that began as an entry of its own grows, is lowered and is sold."""
    before, shop = Shop(writing_as_before(opened.store)), Shop(opened.store)
    mug = before.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=10)
    before.carts.add_item("ann", mug.id)
    cart = before.carts.add_item("ann", mug.id, 2)

    shop.carts.add_item("ann", mug.id, 3)
    shop.carts.set_quantity("ann", mug.id, 4)
    then = shop.inventory.explain(mug.id)
    order = shop.checkout.place_order("ann")

    assert [(told.kind, told.held) for told in shop.carts.timeline(cart.id)][:9] == [
        ("cart_opened", 0),
        ("item_added", 0),
        ("hold_taken", 1),
        ("item_added", 0),
        ("hold_changed", 2),
        ("item_added", 3),
        ("item_removed", 0),
        ("hold_changed", -2),
        ("hold_committed", -4),
    ]
    assert (then.level.on_hand, then.level.held, [units.quantity for units in then.holders]) == (10, 4, [4])
    assert (order.lines[0].quantity, shop.inventory.explain(mug.id).equation.sold) == (4, 4)
    assert shop.auditor.run().violations == ()


PLANTS = (
    plant(
        "S3 S5 H2",
        "the ledger has another number of held units",
        f"UPDATE journal SET held = held + 1 WHERE {entry('hold_taken', LEOS)}",
    ),
    plant(
        "S5",
        "a start that is not called one",
        f"UPDATE journal SET operation = 'something' WHERE {entry('hold_taken', LEOS)}",
    ),
    plant("H1 S3", "a hold of two items", f"UPDATE journal SET item_id = 'mug' WHERE {entry('hold_taken', LEOS)}"),
    plant("H3 H2 S1 S3", "a hold that never began", f"DELETE FROM journal WHERE {entry('hold_taken', FAYS)}"),
    plant(
        "H3 C3 C4",
        "a hold that changed after its end",
        f"UPDATE journal SET position = 1000 WHERE {entry('hold_changed', ANNS, 'mug')}",
    ),
)


@pytest.fixture(scope="module")
def rows_of_before(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    with closing(SqlStore(f"sqlite:///{tmp_path_factory.mktemp('before')}/shop.db")) as store:
        busy_shop(writing_as_before(store))
        return read_rows(store.url)


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.name for plant in PLANTS])
def test_what_is_wrong_with_it_is_found(
    plant: Plant, rows_of_before: Rows, loose_sqlite: SqlStore, loose_postgresql: SqlStore
) -> None:
    write_rows(loose_sqlite.url, rows_of_before)
    with connected(loose_sqlite.url) as connection:
        assert connection.exec_driver_sql(plant.sql[0]).rowcount > 0
    corrupt = read_rows(loose_sqlite.url)
    write_rows(loose_postgresql.url, corrupt)

    reports = [Shop(store).auditor.run() for store in (in_memory(corrupt), loose_sqlite, loose_postgresql)]

    for report in reports:
        assert {violation.rule for violation in report.violations} == set(plant.breaks.split())
