"""What a cart refuses, and what its version is for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shopcore.carts.commands import AddItem, ClearCart, RemoveItem, SetQuantity, ShowCart
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
from shopcore.shop import Shop
from shopcore_testing.accounts import raised
from shopcore_testing.opened import Contents
from shopcore_testing.selling import item

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
def test_a_refusal_says_why_and_changes_nothing(shop: Shop, name: str, contents: Contents) -> None:
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
    before = contents()

    error = raised(lambda: act(shop))

    assert type(error) is type(expected)
    facts = {name: value for name, value in expected.facts.items() if name != "reason"}
    assert {name: value for name, value in error.facts.items() if name in facts} == facts
    assert contents() == before


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


def test_naming_a_cart_that_is_closed_strange_or_not_there_is_refused(shop: Shop, contents: Contents) -> None:
    item(shop)
    old = shop.carts.add_item("ann", "mug").id
    shop.checkout.place_order("ann")
    now, bobs = shop.carts.add_item("ann", "mug").id, shop.carts.get("bob").id
    commands = [
        kind(owner="ann", cart_id=cart_id, **more) for cart_id in (old, bobs, "nothing") for kind, more in KINDS
    ]
    before = contents()

    answers = [outcome.answer for outcome in shop.carts.handle(commands)]

    expected = [CartClosed] * len(KINDS) + [CartNotFound] * 2 * len(KINDS)
    assert [type(answer) for answer in answers] == expected
    assert contents() == before
    [outcome] = shop.carts.handle([AddItem(owner="ann", cart_id=now, item_id="mug")])
    assert outcome.take(CartView).lines[0].quantity == 2


KINDS: list[tuple[Callable[..., ShowCart | AddItem | SetQuantity | RemoveItem | ClearCart], dict[str, object]]] = [
    (ShowCart, {}),
    (AddItem, {"item_id": "mug"}),
    (SetQuantity, {"item_id": "mug", "quantity": 0}),
    (RemoveItem, {"item_id": "mug"}),
    (ClearCart, {}),
]
