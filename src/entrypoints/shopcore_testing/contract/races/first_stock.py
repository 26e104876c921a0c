"""An item begins to be tracked while shoppers buy it: each order is as a whole before it or after it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest

from shopcore.carts.commands import AddItem, CartCommand, PlaceOrder
from shopcore.ids import Uuid7
from shopcore.orders.model import Order
from shopcore.shop import Shop
from shopcore_testing.racing import insist, race
from shopcore_testing.selling import item, level, track

MOMENT = 0.3
"""Seconds that an order takes; a store waits longer for a lock."""


class SlowDesk:
    """Makes ids, and lingers once: by then a batch has looked at its items, and has not written anything."""

    def __init__(self) -> None:
        self.looked, self.counted = threading.Event(), threading.Event()
        self._make_id = Uuid7()

    def __call__(self) -> str:
        if not self.looked.is_set():
            self.looked.set()
            self.counted.wait(MOMENT)
        return self._make_id()


def meanwhile(shop: Shop, desk: SlowDesk, count: Callable[[], None]) -> None:
    desk.looked.wait(10)
    insist(count)
    desk.counted.set()


@pytest.mark.parametrize("in_the_cart", [True, False])
def test_an_order_of_an_untracked_item_and_its_first_stock_take_turns(shop: Shop, in_the_cart: bool) -> None:
    item(shop, stock=None)
    shop.carts.get("ann")
    commands: list[CartCommand] = [AddItem(owner="ann", item_id="mug"), PlaceOrder(owner="ann")]
    if in_the_cart:
        shop.carts.handle(commands[:1])
        del commands[0]
    desk = SlowDesk()
    slow = Shop(shop.store, make_id=desk)

    acts: list[Callable[[], object]] = [
        partial(slow.carts.handle, commands),
        partial(meanwhile, shop, desk, partial(track, shop, "mug", 5)),
    ]
    outcomes, _ = race(acts)

    assert isinstance(outcomes, list)
    order = outcomes[-1].take(Order)
    assert (order.lines[0].hold_id is None, level(shop)) in [(True, (5, 0)), (False, (4, 0))]
    assert shop.auditor.run().violations == ()
