"""What RemovalRepository promises of records; its summary has a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shopcore.accounts.model import User
from shopcore.carts.model import Cart
from shopcore.facts import SHOPPERS_REASONS, Reason
from shopcore.money import Money
from shopcore.orders.model import Order
from shopcore.paging import PageRequest
from shopcore.removals.model import Removal, RemovalFilter
from shopcore.store import Store, Transaction
from shopcore_testing.samples import DAY, MICRO, NOON, SECOND, a_cart, a_removal, a_sale, an_order, euros, open_carts
from shopcore_testing.selling import ALL, EVERY_REASON


def keep(store: Store, *removals: Removal) -> None:
    store.write(lambda tx: tx.removals.add(removals))


def page(store: Store, which: RemovalFilter = ALL, **page: int) -> list[Removal]:
    with store.read() as tx:
        return list(tx.removals.page(which, PageRequest(**{"limit": 100, **page})))


def by_id(store: Store) -> dict[str, Removal]:
    return {removal.id: removal for removal in page(store)}


def settle(store: Store, order: Order) -> None:
    def work(tx: Transaction) -> None:
        tx.orders.add([order])
        tx.removals.settle([order])

    store.write(work)


@pytest.fixture
def carts(raw_store: Store) -> list[Cart]:
    """Two carts of ann, one of them closed, and one of bob."""
    closed = a_cart("c1", "ann", status="ordered", order_id="o1")
    return list(open_carts(raw_store, closed, a_cart("c2", "ann"), a_cart("c3", "bob")))


@pytest.mark.parametrize("reason", EVERY_REASON)
def test_a_record_comes_back_as_it_was_kept(raw_store: Store, carts: list[Cart], reason: Reason) -> None:
    record = a_removal(
        "r1",
        carts[0],
        "mug ☕",
        sku="=SUM(A1)",
        item_name="Zoë's 🛒\n\u202e",
        quantity=999,
        unit_price=Money(10**12, "KWD"),
        reason=reason,
        added_at=NOON - MICRO,
        removed_at=NOON + MICRO,
        outcome="recovered",
        order_id="o1",
        returned_at=NOON + DAY,
        bought_later_order_id="o2",
    )
    keep(raw_store, record)
    assert page(raw_store) == [record]


def test_a_record_shows_the_name_that_the_owners_account_has_now(raw_store: Store, carts: list[Cart]) -> None:
    keep(raw_store, a_removal("r1", carts[1], "mug"), a_removal("r2", carts[2], "mug"))
    ann = User(id="ann", username="Ann", name_folded="ann", password_hash="-", created_at=NOON)
    raw_store.write(lambda tx: tx.users.add([ann]))
    assert {removal.owner: removal.username for removal in page(raw_store)} == {"ann": "Ann", "bob": None}
    with raw_store.read() as tx:
        assert [removal.username for removal in tx.removals.stream(replace(ALL, owner="ann"))] == ["Ann"]
    raw_store.write(lambda tx: tx.users.save([ann.erased()]))
    assert [removal.username for removal in page(raw_store)] == [None, None]


def test_an_item_that_returns_sets_the_time_of_those_that_have_none(raw_store: Store, carts: list[Cart]) -> None:
    keep(
        raw_store,
        a_removal("r1", carts[1], "mug"),
        a_removal("r2", carts[1], "mug", returned_at=NOON),
        a_removal("r3", carts[1], "cup"),
        a_removal("r4", carts[2], "mug"),
        a_removal("r5", carts[2], "cup"),
    )

    later = NOON + MICRO
    raw_store.write(lambda tx: tx.removals.returned({("c2", "mug"): later, ("c3", "cup"): later + SECOND}))

    returns = {removal.id: removal.returned_at for removal in page(raw_store)}
    assert returns == {"r1": later, "r2": NOON, "r3": None, "r4": None, "r5": later + SECOND}


def test_an_order_settles_the_records_of_its_cart(raw_store: Store, carts: list[Cart]) -> None:
    keep(raw_store, *[a_removal(f"r{n}", cart, item) for n, (cart, item) in enumerate(_pairs(carts[1:]))])
    order = an_order("o2", carts[1], a_sale("mug"), a_sale("pot"))

    settle(raw_store, order)

    fates = {(removal.cart_id, removal.item_id): (removal.outcome, removal.order_id) for removal in page(raw_store)}
    assert fates == {
        ("c2", "mug"): ("recovered", "o2"),
        ("c2", "cup"): ("lost", "o2"),
        ("c3", "mug"): ("open", None),
        ("c3", "cup"): ("open", None),
    }


def _pairs(carts: list[Cart]) -> list[tuple[Cart, str]]:
    return [(cart, item) for cart in carts for item in ("mug", "cup")]


def test_a_purchase_is_noted_on_the_owners_earlier_carts_once(raw_store: Store, carts: list[Cart]) -> None:
    lost = {"outcome": "lost", "order_id": "o1"}
    keep(
        raw_store,
        a_removal("r1", carts[0], "mug", **lost),
        a_removal("r2", carts[0], "cup", **lost),
        a_removal("r3", carts[0], "mug", bought_later_order_id="o0", outcome="recovered", order_id="o1"),
        a_removal("r4", carts[1], "mug"),
        a_removal("r5", carts[2], "mug"),
    )
    order = an_order("o2", carts[1], a_sale("mug"), created_at=NOON + SECOND)

    settle(raw_store, order)

    after = by_id(raw_store)
    assert {name: record.bought_later_order_id for name, record in after.items()} == {
        "r1": "o2",
        "r2": None,
        "r3": "o0",
        "r4": None,
        "r5": None,
    }
    assert [after[name].outcome for name in ("r1", "r2", "r3")] == ["lost", "lost", "recovered"]


def test_a_cart_that_ends_abandons_its_open_records(raw_store: Store, carts: list[Cart]) -> None:
    keep(raw_store, *[a_removal(f"r{n}", cart, item) for n, (cart, item) in enumerate(_pairs(carts[1:]))])
    raw_store.write(lambda tx: tx.removals.abandon(["c2", "none"]))
    outcomes = [(record.cart_id, record.outcome, record.order_id) for record in page(raw_store)]
    assert sorted(outcomes) == [("c2", "abandoned", None)] * 2 + [("c3", "open", None)] * 2


# ---- pages, streams and filters


@pytest.fixture
def records(raw_store: Store, carts: list[Cart]) -> list[Removal]:
    fates = [("open", None), ("lost", "o1"), ("recovered", "o1"), ("abandoned", None)]
    made = [
        a_removal(
            f"r{n * 37 % 100:02}",
            carts[n % 3],
            ("mug", "cup")[n // 3 % 2],
            reason=EVERY_REASON[n % len(EVERY_REASON)],
            removed_at=NOON + n // 5 * MICRO,
            outcome=fates[n % 4][0],
            order_id=fates[n % 4][1],
            unit_price=euros(n),
        )
        for n in range(40)
    ]
    keep(raw_store, *made)
    return made


FILTERS: dict[str, tuple[RemovalFilter, Callable[[Removal], bool]]] = {
    "all": (ALL, lambda row: True),
    "the shopper's own, by default": (RemovalFilter(), lambda row: row.reason in SHOPPERS_REASONS),
    "one reason": (RemovalFilter(reasons=("merged",)), lambda row: row.reason == "merged"),
    "no reason": (RemovalFilter(reasons=()), lambda row: False),
    "drafts": (replace(ALL, state="draft"), lambda row: row.is_draft),
    "checked out": (replace(ALL, state="checked_out"), lambda row: row.order_id is not None),
    "lost": (replace(ALL, outcome="lost"), lambda row: row.outcome == "lost"),
    "abandoned drafts": (replace(ALL, outcome="abandoned", state="draft"), lambda row: row.outcome == "abandoned"),
    "of one owner": (replace(ALL, owner="ann"), lambda row: row.owner == "ann"),
    "of nobody": (replace(ALL, owner="' OR ''='"), lambda row: False),
    "of one item": (replace(ALL, item_id="cup"), lambda row: row.item_id == "cup"),
    "from a time on": (replace(ALL, since=NOON + 2 * MICRO), lambda row: row.removed_at >= NOON + 2 * MICRO),
    "before a time": (replace(ALL, until=NOON + 2 * MICRO), lambda row: row.removed_at < NOON + 2 * MICRO),
    "all at once": (
        RemovalFilter(state="draft", owner="bob", item_id="mug", since=NOON + MICRO, until=NOON + 5 * MICRO),
        lambda row: (
            row.is_draft
            and (row.owner, row.item_id) == ("bob", "mug")
            and row.reason in SHOPPERS_REASONS
            and NOON + MICRO <= row.removed_at < NOON + 5 * MICRO
        ),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_pages_and_stream_agree_under_a_filter(raw_store: Store, records: list[Removal], name: str) -> None:
    which, wanted = FILTERS[name]
    expected = sorted(filter(wanted, records), key=lambda row: (row.removed_at, row.id))

    with raw_store.read() as tx:
        pages = [tx.removals.page(which, PageRequest(page=number, limit=7)) for number in range(1, 8)]
        streamed = list(tx.removals.stream(which))

    assert streamed == expected
    assert [row for page in pages for row in page] == expected[::-1]
    assert {page.total for page in pages} == {len(expected)}


def test_a_stream_goes_on_over_ties_and_many_records(raw_store: Store, carts: list[Cart]) -> None:
    made = [a_removal(f"r{n:05}", carts[1], "mug", removed_at=NOON + n // 1500 * SECOND) for n in range(2600)]
    keep(raw_store, *made)
    with raw_store.read() as tx:
        assert [row.id for row in tx.removals.stream(ALL)] == [row.id for row in made]
