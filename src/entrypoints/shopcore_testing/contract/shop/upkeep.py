"""What a shop does by itself: nothing that was held too long stays held, and nothing that is over is kept."""

from __future__ import annotations

import pytest

from shopcore import upkeep
from shopcore.carts.commands import AddItem
from shopcore.shop import Shop
from shopcore.upkeep import Tidied
from shopcore_testing.accounts import PASSWORD, Watch, key


def test_overdue_holds_of_every_shopper_are_taken_back_in_one_round(shop: Shop, watch: Watch) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=250)
    shop.carts.handle([AddItem(owner=f"shopper {number}", item_id=mug.id) for number in range(250)])
    watch.on(minutes=16)

    done = shop.upkeep.run_once()

    assert done == Tidied(carts=250)
    assert shop.catalog.get(mug.id).stock == 250
    assert not shop.upkeep.run_once()


def test_what_is_held_in_time_stays_held(shop: Shop, watch: Watch) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=1)
    shop.carts.add_item("ann", mug.id)
    watch.on(minutes=14)

    assert not shop.upkeep.run_once()

    assert shop.carts.get("ann").lines[0].hold == "live"


def test_old_answers_and_finished_sessions_are_forgotten(
    shop: Shop, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    for number in range(5):
        shop.accounts.sign_up(f"user{number}", PASSWORD, key=key(f"key-{number}"))
        shop.accounts.log_in(f"user{number}", PASSWORD)
    watch.on(hours=25)
    shop.accounts.sign_up("late", PASSWORD, key=key("key-late"))

    early = shop.upkeep.run_once()
    watch.on(days=30)
    late = shop.upkeep.run_once()

    assert (early.keys, early.sessions) == (5, 0)
    assert late.keys == 1
    assert late.sessions >= 5  # and tokens of sessions whose turn came later
    assert not shop.upkeep.run_once()
