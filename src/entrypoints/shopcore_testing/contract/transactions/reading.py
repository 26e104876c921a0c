"""Reading: one state of the shop, while others write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

import pytest

from shopcore.carts.commands import AddItem, PlaceOrder
from shopcore.orders.model import Order
from shopcore.paging import PageRequest
from shopcore.removals.model import RemovalFilter
from shopcore.shop import Shop
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import Watch
from shopcore_testing.opened import Opened
from shopcore_testing.racing import insist
from shopcore_testing.samples import a_level, an_item, stock_up

MOMENT = 0.2
PATIENCE = 20.0
"""Seconds after which a thread counts as blocked."""


def elsewhere(work: Callable[[], None]) -> None:
    """Do `work` in another thread, which must not be blocked."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(PATIENCE)


def level(tx: Transaction) -> int:
    found = tx.stock.levels(["mug"]).get("mug")
    assert found is not None
    return found.on_hand


def add_one(store: Store) -> None:
    store.write(lambda tx: tx.stock.change({"mug": (1, 0)}))


def test_a_reader_sees_one_state_however_much_is_written(raw_store: Store) -> None:
    stock_up(raw_store, a_level("mug", 5))
    with raw_store.read() as tx:
        assert level(tx) == 5
        for _ in range(3):
            elsewhere(lambda: add_one(raw_store))
            elsewhere(lambda: raw_store.write(lambda tx: tx.items.save([an_item("new")])))
        assert level(tx) == 5
        assert tx.items.get(["new"]) == {}
        with raw_store.read() as later:
            assert level(later) == 8
    with raw_store.read() as tx:
        assert level(tx) == 8


def test_readers_who_began_at_different_times_each_see_their_own_state(raw_store: Store) -> None:
    stock_up(raw_store, a_level("mug", 0))
    with raw_store.read() as first:
        assert level(first) == 0
        add_one(raw_store)
        with raw_store.read() as second:
            assert level(second) == 1
            add_one(raw_store)
            with raw_store.read() as third:
                assert [level(tx) for tx in (first, second, third)] == [0, 1, 2]
            add_one(raw_store)
            assert [level(tx) for tx in (first, second)] == [0, 1]
        assert level(first) == 0


def test_a_reader_sees_nothing_of_a_write_that_is_not_committed(opened: Opened) -> None:
    """Where a writer is alone, a reader who comes meanwhile may have to wait for him."""
    stock_up(opened.store, a_level("mug", 5))

    def now() -> int:
        with opened.store.read() as reading:
            return level(reading)

    with opened.store.read() as tx, ThreadPoolExecutor(1) as pool:
        assert level(tx) == 5

        def work(writing: Transaction) -> int:
            writing.stock.change({"mug": (1, 0)})
            seen = level(tx)
            comer = pool.submit(now)
            wait([comer], MOMENT)
            assert not comer.done() or comer.result() == 5
            return seen

        assert opened.store.write(work) == 5
        assert level(tx) == 5


def test_a_reader_does_not_block_a_writer_nor_he_a_reader(opened: Opened) -> None:
    stock_up(opened.store, a_level("mug", 5))
    reading, written = threading.Event(), threading.Event()

    def read() -> int:
        with opened.store.read() as tx:
            seen = level(tx)
            reading.set()
            assert written.wait(PATIENCE)
            return seen + level(tx)

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        assert reading.wait(PATIENCE)
        elsewhere(lambda: add_one(opened.store))
        written.set()
        assert reader.result(PATIENCE) == 10


def test_a_reader_who_fails_blocks_nobody(raw_store: Store) -> None:
    stock_up(raw_store, a_level("mug", 5))

    def read() -> None:
        with raw_store.read() as tx:
            raise LookupError(level(tx))

    with pytest.raises(LookupError, match="5"):
        read()
    add_one(raw_store)


def test_an_export_that_is_not_finished_shows_one_moment_and_blocks_nobody(shop: Shop, watch: Watch) -> None:
    mug = shop.catalog.add_item(name="Mug", price="1.00", stock=50)
    for number in range(8):
        shop.carts.add_item(f"o{number}", mug.id)
        shop.carts.remove_item(f"o{number}", mug.id)
    export = shop.removals.export(RemovalFilter())
    first = next(export)

    shop.carts.add_item("late", mug.id)
    shop.carts.remove_item("late", mug.id)

    assert first.owner == "o0"
    assert len(list(export)) == 7
    assert len(list(shop.removals.export())) == 9
    abandoned = shop.removals.export()
    next(abandoned)
    abandoned.close()  # type: ignore[attr-defined]


def test_reports_agree_with_each_other_while_shoppers_shop(shop: Shop) -> None:
    """Removals, carts and stock are read in one transaction while other threads move units between them."""
    mug = shop.catalog.add_item(name="Mug", price="1.00", stock=10**9)
    stop = threading.Event()

    def trade(owner: str) -> int:
        bought = 0
        while not stop.is_set():
            commands = [AddItem(owner=owner, item_id=mug.id, quantity=2), PlaceOrder(owner=owner)]
            outcomes = insist(partial(shop.carts.handle, commands))
            bought += 2 * (isinstance(outcomes, list) and isinstance(outcomes[1].answer, Order))
        return bought

    with ThreadPoolExecutor(3) as pool:
        traders = [pool.submit(trade, f"o{number}") for number in range(3)]
        for _ in range(15):
            with shop.store.read() as tx:
                equation, held = tx.journal.equation(mug.id)
                found = tx.stock.levels([mug.id]).get(mug.id)
                orders = tx.orders.page(None, PageRequest(limit=1)).total
            assert found is not None
            assert (equation.on_hand, held) == (found.on_hand, found.held)
            assert equation.sold == 2 * orders
        stop.set()
        bought = sum(trader.result(PATIENCE) for trader in traders)
    assert shop.inventory.explain(mug.id).equation.sold == bought
