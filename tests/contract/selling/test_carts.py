"""What a shopper does with a cart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from account_shop import Watch, raised
from selling import item, level, lines, reasons
from shopcore.carts.commands import AddItem, ClearCart, RemoveItem, SetQuantity, ShowCart
from shopcore.carts.model import MAX_QUANTITY
from shopcore.carts.view import CartView
from shopcore.errors import (
    CartClosed,
    CartNotFound,
    CustomerLimit,
    InvalidInput,
    ItemNotFound,
    NotInCart,
    OtherCurrency,
    OutOfStock,
    ShopError,
    StaleVersion,
)
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from stores import contents


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


REFUSED: dict[str, tuple[Callable[[Shop], object], ShopError]] = {
    "too many at once": (lambda shop: shop.carts.add_item("ann", "mug", 4), OutOfStock("mug", 4, 3)),
    "too many in all": (lambda shop: shop.carts.set_quantity("ann", "mug", 9), OutOfStock("mug", 9, 3)),
    "none left": (lambda shop: shop.carts.add_item("ann", "sold-out"), OutOfStock("sold-out", 1, 0)),
    "more than rationed": (lambda shop: shop.carts.add_item("ann", "few", 2), CustomerLimit("few", 2, 2, 0)),
    "more than bought": (lambda shop: shop.carts.add_item("eve", "few", 2), CustomerLimit("few", 2, 2, 1)),
    "no such item": (lambda shop: shop.carts.add_item("ann", "nothing"), ItemNotFound("nothing")),
    "another currency": (lambda shop: shop.carts.add_item("ann", "yen"), OtherCurrency("yen", "JPY", "EUR")),
    "not in the cart": (lambda shop: shop.carts.remove_item("ann", "cup"), NotInCart("cup")),
    "set what is not in the cart": (lambda shop: shop.carts.set_quantity("ann", "cup", 1), NotInCart("cup")),
    "remove what was never there": (lambda shop: shop.carts.set_quantity("ann", "nix", 0), NotInCart("nix")),
    "zero": (lambda shop: shop.carts.add_item("ann", "cup", 0), InvalidInput("quantity", "")),
    "negative": (lambda shop: shop.carts.set_quantity("ann", "mug", -1), InvalidInput("quantity", "")),
    "a thousand": (lambda shop: shop.carts.add_item("ann", "song", 1000), InvalidInput("quantity", "")),
    "a thousand in all": (lambda shop: shop.carts.add_item("ann", "song", 999), InvalidInput("quantity", "")),
    "2**63": (lambda shop: shop.carts.add_item("ann", "song", 2**63), InvalidInput("quantity", "")),
    "a boolean": (lambda shop: shop.carts.add_item("ann", "song", True), InvalidInput("quantity", "")),
    "stale": (lambda shop: shop.carts.add_item("ann", "mug", if_version=3), StaleVersion(3, 4)),
    "from the future": (lambda shop: shop.carts.clear("ann", if_version=5), StaleVersion(5, 4)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why_and_changes_nothing(shop: Shop, name: str) -> None:
    act, expected = REFUSED[name]
    item(shop)
    item(shop, "cup")
    item(shop, "sold-out", 0)
    item(shop, "few", 9, max_per_customer=2)
    item(shop, "yen", 9, price="100", currency="JPY")
    item(shop, "song", None)
    shop.carts.add_item("eve", "few")
    shop.checkout.place_order("eve")
    for name, quantity in (("mug", 2), ("few", 1), ("song", 1)):
        shop.carts.add_item("ann", name, quantity)
    before = contents(shop.store)

    error = raised(lambda: act(shop))

    assert type(error) is type(expected)
    facts = {name: value for name, value in expected.facts.items() if name != "reason"}
    assert {name: value for name, value in error.facts.items() if name in facts} == facts
    assert contents(shop.store) == before


def test_a_cart_keeps_the_currency_of_what_is_in_it(shop: Shop) -> None:
    item(shop, "yen", price="100", currency="JPY")
    item(shop)
    assert shop.carts.add_item("ann", "yen").currency == "JPY"
    assert isinstance(raised(lambda: shop.carts.add_item("ann", "mug")), OtherCurrency)
    shop.carts.clear("ann")
    assert shop.carts.add_item("ann", "mug").currency == "EUR"


def test_each_change_raises_the_version_by_one_and_nothing_else_does(shop: Shop) -> None:
    item(shop)
    versions = [shop.carts.get("ann").version]
    versions.append(shop.carts.add_item("ann", "mug", 2).version)
    versions.append(shop.carts.get("ann").version)
    raised(lambda: shop.carts.add_item("ann", "mug", 9))
    versions.append(shop.carts.set_quantity("ann", "mug", 2).version)
    versions.append(shop.carts.set_quantity("ann", "mug", 1).version)
    versions.append(shop.carts.remove_item("ann", "mug").version)
    versions.append(shop.carts.clear("ann").version)
    assert versions == [1, 2, 2, 2, 3, 4, 4]


def test_a_command_with_the_version_that_was_seen_is_done(shop: Shop) -> None:
    item(shop)
    seen = shop.carts.get("ann")
    for version in range(seen.version, seen.version + 3):
        assert shop.carts.add_item("ann", "mug", if_version=version).version == version + 1
    assert shop.carts.remove_item("ann", "mug", if_version=4).version == 5


def test_naming_a_cart_that_is_closed_strange_or_not_there_is_refused(shop: Shop) -> None:
    item(shop)
    old = shop.carts.add_item("ann", "mug").id
    shop.checkout.place_order("ann")
    now, bobs = shop.carts.add_item("ann", "mug").id, shop.carts.get("bob").id
    commands = [
        kind(owner="ann", cart_id=cart_id, **more) for cart_id in (old, bobs, "nothing") for kind, more in KINDS
    ]
    before = contents(shop.store)

    answers = [outcome.answer for outcome in shop.carts.handle(commands)]

    expected = [CartClosed] * len(KINDS) + [CartNotFound] * 2 * len(KINDS)
    assert [type(answer) for answer in answers] == expected
    assert contents(shop.store) == before
    [outcome] = shop.carts.handle([AddItem(owner="ann", cart_id=now, item_id="mug")])
    assert outcome.take(CartView).lines[0].quantity == 2


KINDS: list[tuple[Callable[..., ShowCart | AddItem | SetQuantity | RemoveItem | ClearCart], dict[str, object]]] = [
    (ShowCart, {}),
    (AddItem, {"item_id": "mug"}),
    (SetQuantity, {"item_id": "mug", "quantity": 0}),
    (RemoveItem, {"item_id": "mug"}),
    (ClearCart, {}),
]


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
        "hold_taken",
        "item_removed",
        "hold_changed",
        "hold_committed",
        "order_placed",
        "cart_closed",
    ]
    assert [entry.actor for entry in shop.carts.timeline(cart.id)][:4] == ["ann", "support", "support", "ann"]
    assert isinstance(raised(lambda: shop.carts.show("none")), CartNotFound)
    assert isinstance(raised(lambda: shop.carts.timeline("none")), CartNotFound)
