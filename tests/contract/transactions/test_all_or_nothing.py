"""All of a transaction happens, or none of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from account_shop import Watch, at_once, raised
from samples import NOON, a_cart, a_level, a_removal, a_sale, an_answer, an_entry, an_item, an_order, new
from shopcore.accounts.model import User
from shopcore.carts.commands import AddItem
from shopcore.errors import LostRace, OutOfStock, StoreBusy
from shopcore.removals.model import RemovalFilter
from shopcore.shop import Shop
from shopcore.store import Store, Transaction
from stores import Opened, contents

T = TypeVar("T")
ANN = User(id="ann", username="ann", name_folded="ann", password_hash="-", created_at=NOON)
CART = a_cart("c1", "ann")
ORDER = an_order("o1", CART, a_sale("mug"))

STEPS: list[Callable[[Transaction], object]] = [
    lambda tx: tx.users.add([ANN]),
    lambda tx: tx.items.save([an_item("mug")]),
    lambda tx: tx.stock.track([a_level("mug", 5)]),
    lambda tx: tx.stock.change({"mug": (1, 2)}),
    lambda tx: tx.carts.save([new(CART)]),
    lambda tx: tx.removals.add([a_removal("r1", CART, "mug")]),
    lambda tx: tx.orders.add([ORDER]),
    lambda tx: tx.removals.settle([ORDER]),
    lambda tx: tx.orders.append("o1", replace(ORDER.history[0], status="cancelled")),
    lambda tx: tx.journal.append([an_entry("op", cart_id="c1", item_id="mug", held=2)]),
    lambda tx: tx.keys.add([an_answer("k")]),
]
"""A write of every kind, each of which builds on those before it."""


class Broken(Exception):
    pass


def work_until(step: int, failure: Callable[[Transaction], object]) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        for act in STEPS[:step]:
            act(tx)
        failure(tx)

    return work


def break_off(_tx: Transaction) -> None:
    raise Broken


@pytest.mark.parametrize("step", range(len(STEPS) + 1))
def test_an_exception_anywhere_leaves_nothing_and_is_raised_on(opened: Opened, step: int) -> None:
    before = contents(opened.store)

    with pytest.raises(Broken):
        opened.store.write(work_until(step, break_off))

    assert contents(opened.store) == before


@pytest.mark.parametrize("step", [1, len(STEPS)])
def test_a_commit_that_fails_is_an_error_and_leaves_nothing(opened: Opened, step: int) -> None:
    opened.store.write(lambda tx: tx.items.save([an_item("there")]))
    before = contents(opened.store)

    with pytest.raises(Exception, match=r"(?i)commit|doom|constraint"):
        opened.store.write(work_until(step, opened.doom))

    assert contents(opened.store) == before
    opened.store.write(work_until(len(STEPS), lambda tx: None))
    assert contents(opened.store) != before


def test_a_refusal_inside_a_transaction_undoes_what_came_before_it(opened: Opened) -> None:
    refusal = OutOfStock("mug", 2, 1)

    def refuse(_tx: Transaction) -> None:
        raise refusal

    assert raised(lambda: opened.store.write(work_until(4, refuse))) is refusal
    with opened.store.read() as tx:
        assert (tx.items.get(["mug"]), tx.users.get(["ann"])) == ({}, {})


def test_an_exception_while_another_is_handled_leaves_nothing(raw_store: Store) -> None:
    def work(tx: Transaction) -> None:
        try:
            work_until(3, break_off)(tx)
        except Broken as first:
            tx.items.save([an_item("cup")])
            raise LookupError from first

    with pytest.raises(LookupError):
        raw_store.write(work)
    with raw_store.read() as tx:
        assert tx.items.get(["mug", "cup"]) == {}


def test_what_interrupts_the_program_undoes_the_transaction_too(opened: Opened) -> None:
    def interrupt(_tx: Transaction) -> None:
        raise KeyboardInterrupt

    before = contents(opened.store)
    with pytest.raises(KeyboardInterrupt):
        opened.store.write(work_until(len(STEPS), interrupt))
    assert contents(opened.store) == before


def test_work_that_lost_a_race_starts_from_nothing_again(raw_store: Store) -> None:
    seen: list[int] = []

    def work(tx: Transaction) -> str:
        seen.append(len(tx.items.get(["mug"])))
        work_until(4, lambda tx: None)(tx)
        if len(seen) < 4:
            raise LostRace
        return "done"

    assert raw_store.write(work) == "done"
    assert seen == [0, 0, 0, 0]
    assert raw_store.write(lambda tx: tx.stock.lock(["mug"])) == {"mug": a_level("mug", 6, 2)}


@pytest.mark.parametrize("repeatable", [False, True])
def test_work_is_run_again_three_times_and_then_the_store_is_busy(opened: Opened, repeatable: bool) -> None:
    runs: list[int] = []
    before = contents(opened.store)

    def lose(tx: Transaction) -> None:
        runs.append(1)
        raise LostRace

    refusal = raised(lambda: opened.store.write(work_until(len(STEPS), lose), repeatable=repeatable))

    assert isinstance(refusal, StoreBusy)
    assert len(runs) == 4
    assert contents(opened.store) == before


@pytest.mark.parametrize("failure", [ValueError, OutOfStock("mug", 2, 1), StoreBusy()])
def test_any_other_exception_runs_work_once(raw_store: Store, failure: Exception | type[Exception]) -> None:
    runs: list[int] = []

    def fail(_tx: Transaction) -> None:
        runs.append(1)
        raise failure

    with pytest.raises(Exception):  # noqa: B017, PT011 (whatever was raised)
        raw_store.write(fail)
    assert runs == [1]


def test_a_shop_whose_commits_fail_at_random_says_so_and_keeps_the_rest(opened: Opened, watch: Watch) -> None:
    """What was acknowledged is there, what failed is not: counted from what callers were told."""
    store = FailsSometimes(opened, random.Random(5))
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

    def __init__(self, opened: Opened, random: random.Random) -> None:
        self._opened = opened
        self._random = random
        self.chance = 0.0
        self.read, self.ping, self.close = opened.store.read, opened.store.ping, opened.store.close

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        def doomed(tx: Transaction) -> T:
            done = work(tx)
            if self._random.random() < self.chance:
                self._opened.doom(tx)
            return done

        return self._opened.store.write(doomed, repeatable=repeatable)


def _try(shop: Shop, command: AddItem) -> bool:
    try:
        [outcome] = shop.carts.handle([command])
    except Exception:
        return False
    outcome.take(object)
    return True


def test_writers_of_many_threads_lose_nothing(raw_store: Store) -> None:
    raw_store.write(work_until(3, lambda tx: None))

    def work(tx: Transaction) -> None:
        tx.stock.lock(["mug"])
        time.sleep(0.001)
        tx.stock.change({"mug": (1, 0)})

    answers = at_once(10, lambda _: [raw_store.write(work) for _ in range(5)])

    done = sum(5 for answer in answers if not isinstance(answer, StoreBusy))
    level = raw_store.write(lambda tx: tx.stock.lock(["mug"]))["mug"].on_hand
    assert done == 50
    assert level == 5 + done
