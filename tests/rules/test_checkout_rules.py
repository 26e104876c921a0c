"""What stands between a cart and its order, and what placing it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from shopcore.carts.commands import PlaceOrder
from shopcore.carts.model import Cart
from shopcore.carts.view import in_order, obstacles, view
from shopcore.catalog.model import Item
from shopcore.checkout.rules import place_order, refusals
from shopcore.errors import CheckoutRefused, CurrencyMismatch
from shopcore.facts import CartFact, CartOpened, HoldCommitted, ItemAdded, OrderPlaced
from shopcore.inventory.model import Level
from shopcore.money import Money
from shopcore_testing.samples import NOON, SECOND, a_cart, a_level, a_line, an_item, euros
from turns import a_turn, after, kinds, shelf

ORDER = PlaceOrder(owner="ann")


def levels_of(items: Mapping[str, Item]) -> dict[str, Level]:
    return {name: item.level for name, item in items.items() if item.level is not None}


def placed(cart: Cart, items: Mapping[str, Item], command: PlaceOrder = ORDER) -> list[CartFact]:
    return list(place_order(cart, command, items, levels_of(items), a_turn()))


def found(cart: Cart, items: Mapping[str, Item]) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.item_id) for problem in obstacles(in_order(cart), items, levels_of(items))]


def test_an_order_commits_every_hold_closes_the_cart_and_opens_the_next() -> None:
    items = shelf("mug", "cup") | {"song": an_item("song")}
    lines = (a_line("mug", 2), a_line("cup", 1, added_at=NOON - SECOND), a_line("song", 3, hold=None))
    cart = a_cart("c1", "ann", *lines)

    facts = placed(cart, items)

    assert kinds(facts) == ["hold_committed", "hold_committed", "order_placed", "cart_closed", "cart_opened"]
    [order] = [fact.order for fact in facts if isinstance(fact, OrderPlaced)]
    assert [(line.item_id, line.quantity, line.hold_id) for line in order.lines] == [
        ("cup", 1, "c1 of cup"),
        ("mug", 2, "c1 of mug"),
        ("song", 3, None),
    ]
    assert (order.total, order.subtotal, order.discount) == (euros(6000), euros(6000), euros(0))
    closed = after(cart, facts[:-1])
    assert (closed.status, closed.order_id) == ("ordered", order.id)
    assert all(line.hold is None for line in closed.lines.values())
    assert isinstance(facts[-1], CartOpened)
    assert facts[-1].version > closed.version
    assert len({fact.operation for fact in facts}) == len(facts)


def test_a_lapsed_line_is_taken_again_before_it_is_sold() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 2, hold=None, lapse="expired"))
    facts = placed(cart, shelf("mug"))
    assert kinds(facts)[:3] == ["item_added", "hold_committed", "order_placed"]
    added, committed = facts[:2]
    assert isinstance(added, ItemAdded)
    assert isinstance(committed, HoldCommitted)
    assert added.hold_id == committed.hold_id
    assert sum(fact.on_hand for fact in facts) == -2
    assert sum(fact.held for fact in facts) == 0


def test_everything_in_the_way_is_named_at_once_line_by_line() -> None:
    items = {
        "bad": an_item("bad", status="recalled", level=a_level("bad", 9, 1)),
        "end": an_item("end", status="finishing", level=a_level("end", 9)),
        "few": an_item("few", max_per_customer=1, level=a_level("few", 9)),
        "gone": an_item("gone", level=a_level("gone", 1)),
        "late": an_item("late", level=a_level("late", 3, 2)),
        "ok": an_item("ok", level=a_level("ok", 2, 2)),
        "up": an_item("up", price=euros(1100), level=a_level("up", 1)),
    }
    wish: dict[str, Any] = {"hold": None, "lapse": "expired"}
    cart = a_cart(
        "c1",
        "ann",
        a_line("bad", 1),
        a_line("end", 1, **wish),
        a_line("few", 2, **wish),
        a_line("gone", 2, hold=None),
        a_line("late", 2, **wish),
        a_line("ok", 2),
        a_line("up", 2, **wish),
    )
    assert found(cart, items) == [
        ("ITEM_UNAVAILABLE", "bad"),
        ("ITEM_UNAVAILABLE", "end"),
        ("HOLD_EXPIRED", "few"),
        ("INSUFFICIENT_STOCK", "gone"),
        ("HOLD_EXPIRED", "late"),
        ("HOLD_EXPIRED", "up"),
        ("PRICE_CHANGED", "up"),
    ]
    with pytest.raises(CheckoutRefused) as caught:
        placed(cart, items)
    assert [problem.item_id for problem in caught.value.problems] == [item_id for _, item_id in found(cart, items)]
    assert caught.value.code == "ITEM_UNAVAILABLE"


def test_a_live_hold_of_a_finished_item_is_no_obstacle() -> None:
    items = shelf("mug", status="finishing")
    assert found(a_cart("c1", "ann", a_line("mug", 5)), items) == []


def test_an_empty_cart_is_the_only_thing_in_its_way() -> None:
    assert found(a_cart("c1", "ann"), {}) == [("CART_EMPTY", None)]
    with pytest.raises(CheckoutRefused):
        placed(a_cart("c1", "ann"), {})


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        (ORDER, ["PRICE_CHANGED"]),
        (replace(ORDER, expected_total=euros(2199)), ["PRICE_CHANGED"]),
        (replace(ORDER, expected_total=euros(2200)), []),
        (replace(ORDER, if_version=3), []),
        (replace(ORDER, if_version=3, expected_total=euros(1)), ["PRICE_CHANGED"]),
        (replace(ORDER, promo_code="X"), ["PRICE_CHANGED", "PROMO_NOT_FOUND"]),
        (replace(ORDER, promo_code="X", expected_total=euros(9999)), ["PROMO_NOT_FOUND"]),
    ],
)
def test_a_higher_price_needs_consent(command: PlaceOrder, codes: list[str]) -> None:
    items = shelf("mug", price=euros(1100))
    shown = view(a_cart("c1", "ann", a_line("mug", 2)), items, levels_of(items))
    assert [problem.code for problem in refusals(shown, command)] == codes


@pytest.mark.parametrize(("expected", "codes"), [(1999, ["PRICE_CHANGED"]), (2000, []), (2001, [])])
def test_an_expected_total_is_the_most_that_is_paid(expected: int, codes: list[str]) -> None:
    items = shelf("mug")
    shown = view(a_cart("c1", "ann", a_line("mug", 2)), items, levels_of(items))
    problems = refusals(shown, replace(ORDER, expected_total=euros(expected)))
    assert [problem.code for problem in problems] == codes
    assert all((problem.old, problem.new) == (euros(expected), euros(2000)) for problem in problems)


def test_a_total_in_another_currency_is_no_consent_and_no_answer() -> None:
    items = shelf("mug")
    shown = view(a_cart("c1", "ann", a_line("mug", 2)), items, levels_of(items))
    with pytest.raises(CurrencyMismatch):
        refusals(shown, replace(ORDER, expected_total=Money(2000, "USD")))


def test_a_view_adds_up_at_todays_prices_while_the_cart_is_open() -> None:
    items = shelf("mug", price=euros(333)) | shelf("cup", price=euros(1))
    cart = a_cart("c1", "ann", a_line("mug", 3), a_line("cup", 999, hold=None, lapse="expired"))
    open_view, closed_view = (
        view(state, items, levels_of(items)) for state in (cart, replace(cart, status="abandoned"))
    )
    assert (open_view.total, open_view.subtotal - open_view.discount) == (euros(999 + 999), open_view.total)
    assert closed_view.total == euros(1000 * (3 + 999))
    assert closed_view.problems == ()
    assert [(line.item_id, line.hold) for line in open_view.lines] == [("cup", "expired"), ("mug", "live")]
