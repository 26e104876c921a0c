"""What lets SQL stores find any page at once: blocks that count items. Kept in step, cut, and made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial

import pytest
from sqlalchemy import Connection, select, text

from shopcore.catalog.model import Item, ItemFilter
from shopcore.errors import SkuTaken
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore.store import Store, Transaction
from shopcore_sql import SqlStore
from shopcore_sql.blocks import ORDERS
from shopcore_testing.accounts import raised
from shopcore_testing.programs import programs
from shopcore_testing.racing import granted, race
from shopcore_testing.samples import NOON, SECOND, a_level, an_item, euros
from shopcore_testing.shelves import listed_naively, must_list, save_locked
from sql_shelves import make_blocks_small, must_count_right, write_items
from stores import SQL, Opened

pytestmark = pytest.mark.parametrize("open_store", SQL, indirect=True)


def some_items(number: int, first: int = 0) -> list[Item]:
    """Items whose names and prices are in another order than their times."""
    return [
        an_item(
            f"i{n:04}",
            name=f"Thing {n * 7919 % 1000}",
            price=euros(n * 31 % 100),
            created_at=NOON + n * SECOND,
        )
        for n in range(first, first + number)
    ]


def save(store: Store, items: list[Item]) -> None:
    store.write(lambda tx: tx.items.save(items))


def sizes(opened: Opened) -> list[list[int]]:
    """How many items each block counts, for each order."""
    with opened.sql._reader.begin() as connection:
        return [
            list(connection.scalars(select(blocks.table.c.listed).order_by(*blocks.start.clauses))) for blocks in ORDERS
        ]


@contextmanager
def past_the_shop(opened: Opened) -> Iterator[Connection]:
    with opened.sql._writer.begin() as connection:
        yield connection


@pytest.mark.parametrize("batch", [1, 17, 300])
def test_blocks_stay_small_however_many_items_come_at_once(opened: Opened, batch: int) -> None:
    make_blocks_small(opened.sql, 10)
    for first in range(0, 300, batch):
        save(opened.store, some_items(min(batch, 300 - first), first))
    must_count_right(opened.store)
    for order in sizes(opened):
        assert sum(order) == 300
        assert max(order) <= 20
        assert len(order) <= 60


def test_blocks_that_nothing_is_in_any_more_go_away(opened: Opened) -> None:
    make_blocks_small(opened.sql, 10)
    items = some_items(300)
    save(opened.store, items)
    save(opened.store, [an_item(item.id, status="finishing") for item in items[20:]])
    must_count_right(opened.store)
    assert [sum(order) for order in sizes(opened)] == [20, 20, 20]
    assert [min(order[1:], default=1) for order in sizes(opened)] > [0, 0, 0]


def test_two_hundred_items_are_saved_in_as_many_statements_as_two(opened: Opened) -> None:
    save(opened.store, some_items(500))

    def sent(items: list[Item]) -> int:
        with opened.statements() as statements:
            save(opened.store, items)
        return len(statements)

    two, many = sent(some_items(2, 500)), sent(some_items(200, 502))
    again = sent(some_items(200, 400))
    assert two == many == again <= 15


def test_blocks_are_cut_in_as_many_statements_however_many_there_are(opened: Opened) -> None:
    make_blocks_small(opened.sql, 10)
    sent = []
    for first, number in ((0, 21), (21, 300)):
        with opened.statements() as statements:
            save(opened.store, some_items(number, first))
        sent.append(len(statements))
    must_count_right(opened.store)
    assert sent[1] <= sent[0]


# ---- competitors


def test_writers_at_once_leave_the_counts_right(opened: Opened) -> None:
    """New items, and the same items by several hands, in opposite orders."""
    make_blocks_small(opened.sql, 3)
    items = some_items(60)
    save(opened.store, items[:30])
    batches = [items[n : n + 20] for n in range(0, 60, 10)]
    repriced = [[an_item(item.id, price=euros(n)) for item in reversed(batch)] for n, batch in enumerate(batches)]

    def act(batch: list[Item]) -> None:
        for half in (batch[:10], batch[10:]):
            opened.store.write(partial(save_locked, items=half))

    assert granted(race([partial(act, batch) for batch in (*batches, *repriced)])) == 12
    must_count_right(opened.store)
    kept = every_item(opened.store)
    assert len(kept) == 60
    must_list(opened.store, ItemFilter(sort="price"), listed_naively(kept, ItemFilter(sort="price")), limit=7)


def every_item(store: Store) -> list[Item]:
    return list(Shop(store).catalog.export())


def test_writers_in_processes_of_their_own_leave_the_counts_right(opened: Opened) -> None:
    make_blocks_small(opened.sql, 2)
    context = programs(write_items, SqlStore)
    writers = [context.Process(target=write_items, args=(opened.url, f"w{n}-", n, 12)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    must_count_right(opened.store)
    for sort in ("name", "price", "createdAt"):
        which = ItemFilter(sort=sort)
        must_list(opened.store, which, listed_naively(every_item(opened.store), which), limit=20)


# ---- the work of a page


ENTRIES_READ = text(
    "SELECT sum(pg_stat_get_xact_tuples_returned(oid)) FROM pg_class"
    " WHERE relname ~ 'items|blocks' AND relkind IN ('r', 'i')"
)


def work(opened: Opened, which: ItemFilter, page: int) -> int:
    """How much the database does for a page, in units of its own that do not depend on the weather."""
    with opened.store.read() as tx:
        connection: Connection = tx.items._connection  # type: ignore[attr-defined]
        if opened.kind == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # as it is with many items
            before = connection.execute(ENTRIES_READ).scalar_one()
            tx.items.page(which, PageRequest(page=page))
            return int(connection.execute(ENTRIES_READ).scalar_one() - before)
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        ticks: list[None] = []
        raw.set_progress_handler(lambda: ticks.append(None), 10)
        tx.items.page(which, PageRequest(page=page))
        raw.set_progress_handler(None, 0)
        return len(ticks)


@pytest.mark.parametrize("which", [ItemFilter(), ItemFilter(sort="price", order="desc", max_price=Decimal("0.9"))])
def test_a_late_page_is_no_more_work_than_the_first(opened: Opened, which: ItemFilter) -> None:
    make_blocks_small(opened.sql, 40)
    save(opened.store, some_items(2000))
    with past_the_shop(opened) as connection:
        connection.execute(text("ANALYZE"))
    pages = range(1, len(listed_naively(some_items(2000), which)) // 20, 7)
    first, *later = (work(opened, which, page) for page in pages)
    assert max(later) <= 1.5 * first


# ---- checked, and made anew


def test_what_is_changed_past_the_shop_is_found_and_put_right(opened: Opened) -> None:
    make_blocks_small(opened.sql, 10)
    save(opened.store, some_items(100))
    stock_some(opened.store)
    with past_the_shop(opened) as connection:
        connection.execute(text("UPDATE items SET status = 'finishing' WHERE id < 'i0004'"))
        connection.execute(text("UPDATE items SET sort_price = 1 WHERE id > 'i0090'"))
        connection.execute(text("DELETE FROM sold_out WHERE number = (SELECT min(number) FROM sold_out)"))
        connection.execute(text("INSERT INTO sold_out VALUES (123456)"))

    faults = opened.sql.recount()

    assert {fault.split()[0] for fault in faults} >= {table.table.name for table in ORDERS}
    assert len([fault for fault in faults if "sold out" in fault]) == 2
    must_count_right(opened.store)
    assert {max(order) <= 20 for order in sizes(opened)} == {True}
    kept = every_item(opened.store)
    must_list(opened.store, ItemFilter(in_stock=False), listed_naively(kept, ItemFilter(in_stock=False)), limit=9)


def stock_some(store: Store) -> None:
    store.write(lambda tx: tx.stock.track([a_level(f"i{n:04}", n % 2) for n in range(20, 60)]))


def test_an_empty_catalog_can_be_recounted_and_listed(opened: Opened) -> None:
    assert opened.sql.recount() == []
    must_count_right(opened.store)
    must_list(opened.store, ItemFilter(), [], limit=10)


def test_a_refused_save_leaves_the_counts_right_where_the_transaction_goes_on(opened: Opened) -> None:
    """In memory only whole transactions are taken back."""
    make_blocks_small(opened.sql, 2)
    save(opened.store, [an_item("a", sku="A"), an_item("b")])

    def go_on(tx: Transaction) -> None:
        assert isinstance(raised(lambda: tx.items.save([an_item("b", sku="A"), an_item("c"), an_item("d")])), SkuTaken)
        tx.items.save([an_item("e")])

    opened.store.write(go_on)
    must_count_right(opened.store)
    with opened.store.read() as tx:
        assert [item.id for item in tx.items.page(ItemFilter(), PageRequest())] == ["a", "b", "e"]
