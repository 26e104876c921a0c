"""What staff do to stock, as facts; and how a ledger adds up."""

from __future__ import annotations

from typing import Any

import pytest

from shopcore.errors import InvalidInput, StockHeld
from shopcore.facts import HoldTaken, ItemRemoved, StockAdjusted, StockReceived
from shopcore.inventory.model import Level, StockEquation
from shopcore.inventory.rules import MAX_STOCK, adjust, correct, receive, release
from shopcore.journal.rules import equation_of
from shopcore.orders.use_cases import cancel
from shopcore_testing.samples import NOON, a_cart, a_level, a_line, a_sale, an_item, an_order
from turns import a_turn, kinds

LEVEL = a_level("mug", 5, 2)


def test_units_that_come_in_are_received_and_fewer_are_an_adjustment() -> None:
    more, fewer = correct(LEVEL, 3, "in", a_turn()), correct(LEVEL, -3, "lost", a_turn())
    assert isinstance(more, StockReceived)
    assert isinstance(fewer, StockAdjusted)
    assert (LEVEL.after(more), LEVEL.after(fewer)) == (a_level("mug", 8, 2), a_level("mug", 2, 2))
    assert correct(LEVEL, 0, "none", a_turn()) is None


@pytest.mark.parametrize("on_hand", [2, 3, 6, MAX_STOCK])
def test_a_count_adjusts_to_what_was_counted(on_hand: int) -> None:
    fact = adjust(LEVEL, on_hand, "count", a_turn())
    assert fact is not None
    assert LEVEL.after(fact) == a_level("mug", on_hand, 2)
    assert adjust(LEVEL, LEVEL.on_hand, "count", a_turn()) is None


def test_a_count_below_what_is_held_is_refused_with_the_shortfall() -> None:
    with pytest.raises(StockHeld) as caught:
        adjust(LEVEL, 1, "count", a_turn())
    assert (caught.value.held, caught.value.shortfall) == (2, 1)


@pytest.mark.parametrize("units", [-1, MAX_STOCK + 1, 2**63, True, 1.0, "5"])
def test_what_is_no_number_of_units_is_invalid(units: Any) -> None:
    with pytest.raises(InvalidInput):
        adjust(LEVEL, units, "count", a_turn())
    with pytest.raises(InvalidInput):
        receive("mug", units, "in", a_turn())


def test_deltas_stay_within_the_limit() -> None:
    for delta in (MAX_STOCK, -6):
        with pytest.raises((InvalidInput, StockHeld)):
            correct(LEVEL, delta, "x", a_turn())
    assert correct(a_level("mug", 0), MAX_STOCK, "x", a_turn()) is not None


@pytest.mark.parametrize(
    ("units", "owners"), [(-1, []), (0, []), (1, ["a"]), (3, ["a"]), (4, ["a", "b"]), (99, ["a", "b", "d"])]
)
def test_whole_holds_are_taken_back_until_it_is_enough(units: int, owners: list[str]) -> None:
    """`c` has the item as a wish only."""
    carts = [
        a_cart("1", "a", a_line("mug", 3)),
        a_cart("2", "b", a_line("mug", 1), a_line("cup", 1)),
        a_cart("3", "c", a_line("mug", 9, hold=None, lapse="expired")),
        a_cart("4", "d", a_line("mug", 2)),
        a_cart("5", "e", a_line("cup", 2)),
    ]
    released = list(release(carts, an_item("mug"), units, a_turn()))
    assert [cart.owner for cart, _ in released] == owners
    assert all(kinds(facts) == ["hold_expired", "item_removed"] for _, facts in released)
    assert {fact.reason for _, facts in released for fact in facts if isinstance(fact, ItemRemoved)} <= {
        "stock_correction"
    }


def test_available_is_what_nobody_holds() -> None:
    assert (LEVEL.available, a_level("mug", 2, 2).available) == (3, 0)


def test_facts_of_a_ledger_add_up_to_the_level() -> None:
    assert StockEquation(received=8, adjusted=-1, restocked=2, sold=4).on_hand == 5
    assert equation_of({}) == StockEquation()
    sums = {"stock_received": 8, "stock_adjusted": -1, "stock_restocked": 2, "hold_committed": -4, "hold_taken": 0}
    assert equation_of(sums) == StockEquation(received=8, adjusted=-1, restocked=2, sold=4)


def test_holding_moves_nothing_on_the_shelf() -> None:
    taken = HoldTaken(**a_turn().on("c1", 2), hold_id="h", item_id="mug", quantity=3, until=None)
    assert Level(item_id="mug", on_hand=5).after(taken) == a_level("mug", 5, 3)


def test_a_cancel_returns_what_was_counted_and_nothing_else() -> None:
    cart = a_cart("c1", "ann")
    order = an_order("o1", cart, a_sale("mug", 2, hold_id="h1"), a_sale("song", 9), a_sale("cup", 1, hold_id="h2"))
    facts = cancel(order, "why", "sam", NOON)
    assert kinds(facts) == ["order_cancelled", "stock_restocked", "stock_restocked"]
    assert [fact.on_hand for fact in facts] == [0, 2, 1]
    assert len({fact.operation for fact in facts}) == 3
    assert cancel(order, "again", "tom", NOON)[1].operation == facts[1].operation
