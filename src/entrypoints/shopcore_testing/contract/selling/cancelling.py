"""Taking an order back: its stock returns once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shopcore.errors import CancelWindowClosed, CustomerLimit, KeyReused, OrderNotFound
from shopcore.orders.model import Order
from shopcore.policy import Policy
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.opened import Contents
from shopcore_testing.samples import MINUTE
from shopcore_testing.selling import a_key, item, level, orders, track


@pytest.fixture
def order(shop: Shop, watch: Watch) -> Order:
    """Ann bought two of five mugs and a song; bob one mug."""
    item(shop)
    item(shop, "song", None)
    shop.carts.add_item("ann", "mug", 2)
    shop.carts.add_item("ann", "song", 3)
    shop.carts.add_item("bob", "mug")
    order = shop.checkout.place_order("ann")
    shop.checkout.place_order("bob")
    watch.on(minutes=10)
    return order


def test_a_cancel_gives_the_stock_back(shop: Shop, watch: Watch, order: Order) -> None:
    cancelled = shop.orders.cancel(order.id, actor="ann", owner="ann", reason="changed my mind").value
    assert (cancelled.status, cancelled.lines, cancelled.total) == ("cancelled", order.lines, order.total)
    event = cancelled.history[-1]
    assert (event.at, event.actor, event.reason) == (watch.now, "ann", "changed my mind")
    assert shop.orders.get(order.id) == cancelled
    assert level(shop) == (4, 0)
    explained = shop.inventory.explain("mug")
    assert (explained.equation.sold, explained.equation.restocked) == (3, 2)
    assert explained.entries[0].order_id == order.id


def test_cancelling_again_does_nothing_more(shop: Shop, watch: Watch, order: Order, contents: Contents) -> None:
    first = shop.orders.cancel(order.id, actor="ann", owner="ann", reason="one").value
    before = contents()
    watch.on(days=1)
    for owner, actor in (("ann", "ann"), (None, "support")):
        assert shop.orders.cancel(order.id, actor=actor, owner=owner, reason="two").value == first
    assert contents() == before


def test_an_owner_may_only_while_the_window_is_open_and_staff_always(
    shop: Shop, watch: Watch, order: Order, contents: Contents
) -> None:
    watch.now = order.created_at + 30 * MINUTE
    before = contents()
    assert isinstance(raised(lambda: shop.orders.cancel(order.id, actor="ann", owner="ann")), CancelWindowClosed)
    assert contents() == before
    assert shop.orders.cancel(order.id, actor="support").value.status == "cancelled"


def test_the_last_moment_of_the_window_is_open(shop: Shop, watch: Watch, order: Order) -> None:
    watch.now = order.created_at + 30 * MINUTE - timedelta(microseconds=1)
    assert shop.orders.cancel(order.id, actor="ann", owner="ann").value.status == "cancelled"


def test_a_window_of_nothing_leaves_it_to_staff(store: Store, watch: Watch) -> None:
    shop = Shop(store, clock=watch, policy=Policy(cancel_window=timedelta(0)))
    item(shop)
    shop.carts.add_item("ann", "mug")
    order = shop.checkout.place_order("ann")
    assert isinstance(raised(lambda: shop.orders.cancel(order.id, actor="ann", owner="ann")), CancelWindowClosed)
    assert shop.orders.cancel(order.id, actor="support").value.status == "cancelled"


def test_nobody_cancels_or_sees_the_order_of_another(shop: Shop, order: Order) -> None:
    assert isinstance(raised(lambda: shop.orders.cancel(order.id, actor="bob", owner="bob")), OrderNotFound)
    assert isinstance(raised(lambda: shop.orders.cancel("none", actor="support")), OrderNotFound)
    assert isinstance(raised(lambda: shop.orders.get(order.id, owner="bob")), OrderNotFound)
    assert isinstance(raised(lambda: shop.orders.get("none")), OrderNotFound)
    assert shop.orders.get(order.id, owner="ann") == order


def test_an_order_of_untracked_items_only_has_nothing_to_give_back(shop: Shop) -> None:
    item(shop, "song", None)
    shop.carts.add_item("ann", "song", 3)
    order = shop.checkout.place_order("ann")
    assert shop.orders.cancel(order.id, actor="ann", owner="ann").value.status == "cancelled"


def test_units_come_back_to_an_item_that_is_sold_no_more(shop: Shop, order: Order) -> None:
    shop.catalog.archive("mug", actor="staff", mode="recall")
    shop.orders.cancel(order.id, actor="support")
    assert level(shop) == (4, 0)


def test_an_item_that_is_tracked_since_gets_back_no_more_than_was_taken(shop: Shop, order: Order) -> None:
    """The songs were sold when nobody counted them."""
    track(shop, "song", 7)
    shop.orders.cancel(order.id, actor="support")
    assert [level(shop, "song"), level(shop, "mug")] == [(7, 0), (4, 0)]


def test_a_cancelled_purchase_does_not_count_towards_a_ration(shop: Shop) -> None:
    item(shop, "few", 9, max_per_customer=2)
    shop.carts.add_item("ann", "few", 2)
    order = shop.checkout.place_order("ann")
    assert isinstance(raised(lambda: shop.carts.add_item("ann", "few")), CustomerLimit)
    shop.orders.cancel(order.id, actor="ann", owner="ann")
    assert shop.carts.add_item("ann", "few", 2).lines[0].quantity == 2


def test_a_cancel_with_a_key_is_answered_again(shop: Shop, order: Order) -> None:
    key = a_key(operation="cancel")
    first = shop.orders.cancel(order.id, actor="ann", owner="ann", key=key)
    again = shop.orders.cancel(order.id, actor="ann", owner="ann", key=key)
    assert (first.replayed, again.replayed) == (False, True)
    assert first.value == again.value
    other = a_key(operation="cancel", body="other")
    assert isinstance(raised(lambda: shop.orders.cancel(order.id, actor="ann", owner="ann", key=other)), KeyReused)
    assert level(shop) == (4, 0)
    assert [placed.status for placed in orders(shop)].count("cancelled") == 1
