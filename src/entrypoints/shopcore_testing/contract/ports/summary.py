"""Every store counts removals alike, and as a plain loop over the records does."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC
from typing import get_args

import pytest

from shopcore.accounts.model import User
from shopcore.facts import Reason
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.removals.model import Removal, RemovalFilter, SummaryBy, SummaryRow
from shopcore.store import Store
from shopcore_testing.samples import DAY, MICRO, NOON, a_cart, a_removal, open_carts

ALL = RemovalFilter(reasons=get_args(Reason))
CARTS = [a_cart(f"c{n}", f"o{n // 2}", status="abandoned") for n in range(6)]
NAMES = {"o0": "Zoë", "o1": "anna", "o2": None}


def fill(store: Store, records: list[Removal]) -> None:
    if store.write(lambda tx: not tx.carts.get([CARTS[0].id])):
        open_carts(store, *CARTS)
        users = [
            User(id=owner, username=name, name_folded=name, password_hash="-", created_at=NOON)
            for owner, name in NAMES.items()
            if name
        ]
        store.write(lambda tx: tx.users.add(users))
    if records:
        store.write(lambda tx: tx.removals.add(records))


def counted(by: SummaryBy, records: list[Removal]) -> list[SummaryRow]:
    """The summary, by the words of its documentation."""
    groups: defaultdict[tuple[str, str], list[Removal]] = defaultdict(list)
    for row in records:
        day = row.removed_at.astimezone(UTC).strftime("%Y-%m-%d")
        key = {"item": row.item_id, "customer": row.owner, "reason": row.reason, "day": day}[by]
        groups[key, row.unit_price.currency].append(row)
    summary = [_row(by, key, currency, rows) for (key, currency), rows in groups.items()]
    summary.sort(key=lambda row: (row.key, row.currency))
    if by == "day":
        return sorted(summary, key=lambda row: row.key, reverse=True)
    return sorted(summary, key=lambda row: -row.removals)


def _row(by: SummaryBy, key: str, currency: str, rows: list[Removal]) -> SummaryRow:
    labels = {"item": max(row.item_name for row in rows), "customer": NAMES.get(key) or ""}
    return SummaryRow(
        key=key,
        label=labels.get(by, key),
        currency=currency,
        removals=len(rows),
        quantity=sum(row.quantity for row in rows),
        value=Money(sum(row.quantity * row.unit_price.amount for row in rows), currency),
        customers=len({row.owner for row in rows}),
        carts=len({(row.owner, row.item_id, row.cart_id) for row in rows}),
        lost=sum(row.outcome == "lost" for row in rows),
        recovered=sum(row.outcome == "recovered" for row in rows),
        bought_later=sum(row.bought_later_order_id is not None for row in rows),
    )


def summary(store: Store, by: SummaryBy, which: RemovalFilter = ALL) -> list[SummaryRow]:
    with store.read() as tx:
        pages = [tx.removals.summary(by, which, PageRequest(page=number, limit=3)) for number in range(1, 9)]
    rows = [row for page in pages for row in page]
    assert {page.total for page in pages} == {len(rows)}
    return rows


def records(count: int) -> list[Removal]:
    """Records out of few values, so that groups, ties and repetitions abound."""
    draw = random.Random(7)
    fates = [("open", None), ("lost", "o"), ("recovered", "o"), ("abandoned", None)]
    days = [NOON.replace(hour=0) + step for step in (-MICRO, 0 * DAY, DAY - MICRO, DAY)]
    return [
        a_removal(
            f"r{number:03}",
            draw.choice(CARTS),
            draw.choice(["mug", "Mug", "müg", "a-b", "a b"]),
            item_name=draw.choice(["apple", "Zebra", "äpfel", "_", "🛒", "\uffee"][number % 3 :]),
            quantity=draw.choice([1, 2, 999]),
            unit_price=Money(draw.choice([0, 1, 10**12]), draw.choice(["EUR", "JPY"])),
            reason=draw.choice(get_args(Reason)),
            removed_at=draw.choice(days),
            outcome=(fate := draw.choice(fates))[0],
            order_id=fate[1],
            bought_later_order_id=draw.choice([None, "later"]),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("by", get_args(SummaryBy))
def test_a_summary_is_what_a_loop_over_the_records_counts(raw_store: Store, by: SummaryBy) -> None:
    made = records(300)
    fill(raw_store, made)
    assert summary(raw_store, by) == counted(by, made)


def test_an_item_is_called_by_its_greatest_name_in_code_points(raw_store: Store) -> None:
    names = ["apple", "Zebra", "zebra", "_", "Äpfel"]
    fill(raw_store, [a_removal(f"r{n}", CARTS[0], "fruit", item_name=name) for n, name in enumerate(names)])
    assert [row.label for row in summary(raw_store, "item")] == ["Äpfel"]


@pytest.mark.parametrize("by", get_args(SummaryBy))
def test_a_summary_counts_what_its_filter_lists(raw_store: Store, by: SummaryBy) -> None:
    fill(raw_store, records(60))
    for which in (RemovalFilter(), replace(ALL, owner="o1"), replace(ALL, item_id="mug", since=NOON)):
        with raw_store.read() as tx:
            listed = list(tx.removals.stream(which))
        assert listed
        assert summary(raw_store, by, which) == counted(by, listed)


def test_nothing_removed_is_an_empty_summary(raw_store: Store) -> None:
    assert summary(raw_store, "item") == []
