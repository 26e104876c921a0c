"""What a caller gets of several processes in all, whatever he does: his limit, and a twentieth for each of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shopcore.limits.model import Limit
from shopcore.limits.rules import draw
from shopcore_http.limits import CHUNK, FREE, MINUTE
from shopcore_http.purse import Purse
from shopcore_testing.accounts import NOON


class Processes:
    """Processes that share one caller's bucket, without what carries their questions to it."""

    def __init__(self, count: int, a_minute: int) -> None:
        self.purses = [Purse(NOON) for _ in range(count)]
        self.limit = Limit(most=a_minute, period=MINUTE)
        self.free, self.chunk = a_minute // FREE, max(1, a_minute // CHUNK)
        self.full_at: datetime | None = None
        self.drawn = 0

    def let_pass(self, process: int, now: datetime) -> bool:
        purse = self.purses[process]
        if now - purse.since >= MINUTE:
            purse.renew(now)
        while not purse.pay(self.free, now):
            if purse.wait(now):
                return False
            self.full_at, drawn = draw(self.full_at, purse.asking("ann", self.chunk), self.limit, now)
            self.drawn += 1
            purse.take(drawn, now)
        return True


STORIES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30_000), st.integers(1, 400)), max_size=25)
"""Requests: to which process, after how many milliseconds, and how many."""


@given(st.integers(1, 600), STORIES)
def test_several_processes_give_no_more_than_the_limit_and_their_free_parts(
    a_minute: int, story: list[tuple[int, int, int]]
) -> None:
    processes, now, passed = Processes(4, a_minute), NOON, 0
    for process, pause, requests in story:
        now += timedelta(milliseconds=pause)
        passed += sum(processes.let_pass(process, now) for _ in range(requests))
        minutes = (now - NOON) / MINUTE
        assert passed <= a_minute * (1 + minutes) + 4 * processes.free * (1 + minutes)


@given(st.integers(1, 6000), st.integers(0, 3))
def test_whoever_keeps_to_his_limit_is_never_refused(a_minute: int, process: int) -> None:
    processes = Processes(4, a_minute)
    pause = MINUTE / a_minute + timedelta(microseconds=1)

    assert all(processes.let_pass(process, NOON + number * pause) for number in range(min(2 * a_minute, 2000)))


@given(st.integers(1, 6000))
def test_all_of_a_bucket_can_be_had_at_once_for_few_draws(a_minute: int) -> None:
    processes = Processes(1, a_minute)

    assert sum(processes.let_pass(0, NOON) for _ in range(a_minute + 10)) == a_minute

    assert processes.drawn <= 2 * CHUNK + 1
