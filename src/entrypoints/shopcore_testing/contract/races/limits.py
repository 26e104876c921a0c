"""Several programs on one database let nobody have more than they would alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from shopcore.limits.model import Attempt, Draw, Limit
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import NOON
from shopcore_testing.programs import programs
from shopcore_testing.racing import insist

PROCESSES, TRIES = 4, 12
A_MINUTE = Limit(most=100, period=timedelta(minutes=1))
LOGINS = Limit(most=20, period=timedelta(minutes=15))


def noon() -> datetime:
    return NOON


def ask(elsewhere: Callable[[], Store], _number: int) -> tuple[int, int]:
    """How many logins one program may try, and how many units it draws."""
    store = elsewhere()
    try:
        limits = Shop(store, clock=noon).limits
        tried = units = 0
        for _ in range(TRIES):
            attempt = insist(lambda: limits.begin_login("ann", LOGINS))
            tried += isinstance(attempt, Attempt) and attempt.wait is None
            drawn = insist(lambda: limits.draw([Draw(caller="ann", want=7)], A_MINUTE))
            units += drawn[0].units if isinstance(drawn, list) else 0
        return tried, units
    finally:
        store.close()


def test_four_programs_keep_a_limit_together(elsewhere: Callable[[], Store]) -> None:
    with ProcessPoolExecutor(PROCESSES, mp_context=programs(ask, elsewhere)) as pool:
        counted = list(pool.map(partial(ask, elsewhere), range(PROCESSES)))

    assert [sum(column) for column in zip(*counted, strict=True)] == [LOGINS.most, A_MINUTE.most]
