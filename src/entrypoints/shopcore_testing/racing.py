"""What races share: callers who do not give up because a store is busy, and who remember what they were told."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from shopcore.errors import ShopError, StoreBusy

T = TypeVar("T")
TRIES = 100
PATIENCE = 60.0
"""Seconds after which a race counts as stuck."""


def insist(act: Callable[[], T]) -> T | ShopError:
    """What `act` gives in the end: a busy store changed nothing and is asked again, any other refusal is an answer."""
    for _ in range(TRIES):
        try:
            return act()
        except StoreBusy:
            time.sleep(random.uniform(0.001, 0.02))
        except ShopError as error:
            return error
    raise AssertionError(f"the store was busy {TRIES} times")


def race(acts: Sequence[Callable[[], T]]) -> list[T | ShopError]:
    """What all of `acts`, begun at the same time, each in a thread of its own, were told in the end."""
    line = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | ShopError:
        line.wait(PATIENCE)
        return insist(act)

    pool = ThreadPoolExecutor(len(acts))
    try:
        running = [pool.submit(run, act) for act in acts]
        return [runner.result(PATIENCE) for runner in running]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def granted(answers: Sequence[object]) -> int:
    """How many were not refused."""
    return sum(not isinstance(answer, ShopError) for answer in answers)
