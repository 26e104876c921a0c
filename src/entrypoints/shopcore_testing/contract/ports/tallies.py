"""What TallyRepository promises."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shopcore.limits.model import Tally
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import at_once
from shopcore_testing.opened import Opened
from shopcore_testing.samples import DAY, MICRO, NOON, SECOND


def tally(subject: str, *, seconds: float = 0) -> Tally:
    at = NOON + timedelta(seconds=seconds)
    return Tally(subject=subject, times=(at - MICRO, at), until=at + DAY)


def kept(store: Store, *subjects: str) -> dict[str, Tally]:
    return store.write(lambda tx: tx.tallies.lock(subjects))


def test_tallies_come_back_as_they_were_saved(raw_store: Store) -> None:
    zoe, empty = tally("requests zoë 🛒"), Tally(subject="logins ' \" \\", times=(), until=NOON)

    raw_store.write(lambda tx: tx.tallies.save([zoe, empty]))

    assert kept(raw_store, zoe.subject, empty.subject, "nobody") == {zoe.subject: zoe, empty.subject: empty}


def test_what_is_saved_replaces_what_was(raw_store: Store) -> None:
    raw_store.write(lambda tx: tx.tallies.save([tally("a"), tally("b")]))

    raw_store.write(lambda tx: tx.tallies.save([tally("b", seconds=5), tally("c")]))

    assert kept(raw_store, "a", "b", "c") == {"a": tally("a"), "b": tally("b", seconds=5), "c": tally("c")}


def test_no_subject_at_all_is_no_trouble(raw_store: Store) -> None:
    raw_store.write(lambda tx: tx.tallies.save([]))

    assert kept(raw_store) == {}


def test_a_subject_that_was_only_locked_has_no_tally(raw_store: Store) -> None:
    kept(raw_store, "a")

    assert kept(raw_store, "a") == {}


def test_who_counts_a_subject_for_the_first_time_does_so_alone(raw_store: Store) -> None:
    def count(tx: Transaction) -> None:
        found = tx.tallies.lock(["a", "b"])
        for subject in ("a", "b"):
            times = (*found[subject].times, NOON) if subject in found else (NOON,)
            tx.tallies.save([Tally(subject=subject, times=times, until=NOON)])

    at_once(8, lambda _: raw_store.write(count))

    assert [len(each.times) for each in kept(raw_store, "a", "b").values()] == [8, 8]


def test_subjects_are_locked_in_their_own_order_however_they_are_named(opened: Opened) -> None:
    if not opened.several_writers:
        pytest.skip("writers of this store take turns")
    store, held, enough, gave_up = opened.store, threading.Event(), threading.Event(), threading.Event()

    def hold(tx: Transaction) -> None:
        tx.tallies.lock(["m"])
        held.set()
        enough.wait(10)

    def wait(tx: Transaction) -> None:
        try:
            tx.tallies.lock(["z", "m"])
        except BaseException:
            gave_up.set()
            raise

    with ThreadPoolExecutor(2) as others:
        others.submit(store.write, hold)
        held.wait(10)
        waiting = others.submit(store.write, wait)
        time.sleep(0.1)
        try:
            assert kept(store, "z") == {}
            assert not gave_up.is_set()  # who waits for m does not hold z meanwhile
        finally:
            enough.set()
        waiting.result(10)


def test_what_means_nothing_any_more_is_forgotten_some_at_a_time(raw_store: Store) -> None:
    raw_store.write(
        lambda tx: tx.tallies.save([tally(f"old {n}", seconds=n) for n in range(3)] + [tally("new", seconds=9)])
    )
    now = NOON + DAY + 3 * SECOND

    forgotten = [raw_store.write(lambda tx: tx.tallies.forget(now, limit=2)) for _ in range(3)]

    assert forgotten == [2, 1, 0]
    assert kept(raw_store, "old 0", "old 2", "new").keys() == {"new"}
