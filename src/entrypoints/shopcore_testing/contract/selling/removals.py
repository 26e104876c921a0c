"""What sales learn: every decrease of a line is a record, and what became of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shopcore.facts import SHOPPERS_REASONS
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.removals.model import Removal, RemovalFilter
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.samples import NOON, SECOND
from shopcore_testing.selling import ALL, item, reasons, removed, reprice


@pytest.fixture(autouse=True)
def shelf(shop: Shop) -> None:
    for name in ("mug", "cup", "pot"):
        item(shop, name, 50, sku=name.upper())


def fates(shop: Shop) -> dict[tuple[str, str], tuple[str, bool]]:
    """Outcome and draft of the records by owner and item."""
    return {(row.owner, row.item_id): (row.outcome, row.is_draft) for row in removed(shop)}


def buy(shop: Shop, owner: str, *names: str) -> str:
    for name in names:
        shop.carts.add_item(owner, name)
    return shop.checkout.place_order(owner).id


def test_a_record_says_who_took_out_what_when_and_at_which_price(shop: Shop, watch: Watch) -> None:
    cart = shop.carts.add_item("ann", "mug", 3)
    watch.on(seconds=5)
    reprice(shop, "mug", "12.34")
    shop.carts.set_quantity("ann", "mug", 1, actor="support")
    [record] = removed(shop)
    assert record == Removal(
        id=record.id,
        cart_id=cart.id,
        owner="ann",
        item_id="mug",
        sku="MUG",
        item_name="Mug",
        quantity=2,
        unit_price=Money(1234, "EUR"),
        reason="decreased",
        added_at=NOON,
        removed_at=NOON + 5 * SECOND,
    )
    assert record.is_draft


def test_each_way_out_has_its_reason(shop: Shop, watch: Watch) -> None:
    shop.carts.add_item("ann", "mug", 5)
    shop.carts.set_quantity("ann", "mug", 4)
    watch.on(seconds=1)
    shop.carts.set_quantity("ann", "mug", 0)
    watch.on(seconds=1)
    shop.carts.add_item("ann", "mug", 3)
    shop.carts.remove_item("ann", "mug")
    watch.on(seconds=1)
    shop.carts.add_item("ann", "cup", 2)
    shop.carts.clear("ann")
    watch.on(seconds=1)
    shop.carts.add_item("ann", "cup", 2)
    watch.on(minutes=15)
    shop.inventory.sweep()
    watch.on(seconds=1)
    shop.carts.add_item("bob", "pot", 50)
    shop.inventory.change("pot", on_hand=0, reason="lost", actor="staff", release_holds="newest-first")
    watch.on(seconds=1)
    shop.carts.add_item("cid", "cup", 7)
    shop.catalog.archive("cup", actor="staff", mode="recall")
    assert [row for row in reasons(shop) if row[0] != "ann" or row[1] != "unavailable"] == [
        ("ann", "decreased", 1),
        ("ann", "removed", 4),
        ("ann", "removed", 3),
        ("ann", "cleared", 2),
        ("ann", "expired", 2),
        ("bob", "stock_correction", 50),
        ("cid", "unavailable", 7),
    ]
    assert {row.reason for row in shop.removals.list()} == set(SHOPPERS_REASONS)


def test_what_was_not_there_is_not_recorded(shop: Shop) -> None:
    shop.carts.add_item("ann", "mug")
    shop.carts.remove_item("ann", "mug")
    for _ in range(2):
        raised(lambda: shop.carts.remove_item("ann", "mug"))
        shop.carts.clear("ann")
    assert reasons(shop) == [("ann", "removed", 1)]


def test_the_outcome_is_open_until_the_cart_ends(shop: Shop) -> None:
    for owner in ("ann", "bob", "cid"):
        for name in ("mug", "cup"):
            shop.carts.add_item(owner, name, 2)
            shop.carts.remove_item(owner, name)
    shop.carts.add_item("ann", "mug")
    order_id = shop.checkout.place_order("ann").id
    shop.carts.abandon("bob")
    assert fates(shop) == {
        ("ann", "mug"): ("recovered", False),
        ("ann", "cup"): ("lost", False),
        ("bob", "mug"): ("abandoned", True),
        ("bob", "cup"): ("abandoned", True),
        ("cid", "mug"): ("open", True),
        ("cid", "cup"): ("open", True),
    }
    assert {row.order_id for row in removed(shop)} == {order_id, None}


def test_a_cart_that_was_only_decreased_is_recovered(shop: Shop) -> None:
    shop.carts.add_item("ann", "mug", 3)
    shop.carts.set_quantity("ann", "mug", 1)
    shop.checkout.place_order("ann")
    assert fates(shop) == {("ann", "mug"): ("recovered", False)}


def test_coming_back_is_noted_and_erases_nothing(shop: Shop, watch: Watch) -> None:
    shop.carts.add_item("ann", "mug", 2)
    shop.carts.remove_item("ann", "mug")
    watch.on(seconds=1)
    shop.carts.add_item("ann", "mug", 1)
    back = watch.now
    watch.on(seconds=1)
    shop.carts.remove_item("ann", "mug")
    first, second = removed(shop)
    assert (first.returned_at, first.quantity, first.outcome) == (back, 2, "open")
    assert (second.returned_at, second.quantity) == (None, 1)
    watch.on(seconds=1)
    shop.carts.add_item("ann", "mug", 1)
    assert [row.returned_at for row in removed(shop)] == [back, watch.now]


def test_remove_add_remove_buy_has_a_verdict_for_each_record(shop: Shop) -> None:
    shop.carts.add_item("ann", "mug", 2)
    shop.carts.remove_item("ann", "mug")
    shop.carts.add_item("ann", "mug", 3)
    shop.carts.remove_item("ann", "mug")
    buy(shop, "ann", "mug", "cup")
    assert [(row.quantity, row.outcome) for row in removed(shop)] == [(2, "recovered"), (3, "recovered")]
    [row] = shop.removals.summary("item")
    assert (row.removals, row.carts, row.customers, row.recovered, row.lost) == (2, 1, 1, 2, 0)


def test_a_purchase_with_a_later_cart_is_noted_and_changes_no_outcome(shop: Shop, watch: Watch) -> None:
    shop.carts.add_item("ann", "mug")
    shop.carts.remove_item("ann", "mug")
    buy(shop, "ann", "cup")
    shop.carts.add_item("bob", "mug")
    shop.carts.remove_item("bob", "mug")
    watch.on(days=1)
    later = buy(shop, "ann", "mug")
    watch.on(days=1)
    buy(shop, "ann", "mug")
    by_owner = {row.owner: (row.outcome, row.bought_later_order_id) for row in removed(shop)}
    assert by_owner == {"ann": ("lost", later), "bob": ("open", None)}


def test_a_purchase_is_not_noted_on_what_is_removed_after_it(shop: Shop) -> None:
    """All at one moment: the order of events counts, not the clock."""
    buy(shop, "ann", "mug")
    shop.carts.add_item("ann", "mug")
    shop.carts.remove_item("ann", "mug")
    assert [row.bought_later_order_id for row in removed(shop)] == [None]
    buy(shop, "ann", "cup")
    assert [(row.outcome, row.bought_later_order_id) for row in removed(shop)] == [("lost", None)]


def test_a_removal_after_the_checkout_is_refused_and_not_recorded(shop: Shop) -> None:
    cart = shop.carts.add_item("ann", "mug")
    shop.checkout.place_order("ann")
    raised(lambda: shop.carts.remove_item("ann", "mug"))
    assert removed(shop) == []
    assert shop.carts.show(cart.id).lines[0].quantity == 1


def test_records_stay_when_the_item_is_renamed_repriced_and_withdrawn(shop: Shop) -> None:
    shop.carts.add_item("ann", "mug", 2)
    shop.carts.remove_item("ann", "mug")
    before = removed(shop)
    reprice(shop, "mug", "99.00")
    shop.catalog.archive("mug", actor="staff", mode="recall")
    assert removed(shop) == before
    [row] = shop.removals.summary("item", ALL)
    assert (row.key, row.label, row.value) == ("mug", "Mug", Money(2000, "EUR"))


def test_list_summary_and_export_agree_under_a_filter(shop: Shop, watch: Watch) -> None:
    for number in range(12):
        owner, name = f"o{number % 3}", ("mug", "cup")[number % 2]
        shop.carts.add_item(owner, name, number + 1)
        if number % 4:
            shop.carts.remove_item(owner, name)
        watch.on(seconds=1)
    buy(shop, "o1", "mug")
    filters = [
        RemovalFilter(),
        ALL,
        RemovalFilter(owner="o1"),
        RemovalFilter(state="checked_out"),
        replace(ALL, item_id="cup", since=NOON + 3 * SECOND, until=NOON + 9 * SECOND),
    ]
    for which in filters:
        exported = removed(shop, which)
        pages = [shop.removals.list(which, PageRequest(page=page, limit=4)) for page in (1, 2, 3, 4)]
        assert [row for page in pages for row in page] == exported[::-1]
        for by in ("item", "customer", "reason", "day"):
            rows = shop.removals.summary(by, which)
            assert sum(row.removals for row in rows) == len(exported) == pages[0].total
            assert sum(row.quantity for row in rows) == sum(row.quantity for row in exported)
            assert sum(row.value.amount for row in rows) == sum(row.quantity * 1000 for row in exported)
    assert [row.owner for row in shop.removals.list(owner="o2")] == ["o2"] * shop.removals.list(owner="o2").total
