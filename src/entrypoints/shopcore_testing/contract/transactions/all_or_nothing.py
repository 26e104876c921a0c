"""All of a transaction happens, or none of it."""

from __future__ import annotations

import time

import pytest

from shopcore.errors import LostRace, OutOfStock, StoreBusy
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import at_once, raised
from shopcore_testing.opened import Contents, Opened
from shopcore_testing.samples import (
    a_level,
    an_item,
)
from shopcore_testing.steps import STEPS, work_until


class Broken(Exception):
    pass


def break_off(_tx: Transaction) -> None:
    raise Broken


@pytest.mark.parametrize("step", range(len(STEPS) + 1))
def test_an_exception_anywhere_leaves_nothing_and_is_raised_on(opened: Opened, step: int, contents: Contents) -> None:
    before = contents()

    with pytest.raises(Broken):
        opened.store.write(work_until(step, break_off))

    assert contents() == before


def test_a_refusal_inside_a_transaction_undoes_what_came_before_it(opened: Opened) -> None:
    refusal = OutOfStock("mug", 2, 1)

    def refuse(_tx: Transaction) -> None:
        raise refusal

    assert raised(lambda: opened.store.write(work_until(4, refuse))) is refusal
    with opened.store.read() as tx:
        assert (tx.items.get(["mug"]), tx.users.get(["ann"])) == ({}, {})


def test_an_exception_while_another_is_handled_leaves_nothing(raw_store: Store) -> None:
    def work(tx: Transaction) -> None:
        try:
            work_until(3, break_off)(tx)
        except Broken as first:
            tx.items.save([an_item("cup")])
            raise LookupError from first

    with pytest.raises(LookupError):
        raw_store.write(work)
    with raw_store.read() as tx:
        assert tx.items.get(["mug", "cup"]) == {}


def test_what_interrupts_the_program_undoes_the_transaction_too(opened: Opened, contents: Contents) -> None:
    def interrupt(_tx: Transaction) -> None:
        raise KeyboardInterrupt

    before = contents()
    with pytest.raises(KeyboardInterrupt):
        opened.store.write(work_until(len(STEPS), interrupt))
    assert contents() == before


def test_work_that_lost_a_race_starts_from_nothing_again(raw_store: Store) -> None:
    seen: list[int] = []

    def work(tx: Transaction) -> str:
        seen.append(len(tx.items.get(["mug"])))
        work_until(4, lambda tx: None)(tx)
        if len(seen) < 4:
            raise LostRace
        return "done"

    assert raw_store.write(work) == "done"
    assert seen == [0, 0, 0, 0]
    assert raw_store.write(lambda tx: tx.stock.lock(["mug"])) == {"mug": a_level("mug", 6, 2)}


@pytest.mark.parametrize("repeatable", [False, True])
def test_work_is_run_again_three_times_and_then_the_store_is_busy(
    opened: Opened, repeatable: bool, contents: Contents
) -> None:
    runs: list[int] = []
    before = contents()

    def lose(tx: Transaction) -> None:
        runs.append(1)
        raise LostRace

    refusal = raised(lambda: opened.store.write(work_until(len(STEPS), lose), repeatable=repeatable))

    assert isinstance(refusal, StoreBusy)
    assert len(runs) == 4
    assert contents() == before


@pytest.mark.parametrize("failure", [ValueError, OutOfStock("mug", 2, 1), StoreBusy()])
def test_any_other_exception_runs_work_once(raw_store: Store, failure: Exception | type[Exception]) -> None:
    runs: list[int] = []

    def fail(_tx: Transaction) -> None:
        runs.append(1)
        raise failure

    with pytest.raises(Exception):  # noqa: B017, PT011 (whatever was raised)
        raw_store.write(fail)
    assert runs == [1]


def test_writers_of_many_threads_lose_nothing(raw_store: Store) -> None:
    raw_store.write(work_until(3, lambda tx: None))

    def work(tx: Transaction) -> None:
        tx.stock.lock(["mug"])
        time.sleep(0.001)
        tx.stock.change({"mug": (1, 0)})

    answers = at_once(10, lambda _: [raw_store.write(work) for _ in range(5)])

    done = sum(5 for answer in answers if not isinstance(answer, StoreBusy))
    level = raw_store.write(lambda tx: tx.stock.lock(["mug"]))["mug"].on_hand
    assert done == 50
    assert level == 5 + done
