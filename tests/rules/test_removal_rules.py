"""What a removal's record is, and which records an item's coming back or a purchase belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shopcore.carts.commands import AddItem, CartCommand, ClearCart, PlaceOrder, RemoveItem, SetQuantity
from shopcore.carts.leaving import take_out
from shopcore.facts import SHOPPERS_REASONS, SYSTEMS_REASONS, ItemRemoved
from shopcore.removals.model import Removal, RemovalFilter
from shopcore.shop import Shop
from shopcore_memory import MemoryStore
from shopcore_testing.samples import MINUTE, NOON, a_cart, a_line, an_item, euros
from turns import a_turn


def removal() -> ItemRemoved:
    cart = a_cart("c1", "ann", a_line("mug", 2, hold=None, added_at=NOON - MINUTE))
    item = an_item("mug", sku="M-1", price=euros(1200))
    [fact] = take_out(cart, item, a_turn(), reason="removed", version=2)
    assert isinstance(fact, ItemRemoved)
    return fact


def test_a_record_is_what_the_fact_said() -> None:
    fact = removal()
    assert Removal.of(fact) == Removal(
        id=fact.removal_id,
        cart_id="c1",
        owner="ann",
        item_id="mug",
        sku="M-1",
        item_name="Mug",
        quantity=2,
        unit_price=euros(1200),
        reason="removed",
        added_at=NOON - MINUTE,
        removed_at=NOON,
    )


def test_a_record_is_a_draft_until_its_cart_was_ordered() -> None:
    record = Removal.of(removal())
    assert (record.outcome, record.is_draft) == ("open", True)
    assert replace(record, outcome="abandoned").is_draft
    assert not replace(record, outcome="lost", order_id="o1").is_draft


def test_a_reason_is_the_shoppers_or_the_systems() -> None:
    assert not set(SHOPPERS_REASONS) & set(SYSTEMS_REASONS)
    assert RemovalFilter().reasons == SHOPPERS_REASONS


ADD, REMOVE = AddItem(owner="ann", item_id="mug"), RemoveItem(owner="ann", item_id="mug")
ADD_CUP, ORDER = AddItem(owner="ann", item_id="cup"), PlaceOrder(owner="ann")
ADD_TWO, SET_ONE = AddItem(owner="ann", item_id="mug", quantity=2), SetQuantity(owner="ann", item_id="mug", quantity=1)
CLEAR = ClearCart(owner="ann")

STORIES: dict[str, tuple[list[CartCommand], list[tuple[str, str, bool, bool]]]] = {
    "removed": ([ADD, REMOVE], [("removed", "open", False, False)]),
    "came back": ([ADD, REMOVE, ADD], [("removed", "open", True, False)]),
    "lost": ([ADD, REMOVE, ADD_CUP, ORDER], [("removed", "lost", False, False)]),
    "came back and was bought": ([ADD, REMOVE, ADD, ORDER], [("removed", "recovered", True, False)]),
    "partly removed and bought": ([ADD_TWO, SET_ONE, ORDER], [("decreased", "recovered", False, False)]),
    "lost and bought later": ([ADD, REMOVE, ADD_CUP, ORDER, ADD, ORDER], [("removed", "lost", False, True)]),
    "bought before": ([ADD, ORDER, ADD, REMOVE], [("removed", "open", False, False)]),
    "remove, add, remove, buy": (
        [ADD, REMOVE, ADD, REMOVE, ADD, ORDER],
        [("removed", "recovered", True, False), ("removed", "recovered", True, False)],
    ),
    "cleared, then half of it bought": (
        [ADD, ADD_CUP, CLEAR, ADD_CUP, ORDER],
        [("cleared", "lost", False, False), ("cleared", "recovered", True, False)],
    ),
    "set to less and removed": (
        [ADD_TWO, SET_ONE, REMOVE, ADD_CUP, ORDER],
        [("decreased", "lost", False, False), ("removed", "lost", False, False)],
    ),
}


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
@pytest.mark.parametrize("name", STORIES)
def test_a_story_ends_with_a_verdict_for_each_record(name: str, together: bool) -> None:
    commands, expected = STORIES[name]
    shop = Shop(MemoryStore(), clock=lambda: NOON)
    for item_id in ("mug", "cup"):
        shop.catalog.add_item(name=item_id, price="1.00", stock=9, item_id=item_id)
    for batch in [commands] if together else [[command] for command in commands]:
        shop.carts.handle(batch)
    told = [
        (row.reason, row.outcome, row.returned_at is not None, row.bought_later_order_id is not None)
        for row in shop.removals.list()
    ]
    assert sorted(told) == sorted(expected)
