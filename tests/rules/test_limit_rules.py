"""Buckets that fill up evenly, and windows that slide: no caller gets more than his limit, and none less."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcore.limits import rules
from shopcore.limits.model import Draw, Drawn, Limit
from shopcore_testing.accounts import NOON

MINUTE = timedelta(minutes=1)
MICRO = timedelta(microseconds=1)
EVEN = st.sampled_from([1, 2, 5, 60, 100, 6000, 60_000])
"""Limits whose interval is a whole number of microseconds, so that fractions can be compared exactly."""
ANY = st.integers(1, 10_000_000)
PAUSES = st.integers(0, 90_000_000).map(lambda micros: micros * MICRO)


def a_minute(most: int) -> Limit:
    return Limit(most=most, period=MINUTE)


def ask(want: int = 1, owed: int = 0) -> Draw:
    return Draw(caller="ann", want=want, owed=owed)


@given(EVEN, st.lists(st.tuples(PAUSES, st.integers(1, 200), st.integers(0, 20)), max_size=30))
def test_a_bucket_gives_what_one_of_exact_fractions_gives(most: int, story: list[tuple[timedelta, int, int]]) -> None:
    full_at, now, there = None, NOON, Fraction(most)
    for pause, want, owed in story:
        now += pause
        there = min(Fraction(most), there + Fraction(pause // MICRO * most, MINUTE // MICRO))
        full_at, drawn = rules.draw(full_at, ask(want, owed), a_minute(most), now)
        assert drawn.units == min(want, max(0, int(there // 1) - owed))
        there = max(Fraction(-most), there - owed - drawn.units)


@given(ANY, st.integers(0, 20), st.integers(1, 500), PAUSES)
def test_whoever_waits_as_long_as_he_is_told_gets_something_and_not_before(
    most: int, owed: int, want: int, pause: timedelta
) -> None:
    full_at, _ = rules.draw(None, ask(most), a_minute(most), NOON)
    full_at, drawn = rules.draw(full_at, ask(want, owed), a_minute(most), NOON + min(pause, MINUTE))
    while drawn.units:
        full_at, drawn = rules.draw(full_at, ask(want), a_minute(most), NOON + min(pause, MINUTE))
    then = NOON + min(pause, MINUTE) + drawn.wait

    assert rules.draw(full_at, ask(), a_minute(most), then)[1].units == 1
    if drawn.wait > MICRO:
        assert rules.draw(full_at, ask(), a_minute(most), then - MICRO)[1].units == 0


@given(ANY)
def test_a_full_bucket_holds_just_the_limit(most: int) -> None:
    full_at, drawn = rules.draw(None, ask(most + 1), a_minute(most), NOON)

    assert drawn.units == most
    assert rules.draw(full_at, ask(), a_minute(most), NOON)[1].units == 0
    assert rules.draw(full_at, ask(most + 1), a_minute(most), NOON + MINUTE)[1].units == most


def test_units_that_are_drawn_one_by_one_are_as_many() -> None:
    full_at, units = None, 0
    for _ in range(10):
        full_at, drawn = rules.draw(full_at, ask(), a_minute(7), NOON)
        units += drawn.units
    assert units == 7


def test_a_debt_is_paid_before_anything_is_given() -> None:
    full_at, drawn = rules.draw(None, ask(want=1, owed=70), a_minute(60), NOON)

    assert drawn == Drawn(units=0, wait=timedelta(seconds=11))
    assert rules.draw(full_at, ask(), a_minute(60), NOON + timedelta(seconds=11))[1].units == 1


def test_a_clock_that_was_set_back_bars_nobody_for_longer_than_a_debt_may() -> None:
    full_at, _ = rules.draw(None, ask(60), a_minute(60), NOON + timedelta(days=1))

    _, drawn = rules.draw(full_at, ask(), a_minute(60), NOON)

    assert drawn == Drawn(units=0, wait=timedelta(seconds=61))


@given(st.integers(1, 5), st.lists(PAUSES, max_size=30))
def test_in_no_window_are_there_more_attempts_than_the_limit(most: int, pauses: list[timedelta]) -> None:
    now, tried = NOON, list[datetime]()
    kept: tuple[datetime, ...] = ()
    for pause in pauses:
        now += pause
        kept = rules.recent(kept, a_minute(most), now)
        wait = rules.wait(kept, a_minute(most), now)
        if wait is None:
            kept = (*kept, now)
            tried.append(now)
        else:
            later = now + wait
            assert rules.wait(rules.recent(kept, a_minute(most), later), a_minute(most), later) is None
    for first in tried:
        assert sum(first <= at < first + MINUTE for at in tried) <= most


def test_an_attempt_is_taken_back_once() -> None:
    assert rules.without((NOON, NOON, NOON + MICRO), NOON) == (NOON, NOON + MICRO)
    assert rules.without((NOON,), NOON + MICRO) == (NOON,)


@pytest.mark.parametrize("far", [timedelta(days=-1), timedelta(days=1), -MINUTE, MINUTE])
def test_an_attempt_of_another_day_does_not_count(far: timedelta) -> None:
    assert rules.recent((NOON + far,), a_minute(1), NOON) == ()


def test_names_that_are_the_same_user_are_the_same_subject_and_no_name_is_stored() -> None:
    assert rules.logins_of("Ann") == rules.logins_of("\uff41NN") != rules.logins_of("bob")
    assert "bob" not in rules.logins_of("bob")
    assert rules.bucket_of("ann") != rules.logins_of("ann")
