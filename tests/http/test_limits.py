"""Nobody may ask too often, and nobody may guess passwords for long, however many processes serve the shop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import pytest

from shopcore.errors import BadCredentials, StoreBusy, StoreUnavailable
from shopcore.limits.use_cases import Limits
from shopcore.store import Store, Transaction
from shopcore_http.errors import TooManyRequests
from shopcore_http.limits import LoginLimit, RateLimit
from shopcore_memory import MemoryStore
from shopcore_settings import Settings
from shopcore_sql import SqlStore
from shopcore_testing.accounts import PASSWORD, Watch
from stores import Opened
from webshop import error_of, webshop

T = TypeVar("T")


async def taken(caller: str, times: int, *processes: RateLimit) -> int:
    """How many of so many requests, to each process in turn, are let through before one is not."""
    for count, limit in zip(range(times), cycle(processes), strict=False):
        try:
            await limit.take(caller)
        except TooManyRequests:
            return count
    return times


def passes(limit: RateLimit, caller: str, times: int) -> int:
    return asyncio.run(taken(caller, times, limit))


def rate(a_minute: int, watch: Watch | None = None, store: Store | None = None) -> RateLimit:
    return RateLimit(Limits(store or MemoryStore(), watch or Watch()), a_minute)


@pytest.mark.parametrize("a_minute", [1, 5, 60, 1000])
def test_a_bucket_is_as_large_as_a_minute_and_fills_up_evenly(a_minute: int) -> None:
    watch = Watch()
    limit = rate(a_minute, watch)

    assert passes(limit, "ann", 2 * a_minute) == a_minute
    watch.on(seconds=60)
    assert passes(limit, "ann", 2 * a_minute) == a_minute
    watch.on(hours=1)
    assert passes(limit, "ann", 2 * a_minute) == a_minute


def test_what_was_refused_for_a_while_is_let_through_afterwards() -> None:
    watch = Watch()
    limit = rate(60, watch)
    passes(limit, "ann", 61)
    watch.on(seconds=10)

    assert passes(limit, "ann", 100) == 10


def test_callers_do_not_share_a_bucket() -> None:
    limit = rate(5)

    assert (passes(limit, "ann", 9), passes(limit, "bob", 9)) == (5, 5)


def test_a_refusal_says_when_to_come_back() -> None:
    watch = Watch()
    limit = rate(6, watch)
    passes(limit, "ann", 6)

    with pytest.raises(TooManyRequests) as refused:
        asyncio.run(limit.take("ann"))

    assert refused.value.retry_after == 10
    watch.on(seconds=9.9)
    assert passes(limit, "ann", 1) == 0
    watch.on(seconds=0.1)
    assert passes(limit, "ann", 1) == 1


@pytest.mark.parametrize(("a_minute", "count"), [(5, 2), (600, 2), (600, 8)])
def test_processes_share_a_bucket_but_for_what_each_lets_pass_unasked(a_minute: int, count: int) -> None:
    store, watch = MemoryStore(), Watch()
    processes = [rate(a_minute, watch, store) for _ in range(count)]

    async def one_after_the_other() -> int:
        return sum([await taken("ann", 10 * a_minute, process) for process in processes])

    assert a_minute <= asyncio.run(one_after_the_other()) <= a_minute + count * (a_minute // 20)


def test_many_requests_at_once_draw_together() -> None:
    limit = rate(1000)

    async def crowd() -> list[BaseException | None]:
        return await asyncio.gather(*(limit.take("ann") for _ in range(1200)), return_exceptions=True)

    answers = asyncio.run(crowd())

    assert answers.count(None) == 1000
    assert all(isinstance(answer, TooManyRequests) for answer in answers if answer is not None)


def test_a_quiet_caller_costs_the_store_nothing_and_a_busy_one_little(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'shop.db'}")
    limit = rate(1000, store=store)
    opened = Opened(kind="sqlite", store=store)

    with opened.statements() as quiet:
        assert passes(limit, "ann", 50) == 50
    with opened.statements() as busy:
        assert passes(limit, "ann", 960) == 950
    store.close()

    assert quiet == []
    assert 0 < len([sent for sent in busy if sent.startswith("INSERT")]) <= 51


class Deaf(MemoryStore):
    """A store that does not answer at times: it is out of reach, or it takes long."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.gone = False
        self.answers = threading.Event()
        self.answers.set()

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        self.asked += 1
        if self.gone:
            raise StoreUnavailable("gone")
        self.answers.wait()
        return super().write(work, repeatable=repeatable)


def test_while_the_store_is_out_of_reach_each_process_keeps_the_limit_for_itself(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, watch = Deaf(), Watch()
    limit = rate(60, watch, store)
    store.gone = True

    assert passes(limit, "ann", 100) == 60
    assert passes(limit, "bob", 100) == 60

    assert store.asked == 1
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    store.gone = False
    watch.on(seconds=6)
    assert passes(limit, "ann", 100) == 60
    assert store.asked > 1


def test_a_store_that_takes_long_holds_up_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shopcore_http.limits.PATIENCE", 0.01)
    store = Deaf()
    limit = rate(60, store=store)
    store.answers.clear()

    assert passes(limit, "ann", 50) == 50

    store.answers.set()
    limit.close()


def test_a_client_that_goes_away_while_his_allowance_is_drawn_loses_nobody_elses() -> None:
    store = Deaf()
    limit = rate(5, store=store)

    async def story() -> int:
        store.answers.clear()
        first, second = (asyncio.create_task(limit.take("ann")) for _ in range(2))
        while not store.asked:
            await asyncio.sleep(0.001)
        first.cancel()
        store.answers.set()
        await second
        assert first.cancelled()
        return await taken("ann", 9, limit)

    assert asyncio.run(story()) == 4


def test_callers_are_forgotten_when_they_are_too_many_and_when_their_minute_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shopcore_http.limits.MANY", 10)
    watch = Watch()
    limit = rate(60, watch)

    for number in range(100):
        passes(limit, f"caller {number}", 1)
        assert len(limit._purses) <= 10
    watch.on(minutes=2)
    for number in range(10):
        passes(limit, f"new {number}", 1)

    assert [caller for caller in limit._purses if not caller.startswith("new")] == []


def test_whoever_is_forgotten_has_not_become_a_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shopcore_http.limits.MANY", 1)
    limit = rate(60)
    passes(limit, "ann", 60)
    passes(limit, "bob", 1)

    assert passes(limit, "ann", 60) == 60 // 20


def test_zero_is_no_limit() -> None:
    assert passes(rate(0), "ann", 1000) == 1000


def logins(most: int, watch: Watch | None = None, store: Store | None = None) -> LoginLimit:
    return LoginLimit(Limits(store or MemoryStore(), watch or Watch()), most)


def fail(limit: LoginLimit, name: str) -> None:
    with pytest.raises(BadCredentials), limit.attempt(name):
        raise BadCredentials


def test_failed_logins_are_counted_by_name_for_a_quarter_of_an_hour() -> None:
    watch = Watch()
    limit = logins(2, watch)
    fail(limit, "ann")
    watch.on(seconds=60)
    fail(limit, "ANN")

    with pytest.raises(TooManyRequests) as refused, limit.attempt("ann"):
        pytest.fail("the login was tried")

    assert refused.value.retry_after == 840
    fail(limit, "bob")
    watch.on(seconds=841)
    fail(limit, "ann")


def test_logins_that_do_not_fail_cost_nothing() -> None:
    limit = logins(1)
    for _ in range(5):
        with limit.attempt("ann"):
            pass
        with pytest.raises(StoreBusy), limit.attempt("ann"):
            raise StoreBusy
    fail(limit, "ann")


def test_no_password_is_tried_that_the_store_cannot_count() -> None:
    store = Deaf()
    store.gone = True

    with pytest.raises(StoreUnavailable), logins(3, store=store).attempt("ann"):
        pytest.fail("the login was tried")


def test_a_login_that_worked_has_worked_whether_or_not_it_can_be_forgiven() -> None:
    store = Deaf()

    with logins(3, store=store).attempt("ann"):
        store.gone = True


def test_without_a_login_limit_the_store_is_not_asked() -> None:
    store = Deaf()
    fail(logins(0, store=store), "ann")
    assert store.asked == 0


def test_over_http_two_processes_on_one_store_share_a_callers_limit() -> None:
    store, settings = MemoryStore(), Settings(rate_limit=40)
    with webshop(store, settings=settings) as here, webshop(store, settings=settings) as there:
        there.tokens["ann"] = here.token("ann")
        statuses = [web.get("/api/cart", by="ann").status_code for _ in range(30) for web in (here, there)]

    assert 40 <= statuses.count(200) <= 40 + 2 * 2
    assert set(statuses) == {200, 429}


def test_over_http_two_processes_on_one_store_count_failed_logins_together() -> None:
    store, settings = MemoryStore(), Settings(login_limit=5)
    with webshop(store, settings=settings) as here, webshop(store, settings=settings) as there:
        here.token("ann")
        wrong = {"username": "ann", "password": "wrong horse"}
        with ThreadPoolExecutor(8) as many:
            webs = [here, there] * 6
            statuses = sorted(many.map(lambda web: web.post("/api/auth/login", wrong).status_code, webs))

    assert statuses == [401] * 5 + [429] * 7


def test_over_http_a_caller_is_his_account_or_else_his_address() -> None:
    with webshop(MemoryStore(), settings=Settings(rate_limit=5)) as web:
        ann = [web.get("/api/cart", by="ann").status_code for _ in range(6)]
        bob = web.get("/api/cart", by="bob").status_code
        strangers = [web.get("/api/items?page=1") for _ in range(6)]
        refused = strangers[-1]

        assert ann == [200] * 5 + [429]
        assert bob == 200
        assert [answer.status_code for answer in strangers] == [200] * 5 + [429]
        assert error_of(refused)["code"] == "RATE_LIMITED"
        assert refused.headers["retry-after"] == "12"
        assert [web.get("/health/live").status_code for _ in range(9)] == [200] * 9


def test_guessing_tokens_is_limited_by_address() -> None:
    with webshop(MemoryStore(), settings=Settings(rate_limit=5)) as web:
        guesses = [web.get("/api/cart", Authorization="Bearer guess").status_code for _ in range(6)]

        assert guesses == [401] * 5 + [429]
        assert web.get("/api/cart", by="ann").status_code == 200


def test_over_http_too_many_failed_logins_lock_the_name_and_not_the_shop() -> None:
    with webshop(MemoryStore(), settings=Settings(login_limit=3)) as web:
        web.token("ann")
        wrong = {"username": "ann", "password": "wrong horse"}
        with ThreadPoolExecutor(8) as many:
            statuses = sorted(many.map(lambda _: web.post("/api/auth/login", wrong).status_code, range(8)))

        locked = web.post("/api/auth/login", {"username": "Ann", "password": PASSWORD})

        assert statuses == [401] * 3 + [429] * 5
        assert (locked.status_code, error_of(locked)["code"]) == (429, "TOO_MANY_FAILED_LOGINS")
        assert 0 < int(locked.headers["retry-after"]) <= 900
        assert web.post("/api/auth/login", {"username": "bob", "password": PASSWORD}).status_code == 401


def test_over_http_a_stolen_token_does_not_let_anybody_guess_the_password() -> None:
    with webshop(MemoryStore(), settings=Settings(login_limit=3)) as web:
        guess = {"currentPassword": "wrong horse", "newPassword": "another horse"}
        path = "/api/users/me/change-password"

        statuses = [web.call("POST", path, body=guess, by="ann").status_code for _ in range(5)]
        right = web.call("POST", path, body={**guess, "currentPassword": PASSWORD}, by="ann")

        assert statuses == [400] * 3 + [429] * 2
        assert right.status_code == 429
        assert web.get("/api/cart", by="ann").status_code == 200
