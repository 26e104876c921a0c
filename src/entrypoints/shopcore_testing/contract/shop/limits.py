"""Limits are kept by all who share a store together, however many ask at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shopcore import upkeep
from shopcore.limits.model import Draw, Limit
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import Watch, shop_over
from shopcore_testing.racing import race

A_MINUTE = Limit(most=60, period=timedelta(minutes=1))
LOGINS = Limit(most=3, period=timedelta(minutes=15))


def draw(shop: Shop, caller: str, want: int = 1, *, owed: int = 0) -> int:
    [drawn] = shop.limits.draw([Draw(caller=caller, want=want, owed=owed)], A_MINUTE)
    return drawn.units


def test_two_programs_draw_from_one_bucket(store: Store, watch: Watch) -> None:
    here, there = shop_over(store, watch), shop_over(store, watch)

    assert [draw(here, "ann", 50), draw(there, "ann", 50), draw(here, "ann", 50)] == [50, 10, 0]
    assert draw(there, "bob", 50) == 50
    watch.on(seconds=5)
    assert draw(there, "ann", 50) == 5


def test_many_callers_are_served_at_once_and_one_caller_twice_in_order(shop: Shop) -> None:
    draws = [Draw(caller="ann", want=40), Draw(caller="bob", want=1, owed=60), Draw(caller="ann", want=40)]

    answers = shop.limits.draw(draws, A_MINUTE)

    assert [answer.units for answer in answers] == [40, 0, 20]
    assert [answer.wait for answer in answers] == [timedelta(), timedelta(seconds=1), timedelta()]


def test_however_many_draw_at_once_nobody_gets_more_than_there_is(shop: Shop) -> None:
    answers = race([lambda: draw(shop, "ann", 7)] * 16)

    assert sum(units for units in answers if isinstance(units, int)) == 60


def test_callers_drawn_in_any_order_wait_for_each_other_and_not_in_a_ring(shop: Shop) -> None:
    callers = [f"caller {number}" for number in range(20)]
    draws = [Draw(caller=caller, want=5) for caller in callers]

    answers = race([lambda: shop.limits.draw(draws, A_MINUTE), lambda: shop.limits.draw(draws[::-1], A_MINUTE)] * 4)

    assert all(drawn.units == 5 for given in answers if isinstance(given, list) for drawn in given)
    assert [draw(shop, caller, 60) for caller in callers] == [20] * 20


def test_however_many_guess_at_once_no_more_than_the_limit_may_try(shop: Shop) -> None:
    attempts = race([lambda: shop.limits.begin_login("ann", LOGINS)] * 12)

    waits = [attempt.wait for attempt in attempts if not isinstance(attempt, Exception)]
    assert waits.count(None) == 3
    assert set(waits) == {None, timedelta(minutes=15)}


def test_failed_logins_count_for_all_programs_and_by_name_however_it_is_written(store: Store, watch: Watch) -> None:
    here, there = shop_over(store, watch), shop_over(store, watch)
    for shop, name in ((here, "Ann"), (there, "ANN"), (here, "\uff41nn")):
        assert shop.limits.begin_login(name, LOGINS).wait is None
        watch.on(minutes=1)

    assert there.limits.begin_login("ann", LOGINS).wait == timedelta(minutes=12)
    assert there.limits.begin_login("anna", LOGINS).wait is None
    watch.on(minutes=12)
    assert there.limits.begin_login("ann", LOGINS).wait is None
    assert here.limits.begin_login("ann", LOGINS).wait == timedelta(minutes=1)


def test_a_login_that_did_not_fail_is_forgiven_once(shop: Shop) -> None:
    [first, *_] = [shop.limits.begin_login("ann", LOGINS) for _ in range(3)]

    shop.limits.forgive(first)

    assert shop.limits.begin_login("ann", LOGINS).wait is None
    assert shop.limits.begin_login("ann", LOGINS).wait is not None


@pytest.mark.parametrize("name", ["", "\x00", "\ud800", "n" * 100_000, "ﷺ" * 200, "' OR 1=1 --"])
def test_any_text_at_all_counts_as_a_name(shop: Shop, name: str) -> None:
    for _ in range(3):
        assert shop.limits.begin_login(name, LOGINS).wait is None
    assert shop.limits.begin_login(name, LOGINS).wait is not None


def test_what_limits_need_no_longer_is_forgotten(shop: Shop, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    for number in range(5):
        draw(shop, f"caller {number}", 10)
    shop.limits.begin_login("ann", LOGINS)

    early = shop.upkeep.run_once()
    watch.on(seconds=11)
    late = shop.upkeep.run_once()
    watch.on(minutes=15)
    last = shop.upkeep.run_once()

    assert [early.tallies, late.tallies, last.tallies] == [0, 5, 1]
    assert draw(shop, "caller 1", 100) == 60


def test_a_sweep_at_the_same_time_loses_no_count(shop: Shop, watch: Watch) -> None:
    for _ in range(5):
        draw(shop, "ann", 1)
        watch.on(minutes=1)

        answers = race([lambda: draw(shop, "ann", 20)] * 5 + [lambda: shop.upkeep.run_once().tallies])

        assert sum(units for units in answers[:5] if isinstance(units, int)) == 60
        watch.on(minutes=2)
