"""What StockRepository promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shopcore.errors import LostRace, StoreBusy
from shopcore.inventory.model import HeldUnits, Level
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import at_once, raised
from shopcore_testing.samples import NOON, SECOND, a_cart, a_level, a_line, open_carts, stock_up


def levels(store: Store, *items: str) -> dict[str, Level]:
    return store.write(lambda tx: tx.stock.lock(items))


def test_levels_are_given_for_those_items_that_are_tracked(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 5, 2), a_level("mug", 0))
    assert levels(raw_store, "mug", "cup", "untracked") == {"cup": a_level("cup", 5, 2), "mug": a_level("mug", 0)}

    with raw_store.read() as tx:
        assert tx.stock.levels(["mug", "untracked"]) == {"mug": a_level("mug", 0)}


def test_no_items_have_no_levels(raw_store: Store) -> None:
    assert levels(raw_store) == {}
    with raw_store.read() as tx:
        assert tx.stock.levels([]) == {}


def test_a_set_of_levels_changes_at_once(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 5, 2), a_level("mug", 3), a_level("pot", 1))

    raw_store.write(lambda tx: tx.stock.change({"mug": (-3, 0), "cup": (4, 1)}))

    assert levels(raw_store, "cup", "mug", "pot") == {
        "cup": a_level("cup", 9, 3),
        "mug": a_level("mug", 0),
        "pot": a_level("pot", 1),
    }


@pytest.mark.parametrize(
    "delta",
    [(0, 4), (0, -3), (-4, 0), (-6, -2), (-5, 0)],
    ids=["more held than there is", "held below 0", "on hand below held", "on hand below 0", "held units taken away"],
)
def test_a_change_beyond_a_level_is_a_lost_race_and_nothing_stays_changed(
    raw_store: Store, delta: tuple[int, int]
) -> None:
    stock_up(raw_store, a_level("cup", 5, 2), a_level("apple", 5), a_level("zebra", 5))
    attempts: list[str] = []

    def change(tx: Transaction) -> None:
        attempts.append("tried")
        tx.stock.change({"apple": (-1, 0), "cup": delta, "zebra": (-1, 0)})

    refusal = raised(lambda: raw_store.write(change))

    assert isinstance(refusal, StoreBusy)
    assert len(attempts) == 4
    assert levels(raw_store, "cup", "apple", "zebra") == {
        "cup": a_level("cup", 5, 2),
        "apple": a_level("apple", 5),
        "zebra": a_level("zebra", 5),
    }


def test_a_level_that_does_not_exist_cannot_change(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 5))
    assert isinstance(raised(lambda: raw_store.write(lambda tx: tx.stock.change({"mug": (1, 0)}))), StoreBusy)
    assert levels(raw_store, "mug") == {}


def test_the_guard_says_lost_race_where_it_stands(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 1))
    seen: list[Exception] = []

    def change(tx: Transaction) -> None:
        try:
            tx.stock.change({"cup": (0, 2)})
        except LostRace as error:
            seen.append(error)
            raise ValueError from error

    with pytest.raises(ValueError):  # noqa: PT011 (it is ours)
        raw_store.write(change)
    assert len(seen) == 1


def test_the_last_unit_goes_to_one_of_many_who_take_it_unseen(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 1))

    given = at_once(8, lambda _: raw_store.write(lambda tx: tx.stock.change({"cup": (0, 1)})))

    assert sum(answer is None for answer in given) == 1
    assert all(answer is None or isinstance(answer, StoreBusy) for answer in given)
    assert levels(raw_store, "cup") == {"cup": a_level("cup", 1, 1)}


def test_nobody_else_moves_between_a_lock_and_the_end(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 0), a_level("mug", 0))

    def add_to_both(tx: Transaction) -> None:
        found = tx.stock.lock(["mug", "cup"])
        tx.stock.change({"cup": (1, 0), "mug": (1, 0)})
        again = tx.stock.lock(["cup", "mug"])
        assert again == {item: replace(level, on_hand=level.on_hand + 1) for item, level in found.items()}

    answers = at_once(8, lambda _: raw_store.write(add_to_both))

    done = sum(answer is None for answer in answers)
    assert done > 0
    assert levels(raw_store, "cup", "mug") == {"cup": a_level("cup", done), "mug": a_level("mug", done)}


def test_an_item_is_tracked_once(raw_store: Store) -> None:
    stock_up(raw_store, a_level("cup", 5))
    assert isinstance(raised(lambda: raw_store.write(lambda tx: tx.stock.track([a_level("cup", 9)]))), StoreBusy)
    assert levels(raw_store, "cup") == {"cup": a_level("cup", 5)}


def test_levels_reach_as_far_as_64_bits(raw_store: Store) -> None:
    most = 2**63 - 1
    stock_up(raw_store, a_level("grain", most - 1, most - 2))
    raw_store.write(lambda tx: tx.stock.change({"grain": (1, 2)}))
    assert levels(raw_store, "grain") == {"grain": a_level("grain", most, most)}


def test_holders_come_soonest_deadline_first_and_those_without_one_last(raw_store: Store) -> None:
    open_carts(
        raw_store,
        a_cart("c1", "ann", a_line("cup", 1)),
        a_cart("c2", "bob", a_line("cup", 2, until=NOON + SECOND), a_line("mug", 9)),
        a_cart("c3", "cid", a_line("cup", 3, until=NOON)),
        a_cart("c4", "dan", a_line("cup", 4, hold=None, lapse="expired")),
        a_cart("c5", "eve", a_line("mug", 5)),
    )

    with raw_store.read() as tx:
        held = tx.stock.holders("cup")

    assert held == [
        HeldUnits(cart_id="c3", owner="cid", hold_id="c3 of cup", quantity=3, until=NOON),
        HeldUnits(cart_id="c2", owner="bob", hold_id="c2 of cup", quantity=2, until=NOON + SECOND),
        HeldUnits(cart_id="c1", owner="ann", hold_id="c1 of cup", quantity=1, until=None),
    ]


def test_nobody_holds_an_item_that_is_in_no_cart(raw_store: Store) -> None:
    with raw_store.read() as tx:
        assert tx.stock.holders("cup") == []
