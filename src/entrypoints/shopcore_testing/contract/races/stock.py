"""Who competes for units: none is promised twice, none is lost, counted from what the callers were told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from shopcore.carts.commands import AddItem, CartCommand, PlaceOrder, RemoveItem
from shopcore.carts.view import CartView
from shopcore.errors import CheckoutRefused, OutOfStock, ShopError, StockHeld
from shopcore.orders.model import Order
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch
from shopcore_testing.opened import Opened
from shopcore_testing.racing import granted, insist, race
from shopcore_testing.selling import ALL, item, level, lines, orders


def test_fifty_units_go_to_exactly_fifty_of_320_attempts_and_become_fifty_sold(shop: Shop) -> None:
    item(shop, stock=50)

    def attempts(owner: str) -> int:
        return granted([insist(partial(shop.carts.add_item, owner, "mug")) for _ in range(8)])

    buyers = [f"o{number}" for number in range(40)]
    won = race([partial(attempts, owner) for owner in buyers])
    assert sum(units for units in won if isinstance(units, int)) == 50
    assert level(shop) == (50, 50)
    placed = race([partial(shop.checkout.place_order, owner) for owner in buyers])
    sold = {order.owner: order.lines[0].quantity for order in placed if isinstance(order, Order)}
    assert sold == {owner: units for owner, units in zip(buyers, won, strict=True) if units}
    assert level(shop) == (0, 0)


def test_the_last_unit_goes_to_one(shop: Shop) -> None:
    for number in range(4):
        item(shop, f"i{number}", 1)
        answers = race([partial(shop.carts.add_item, f"o{owner}", f"i{number}") for owner in range(16)])
        assert granted(answers) == 1
        refused = [answer for answer in answers if isinstance(answer, ShopError)]
        assert all(isinstance(answer, OutOfStock) and answer.available == 0 for answer in refused)


def test_units_given_back_are_taken_once(shop: Shop) -> None:
    """Some remove while others add; units never rise above, nor are lost."""
    item(shop, stock=6)
    for number in range(6):
        shop.carts.add_item(f"o{number}", "mug")
    removals = [partial(shop.carts.remove_item, f"o{number}", "mug") for number in range(6)]
    adds = [partial(shop.carts.add_item, f"n{number}", "mug") for number in range(12)]
    answers = race([*removals, *adds])
    assert granted(answers[:6]) == 6
    won = granted(answers[6:])
    assert level(shop) == (6, won)
    assert shop.removals.list(ALL).total == 6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_checkout_sweeper_and_add_settle_who_is_first(shop: Shop, watch: Watch, seed: int) -> None:
    """Ten carts hold all there is, past the deadline: each unit is sold to its holder, or held by somebody new."""
    item(shop, stock=20)
    holders = [f"o{number}" for number in range(10)]
    for owner in holders:
        shop.carts.add_item(owner, "mug", 2)
    watch.on(minutes=20)
    newcomers = [f"n{number}" for number in range(6)]
    acts: list[Callable[[], object]] = [
        *[partial(shop.checkout.place_order, owner) for owner in holders],
        *[partial(shop.carts.add_item, owner, "mug", 3) for owner in newcomers],
        *[partial(shop.inventory.sweep, limit=3) for _ in range(4)],
    ]
    random.Random(seed).shuffle(acts)

    answers = race(acts)

    sold = sum(answer.lines[0].quantity for answer in answers if isinstance(answer, Order))
    taken = sum(answer.lines[0].quantity for answer in answers if isinstance(answer, CartView))
    assert all(isinstance(answer, CheckoutRefused | OutOfStock | Order | CartView | int) for answer in answers)
    held_by_holders = sum(
        quantity for owner in holders for quantity, hold in lines(shop, owner).values() if hold == "live"
    )
    assert sold + taken + held_by_holders <= 20
    assert level(shop) == (20 - sold, taken + held_by_holders)
    assert sum(order.lines[0].quantity for order in orders(shop)) == sold
    assert sum(quantity for owner in newcomers for quantity, _ in lines(shop, owner).values()) == taken


def test_every_overdue_hold_expires_once_whoever_sweeps(shop: Shop, watch: Watch) -> None:
    item(shop, stock=40)
    for number in range(20):
        shop.carts.add_item(f"o{number}", "mug", 2)
    watch.on(minutes=20)
    swept = race([partial(shop.inventory.sweep, limit=7) for _ in range(6)])
    while shop.inventory.sweep():
        pass
    assert all(isinstance(count, int) for count in swept)
    by_owner = Counter(row.owner for row in shop.removals.export(ALL))
    assert by_owner == Counter({f"o{number}": 1 for number in range(20)})
    assert level(shop) == (40, 0)


def test_a_count_by_staff_meets_shoppers_and_neither_side_is_wrong(shop: Shop) -> None:
    item(shop, stock=20)
    adds = [partial(shop.carts.add_item, f"o{number}", "mug", 2) for number in range(10)]
    counts = [
        partial(shop.inventory.change, "mug", on_hand=8, reason="count", actor="staff", release_holds=release)
        for release in (None, "newest-first", "newest-first")
    ]
    acts: list[Callable[[], object]] = [*adds, *counts]
    answers = race(acts)
    on_hand, held = level(shop)
    live = sum(quantity for n in range(10) for quantity, hold in lines(shop, f"o{n}").values() if hold == "live")
    assert (on_hand, held) == (8, live)
    assert all(isinstance(answer, OutOfStock) for answer in answers[:10] if isinstance(answer, ShopError))
    assert all(isinstance(answer, StockHeld) for answer in answers[10:] if isinstance(answer, ShopError))
    assert granted(answers[11:]) == 2


def test_a_recall_meets_shoppers_and_leaves_no_unit_in_any_cart(shop: Shop) -> None:
    item(shop, stock=30)
    for number in range(5):
        shop.carts.add_item(f"o{number}", "mug")
    adds = [partial(shop.carts.add_item, f"n{number}", "mug") for number in range(10)]
    checkouts = [partial(shop.checkout.place_order, f"o{number}") for number in range(5)]
    acts: list[Callable[[], object]] = [*adds, *checkouts]
    acts.append(partial(shop.catalog.archive, "mug", actor="staff", mode="recall"))

    answers = race(acts)

    sold = sum(isinstance(answer, Order) for answer in answers)
    shop.inventory.sweep(items=["mug"])
    assert level(shop) == (30 - sold, 0)
    assert not any(isinstance(answer, ShopError) for answer in answers[15:])


@pytest.mark.parametrize("seed", [1, 2])
def test_carts_of_many_items_in_any_order_never_wait_for_each_other_in_a_ring(
    opened: Opened, shop: Shop, seed: int
) -> None:
    """Twelve threads buy all of six items, each in an order of its own, several shoppers to a batch."""
    names = [f"i{number}" for number in range(6)]
    for name in names:
        item(shop, name, 30)

    def trade(number: int) -> Counter[str]:
        mine = random.Random(seed * 100 + number)
        told: Counter[str] = Counter()
        for turn in range(4):
            owners = [f"o{number}-{turn}-{who}" for who in range(2)]
            commands: list[CartCommand] = [
                AddItem(owner=owner, item_id=name, quantity=mine.choice([1, 1, 2]))
                for owner in owners
                for name in mine.sample(names, 6)
            ]
            mine.shuffle(commands)
            commands += [RemoveItem(owner=owners[0], item_id=mine.choice(names))]
            commands += [PlaceOrder(owner=owner) for owner in mine.sample(owners, 2)]
            outcomes = insist(partial(shop.carts.handle, commands))
            assert isinstance(outcomes, list)
            for outcome in outcomes:
                if isinstance(outcome.answer, Order):
                    told.update({line.item_id: line.quantity for line in outcome.answer.lines})
        return told

    sums = race([partial(trade, number) for number in range(12)])
    sold: Counter[str] = sum((told for told in sums if isinstance(told, Counter)), start=Counter())
    assert granted(sums) == 12
    assert all(units <= 30 for units in sold.values())
    with shop.store.read() as tx:
        assert {name: tx.journal.equation(name)[0].sold for name in names} == {name: sold[name] for name in names}
    assert not opened.deadlocks or opened.deadlocks() == 0
