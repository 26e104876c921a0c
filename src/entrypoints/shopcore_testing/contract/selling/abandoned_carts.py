"""A cart that ends without an order, and history that is put in with its own times."""

from __future__ import annotations

from datetime import timedelta

from shopcore.carts.commands import AbandonCart, AddItem, PlaceOrder, RemoveItem
from shopcore.orders.model import Order
from shopcore.paging import PageRequest
from shopcore.removals.model import RemovalFilter
from shopcore.shop import Shop
from shopcore_testing.accounts import NOON, Watch


def test_an_abandoned_cart_gives_its_stock_back_and_the_next_one_is_open(shop: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=3)
    cart = shop.carts.add_item("ann", mug.id, quantity=2)

    ended = shop.carts.abandon("ann")

    assert (ended.id, ended.status) == (cart.id, "abandoned")
    assert shop.catalog.get(mug.id).stock == 3
    following = shop.carts.get("ann")
    assert (following.status, following.lines) == ("active", ())
    assert following.id != cart.id


def test_what_was_removed_from_an_abandoned_cart_is_abandoned_and_never_lost(shop: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50")
    shop.carts.add_item("ann", mug.id)
    shop.carts.remove_item("ann", mug.id)

    shop.carts.abandon("ann")
    shop.carts.add_item("ann", mug.id)
    order = shop.checkout.place_order("ann")

    [removal] = shop.removals.list()
    assert (removal.outcome, removal.is_draft) == ("abandoned", True)
    assert removal.bought_later_order_id == order.id


def test_a_cart_that_nothing_was_done_with_is_not_abandoned(shop: Shop) -> None:
    cart = shop.carts.get("ann")

    same = shop.carts.abandon("ann")

    assert (same.id, same.status, same.version) == (cart.id, "active", cart.version)
    assert [entry.kind for entry in shop.carts.timeline(cart.id)] == ["cart_opened"]


def test_carts_of_many_shoppers_end_and_go_on_within_one_batch(shop: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=2)
    shop.carts.add_item("ann", mug.id, quantity=2)

    ended, added, ordered = shop.carts.handle(
        [AbandonCart(owner="ann"), AddItem(owner="bob", item_id=mug.id, quantity=2), PlaceOrder(owner="bob")]
    )

    assert not isinstance(ended.answer, Exception)
    assert not isinstance(added.answer, Exception)
    assert ordered.take(Order).lines[0].quantity == 2


def test_history_keeps_the_times_at_which_it_happened(shop: Shop, watch: Watch) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=5)
    began = NOON - timedelta(days=400)
    minutes = [began + timedelta(minutes=number) for number in range(4)]

    shop.carts.handle(
        [
            AddItem(owner="ann", item_id=mug.id, at=minutes[0]),
            RemoveItem(owner="ann", item_id=mug.id, at=minutes[1]),
            AddItem(owner="ann", item_id=mug.id, at=minutes[2]),
            PlaceOrder(owner="ann", at=minutes[3]),
        ]
    )

    [removal] = shop.removals.list(RemovalFilter(owner="ann"))
    [order] = shop.orders.list(PageRequest())
    assert (removal.added_at, removal.removed_at, removal.returned_at) == tuple(minutes[:3])
    assert (order.created_at, removal.outcome) == (minutes[3], "recovered")
    [first, *_] = shop.carts.timeline(removal.cart_id)
    assert (first.kind, first.at) == ("cart_opened", began)
    assert watch.now == NOON


def test_open_carts_of_many_owners_are_found_without_opening_any(shop: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50")
    cart = shop.carts.add_item("ann", mug.id)

    found = shop.carts.active(["ann", "bob"])

    assert found == {"ann": cart}
    assert shop.carts.list(PageRequest()).total == 1


def test_many_items_are_found_at_once_archived_ones_too(shop: Shop) -> None:
    mug, cup = (shop.catalog.add_item(name=name, price="7.50") for name in ("Mug", "Cup"))
    shop.catalog.archive(cup.id, actor="clerk")

    found = shop.catalog.find([mug.id, cup.id, "nothing"])

    assert {item.id: item.status for item in found.values()} == {mug.id: "listed", cup.id: "finishing"}
