"""What a shopper does with a cart."""

from __future__ import annotations

import pytest

from shopcore.carts.model import MAX_QUANTITY
from shopcore.errors import (
    CartNotFound,
)
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.selling import item, level, lines, reasons


def test_the_first_look_opens_a_cart_and_the_next_shows_it(shop: Shop) -> None:
    cart = shop.carts.get("ann")
    assert (cart.owner, cart.status, cart.version, cart.lines, cart.currency) == ("ann", "active", 1, (), "EUR")
    assert cart.total == cart.subtotal == Money(0, "EUR")
    assert shop.carts.get("ann") == cart
    assert shop.carts.get("bob").id != cart.id


def test_adding_again_raises_the_quantity_of_the_one_line(shop: Shop) -> None:
    item(shop, price="7.50")
    shop.carts.add_item("ann", "mug", 2)
    cart = shop.carts.add_item("ann", "mug")
    [line] = cart.lines
    assert (line.quantity, line.line_total, cart.total) == (3, Money(2250, "EUR"), Money(2250, "EUR"))
    assert level(shop) == (5, 3)


def test_lines_stand_in_the_order_in_which_they_came(shop: Shop, watch: Watch) -> None:
    for name in ("pot", "cup", "mug"):
        item(shop, name)
        shop.carts.add_item("ann", name)
        watch.on(seconds=1)
    shop.carts.add_item("ann", "pot")
    assert list(lines(shop, "ann")) == ["pot", "cup", "mug"]


def test_a_quantity_can_be_set_up_down_and_to_nothing(shop: Shop) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 2)
    assert shop.carts.set_quantity("ann", "mug", 5).lines[0].quantity == 5
    assert level(shop) == (5, 5)
    assert shop.carts.set_quantity("ann", "mug", 1).lines[0].quantity == 1
    assert level(shop) == (5, 1)
    assert shop.carts.set_quantity("ann", "mug", 0).lines == ()
    assert level(shop) == (5, 0)
    assert reasons(shop) == [("ann", "decreased", 4), ("ann", "removed", 1)]


def test_clearing_takes_everything_out_and_gives_it_back(shop: Shop, watch: Watch) -> None:
    item(shop)
    item(shop, "cup")
    item(shop, "song", None)
    for name in ("mug", "cup", "song"):
        shop.carts.add_item("ann", name, 2)
        watch.on(seconds=1)
    cart = shop.carts.clear("ann")
    assert (cart.lines, cart.version) == ((), 5)
    assert [level(shop, "mug"), level(shop, "cup")] == [(5, 0), (5, 0)]
    assert reasons(shop) == [("ann", "cleared", 2)] * 3


def test_an_untracked_item_has_no_end_and_no_hold(shop: Shop) -> None:
    item(shop, "song", None)
    cart = shop.carts.add_item("ann", "song", MAX_QUANTITY)
    assert [(line.hold, line.until) for line in cart.lines] == [("none", None)]
    with shop.store.read() as tx:
        assert tx.journal.ledger("song", limit=9) == []
    shop.checkout.place_order("ann")
    shop.carts.add_item("ann", "song", MAX_QUANTITY)
    assert lines(shop, "ann") == {"song": (MAX_QUANTITY, "none")}


@pytest.mark.parametrize("owner", ["zoë 🛒", "' OR 1=1 --", " ", "李小龙\n", "x" * 200, "{}", '["ann"]', "ann,bob"])
def test_an_owner_may_be_any_text(shop: Shop, owner: str) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug")
    shop.carts.add_item(owner, "mug", 2)
    shop.carts.set_quantity(owner, "mug", 1)
    order = shop.checkout.place_order(owner)
    assert (order.owner, order.lines[0].quantity) == (owner, 1)
    assert lines(shop, "ann") == {"mug": (1, "live")}
    assert [record.owner for record in shop.removals.list(owner=owner)] == [owner]
    assert [cart.owner for cart in shop.carts.list(PageRequest(), owner=owner)] == [owner] * 2


def test_staff_see_any_cart_and_all_that_happened_to_it(shop: Shop, watch: Watch) -> None:
    item(shop)
    cart = shop.carts.add_item("ann", "mug", 2, actor="support")
    watch.on(seconds=1)
    shop.carts.set_quantity("ann", "mug", 1)
    order = shop.checkout.place_order("ann")
    shown = shop.carts.show(cart.id)
    kinds = [entry.kind for entry in shop.carts.timeline(cart.id)]
    assert (shown.status, shown.order_id, shown.lines[0].hold) == ("ordered", order.id, "committed")
    assert kinds == [
        "cart_opened",
        "item_added",
        "item_removed",
        "hold_changed",
        "hold_committed",
        "order_placed",
        "cart_closed",
    ]
    assert [entry.actor for entry in shop.carts.timeline(cart.id)][:3] == ["ann", "support", "ann"]
    assert isinstance(raised(lambda: shop.carts.show("none")), CartNotFound)
    assert isinstance(raised(lambda: shop.carts.timeline("none")), CartNotFound)
