"""What staff do to stock, and to items that are sold no more."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from shopcore.errors import (
    CheckoutRefused,
    InvalidInput,
    ItemNotFound,
    ItemUnavailable,
    KeyReused,
    StockHeld,
    StockTracked,
    StockUntracked,
)
from shopcore.inventory.rules import MAX_STOCK
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.opened import Contents
from shopcore_testing.selling import a_key, item, level, lines, orders, problems, reasons, track


def count(shop: Shop, on_hand: int, **options: Any) -> None:
    shop.inventory.change("mug", on_hand=on_hand, reason="counted", actor="staff", **options)


@pytest.mark.parametrize(
    ("change", "received", "adjusted"),
    [
        ({"delta": 3}, 8, 0),
        ({"delta": -2}, 5, -2),
        ({"on_hand": 9}, 5, 4),
        ({"on_hand": 3}, 5, -2),
        ({"delta": 0}, 5, 0),
    ],
)
def test_units_come_in_or_are_counted(shop: Shop, change: dict[str, Any], received: int, adjusted: int) -> None:
    item(shop)
    after = shop.inventory.change("mug", reason="delivery 7", actor="sam", **change).value
    explained = shop.inventory.explain("mug")
    assert (explained.equation.received, explained.equation.adjusted) == (received, adjusted)
    assert explained.level == after
    assert after.on_hand == explained.equation.on_hand == received + adjusted


def test_a_ledger_tells_who_did_what_and_why(shop: Shop, watch: Watch) -> None:
    item(shop)
    watch.on(seconds=1)
    shop.inventory.change("mug", delta=-1, reason="broken", actor="sam")
    newest = shop.inventory.explain("mug").entries[0]
    assert (newest.kind, newest.actor, newest.at, newest.on_hand) == ("stock_adjusted", "sam", watch.now, -1)
    assert newest.data["reason"] == "broken"


def test_stock_can_be_explained_as_of_a_time(shop: Shop, watch: Watch) -> None:
    item(shop)
    watch.on(hours=1)
    shop.carts.add_item("ann", "mug", 2)
    before = watch.now
    watch.on(hours=1)
    shop.checkout.place_order("ann")
    then = shop.inventory.explain("mug", at=before)
    assert (then.level.on_hand, then.level.held) == (5, 0)
    watch.on(hours=1)
    later = shop.inventory.explain("mug", at=watch.now)
    assert (later.level.on_hand, later.level.held, later.equation.sold) == (3, 0, 2)


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "below what is held": ({"on_hand": 2}, StockHeld),
    "by too much": ({"delta": -3}, StockHeld),
    "below nothing": ({"on_hand": -1}, InvalidInput),
    "above the limit": ({"on_hand": MAX_STOCK + 1}, InvalidInput),
    "by far too much": ({"delta": MAX_STOCK}, InvalidInput),
    "64 bits": ({"delta": 2**63}, InvalidInput),
    "neither": ({}, InvalidInput),
    "both": ({"delta": 1, "on_hand": 6}, InvalidInput),
    "no reason": ({"delta": 1, "reason": " "}, InvalidInput),
    "no item": ({"delta": 1, "item_id": "none"}, ItemNotFound),
    "untracked": ({"delta": 1, "item_id": "song"}, StockUntracked),
    "below nothing with release": ({"on_hand": -1, "release_holds": "newest-first"}, InvalidInput),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_and_changes_nothing(shop: Shop, name: str, contents: Contents) -> None:
    change, kind = REFUSED[name]
    item(shop)
    item(shop, "song", None)
    shop.carts.add_item("ann", "mug", 3)
    before = contents()
    values = {"item_id": "mug", "reason": "counted", "actor": "staff", **change}
    error = raised(lambda: shop.inventory.change(**values))
    assert type(error) is kind
    assert contents() == before


def test_too_few_for_the_carts_is_said_with_the_shortfall(shop: Shop) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 4)
    error = raised(lambda: count(shop, 1))
    assert isinstance(error, StockHeld)
    assert (error.held, error.shortfall) == (4, 3)


@pytest.mark.parametrize(
    ("on_hand", "left"), [(9, "abc"), (8, "abc"), (7, "ab"), (6, "ab"), (5, "a"), (3, "a"), (2, ""), (0, "")]
)
def test_units_are_taken_back_from_those_who_took_them_last(shop: Shop, watch: Watch, on_hand: int, left: str) -> None:
    item(shop, stock=9)
    for owner, quantity in (("a", 3), ("b", 3), ("c", 2)):
        shop.carts.add_item(owner, "mug", quantity)
        watch.on(seconds=1)
    shop.carts.set_quantity("a", "mug", 3)
    count(shop, on_hand, release_holds="newest-first")
    assert "".join(owner for owner in "abc" if lines(shop, owner)["mug"][1] == "live") == left
    assert {reason for _, reason, _ in reasons(shop)} <= {"stock_correction"}
    assert level(shop) == (on_hand, sum({"a": 3, "b": 3, "c": 2}[owner] for owner in left))


def test_a_stock_change_with_a_key_is_done_once(shop: Shop) -> None:
    item(shop)
    key = a_key(operation="stock")
    answers = [shop.inventory.change("mug", delta=3, reason="in", actor="sam", key=key) for _ in range(3)]
    assert [(answer.replayed, answer.value.on_hand) for answer in answers] == [(False, 8), (True, 8), (True, 8)]
    other = a_key(operation="stock", body="other")
    refusal = raised(lambda: shop.inventory.change("mug", delta=4, reason="in", actor="sam", key=other))
    assert isinstance(refusal, KeyReused)
    assert level(shop) == (8, 0)


# ---- withdrawal


@pytest.fixture
def held(shop: Shop, watch: Watch) -> None:
    """Ann and bob hold mugs, bob's hold has expired."""
    item(shop, stock=9)
    shop.carts.add_item("bob", "mug", 3)
    watch.on(minutes=15)
    shop.inventory.sweep()
    shop.carts.add_item("ann", "mug", 2)


@pytest.mark.usefixtures("held")
def test_an_item_that_is_finished_is_sold_to_those_who_hold_it(shop: Shop) -> None:
    shop.catalog.archive("mug", actor="staff")
    assert isinstance(raised(lambda: shop.carts.add_item("ann", "mug")), ItemUnavailable)
    assert isinstance(raised(lambda: shop.carts.set_quantity("bob", "mug", 3)), ItemUnavailable)
    assert isinstance(raised(lambda: shop.catalog.get("mug")), ItemNotFound)
    assert problems(shop.carts.get("bob")) == [("ITEM_UNAVAILABLE", "mug")]
    refusal = raised(lambda: shop.checkout.place_order("bob"))
    assert isinstance(refusal, CheckoutRefused)
    assert refusal.code == "ITEM_UNAVAILABLE"
    shop.carts.set_quantity("ann", "mug", 1)
    assert shop.checkout.place_order("ann").lines[0].quantity == 1
    assert shop.carts.remove_item("bob", "mug").lines == ()


@pytest.mark.usefixtures("held")
def test_an_item_that_is_recalled_is_taken_from_every_cart(shop: Shop) -> None:
    for _ in range(2):
        shop.catalog.archive("mug", actor="staff", mode="recall")
        assert lines(shop, "ann") == {"mug": (2, "unavailable")}
        assert level(shop) == (9, 0)
        assert reasons(shop) == [("bob", "expired", 3), ("ann", "unavailable", 2)]
    for owner in ("ann", "bob"):
        assert problems(shop.carts.get(owner)) == [("ITEM_UNAVAILABLE", "mug")]
        assert isinstance(raised(partial(shop.checkout.place_order, owner)), CheckoutRefused)
        assert isinstance(raised(partial(shop.carts.add_item, owner, "mug")), ItemUnavailable)
    shop.carts.clear("ann")
    assert len(reasons(shop)) == 2


@pytest.mark.usefixtures("held")
def test_finish_may_become_recall_and_never_the_other_way(shop: Shop) -> None:
    shop.catalog.archive("mug", actor="staff", mode="finish")
    shop.catalog.archive("mug", actor="staff", mode="recall")
    shop.catalog.archive("mug", actor="staff", mode="finish")
    assert lines(shop, "ann") == {"mug": (2, "unavailable")}
    assert shop.catalog.get("mug", archived=True).status == "recalled"


@pytest.mark.usefixtures("held")
def test_a_recall_reaches_more_carts_than_one_transaction_takes(shop: Shop) -> None:
    item(shop, "song", None)
    for number in range(230):
        shop.carts.add_item(f"o{number}", "song")
    shop.catalog.archive("song", actor="staff", mode="recall")
    assert sum(reason == "unavailable" for _, reason, _ in reasons(shop)) == 230


def test_a_finished_item_that_is_untracked_can_still_be_bought_by_those_who_have_it(shop: Shop) -> None:
    item(shop, "song", None)
    shop.carts.add_item("ann", "song", 2)
    shop.catalog.archive("song", actor="staff")
    shop.checkout.place_order("ann")
    assert orders(shop)[0].lines[0].quantity == 2


def test_an_item_that_becomes_tracked_in_a_cart_must_be_had_at_checkout(shop: Shop) -> None:
    item(shop, "song", None)
    shop.carts.add_item("ann", "song", 3)
    shop.carts.add_item("bob", "song", 3)
    track(shop, "song", 4)
    assert lines(shop, "ann") == {"song": (3, "none")}
    assert shop.checkout.place_order("ann").lines[0].hold_id
    assert problems(shop.carts.get("bob")) == [("INSUFFICIENT_STOCK", "song")]
    assert isinstance(raised(lambda: shop.checkout.place_order("bob")), CheckoutRefused)
    assert shop.carts.set_quantity("bob", "song", 1).lines[0].hold == "live"
    assert level(shop, "song") == (1, 1)
    assert isinstance(raised(lambda: track(shop, "song", None)), StockTracked)
