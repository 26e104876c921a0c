"""What CartRepository promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from shopcore.carts.model import Cart
from shopcore.carts.ports import CartChange, CartFilter
from shopcore.errors import StoreBusy
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import at_once, raised
from shopcore_testing.opened import Opened
from shopcore_testing.samples import DAY, MICRO, MINUTE, NOON, SECOND, a_cart, a_line, an_item, euros, new, open_carts

EMOJI = "zoë 🛒 李小龙 \u202eabc"


def test_a_cart_comes_back_as_it_was_kept(raw_store: Store) -> None:
    lines = (
        a_line("a", 1, until=NOON + MICRO, seen_price=Money(10**12, "KWD"), price_revision=7),
        a_line("b", 999, added_at=NOON + DAY - MICRO, seen_price=Money(0, "KWD")),
        a_line("c", 2, hold=None, lapse="expired"),
        a_line("d", 3, hold=None, lapse="unavailable"),
        a_line("e", 4, hold=None),
    )
    [cart] = open_carts(raw_store, a_cart("c1", EMOJI, *lines, version=5, removals=2, changed_at=NOON + MICRO))
    with raw_store.read() as tx:
        assert tx.carts.get(["c1"]) == {"c1": cart}
        assert tx.carts.active([EMOJI]) == {EMOJI: cart}
    assert raw_store.write(lambda tx: tx.carts.lock([EMOJI])) == {EMOJI: cart}


def test_only_active_carts_are_locked_and_any_can_be_read(raw_store: Store) -> None:
    ordered = a_cart("c1", "ann", status="ordered", order_id="o1")
    left = a_cart("c2", "ann", status="abandoned")
    active = a_cart("c3", "ann", a_line("cup"))
    open_carts(raw_store, ordered, left, active)
    with raw_store.read() as tx:
        assert tx.carts.active(["ann", "bob"]) == {"ann": active}
        assert tx.carts.get(["c1", "c2", "c3", "c9"]) == {"c1": ordered, "c2": left, "c3": active}
    assert raw_store.write(lambda tx: tx.carts.lock(["ann", "bob"])) == {"ann": active}


def test_nobody_has_no_cart(raw_store: Store) -> None:
    with raw_store.read() as tx:
        assert tx.carts.active([]) == tx.carts.get([]) == {}
    assert raw_store.write(lambda tx: tx.carts.lock([])) == {}


def test_of_a_changed_cart_just_the_named_lines_change(raw_store: Store) -> None:
    [cart] = open_carts(raw_store, a_cart("c1", "ann", a_line("a", 1), a_line("b", 2), a_line("c", 3)))
    lines = {"a": a_line("a", 9, hold=None, lapse="expired"), "c": cart.lines["c"], "d": a_line("d", 4, hold=None)}
    after = replace(cart, lines=lines, version=2, removals=1, currency="USD", changed_at=NOON + SECOND)

    raw_store.write(lambda tx: tx.carts.save([CartChange(cart=after, items=frozenset("abd"))]))

    with raw_store.read() as tx:
        assert tx.carts.get(["c1"]) == {"c1": after}


def test_a_second_active_cart_of_one_owner_is_a_lost_race(raw_store: Store) -> None:
    open_carts(raw_store, a_cart("c1", "ann"))
    assert isinstance(raised(lambda: open_carts(raw_store, a_cart("c2", "ann"))), StoreBusy)
    with raw_store.read() as tx:
        assert tx.carts.get(["c1", "c2"]) == {"c1": a_cart("c1", "ann")}


def test_of_many_who_open_an_owners_first_cart_one_succeeds(raw_store: Store) -> None:
    answers = at_once(6, lambda number: open_carts(raw_store, a_cart(f"c{number}", "ann")))

    assert sum(not isinstance(answer, StoreBusy) for answer in answers) == 1
    with raw_store.read() as tx:
        assert tx.carts.page(CartFilter(owner="ann"), PageRequest()).total == 1


def test_a_cart_may_close_where_the_next_one_opens(raw_store: Store) -> None:
    [cart] = open_carts(raw_store, a_cart("c1", "ann", a_line("cup")))
    closed = replace(cart, status="ordered", order_id="o1", version=2)
    changes = [new(a_cart("c2", "ann")), CartChange(cart=closed, items=frozenset())]

    raw_store.write(lambda tx: tx.carts.save(changes))

    with raw_store.read() as tx:
        assert tx.carts.active(["ann"]) == {"ann": a_cart("c2", "ann")}
        assert tx.carts.get(["c1"]) == {"c1": closed}


def test_those_who_lock_one_cart_take_turns(raw_store: Store) -> None:
    open_carts(raw_store, a_cart("c1", "ann"), a_cart("c2", "bob"))

    def grow(number: int) -> None:
        def work(tx: Transaction) -> None:
            found = tx.carts.lock(["ann", "bob"] if number % 2 else ["bob", "ann"])
            changes = [replace(cart, version=cart.version + 1) for cart in found.values()]
            tx.carts.save([CartChange(cart=cart, items=frozenset()) for cart in changes])

        raw_store.write(work)

    answers = at_once(8, grow)

    done = sum(answer is None for answer in answers)
    assert done > 0
    with raw_store.read() as tx:
        assert {cart.version for cart in tx.carts.active(["ann", "bob"]).values()} == {1 + done}


# ---- what carts hold too long


def lapsed(store: Store, *items: str, limit: int = 10) -> list[str]:
    wanted = items or None
    return store.write(lambda tx: [cart.id for cart in tx.carts.lock_lapsed(NOON, items=wanted, limit=limit)])


@pytest.fixture
def late_carts(raw_store: Store) -> list[Cart]:
    raw_store.write(lambda tx: tx.items.save([an_item("bad", status="recalled"), an_item("old", status="finishing")]))
    return list(
        open_carts(
            raw_store,
            a_cart("c1", "ann", a_line("cup", until=NOON + MICRO), a_line("mug")),
            a_cart("c2", "bob", a_line("cup", until=NOON), a_line("mug", until=NOON - 2 * SECOND)),
            a_cart("c3", "cid", a_line("cup", until=NOON - SECOND), a_line("bad")),
            a_cart("c4", "dan", a_line("mug", until=NOON - MINUTE)),
            a_cart("c5", "eve", a_line("cup", hold=None, lapse="expired"), a_line("bad", hold=None)),
            a_cart("c6", "fay", a_line("bad", hold=None, lapse="unavailable"), a_line("old", until=NOON + DAY)),
        )
    )


@pytest.mark.usefixtures("late_carts")
def test_carts_that_hold_past_the_deadline_come_most_overdue_first(raw_store: Store) -> None:
    assert lapsed(raw_store) == ["c4", "c2", "c3"]


@pytest.mark.usefixtures("late_carts")
def test_lapsed_carts_can_be_asked_for_by_item(raw_store: Store) -> None:
    assert lapsed(raw_store, "cup") == ["c3", "c2"]
    assert lapsed(raw_store, "mug") == ["c4", "c2"]
    assert lapsed(raw_store, "mug", "cup") == ["c4", "c2", "c3"]
    assert lapsed(raw_store, "old", "none") == []


@pytest.mark.usefixtures("late_carts")
def test_a_recalled_item_is_taken_from_every_cart_that_does_not_know_yet(raw_store: Store) -> None:
    assert sorted(lapsed(raw_store, "bad")) == ["c3", "c5"]


@pytest.mark.usefixtures("late_carts")
def test_no_more_lapsed_carts_come_than_asked_for(raw_store: Store) -> None:
    assert lapsed(raw_store, limit=1) == ["c4"]
    assert len(lapsed(raw_store, "bad", limit=1)) == 1


def test_lapsed_carts_come_whole(raw_store: Store, late_carts: list[Cart]) -> None:
    found = raw_store.write(lambda tx: tx.carts.lock_lapsed(NOON, limit=10))
    assert found == [late_carts[3], late_carts[1], late_carts[2]]


def test_lapsed_carts_that_somebody_else_has_locked_are_passed_over(opened: Opened, raw_store: Store) -> None:
    """The second writer must not wait for the first."""
    if not opened.several_writers:
        pytest.skip("writers of this store take turns (`several_writers` is not set)")
    open_carts(raw_store, *[a_cart(f"c{n}", f"o{n}", a_line("cup", until=NOON - n * SECOND)) for n in range(3)])
    taken: list[list[str]] = []

    def take(tx: Transaction) -> None:
        tx.carts.lock(["o1"])
        with ThreadPoolExecutor(1) as other:
            taken.append(other.submit(lapsed, raw_store).result(20))
            taken.append(other.submit(lapsed, raw_store, "cup").result(20))

    raw_store.write(take)
    assert taken == [["c2", "c0"]] * 2


def test_a_closed_cart_holds_nothing_too_long(raw_store: Store) -> None:
    open_carts(raw_store, a_cart("c1", "ann", a_line("cup", until=NOON - SECOND), status="abandoned"))
    assert lapsed(raw_store) == lapsed(raw_store, "cup") == []


# ---- pages


def test_pages_of_carts_are_newest_first_ties_by_id(raw_store: Store) -> None:
    carts = open_carts(
        raw_store,
        a_cart("c1", "ann", a_line("cup", seen_price=euros(1)), status="ordered", order_id="o1"),
        *[
            a_cart(
                f"c{number}",
                f"o{number}",
                a_line("cup"),
                opened_at=NOON + number // 3 * SECOND,
                changed_at=NOON + (20 - number) * SECOND,
            )
            for number in range(2, 12)
        ],
        a_cart("c99", "ann", opened_at=NOON - SECOND, changed_at=NOON + DAY),
    )
    expected = sorted(carts, key=lambda cart: (cart.opened_at, cart.id), reverse=True)

    with raw_store.read() as tx:
        pages = [tx.carts.page(CartFilter(), PageRequest(page=number, limit=5)) for number in (1, 2, 3, 4)]

        assert [cart for page in pages for cart in page] == expected
        assert [len(page) for page in pages] == [5, 5, 2, 0]
        assert {page.total for page in pages} == {12}
        assert [cart.id for cart in tx.carts.page(CartFilter(owner="ann"), PageRequest())] == ["c1", "c99"]
        assert [cart.id for cart in tx.carts.page(CartFilter(owner="ann", active_only=True), PageRequest())] == ["c99"]
        assert tx.carts.page(CartFilter(active_only=True), PageRequest(limit=1)).total == 11
        assert tx.carts.page(CartFilter(owner="nobody"), PageRequest()).total == 0
