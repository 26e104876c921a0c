"""Every connection, lock and snapshot is given back, whatever becomes of a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

import pytest

from shopcore.errors import LostRace, StoreBusy
from shopcore.store import Store, Transaction
from shopcore_testing.opened import Opened
from shopcore_testing.racing import race
from shopcore_testing.samples import a_level, stock_up

Act = Callable[[Store], object]


def begin_to_read(store: Store) -> Iterator[object]:
    with store.read() as tx:
        yield tx.stock.holders("mug")
        yield tx.stock.holders("mug")


def fail_to_read(store: Store) -> None:
    with store.read() as tx:
        raise LookupError(tx.items.get(["mug"]))


def never(_tx: Transaction) -> None:
    raise LostRace


WAYS: dict[str, Act] = {
    "a write": lambda store: store.write(lambda tx: tx.stock.change({"mug": (1, 0)})),
    "a write that fails": lambda store: store.write(lambda tx: tx.items.get(["mug"])["cup"]),
    "a write that loses every race": lambda store: store.write(never),
    "a read that fails": fail_to_read,
    "a read that nobody finishes": lambda store: next(begin_to_read(store)),
    "a look whether it is there": lambda store: store.ping(),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_taken_is_given_back(opened: Opened, way: str) -> None:
    if opened.must_be_idle is None:
        pytest.skip("this store offers no `must_be_idle`: whether connections are given back is not tried")
    stock_up(opened.store, a_level("mug", 5))

    race([partial(attempt, opened.store, WAYS[way])] * 4)

    opened.must_be_idle()


def attempt(store: Store, act: Act) -> None:
    with suppress(LookupError, StoreBusy):
        act(store)
