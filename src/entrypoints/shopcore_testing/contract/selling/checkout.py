"""From a cart to an order: all lines or none, once."""

from __future__ import annotations

import pytest

from shopcore.carts.commands import AddItem, PlaceOrder
from shopcore.errors import CartClosed, CartNotFound, CheckoutRefused, StaleVersion
from shopcore.money import Money
from shopcore.orders.model import Order
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.opened import Contents
from shopcore_testing.selling import a_key, item, level, lines, orders, problems, reprice, told


def test_an_order_has_what_the_cart_showed(shop: Shop, watch: Watch) -> None:
    item(shop, price="7.50", sku="M-1")
    item(shop, "song", None, price="0.99")
    shop.carts.add_item("ann", "mug", 2)
    watch.on(seconds=1)
    cart = shop.carts.add_item("ann", "song", 999)

    order = shop.checkout.place_order("ann", actor="support")

    assert (order.owner, order.cart_id, order.created_at, order.status) == ("ann", cart.id, watch.now, "placed")
    assert [(line.item_id, line.sku, line.name, line.quantity, line.unit_price.amount) for line in order.lines] == [
        ("mug", "M-1", "Mug", 2, 750),
        ("song", None, "Song", 999, 99),
    ]
    assert order.total == order.subtotal == cart.total == Money(1500 + 98901, "EUR")
    assert [(event.status, event.actor) for event in order.history] == [("placed", "support")]
    assert shop.orders.get(order.id) == order
    assert level(shop) == (3, 0)


def test_the_next_cart_is_open_and_empty(shop: Shop) -> None:
    item(shop)
    old = shop.carts.add_item("ann", "mug")
    shop.checkout.place_order("ann")
    cart = shop.carts.get("ann")
    assert (cart.lines, cart.status) == ((), "active")
    assert cart.version > shop.carts.show(old.id).version  # so that no If-Match of the old one fits the new one
    assert cart.id != old.id
    assert shop.carts.show(old.id).status == "ordered"


def test_an_empty_cart_is_not_ordered(shop: Shop, contents: Contents) -> None:
    shop.carts.get("ann")
    before = contents()
    error = raised(lambda: shop.checkout.place_order("ann"))
    assert isinstance(error, CheckoutRefused)
    assert problems(error) == [("CART_EMPTY", None)]
    assert contents() == before
    shop.carts.get("bob")
    assert problems(shop.carts.get("bob")) == [("CART_EMPTY", None)]


def test_a_hold_that_is_long_overdue_is_committed_all_the_same(shop: Shop, watch: Watch) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 5)
    watch.on(days=30)
    assert shop.checkout.place_order("ann").lines[0].quantity == 5
    assert level(shop) == (0, 0)
    assert shop.inventory.sweep() == 0


def test_one_line_that_cannot_be_had_keeps_the_others_from_being_sold(
    shop: Shop, watch: Watch, contents: Contents
) -> None:
    item(shop)
    item(shop, "cup")
    shop.carts.add_item("ann", "mug", 2)
    watch.on(minutes=15)
    shop.inventory.sweep()
    shop.carts.add_item("ann", "cup", 2)
    shop.carts.add_item("bob", "mug", 4)
    before = contents()

    error = raised(lambda: shop.checkout.place_order("ann"))

    assert isinstance(error, CheckoutRefused)
    assert problems(error) == [("HOLD_EXPIRED", "mug")]
    assert contents() == before


def test_naming_a_cart_that_was_ordered_gives_its_order_again(shop: Shop, contents: Contents) -> None:
    item(shop)
    cart = shop.carts.add_item("ann", "mug", 2)
    order = shop.checkout.place_order("ann", cart_id=cart.id)
    shop.carts.add_item("ann", "mug")
    before = contents()

    again = [shop.checkout.place_order("ann", cart_id=cart.id, if_version=version) for version in (None, 1, 99)]

    assert again == [order] * 3
    assert contents() == before
    [outcome] = shop.carts.handle([PlaceOrder(owner="ann", cart_id=cart.id)])
    assert (outcome.existed, outcome.replayed) == (True, False)


def test_a_cancelled_order_is_given_again_as_cancelled(shop: Shop) -> None:
    item(shop)
    cart = shop.carts.add_item("ann", "mug", 2)
    order = shop.checkout.place_order("ann")
    shop.orders.cancel(order.id, actor="ann", owner="ann")
    assert shop.checkout.place_order("ann", cart_id=cart.id).status == "cancelled"
    assert level(shop) == (5, 0)


def test_nobody_elses_cart_can_be_ordered_or_asked_for(shop: Shop) -> None:
    item(shop)
    anns = shop.carts.add_item("ann", "mug", 2)
    assert isinstance(raised(lambda: shop.checkout.place_order("eve", cart_id=anns.id)), CartNotFound)
    shop.checkout.place_order("ann")
    assert isinstance(raised(lambda: shop.checkout.place_order("eve", cart_id=anns.id)), CartNotFound)
    assert isinstance(raised(lambda: shop.checkout.place_order("eve", cart_id="none")), CartNotFound)
    assert len(orders(shop)) == 1


def test_a_cart_that_was_abandoned_cannot_be_ordered(shop: Shop) -> None:
    item(shop)
    cart = shop.carts.add_item("ann", "mug", 2)
    shop.carts.abandon("ann")
    assert isinstance(raised(lambda: shop.checkout.place_order("ann", cart_id=cart.id)), CartClosed)
    assert level(shop) == (5, 0)


def test_a_version_that_is_stale_is_refused(shop: Shop) -> None:
    item(shop)
    cart = shop.carts.add_item("ann", "mug")
    error = raised(lambda: shop.checkout.place_order("ann", if_version=cart.version - 1))
    assert isinstance(error, StaleVersion)
    assert (error.expected, error.version) == (1, 2)
    shop.checkout.place_order("ann", if_version=cart.version)


def test_a_promo_code_that_does_not_exist_is_no_silent_full_price(shop: Shop) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug")
    error = raised(lambda: shop.checkout.place_order("ann", promo_code="SAVE"))
    assert isinstance(error, CheckoutRefused)
    assert [(problem.code, problem.promo_code) for problem in error.problems] == [("PROMO_NOT_FOUND", "SAVE")]
    assert level(shop) == (5, 1)


def test_an_order_never_changes(shop: Shop) -> None:
    item(shop, price="7.50", sku="M-1")
    shop.carts.add_item("ann", "mug", 2)
    order = shop.checkout.place_order("ann")
    reprice(shop, "mug", "99.00")
    shop.catalog.archive("mug", actor="staff", mode="recall")
    shop.inventory.change("mug", on_hand=0, reason="broken", actor="staff")
    assert shop.orders.get(order.id) == order


def test_orders_are_listed_newest_first_and_only_to_their_owner(shop: Shop, watch: Watch) -> None:
    item(shop, stock=99)
    placed = []
    for number in range(6):
        shop.carts.add_item("ab"[number % 2], "mug", number + 1)
        placed.append(shop.checkout.place_order("ab"[number % 2]))
        watch.on(microseconds=number % 2)
    newest = sorted(placed, key=lambda order: (order.created_at, order.id), reverse=True)
    assert [order.id for order in shop.orders.list(PageRequest())] == [order.id for order in newest]
    own = shop.orders.list(PageRequest(page=2, limit=2), owner="a")
    assert ([order.id for order in own], own.total) == ([order.id for order in newest if order.owner == "a"][2:], 3)


@pytest.mark.parametrize("amount", ["0", "0.01", "10000000000.00"])
def test_totals_are_exact_whatever_the_price(shop: Shop, amount: str) -> None:
    item(shop, "gold", None, price=amount)
    item(shop, "gram", None, price=amount)
    shop.carts.add_item("ann", "gold", 999)
    shop.carts.add_item("ann", "gram", 999)
    order = shop.checkout.place_order("ann")
    assert order.total.amount == 2 * 999 * Money.parse(amount, "EUR").amount
    assert shop.orders.get(order.id) == order


def test_a_checkout_with_a_key_gives_the_same_order_again(shop: Shop) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 2)
    command = PlaceOrder(owner="ann", key=a_key())
    [first] = shop.carts.handle([command])
    shop.carts.handle([AddItem(owner="ann", item_id="mug")])
    [again] = shop.carts.handle([command])
    assert (first.replayed, again.replayed) == (False, True)
    assert first.take(Order) == again.take(Order)
    assert lines(shop, "ann") == {"mug": (1, "live")}
    assert told(shop.carts.handle([PlaceOrder(owner="ann", key=a_key(body="other"))])[0]) == "IDEMPOTENCY_KEY_REUSED"
