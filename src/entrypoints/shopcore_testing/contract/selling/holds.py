"""How long stock is held, and what renews a hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shopcore.carts.commands import AddItem, PlaceOrder, SetQuantity
from shopcore.errors import OutOfStock, ShopError
from shopcore.policy import Policy
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.samples import MICRO, MINUTE, NOON
from shopcore_testing.selling import item, level, lines, reprice, until


def shop_with(store: Store, watch: Watch, **policy: Any) -> Shop:
    return Shop(store, clock=watch, policy=Policy(**policy))


def test_a_hold_lasts_a_quarter_of_an_hour(shop: Shop) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 2)
    assert until(shop, "ann") == NOON + 15 * MINUTE
    assert lines(shop, "ann") == {"mug": (2, "live")}


@pytest.mark.parametrize("quantity", [1, 2, 4])
def test_a_change_of_the_line_renews_its_hold(shop: Shop, watch: Watch, quantity: int) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 3)
    watch.on(minutes=10, microseconds=1)
    shop.carts.set_quantity("ann", "mug", quantity)
    assert until(shop, "ann") == NOON + 25 * MINUTE + MICRO


def test_nothing_else_renews_it(shop: Shop, watch: Watch) -> None:
    item(shop)
    item(shop, "cup")
    cart = shop.carts.add_item("ann", "mug", 2)
    watch.on(minutes=10)
    shop.carts.add_item("ann", "cup")
    shop.carts.remove_item("ann", "cup")
    shop.carts.get("ann")
    shop.carts.set_quantity("ann", "mug", 2)
    reprice(shop, "mug", "11.00")
    shop.inventory.change("mug", delta=5, reason="more", actor="staff")
    refused = [
        AddItem(owner="ann", item_id="mug", quantity=99),
        AddItem(owner="ann", item_id="mug", if_version=1),
        AddItem(owner="ann", item_id="mug", cart_id="another"),
        SetQuantity(owner="ann", item_id="mug", quantity=99),
        SetQuantity(owner="ann", item_id="mug", quantity=-1),
        PlaceOrder(owner="ann", promo_code="none"),
    ]
    assert all(isinstance(outcome.answer, ShopError) for outcome in shop.carts.handle(refused))
    assert until(shop, "ann") == NOON + 15 * MINUTE
    assert shop.carts.show(cart.id).lines[0].quantity == 2


def test_no_renewal_reaches_beyond_an_hour_from_the_first_hold(shop: Shop, watch: Watch) -> None:
    item(shop, stock=99)
    shop.carts.add_item("ann", "mug")
    deadlines = []
    for _ in range(6):
        watch.on(minutes=12)
        shop.carts.add_item("ann", "mug")
        deadlines.append(until(shop, "ann"))
    assert deadlines == [NOON + minutes * MINUTE for minutes in (27, 39, 51, 60, 60, 60)]


def test_a_hold_past_its_cap_is_the_first_to_be_reclaimed_even_if_changed_just_now(shop: Shop, watch: Watch) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 3)
    watch.on(minutes=61)
    shop.carts.set_quantity("ann", "mug", 4)
    assert lines(shop, "ann") == {"mug": (4, "live")}
    shop.carts.add_item("bob", "mug", 5)
    assert lines(shop, "ann") == {"mug": (4, "expired")}


def test_a_line_that_left_and_came_back_begins_anew(shop: Shop, watch: Watch) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug")
    watch.on(minutes=50)
    shop.carts.remove_item("ann", "mug")
    shop.carts.add_item("ann", "mug")
    watch.on(minutes=14)
    shop.carts.add_item("ann", "mug")
    assert until(shop, "ann") == NOON + (50 + 14 + 15) * MINUTE


def test_times_are_the_policys(store: Store, watch: Watch) -> None:
    shop = shop_with(store, watch, hold_time=timedelta(seconds=1.5), hold_cap=timedelta(seconds=2))
    item(shop)
    shop.carts.add_item("ann", "mug")
    assert until(shop, "ann") == NOON + timedelta(seconds=1.5)
    watch.on(seconds=1)
    shop.carts.add_item("ann", "mug")
    assert until(shop, "ann") == NOON + timedelta(seconds=2)


def test_without_a_hold_time_a_hold_never_ends(store: Store, watch: Watch) -> None:
    shop = shop_with(store, watch, hold_time=timedelta(0))
    item(shop)
    shop.carts.add_item("ann", "mug", 5)
    watch.on(days=10_000)
    assert until(shop, "ann") is None
    assert shop.inventory.sweep() == 0
    assert isinstance(raised(lambda: shop.carts.add_item("bob", "mug")), OutOfStock)
    assert lines(shop, "ann") == {"mug": (5, "live")}


def test_a_deadline_alone_ends_nothing(shop: Shop, watch: Watch) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 4)
    watch.on(hours=2)
    shop.carts.add_item("bob", "mug", 1)
    assert lines(shop, "ann") == {"mug": (4, "live")}
    assert shop.carts.get("ann").problems == ()
    assert level(shop) == (5, 5)
    assert shop.checkout.place_order("ann").lines[0].quantity == 4
    assert level(shop) == (1, 1)


def test_who_holds_an_item_is_known(shop: Shop, watch: Watch) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 2)
    watch.on(minutes=1)
    shop.carts.add_item("bob", "mug", 1)
    watch.on(minutes=1)
    cart = shop.carts.add_item("ann", "mug", 1)
    bobs, anns = shop.inventory.explain("mug").holders
    assert (bobs.owner, bobs.quantity, bobs.until) == ("bob", 1, NOON + 16 * MINUTE)
    assert (anns.owner, anns.quantity, anns.until, anns.cart_id) == ("ann", 3, NOON + 17 * MINUTE, cart.id)
