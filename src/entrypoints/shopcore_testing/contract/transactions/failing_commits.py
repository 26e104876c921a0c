"""A commit that fails is an error, and leaves nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

import pytest

from shopcore.carts.commands import AddItem
from shopcore.removals.model import RemovalFilter
from shopcore.shop import Shop
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import Watch
from shopcore_testing.opened import Contents, Opened
from shopcore_testing.samples import (
    an_item,
)
from shopcore_testing.steps import STEPS, work_until

T = TypeVar("T")
Doom = Callable[[Transaction], None]


@pytest.mark.parametrize("step", [1, len(STEPS)])
def test_a_commit_that_fails_is_an_error_and_leaves_nothing(
    opened: Opened, doom: Doom, contents: Contents, step: int
) -> None:
    opened.store.write(lambda tx: tx.items.save([an_item("there")]))
    before = contents()

    with pytest.raises(Exception, match=r"(?i)commit|doom|constraint"):
        opened.store.write(work_until(step, doom))

    assert contents() == before
    opened.store.write(work_until(len(STEPS), lambda tx: None))
    assert contents() != before


def test_a_shop_whose_commits_fail_at_random_says_so_and_keeps_the_rest(
    opened: Opened, doom: Doom, watch: Watch
) -> None:
    """What was acknowledged is there, what failed is not: counted from what callers were told."""
    store = FailsSometimes(opened.store, doom, random.Random(5))
    shop = Shop(store, clock=watch)
    store.chance = 0
    mug = shop.catalog.add_item(name="Mug", price="1.00", stock=1000)
    store.chance = 0.4
    told = [_try(shop, AddItem(owner=f"o{n % 7}", item_id=mug.id)) for n in range(60)]
    store.chance = 0
    with opened.store.read() as tx:
        held = {cart.owner: cart.lines[mug.id].quantity for cart in tx.carts.active(f"o{n}" for n in range(7)).values()}
    assert 10 < told.count(True) < 50
    assert held == {f"o{n}": sum(told[n::7]) for n in range(7) if sum(told[n::7])}
    assert shop.removals.list(RemovalFilter()).total == 0
    assert shop.auditor.run().clean


class FailsSometimes:
    """A store, some of whose commits fail."""

    def __init__(self, store: Store, doom: Doom, random: random.Random) -> None:
        self._store, self._doom, self._random = store, doom, random
        self.chance = 0.0
        self.read, self.ping, self.close = store.read, store.ping, store.close

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        def doomed(tx: Transaction) -> T:
            done = work(tx)
            if self._random.random() < self.chance:
                self._doom(tx)
            return done

        return self._store.write(doomed, repeatable=repeatable)


def _try(shop: Shop, command: AddItem) -> bool:
    try:
        [outcome] = shop.carts.handle([command])
    except Exception:
        return False
    outcome.take(object)
    return True
