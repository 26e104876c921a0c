"""Erasure: the person is gone, what he did is still there, and the totals do not move."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shopcore.errors import AccountErased, BadCredentials, UserNotFound
from shopcore.paging import PageRequest
from shopcore.removals.model import RemovalFilter
from shopcore.shop import Shop
from shopcore_testing.accounts import NOON, OTHER, PASSWORD, Watch, alive, dead, ended, raised

STOCK = 10


@pytest.fixture(autouse=True)
def mug(shop: Shop) -> str:
    """An item of which there are ten."""
    return shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=STOCK).id


def available(shop: Shop) -> int | None:
    return shop.catalog.get("mug").stock


def test_an_erased_user_leaves_nothing_that_names_him(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD, display_name="Ann Lee", email="ann@shop.example").value

    erased = shop.accounts.erase("ann", actor="root")

    assert (erased.username, erased.display_name, erased.email) == ("", None, None)
    assert shop.accounts.get([ann.id])[ann.id] == erased
    assert isinstance(raised(lambda: shop.accounts.find("ann")), UserNotFound)
    assert isinstance(raised(lambda: shop.accounts.profile(ann.id)), UserNotFound)


def test_his_cart_is_closed_and_its_stock_is_back(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    shop.carts.add_item(ann.id, "mug", 4)
    before = shop.carts.get(ann.id)
    assert available(shop) == STOCK - 4

    shop.accounts.erase(ann.id, actor="root")

    closed = shop.carts.show(before.id)
    assert available(shop) == STOCK
    assert (closed.status, closed.version) == ("abandoned", before.version + 1)
    assert [(line.item_id, line.quantity, line.hold) for line in closed.lines] == [("mug", 4, "none")]
    assert [entry.kind for entry in shop.carts.timeline(before.id)][-2:] == ["hold_released", "cart_closed"]
    with shop.store.read() as tx:
        assert not tx.carts.active([ann.id])


def test_his_removals_are_abandoned_and_nameless_and_his_orders_stay(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    shop.carts.add_item(ann.id, "mug", 2)
    order = shop.checkout.place_order(ann.id)
    shop.carts.add_item(ann.id, "mug", 3)
    shop.carts.remove_item(ann.id, "mug")
    [removal] = shop.removals.list(owner=ann.id).items
    assert (removal.outcome, removal.username) == ("open", "ann")

    shop.accounts.erase("ann", actor="root")

    [removal] = shop.removals.list(owner=ann.id).items
    assert (removal.outcome, removal.username, removal.quantity) == ("abandoned", None, 3)
    assert shop.orders.get(order.id) == order
    assert available(shop) == STOCK - 2


def test_his_sessions_end_and_nobody_elses(shop: Shop) -> None:
    for name in ("ann", "bob"):
        shop.accounts.sign_up(name, PASSWORD)
    ann, bob = (shop.accounts.log_in(name, PASSWORD) for name in ("ann", "bob"))
    caller = shop.accounts.authenticate(ann.tokens.access_token)

    shop.accounts.erase("ann", actor="root")

    assert dead(shop, ann)
    assert ended(shop, caller)
    assert alive(shop, bob)
    assert isinstance(raised(lambda: shop.accounts.log_in("ann", PASSWORD)), BadCredentials)
    assert isinstance(raised(lambda: shop.accounts.log_in("", "")), BadCredentials)


def test_erasing_again_changes_nothing(shop: Shop, watch: Watch) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    first = shop.accounts.erase("ann", actor="root")
    watch.on(hours=1)

    again = shop.accounts.erase(ann.id, actor="root")

    assert again == first
    assert isinstance(raised(lambda: shop.accounts.erase("ann", actor="root")), UserNotFound)


def test_a_cart_that_was_opened_by_a_late_request_is_closed_by_erasing_again(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    shop.accounts.erase("ann", actor="root")
    shop.carts.add_item(ann.id, "mug")

    shop.accounts.erase(ann.id, actor="root")

    assert available(shop) == STOCK


def test_his_name_is_free_for_somebody_else(shop: Shop) -> None:
    old = shop.accounts.sign_up("ann", PASSWORD).value
    shop.accounts.erase("ann", actor="root")

    new = shop.accounts.sign_up("ann", OTHER).value

    assert new.id != old.id
    assert shop.accounts.list(PageRequest()).total == 2
    assert shop.carts.get(new.id).lines == ()


def test_several_can_be_erased(shop: Shop) -> None:
    for name in ("ann", "bob", "zoe"):
        shop.accounts.sign_up(name, PASSWORD)
        shop.accounts.erase(name, actor="root")
    assert {user.status for user in shop.accounts.list(PageRequest()).items} == {"erased"}


def test_an_erased_user_cannot_be_changed_any_more(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    shop.accounts.erase("ann", actor="root")
    assert isinstance(raised(lambda: shop.accounts.set_role(ann.id, "admin", actor="root")), AccountErased)
    assert isinstance(raised(lambda: shop.accounts.disable(ann.id, actor="root")), AccountErased)


def test_a_hold_that_lapsed_before_stays_as_it_was_recorded(shop: Shop, watch: Watch) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    shop.carts.add_item(ann.id, "mug", 2)
    watch.on(hours=2)
    shop.inventory.sweep()

    shop.accounts.erase("ann", actor="root")

    assert available(shop) == STOCK
    with shop.store.read() as tx:
        [late] = tx.removals.stream(RemovalFilter(reasons=("expired",)))
    assert (late.outcome, late.removed_at) == ("abandoned", NOON + timedelta(hours=2))
