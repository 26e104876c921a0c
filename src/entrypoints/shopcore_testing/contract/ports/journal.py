"""What JournalRepository and KeyRepository promise."""

from __future__ import annotations

from typing import Any

import pytest

from shopcore.errors import StoreBusy
from shopcore.idempotency import Answered
from shopcore.inventory.model import StockEquation
from shopcore.journal.model import Entry
from shopcore.store import Store
from shopcore_testing.accounts import at_once, raised
from shopcore_testing.samples import DAY, MICRO, NOON, SECOND, an_answer, an_entry

DATA: dict[str, Any] = {
    "text": "zoë 🛒 \u2028 '\"\\",
    "large": 2**63 - 1,
    "small": -(2**63),
    "float": 0.1,
    "flags": [True, False, None, [], {}, ""],
    "nested": {"ключ": [{"": 1}]},
}


def append(store: Store, *entries: Entry) -> None:
    store.write(lambda tx: tx.journal.append(entries))


def test_an_entry_comes_back_as_it_was_appended(raw_store: Store) -> None:
    entry = an_entry(
        "op 🛒",
        kind="hold_taken",
        at=NOON + MICRO,
        actor="zoë",
        cart_id="c1",
        item_id="i1",
        order_id="o1",
        hold_id="h1",
        on_hand=-(2**62),
        held=2**63 - 1,
        data=DATA,
    )
    append(raw_store, entry)
    with raw_store.read() as tx:
        [shown] = tx.journal.of_cart("c1")
        [ledger] = tx.journal.ledger("i1", limit=5)
    assert shown == ledger
    assert shown == an_entry("op 🛒", **{**_fields(entry), "position": shown.position})


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__slots__ if name not in ("operation", "position")}


def test_a_carts_timeline_is_everything_that_names_it_in_order(raw_store: Store) -> None:
    append(raw_store, *[an_entry(f"a{n}", cart_id=f"c{n % 2}", at=NOON - n * SECOND) for n in range(6)])
    append(raw_store, an_entry("b", cart_id="c1"), an_entry("c"))
    with raw_store.read() as tx:
        timeline = tx.journal.of_cart("c1")
        assert tx.journal.of_cart("none") == []
    assert [entry.operation for entry in timeline] == ["a1", "a3", "a5", "b"]
    positions = [entry.position for entry in timeline]
    assert positions == sorted(set(positions))


def test_an_operation_is_journalled_once(raw_store: Store) -> None:
    append(raw_store, an_entry("one", cart_id="c1"))
    assert isinstance(raised(lambda: append(raw_store, an_entry("two", cart_id="c1"), an_entry("one"))), StoreBusy)
    assert isinstance(raised(lambda: append(raw_store, an_entry("six"), an_entry("six"))), StoreBusy)
    with raw_store.read() as tx:
        assert [entry.operation for entry in tx.journal.of_cart("c1")] == ["one"]


def test_of_many_who_journal_one_operation_one_succeeds(raw_store: Store) -> None:
    answers = at_once(6, lambda _: append(raw_store, an_entry("one", cart_id="c1")))
    assert sum(not isinstance(answer, StoreBusy) for answer in answers) == 1
    with raw_store.read() as tx:
        assert len(tx.journal.of_cart("c1")) == 1


@pytest.fixture
def ledger(raw_store: Store) -> list[Entry]:
    """What happened to the level of `mug`, between other things."""
    steps = [
        ("stock_received", 10, 0),
        ("hold_taken", 0, 3),
        ("hold_changed", 0, 2),
        ("stock_adjusted", -1, 0),
        ("hold_committed", -5, -5),
        ("stock_restocked", 5, 0),
        ("stock_received", 2**40, 0),
        ("hold_taken", 0, 4),
        ("hold_released", 0, -1),
    ]
    entries = [
        an_entry(f"m{n}", kind=kind, item_id="mug", on_hand=on_hand, held=held, at=NOON + n * SECOND)
        for n, (kind, on_hand, held) in enumerate(steps)
    ]
    append(raw_store, an_entry("x", item_id="mug", kind="item_listed"), *entries)
    append(raw_store, an_entry("y", item_id="cup", kind="stock_received", on_hand=7))
    return entries


def test_a_ledger_is_the_newest_entries_that_changed_the_level(raw_store: Store, ledger: list[Entry]) -> None:
    newest = [entry.operation for entry in ledger][::-1]
    with raw_store.read() as tx:
        assert [entry.operation for entry in tx.journal.ledger("mug", limit=100)] == newest
        assert [entry.operation for entry in tx.journal.ledger("mug", limit=2)] == newest[:2]
        before = tx.journal.ledger("mug", limit=2, before=NOON + 4 * SECOND)
        assert [entry.operation for entry in before] == ["m3", "m2"]
        assert tx.journal.ledger("none", limit=5) == []


@pytest.mark.usefixtures("ledger")
def test_the_equation_sums_the_ledger_up_to_a_time(raw_store: Store) -> None:
    with raw_store.read() as tx:
        equation, held = tx.journal.equation("mug")
        early = tx.journal.equation("mug", before=NOON + 3 * SECOND + MICRO)
        assert tx.journal.equation("mug", before=NOON) == (StockEquation(), 0)
        assert tx.journal.equation("none") == (StockEquation(), 0)
    assert equation == StockEquation(received=10 + 2**40, adjusted=-1, restocked=5, sold=5)
    assert (equation.on_hand, held) == (9 + 2**40, 3)
    assert early == (StockEquation(received=10, adjusted=-1), 5)


# ---- idempotency keys


def keep(store: Store, *answers: Answered) -> None:
    store.write(lambda tx: tx.keys.add(answers))


def test_answers_are_found_by_caller_operation_and_key(raw_store: Store) -> None:
    answers = [
        an_answer("k", caller=caller, operation=operation, fingerprint=caller + operation, answer=DATA)
        for caller in ("ann", "bob 🛒")
        for operation in ("order", "add")
    ]
    keep(raw_store, *answers)
    wanted = [("ann", "add", "k"), ("bob 🛒", "order", "k"), ("ann", "add", "K"), ("eve", "add", "k")]
    with raw_store.read() as tx:
        found = tx.keys.find(wanted)
        assert tx.keys.find([]) == {}
    assert found == {wanted[0]: answers[1], wanted[1]: answers[2]}


@pytest.mark.parametrize("answer", [[], {}, "text", 1, True, DATA])
def test_an_answer_of_any_form_is_kept(raw_store: Store, answer: object) -> None:
    keep(raw_store, an_answer("~" * 255, answer=answer, at=NOON + MICRO))
    with raw_store.read() as tx:
        [found] = tx.keys.find([("ann", "order", "~" * 255)]).values()
    assert found == an_answer("~" * 255, answer=answer, at=NOON + MICRO)


def test_a_key_is_answered_once(raw_store: Store) -> None:
    keep(raw_store, an_answer("k"))
    assert isinstance(raised(lambda: keep(raw_store, an_answer("l"), an_answer("k", answer=2))), StoreBusy)
    with raw_store.read() as tx:
        found = tx.keys.find([("ann", "order", "k"), ("ann", "order", "l")])
    assert list(found.values()) == [an_answer("k")]


def test_of_many_who_answer_one_key_one_succeeds(raw_store: Store) -> None:
    answers = at_once(6, lambda number: keep(raw_store, an_answer("k", answer=number)))
    assert sum(not isinstance(answer, StoreBusy) for answer in answers) == 1


def test_old_answers_are_forgotten_some_at_a_time(raw_store: Store) -> None:
    keep(raw_store, *[an_answer(f"k{n}", at=NOON + n * DAY) for n in range(5)])
    scopes = [("ann", "order", f"k{n}") for n in range(5)]

    forgotten = [raw_store.write(lambda tx: tx.keys.forget(NOON + 3 * DAY, limit=2)) for _ in range(3)]

    assert forgotten == [2, 1, 0]
    with raw_store.read() as tx:
        assert sorted(tx.keys.find(scopes)) == scopes[3:]
