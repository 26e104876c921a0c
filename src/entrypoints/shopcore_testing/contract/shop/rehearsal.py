"""A dry run refuses what the real run would refuse, answers what it would answer, and leaves no trace."""

from __future__ import annotations

import pytest

from shopcore.errors import IdTaken, OrderNotFound, OutOfStock, UsernameTaken
from shopcore.paging import PageRequest
from shopcore.rehearsal import Rehearsal
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import PASSWORD, Watch, shop_over


@pytest.fixture
def rehearsal(store: Store, watch: Watch) -> Shop:
    return shop_over(Rehearsal(store), watch)


def test_a_rehearsed_change_is_answered_and_not_kept(shop: Shop, rehearsal: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=5)

    level = rehearsal.inventory.change(mug.id, on_hand=9, reason="count", actor="clerk").value
    cart = rehearsal.carts.add_item("ann", mug.id, quantity=2)
    user = rehearsal.accounts.create("clerk", PASSWORD, role="support", actor="admin")

    assert level.on_hand == 9
    assert cart.lines[0].quantity == 2
    assert user.role == "support"
    assert shop.catalog.get(mug.id).stock == 5
    assert shop.carts.list(PageRequest()).total == 0
    assert shop.accounts.list(PageRequest()).total == 0


def test_a_rehearsal_refuses_what_would_be_refused(store: Store, watch: Watch, rehearsal: Shop) -> None:
    shop = shop_over(store, watch)
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=1)
    shop.accounts.sign_up("clerk", PASSWORD)

    with pytest.raises(OutOfStock):
        rehearsal.carts.add_item("ann", mug.id, quantity=2)
    with pytest.raises(IdTaken):
        rehearsal.catalog.add_item(name="Other", price="1", item_id=mug.id)
    with pytest.raises(UsernameTaken):
        rehearsal.accounts.create("CLERK", PASSWORD, role="sales", actor="admin")
    with pytest.raises(OrderNotFound):
        rehearsal.orders.cancel("no such order", actor="clerk")


def test_the_real_run_does_what_was_rehearsed(shop: Shop, rehearsal: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=5)
    shop.carts.add_item("ann", mug.id, quantity=2)

    rehearsed = rehearsal.checkout.place_order("ann")
    placed = shop.checkout.place_order("ann")

    assert rehearsed.total == placed.total
    assert shop.orders.list(PageRequest()).total == 1
