"""What a transaction promises of writes that are sent together."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from shopcore.errors import LostRace, StoreBusy
from shopcore.inventory.model import Level
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import raised
from shopcore_testing.samples import a_level, stock_up


def levels(store: Store, *items: str) -> Mapping[str, Level]:
    return store.write(lambda tx: tx.stock.lock(items))


def test_what_is_sent_together_is_done_in_its_order_and_seen_afterwards(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 0), a_level("mug", 3))

    def change(tx: Transaction) -> Mapping[str, Level]:
        with tx.together():
            tx.stock.change({"cup": (1, 0)})
            tx.stock.change({"cup": (0, 1), "mug": (-1, 0)})
        return tx.stock.lock(["cup", "mug"])

    assert raw_store.write(change) == {"cup": a_level("cup", 1, 1), "mug": a_level("mug", 2)}


def test_of_what_is_sent_together_the_guard_says_lost_race_by_its_end(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 1), a_level("mug", 3))
    seen: list[Exception] = []

    def change(tx: Transaction) -> None:
        try:
            with tx.together():
                tx.stock.change({"cup": (0, 2)})
                tx.stock.change({"mug": (1, 0)})
        except LostRace as error:
            seen.append(error)
            raise

    assert isinstance(raised(lambda: raw_store.write(change)), StoreBusy)
    assert seen
    assert levels(raw_store, "cup", "mug") == {"cup": a_level("cup", 1), "mug": a_level("mug", 3)}


def test_an_index_in_the_way_of_what_is_sent_together_is_a_lost_race_by_its_end(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 1))

    def track_twice(tx: Transaction) -> None:
        with pytest.raises(LostRace), tx.together():
            tx.stock.track([a_level("cup", 9)])
        raise LostRace

    assert isinstance(raised(lambda: raw_store.write(track_twice)), StoreBusy)
    assert levels(raw_store, "cup") == {"cup": a_level("cup", 1)}
