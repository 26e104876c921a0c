"""What the auditor found while the shop was built, as small as it gets."""

from __future__ import annotations

from dataclasses import replace

from shopcore.catalog.drafts import ItemDraft
from shopcore.money import Money
from shopcore.shop import Shop
from shopcore_memory import MemoryStore
from shopcore_testing.accounts import Watch


def test_a_checkout_that_takes_lapsed_lines_again_has_one_version() -> None:
    """Facts of the retaken lines had versions of their own: the timeline went back where a price had changed."""
    watch = Watch()
    shop = Shop(MemoryStore(), clock=watch)
    for name in ("mug", "tea"):
        shop.catalog.add_item(item_id=name, name=name, price="5", stock=3)
        shop.carts.add_item("ann", name)
    watch.on(minutes=16)
    shop.inventory.sweep()
    _reprice(shop, "mug")

    order = shop.checkout.place_order("ann")

    timeline = shop.carts.timeline(order.cart_id)
    versions = [entry.data["version"] for entry in timeline]
    assert versions == sorted(versions)
    assert shop.auditor.run().violations == ()


def _reprice(shop: Shop, item_id: str) -> None:
    draft = ItemDraft.of(shop.catalog.get(item_id))
    shop.catalog.change(replace(draft, price=Money.parse("4", "EUR")), actor="sue")
