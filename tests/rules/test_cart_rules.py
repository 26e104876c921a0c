"""What a change of a cart means, as facts, or why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from shopcore.carts.closing import abandon, leave
from shopcore.carts.leaving import lapse, lapsed, take_out
from shopcore.carts.model import MAX_QUANTITY, Cart, Hold
from shopcore.carts.rules import next_version, put_quantity
from shopcore.carts.view import shown_version
from shopcore.catalog.model import Item
from shopcore.errors import CustomerLimit, InvalidInput, ItemUnavailable, OtherCurrency, OutOfStock, ShopError
from shopcore.facts import CartFact, HoldChanged, HoldTaken, ItemAdded, ItemRemoved
from shopcore_testing.samples import MINUTE, NOON, SECOND, a_cart, a_level, a_line, an_item, euros
from turns import a_turn, after, kinds, level_after, nothing_happens

MUG = an_item("mug", level=a_level("mug", 5))
SONG = an_item("song")
EMPTY = a_cart("c1", "ann")


def put(cart: Cart, item: Item, quantity: int, **options: Any) -> Iterator[CartFact]:
    turn = options.pop("turn", a_turn(NOON + MINUTE))
    return put_quantity(cart, item, item.level, quantity, turn, **{"asked": quantity, **options})


def added(facts: Iterable[CartFact]) -> ItemAdded:
    """The one fact that an add is."""
    [fact] = facts
    assert isinstance(fact, ItemAdded)
    return fact


def test_a_new_line_and_its_hold_are_one_fact() -> None:
    facts = list(put(EMPTY, MUG, 3))
    cart = after(EMPTY, facts)
    fact = added(facts)
    assert (fact.quantity, fact.line_quantity, fact.held, fact.until) == (3, 3, 3, NOON + 16 * MINUTE)
    line = cart.lines["mug"]
    assert (line.quantity, line.held, line.counted, line.seen_price, line.added_at) == (
        3,
        3,
        3,
        MUG.price,
        NOON + MINUTE,
    )
    assert line.hold == Hold(id=fact.hold_id or "", since=NOON + MINUTE, until=fact.until)
    assert (cart.version, cart.changed_at) == (2, NOON + MINUTE)
    assert level_after(a_level("mug", 5), facts) == a_level("mug", 5, 3)


def test_an_untracked_line_is_an_add_alone() -> None:
    facts = list(put(EMPTY, SONG, MAX_QUANTITY))
    fact = added(facts)
    assert (fact.quantity, fact.hold_id, fact.held, fact.until) == (MAX_QUANTITY, None, 0, None)
    assert after(EMPTY, facts).lines["song"].held == 0


def test_a_hold_begins_under_a_name_that_no_store_takes_twice() -> None:
    """Whoever adds to a line that is held adds under a name of his own."""
    first = added(put(EMPTY, MUG, 1))
    more = added(put(after(EMPTY, [first]), MUG, 3, turn=replace(a_turn(), make_id=lambda: "x")))
    assert first.operation == f"{first.hold_id}/start"
    assert (more.operation, more.hold_id, more.held) == ("x", first.hold_id, 2)


def test_a_raise_and_a_decrease_change_the_hold_by_the_difference() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 2, until=NOON))
    item = replace(MUG, level=a_level("mug", 5, 2))
    raised, lowered = list(put(cart, item, 5)), list(put(cart, item, 1))
    assert (added(raised).quantity, added(raised).line_quantity, added(raised).held) == (3, 5, 3)
    assert kinds(lowered) == ["item_removed", "hold_changed"]
    assert isinstance(lowered[0], ItemRemoved)
    assert (lowered[0].quantity, lowered[0].line_quantity, lowered[0].reason) == (1, 1, "decreased")
    assert isinstance(lowered[1], HoldChanged)
    assert lowered[1].quantity == -1
    assert level_after(a_level("mug", 5, 2), raised) == a_level("mug", 5, 5)


def test_the_same_quantity_is_nothing() -> None:
    assert nothing_happens(put(a_cart("c1", "ann", a_line("mug", 2)), MUG, 2))
    assert nothing_happens(put(a_cart("c1", "ann", a_line("song", 2, hold=None)), SONG, 2))


def test_a_line_that_lapsed_counts_anew_as_a_whole() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 3, hold=None, lapse="expired"))
    facts = list(put(cart, MUG, 4))
    assert (added(facts).quantity, added(facts).line_quantity, added(facts).held) == (4, 4, 4)
    line = after(cart, facts).lines["mug"]
    assert (line.lapse, line.added_at, line.held) == (None, NOON + MINUTE, 4)


def test_a_line_that_became_tracked_takes_a_hold_without_being_added() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 3, hold=None))
    facts = list(put(cart, MUG, 3))
    assert kinds(facts) == ["hold_taken"]
    assert isinstance(facts[0], HoldTaken)
    assert facts[0].quantity == 3


def test_a_line_that_became_tracked_is_held_as_a_whole_when_one_is_added() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 3, hold=None))
    fact = added(put(cart, MUG, 4))
    assert (fact.quantity, fact.line_quantity, fact.held) == (1, 4, 4)
    assert fact.operation == f"{fact.hold_id}/start"
    assert after(cart, [fact]).lines["mug"].held == 4


REFUSED: dict[str, tuple[Cart, Item, int, dict[str, Any], type[ShopError]]] = {
    "too many for a line": (EMPTY, SONG, 1000, {}, InvalidInput),
    "finished": (EMPTY, replace(MUG, status="finishing"), 1, {}, ItemUnavailable),
    "recalled": (EMPTY, replace(MUG, status="recalled"), 1, {}, ItemUnavailable),
    "another currency": (a_cart("c1", "ann", a_line("x"), currency="JPY"), MUG, 1, {}, OtherCurrency),
    "beyond the ration": (EMPTY, replace(MUG, max_per_customer=2), 3, {}, CustomerLimit),
    "beyond the ration, bought": (EMPTY, replace(MUG, max_per_customer=2), 1, {"bought": 2}, CustomerLimit),
    "out of stock": (EMPTY, MUG, 6, {}, OutOfStock),
    "out of stock above its own": (
        a_cart("c1", "ann", a_line("mug", 2)),
        replace(MUG, level=a_level("mug", 5, 4)),
        4,
        {},
        OutOfStock,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_before_anything_happens(name: str) -> None:
    cart, item, quantity, options, error = REFUSED[name]
    with pytest.raises(error):
        next(put(cart, item, quantity, **options))


def test_whoever_wants_less_is_not_asked_for_more() -> None:
    """A decrease needs no sale: the item may be withdrawn, rationed anew, or sold out."""
    cart = a_cart("c1", "ann", a_line("mug", 4))
    item = replace(MUG, status="finishing", max_per_customer=1, level=a_level("mug", 4, 4))
    assert kinds(put(cart, item, 3)) == ["item_removed", "hold_changed"]


def test_a_refusal_names_what_was_asked_and_what_there_is() -> None:
    with pytest.raises(OutOfStock) as caught:
        list(put(a_cart("c1", "ann", a_line("mug", 2)), replace(MUG, level=a_level("mug", 5, 4)), 9, asked=7))
    assert (caught.value.item_id, caught.value.requested, caught.value.available) == ("mug", 7, 1)


# ---- out of the cart


def test_taking_out_gives_the_units_back_and_records_them() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 2, until=NOON))
    facts = list(take_out(cart, MUG, a_turn(), reason="cleared", version=9))
    assert kinds(facts) == ["hold_released", "item_removed"]
    assert isinstance(facts[1], ItemRemoved)
    assert (facts[1].quantity, facts[1].line_quantity, facts[1].reason) == (2, 0, "cleared")
    assert level_after(a_level("mug", 5, 2), facts) == a_level("mug", 5, 0)
    gone = after(cart, facts)
    assert (dict(gone.lines), gone.version, gone.removals) == ({}, 9, 1)


def test_a_lapsed_line_is_dropped_without_a_second_record() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 2, hold=None, lapse="expired"))
    facts = list(take_out(cart, MUG, a_turn(), reason="removed", version=2))
    assert kinds(facts) == ["line_dropped"]
    assert after(cart, facts).removals == 0


@pytest.mark.parametrize(
    ("reason", "mark"), [("expired", "expired"), ("unavailable", "unavailable"), ("stock_correction", "expired")]
)
def test_a_lapse_takes_the_stock_and_leaves_a_marked_wish(reason: Any, mark: str) -> None:
    cart = a_cart("c1", "ann", a_line("mug", 2, until=NOON), a_line("cup", 1))
    left, facts = lapsed(cart, MUG, a_turn(), reason=reason)
    assert kinds(facts) == ["hold_expired", "item_removed"]
    line = left.lines["mug"]
    assert (line.quantity, line.counted, line.held, line.lapse) == (2, 0, 0, mark)
    assert (left.version, left.removals, left.lines["cup"]) == (2, 1, cart.lines["cup"])
    assert level_after(a_level("mug", 5, 2), facts) == a_level("mug", 5, 0)


def test_a_line_that_holds_nothing_lapses_with_its_record_alone() -> None:
    cart = a_cart("c1", "ann", a_line("song", 2, hold=None))
    assert kinds(lapse(cart, SONG, a_turn(), reason="unavailable")) == ["item_removed"]


def test_an_abandoned_cart_gives_back_all_and_keeps_its_lines() -> None:
    lines = (a_line("mug", 2), a_line("cup", 1, added_at=NOON - SECOND), a_line("song", 1, hold=None))
    cart = a_cart("c1", "ann", *lines)
    facts = list(abandon(cart, {"mug": MUG, "cup": an_item("cup"), "song": SONG}, a_turn()))
    assert kinds(facts) == ["hold_released", "hold_released", "cart_closed"]
    left = after(cart, facts)
    assert (left.status, left.order_id, sorted(left.lines), left.removals) == (
        "abandoned",
        None,
        ["cup", "mug", "song"],
        0,
    )


def test_a_cart_that_nothing_was_done_with_is_not_left() -> None:
    assert nothing_happens(leave(EMPTY, {}, a_turn()))
    assert kinds(leave(replace(EMPTY, removals=1), {}, a_turn())) == ["cart_closed", "cart_opened"]


# ---- versions and deadlines


def test_price_changes_of_a_line_are_folded_into_the_version_when_it_is_touched() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 1, price_revision=1), a_line("cup", 1), version=5)
    items = {"mug": replace(MUG, price_revision=4), "cup": an_item("cup", price_revision=2)}
    assert shown_version(cart, items) == 5 + 3 + 2
    assert next_version(cart, items["mug"]) == 5 + 1 + 3
    assert next_version(cart, *items.values()) == 5 + 1 + 3 + 2
    bigger = after(cart, put(cart, items["mug"], 2))
    assert shown_version(bigger, items) == shown_version(cart, items) + 1
    smaller = after(bigger, put(bigger, items["mug"], 1))
    assert shown_version(smaller, items) == shown_version(cart, items) + 2
    gone = after(
        cart, take_out(cart, items["mug"], a_turn(), reason="removed", version=next_version(cart, items["mug"]))
    )
    assert shown_version(gone, items) == shown_version(cart, items) + 1


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, 15), (1, 16), (44, 59), (45, 60), (46, 60), (59, 60), (61, 60), (600, 60)]
)
def test_a_deadline_is_renewed_up_to_its_cap(minutes: int, expected: int) -> None:
    cart = a_cart("c1", "ann", a_line("mug", 1, until=NOON + 15 * MINUTE))
    hold = after(cart, put(cart, MUG, 2, turn=a_turn(NOON + minutes * MINUTE))).lines["mug"].hold
    assert hold is not None
    assert (hold.until, hold.since) == (NOON + expected * MINUTE, NOON)


@pytest.mark.parametrize("hold_time", [0 * MINUTE, -MINUTE])
def test_no_hold_time_is_no_deadline(hold_time: Any) -> None:
    cart = after(EMPTY, put(EMPTY, MUG, 1, turn=a_turn(hold_time=hold_time)))
    hold = cart.lines["mug"].hold
    assert hold is not None
    assert hold.until is None
    assert not hold.overdue(NOON + 10**6 * MINUTE)


def test_a_hold_is_overdue_from_its_deadline_on() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 1, until=NOON), a_line("cup", 1))
    assert not cart.overdue("mug", NOON - SECOND)
    assert cart.overdue("mug", NOON)
    assert not cart.overdue("cup", NOON)
    assert not cart.overdue("none", NOON)
    assert not replace(cart, status="ordered", order_id="o1").overdue("mug", NOON)


def test_a_dearer_price_is_seen_with_the_next_unit() -> None:
    cart = a_cart("c1", "ann", a_line("mug", 1))
    dearer = replace(MUG, price=euros(1200), price_revision=1)
    assert after(cart, put(cart, dearer, 2)).lines["mug"].seen_price == euros(1200)
    assert after(replace(cart), put(cart, dearer, 1)).lines["mug"].seen_price == euros(1000)
