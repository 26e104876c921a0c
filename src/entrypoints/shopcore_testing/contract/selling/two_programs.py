"""What one program has done another knows at once, whatever it remembers of how things were."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shopcore.errors import ItemUnavailable
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.samples import euros
from shopcore_testing.selling import item, lines, reprice


@pytest.fixture
def other(shop: Shop, watch: Watch, elsewhere: Callable[[], Store]) -> Iterator[Shop]:
    """The same shop, as another program has it."""
    other = Shop(elsewhere(), clock=watch)
    yield other
    other.close()


def test_what_another_did_to_a_cart_is_gone_on_from(shop: Shop, other: Shop, watch: Watch) -> None:
    item(shop, stock=9)
    item(shop, "cup", 9)
    shop.carts.add_item("ann", "mug", 2)

    other.carts.add_item("ann", "mug")
    other.carts.add_item("ann", "cup")
    shop.carts.add_item("ann", "mug")
    other.carts.remove_item("ann", "cup")
    watch.on(minutes=15)
    other.inventory.sweep()
    cart = shop.carts.add_item("ann", "cup", 3)

    assert lines(shop, "ann") == lines(other, "ann") == {"mug": (4, "expired"), "cup": (3, "live")}
    assert cart.version == other.carts.get("ann").version


def test_what_another_did_to_an_item_counts_from_the_next_command_on(shop: Shop, other: Shop) -> None:
    item(shop, stock=9)
    item(shop, "cup", 9)
    shop.carts.add_item("ann", "mug")

    reprice(other, "mug", "12.00")
    assert shop.carts.add_item("ann", "mug").total == euros(2400)

    other.catalog.archive("mug", actor="staff", mode="recall")
    assert isinstance(raised(lambda: shop.carts.add_item("ann", "mug")), ItemUnavailable)
    assert [line.hold for line in shop.carts.get("ann").lines] == ["unavailable"]
    shop.carts.add_item("ann", "cup")
    assert lines(shop, "ann") == {"cup": (1, "live"), "mug": (2, "unavailable")}
