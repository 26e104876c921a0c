"""A price that changes while an item is in a cart."""

from __future__ import annotations

import pytest

from shopcore.errors import CheckoutRefused, CurrencyMismatch, StaleVersion
from shopcore.money import Money
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.selling import item, lines, problems, reprice


@pytest.fixture
def dearer(shop: Shop) -> None:
    """Two mugs in ann's cart went from 10 to 12 euros; a cup stayed at 5."""
    item(shop, price="10.00")
    item(shop, "cup", price="5.00")
    shop.carts.add_item("ann", "mug", 2)
    shop.carts.add_item("ann", "cup")
    reprice(shop, "mug", "12.00")


@pytest.mark.usefixtures("dearer")
def test_the_cart_shows_todays_price_and_what_stands_in_the_way(shop: Shop) -> None:
    cart = shop.carts.get("ann")
    assert cart.total == Money(2900, "EUR")
    [problem] = cart.problems
    facts = (problem.code, problem.item_id, problem.old, problem.new)
    assert facts == ("PRICE_CHANGED", "mug", Money(1000, "EUR"), Money(1200, "EUR"))


@pytest.mark.usefixtures("dearer")
def test_a_higher_price_is_refused_with_old_and_new(shop: Shop) -> None:
    error = raised(lambda: shop.checkout.place_order("ann"))
    assert isinstance(error, CheckoutRefused)
    assert error.code == "PRICE_CHANGED"
    assert (error.facts["old"], error.facts["new"]) == (Money(1000, "EUR"), Money(1200, "EUR"))
    assert lines(shop, "ann") == {"mug": (2, "live"), "cup": (1, "live")}


@pytest.mark.usefixtures("dearer")
@pytest.mark.parametrize("cents", [2900, 2901, 10**12])
def test_the_total_that_the_shopper_expects_is_consent(shop: Shop, cents: int) -> None:
    order = shop.checkout.place_order("ann", expected_total=Money(cents, "EUR"))
    assert order.total == Money(2900, "EUR")
    assert order.lines[0].unit_price in (Money(500, "EUR"), Money(1200, "EUR"))


@pytest.mark.usefixtures("dearer")
def test_a_total_that_is_too_low_is_none(shop: Shop) -> None:
    error = raised(lambda: shop.checkout.place_order("ann", expected_total=Money(2899, "EUR")))
    assert isinstance(error, CheckoutRefused)
    assert problems(error) == [("PRICE_CHANGED", "mug")]
    strange = raised(lambda: shop.checkout.place_order("ann", expected_total=Money(2900, "USD")))
    assert isinstance(strange, CurrencyMismatch)


@pytest.mark.usefixtures("dearer")
def test_the_version_that_shows_the_new_price_is_consent(shop: Shop) -> None:
    version = shop.carts.get("ann").version
    error = raised(lambda: shop.checkout.place_order("ann", if_version=version - 1))
    assert isinstance(error, StaleVersion)
    assert shop.checkout.place_order("ann", if_version=version).total == Money(2900, "EUR")


@pytest.mark.usefixtures("dearer")
def test_adding_more_of_it_is_consent_and_removing_some_is_not(shop: Shop) -> None:
    shop.carts.set_quantity("ann", "mug", 1)
    assert problems(shop.carts.get("ann")) == [("PRICE_CHANGED", "mug")]
    assert problems(shop.carts.add_item("ann", "mug")) == []
    assert shop.checkout.place_order("ann").total == Money(2900, "EUR")


def test_a_lower_price_passes_on(shop: Shop) -> None:
    item(shop, price="10.00")
    shop.carts.add_item("ann", "mug", 2)
    reprice(shop, "mug", "8.00")
    assert shop.carts.get("ann").problems == ()
    assert shop.checkout.place_order("ann", expected_total=Money(2000, "EUR")).total == Money(1600, "EUR")


def test_a_price_that_rose_and_fell_again_is_no_obstacle(shop: Shop) -> None:
    item(shop, price="10.00")
    before = shop.carts.add_item("ann", "mug", 2)
    reprice(shop, "mug", "12.00")
    reprice(shop, "mug", "10.00")
    assert shop.carts.get("ann").version == before.version + 2
    assert shop.checkout.place_order("ann").total == Money(2000, "EUR")


def test_a_cart_that_grew_past_what_was_expected_is_refused_by_its_total(shop: Shop) -> None:
    item(shop, price="10.00")
    shop.carts.add_item("ann", "mug", 2)
    error = raised(lambda: shop.checkout.place_order("ann", expected_total=Money(1999, "EUR")))
    assert isinstance(error, CheckoutRefused)
    [problem] = error.problems
    assert (problem.code, problem.old, problem.new) == ("PRICE_CHANGED", Money(1999, "EUR"), Money(2000, "EUR"))
    assert problem.item_id is None


def test_the_version_grows_with_each_price_change_of_a_line_and_never_goes_back(shop: Shop, watch: Watch) -> None:
    item(shop, price="10.00")
    item(shop, "cup", price="5.00")
    item(shop, "pot")
    versions = [shop.carts.add_item("ann", "mug", 3).version, shop.carts.add_item("ann", "cup", 2).version]
    for price in ("11.00", "12.00", "12.00"):
        reprice(shop, "mug", price)
        versions.append(shop.carts.get("ann").version)
    reprice(shop, "pot", "1.00")
    versions.append(shop.carts.get("ann").version)
    versions.append(shop.carts.add_item("ann", "mug").version)
    reprice(shop, "cup", "6.00")
    versions.append(shop.carts.set_quantity("ann", "cup", 1).version)
    reprice(shop, "mug", "13.00")
    versions.append(shop.carts.remove_item("ann", "mug").version)
    watch.on(minutes=15)
    shop.inventory.sweep()
    versions.append(shop.carts.get("ann").version)
    reprice(shop, "cup", "7.00")
    versions.append(shop.carts.set_quantity("ann", "cup", 1).version)
    reprice(shop, "cup", "8.00")
    versions.append(shop.carts.clear("ann").version)
    assert versions == [2, 3, 4, 5, 5, 5, 6, 8, 10, 11, 13, 15]


def test_an_old_version_never_names_another_cart_content(shop: Shop) -> None:
    """A price changes and its line leaves: the version that saw the line is not seen again."""
    item(shop, price="10.00")
    item(shop, "cup", price="5.00")
    shop.carts.add_item("ann", "cup")
    shop.carts.add_item("ann", "mug")
    seen = set()
    for price in ("11.00", "12.00", "13.00"):
        reprice(shop, "mug", price)
        seen.add(shop.carts.get("ann").version)
        assert shop.carts.remove_item("ann", "mug").version not in seen
        seen.add(shop.carts.get("ann").version)
        assert shop.carts.add_item("ann", "mug").version not in seen
        seen.add(shop.carts.get("ann").version)
    assert len(seen) == 9


def test_a_closed_cart_keeps_the_prices_of_its_end(shop: Shop) -> None:
    item(shop, price="10.00")
    sold = shop.carts.add_item("ann", "mug")
    shop.checkout.place_order("ann")
    left = shop.carts.add_item("ann", "mug")
    shop.carts.abandon("ann")
    versions = [shop.carts.show(cart.id).version for cart in (sold, left)]
    reprice(shop, "mug", "99.00")
    carts = [shop.carts.show(cart.id) for cart in (sold, left)]
    assert [cart.total for cart in carts] == [Money(1000, "EUR")] * 2
    assert [cart.version for cart in carts] == versions
    assert [cart.problems for cart in carts] == [(), ()]
