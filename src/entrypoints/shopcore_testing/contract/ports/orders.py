"""What OrderRepository promises."""

from __future__ import annotations

from typing import Any

import pytest

from shopcore.carts.model import Cart
from shopcore.errors import StoreBusy
from shopcore.money import Money
from shopcore.orders.model import Discount, Order, OrderEvent
from shopcore.paging import PageRequest
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import at_once, raised
from shopcore_testing.samples import MICRO, NOON, SECOND, a_cart, a_sale, an_order, euros, open_carts

CANCELLED = OrderEvent(status="cancelled", at=NOON + MICRO, actor="björk 🛒", reason="'; --\n")


def carts(store: Store, *owners: str) -> list[Cart]:
    """Ordered carts of these owners, by the names c0, c1 and so on."""
    ordered = [a_cart(f"c{n}", owner, status="ordered", order_id=f"o{n}") for n, owner in enumerate(owners)]
    return list(open_carts(store, *ordered))


def keep(store: Store, *orders: Order) -> None:
    store.write(lambda tx: tx.orders.add(orders))


def cancelled(tx: Transaction, order_id: str) -> None:
    tx.orders.append(order_id, CANCELLED)


def test_an_order_comes_back_as_it_was_kept(raw_store: Store) -> None:
    [cart] = carts(raw_store, "zoë 🛒")
    limit, nothing = Money(10**12, "JPY"), Money(0, "JPY")
    dear: dict[str, Any] = {"unit_price": limit, "line_total": limit, "discount": Money(1, "JPY")}
    free: dict[str, Any] = {"unit_price": nothing, "line_total": nothing, "discount": nothing}
    taken = Discount(label="Ünïcode", amount=Money(1, "JPY"), code="SAVE")
    order = an_order(
        "o0",
        cart,
        a_sale("zebra", sku="Z-1", name="Zebra 🦓 \u202e", hold_id="h1", **dear),
        a_sale("apple", 999, name="'\"\\", **free),
        created_at=NOON + MICRO,
        currency="JPY",
        subtotal=limit,
        discount=Money(1, "JPY"),
        total=Money(10**12 - 1, "JPY"),
        discounts=(taken, Discount(label="", amount=Money(0, "JPY"), offer="2 for 1")),
    )

    keep(raw_store, order)

    with raw_store.read() as tx:
        assert tx.orders.get(["o0", "none"]) == {"o0": order}
        assert tx.orders.of_carts(["c0", "none"]) == {"c0": order}
    assert raw_store.write(lambda tx: tx.orders.lock("o0")) == order


def test_what_is_not_there_is_left_out(raw_store: Store) -> None:
    with raw_store.read() as tx:
        assert tx.orders.get(["none"]) == tx.orders.get([]) == {}
        assert tx.orders.of_carts(["none"]) == tx.orders.of_carts([]) == {}
        assert tx.orders.bought(["ann"], ["mug"]) == tx.orders.bought([], []) == {}
    assert raw_store.write(lambda tx: tx.orders.lock("none")) is None


def test_events_are_appended_in_order(raw_store: Store) -> None:
    [cart] = carts(raw_store, "ann")
    keep(raw_store, an_order("o0", cart, a_sale("mug")))

    raw_store.write(lambda tx: cancelled(tx, "o0"))

    with raw_store.read() as tx:
        order = tx.orders.get(["o0"])["o0"]
        assert [event.status for event in order.history] == ["placed", "cancelled"]
        assert order.history[1] == CANCELLED
        assert order.status == tx.orders.page("ann", PageRequest()).items[0].status == "cancelled"


def test_those_who_lock_one_order_take_turns(raw_store: Store) -> None:
    [cart] = carts(raw_store, "ann")
    keep(raw_store, an_order("o0", cart, a_sale("mug")))

    def cancel(tx: Transaction) -> str:
        order = tx.orders.lock("o0")
        assert order is not None
        if order.status == "placed":
            cancelled(tx, "o0")
        return order.status

    answers = at_once(8, lambda _: raw_store.write(cancel))

    assert sorted(map(str, answers)) == ["cancelled"] * 7 + ["placed"]
    with raw_store.read() as tx:
        assert len(tx.orders.get(["o0"])["o0"].history) == 2


def test_of_events_appended_at_once_none_is_lost_or_takes_anothers_place(raw_store: Store) -> None:
    [cart] = carts(raw_store, "ann")
    keep(raw_store, an_order("o0", cart, a_sale("mug")))

    answers = at_once(4, lambda _: raw_store.write(lambda tx: cancelled(tx, "o0")))

    done = sum(not isinstance(answer, StoreBusy) for answer in answers)
    assert done > 0
    with raw_store.read() as tx:
        assert len(tx.orders.get(["o0"])["o0"].history) == 1 + done


def test_a_cart_becomes_one_order(raw_store: Store) -> None:
    [cart] = carts(raw_store, "ann")
    keep(raw_store, an_order("o0", cart, a_sale("mug")))
    assert isinstance(raised(lambda: keep(raw_store, an_order("o1", cart, a_sale("mug")))), StoreBusy)
    with raw_store.read() as tx:
        assert tx.orders.page(None, PageRequest()).total == 1


def test_orders_are_paged_newest_first_ties_by_id_without_lines(raw_store: Store) -> None:
    owners = ["ann", "bob"] * 6
    orders = [
        an_order(f"o{n}", cart, a_sale("mug", n + 1), created_at=NOON + n // 4 * SECOND)
        for n, cart in enumerate(carts(raw_store, *owners))
    ]
    keep(raw_store, *orders)
    newest = sorted(orders, key=lambda order: (order.created_at, order.id), reverse=True)
    with raw_store.read() as tx:
        pages = [tx.orders.page(None, PageRequest(page=number, limit=5)) for number in (1, 2, 3, 4)]
        anns = tx.orders.page("ann", PageRequest(limit=100))
        assert tx.orders.page("nobody", PageRequest()).total == 0
    assert [order.id for page in pages for order in page] == [order.id for order in newest]
    assert [(len(page), page.total) for page in pages] == [(5, 12), (5, 12), (2, 12), (0, 12)]
    assert [order.id for order in anns] == [order.id for order in newest if order.owner == "ann"]
    shown = pages[0].items[0]
    assert (shown.lines, shown.total, shown.history) == ((), newest[0].total, newest[0].history)


def test_bought_counts_units_that_were_not_cancelled(raw_store: Store) -> None:
    of = carts(raw_store, "ann", "ann", "ann", "bob")
    keep(
        raw_store,
        an_order("o0", of[0], a_sale("mug", 2), a_sale("cup", 1)),
        an_order("o1", of[1], a_sale("mug", 3)),
        an_order("o2", of[2], a_sale("mug", 900), a_sale("pot", 900)),
        an_order("o3", of[3], a_sale("mug", 5)),
    )
    raw_store.write(lambda tx: cancelled(tx, "o2"))
    with raw_store.read() as tx:
        assert tx.orders.bought(["ann", "bob", "cid"], ["mug", "pot", "nix"]) == {("ann", "mug"): 5, ("bob", "mug"): 5}
        assert tx.orders.bought(["bob"], ["cup"]) == {}


@pytest.mark.parametrize("cents", [0, 1, 10**12])
def test_sums_are_exact_at_the_edges(raw_store: Store, cents: int) -> None:
    [cart] = carts(raw_store, "ann")
    order = an_order("o0", cart, a_sale("gold", 999, cents), a_sale("mug", 999, cents))
    keep(raw_store, order)
    with raw_store.read() as tx:
        assert tx.orders.get(["o0"])["o0"].total == euros(2 * 999 * cents)
