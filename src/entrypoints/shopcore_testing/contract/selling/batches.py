"""A list of commands of many shoppers is one use case: as if they had come one by one."""

from __future__ import annotations

from shopcore.carts.commands import (
    AbandonCart,
    AddItem,
    CartCommand,
    ClearCart,
    PlaceOrder,
    RemoveItem,
    SetQuantity,
    ShowCart,
)
from shopcore.carts.view import CartView
from shopcore.orders.model import Order
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch
from shopcore_testing.opened import Contents
from shopcore_testing.selling import a_key, item, level, lines, orders, reasons, removed, told


def test_no_commands_do_nothing(shop: Shop, contents: Contents) -> None:
    before = contents()
    assert shop.carts.handle([]) == []
    assert contents() == before


def test_first_come_first_served(shop: Shop) -> None:
    item(shop, stock=7)
    commands = [AddItem(owner=f"o{number}", item_id="mug", quantity=2) for number in range(6)]
    outcomes = shop.carts.handle(commands)
    assert [told(outcome) for outcome in outcomes] == ["done"] * 3 + ["INSUFFICIENT_STOCK"] * 3
    assert level(shop) == (7, 6)


def test_a_refused_command_costs_its_neighbours_nothing(shop: Shop) -> None:
    item(shop)
    item(shop, "yen", currency="JPY", price="100")
    bad: list[CartCommand] = [
        AddItem(owner="eve", item_id="mug", quantity=6),
        AddItem(owner="eve", item_id="none"),
        AddItem(owner="ann", item_id="yen"),
        AddItem(owner="ann", item_id="mug", quantity=0),
        AddItem(owner="ann", item_id="mug", quantity=10**30),
        SetQuantity(owner="eve", item_id="mug", quantity=1),
        RemoveItem(owner="eve", item_id="mug"),
        ClearCart(owner="eve", if_version=77),
        PlaceOrder(owner="eve"),
        PlaceOrder(owner="ann", promo_code="none"),
        ShowCart(owner="eve", cart_id="none"),
    ]
    good = [AddItem(owner="ann", item_id="mug"), *[AddItem(owner=f"o{n}", item_id="mug") for n in range(4)]]
    mixed: list[CartCommand] = [good[0], *bad, *good[1:]]

    outcomes = shop.carts.handle(mixed)

    assert [told(outcome) for command, outcome in zip(mixed, outcomes, strict=True) if command in good] == ["done"] * 5
    assert "done" not in [told(outcome) for outcome in outcomes[1 : 1 + len(bad)]]
    assert level(shop) == (5, 5)
    assert lines(shop, "eve") == {}


def test_one_shopper_may_buy_and_go_on_in_one_batch(shop: Shop) -> None:
    item(shop)
    first = shop.carts.add_item("ann", "mug")
    outcomes = shop.carts.handle(
        [
            AddItem(owner="ann", item_id="mug", cart_id=first.id),
            PlaceOrder(owner="ann", cart_id=first.id),
            AddItem(owner="ann", item_id="mug"),
            PlaceOrder(owner="ann", cart_id=first.id),
            AddItem(owner="ann", item_id="mug", cart_id=first.id),
            PlaceOrder(owner="ann"),
            PlaceOrder(owner="ann"),
            AddItem(owner="ann", item_id="mug", quantity=2),
        ]
    )
    assert [told(outcome) for outcome in outcomes] == [
        "done",
        "done",
        "done",
        "done",
        "CART_CLOSED",
        "done",
        "CART_EMPTY",
        "done",
    ]
    assert outcomes[3].existed
    assert outcomes[3].take(Order) == outcomes[1].take(Order)
    assert [order.lines[0].quantity for order in orders(shop)] == [2, 1]
    assert lines(shop, "ann") == {"mug": (2, "live")}
    assert level(shop) == (2, 2)
    assert outcomes[7].take(CartView).version > outcomes[2].take(CartView).version


def test_a_newcomers_whole_story_fits_in_one_batch(shop: Shop) -> None:
    item(shop)
    item(shop, "cup")
    story: list[CartCommand] = [
        ShowCart(owner="ann"),
        AddItem(owner="ann", item_id="mug", quantity=3),
        AddItem(owner="ann", item_id="cup", quantity=2),
        SetQuantity(owner="ann", item_id="mug", quantity=2),
        RemoveItem(owner="ann", item_id="cup"),
        AddItem(owner="ann", item_id="cup"),
        PlaceOrder(owner="ann"),
        AddItem(owner="ann", item_id="cup"),
        ClearCart(owner="ann"),
        AddItem(owner="ann", item_id="cup"),
        AbandonCart(owner="ann"),
    ]
    assert {told(outcome) for outcome in shop.carts.handle(story)} == {"done"}
    assert [level(shop, "mug"), level(shop, "cup")] == [(3, 0), (4, 0)]
    fates = {(row.item_id, row.reason): (row.quantity, row.outcome, bool(row.returned_at)) for row in removed(shop)}
    assert fates == {
        ("mug", "decreased"): (1, "recovered", False),
        ("cup", "removed"): (2, "recovered", True),
        ("cup", "cleared"): (1, "abandoned", True),
    }


def test_a_purchase_is_not_noted_on_what_the_same_batch_removes_after_it(shop: Shop) -> None:
    item(shop)
    shop.carts.handle(
        [
            AddItem(owner="ann", item_id="mug"),
            PlaceOrder(owner="ann"),
            AddItem(owner="ann", item_id="mug"),
            RemoveItem(owner="ann", item_id="mug"),
        ]
    )
    [record] = removed(shop)
    assert (record.outcome, record.bought_later_order_id) == ("open", None)


def test_a_later_purchase_in_the_same_batch_is_noted(shop: Shop) -> None:
    item(shop)
    item(shop, "cup")
    outcomes = shop.carts.handle(
        [
            AddItem(owner="ann", item_id="mug"),
            AddItem(owner="ann", item_id="cup"),
            RemoveItem(owner="ann", item_id="mug"),
            PlaceOrder(owner="ann"),
            AddItem(owner="ann", item_id="mug"),
            PlaceOrder(owner="ann"),
            AddItem(owner="ann", item_id="mug"),
            RemoveItem(owner="ann", item_id="mug"),
            AddItem(owner="ann", item_id="cup"),
            PlaceOrder(owner="ann"),
        ]
    )
    first, second, third = (outcome.answer for outcome in outcomes if isinstance(outcome.answer, Order))
    early, late = sorted(removed(shop), key=lambda row: row.order_id == third.id)
    assert (early.order_id, early.outcome, early.bought_later_order_id) == (first.id, "lost", second.id)
    assert (late.order_id, late.outcome, late.bought_later_order_id) == (third.id, "lost", None)


def test_what_one_gives_back_the_next_may_take(shop: Shop) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 5)
    outcomes = shop.carts.handle(
        [
            AddItem(owner="bob", item_id="mug", quantity=5),
            RemoveItem(owner="ann", item_id="mug"),
            AddItem(owner="cid", item_id="mug", quantity=5),
            SetQuantity(owner="cid", item_id="mug", quantity=2),
            AddItem(owner="bob", item_id="mug", quantity=3),
        ]
    )
    assert [told(outcome) for outcome in outcomes] == ["INSUFFICIENT_STOCK", "done", "done", "done", "done"]
    assert level(shop) == (5, 5)
    assert sorted(reasons(shop)) == [("ann", "removed", 5), ("cid", "decreased", 3)]


def test_a_batch_with_a_key_that_was_used_replays_just_that(shop: Shop) -> None:
    item(shop)
    keyed = AddItem(owner="ann", item_id="mug", key=a_key())
    shop.carts.handle([keyed])
    outcomes = shop.carts.handle([AddItem(owner="ann", item_id="mug"), keyed, AddItem(owner="ann", item_id="mug")])
    assert [outcome.replayed for outcome in outcomes] == [False, True, False]
    assert [outcome.take(CartView).lines[0].quantity for outcome in outcomes] == [2, 1, 3]


def test_what_one_reclaims_may_leave_the_next_short_of_something_else(shop: Shop, watch: Watch) -> None:
    """The order takes the last free pot, so that the add needs the one that fay holds too long."""
    item(shop, stock=2)
    item(shop, "pot", 2)
    for name in ("mug", "pot"):
        shop.carts.add_item("ann", name)
    watch.on(minutes=15)
    shop.inventory.sweep()
    shop.carts.add_item("eve", "mug", 2)
    shop.carts.add_item("fay", "pot")
    watch.on(minutes=15)

    outcomes = shop.carts.handle([PlaceOrder(owner="ann"), AddItem(owner="bob", item_id="pot")])

    assert [told(outcome) for outcome in outcomes] == ["done", "done"]
    assert [lines(shop, owner) for owner in ("eve", "fay")] == [{"mug": (2, "expired")}, {"pot": (1, "expired")}]
