"""Nobody may ask too often, and nobody may guess passwords for long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from shopcore.errors import BadCredentials, StoreBusy
from shopcore_http.errors import TooManyRequests
from shopcore_http.limits import LoginLimit, RateLimit
from shopcore_memory import MemoryStore
from shopcore_settings import Settings
from shopcore_testing.accounts import PASSWORD
from webshop import error_of, webshop


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def taken(limit: RateLimit, caller: str, times: int) -> int:
    """How many of so many requests are let through."""
    count = 0
    for _ in range(times):
        try:
            limit.take(caller)
        except TooManyRequests:
            break
        count += 1
    return count


def test_a_bucket_is_as_large_as_a_minute_and_fills_up_evenly() -> None:
    clock = Seconds()
    limit = RateLimit(60, clock)

    assert taken(limit, "ann", 100) == 60
    clock.now = 10.0
    assert taken(limit, "ann", 100) == 10
    clock.now = 1000.0
    assert taken(limit, "ann", 100) == 60


def test_callers_do_not_share_a_bucket() -> None:
    limit = RateLimit(5, Seconds())

    assert (taken(limit, "ann", 9), taken(limit, "bob", 9)) == (5, 5)


def test_a_refusal_says_when_to_come_back() -> None:
    clock = Seconds()
    limit = RateLimit(6, clock)
    taken(limit, "ann", 6)

    with pytest.raises(TooManyRequests) as refused:
        limit.take("ann")

    clock.now = refused.value.retry_after
    assert refused.value.retry_after == 10
    limit.take("ann")


def test_callers_who_may_ask_freely_again_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shopcore_http.limits.MANY", 10)
    clock = Seconds()
    limit = RateLimit(60, clock)
    for number in range(100):
        clock.now = number * 2.0
        limit.take(f"caller {number}")

    assert len(limit._full_at) <= 11


def test_zero_is_no_limit() -> None:
    assert taken(RateLimit(0, Seconds()), "ann", 1000) == 1000


def fail(limit: LoginLimit, name: str) -> None:
    with pytest.raises(BadCredentials), limit.attempt(name):
        raise BadCredentials


def test_failed_logins_are_counted_by_name_for_a_quarter_of_an_hour() -> None:
    clock = Seconds()
    limit = LoginLimit(2, clock)
    fail(limit, "ann")
    clock.now = 60
    fail(limit, "ANN")

    with pytest.raises(TooManyRequests) as refused, limit.attempt("ann"):
        pytest.fail("the login was tried")

    assert refused.value.retry_after == 840
    fail(limit, "bob")
    clock.now = 901
    fail(limit, "ann")


def test_logins_that_do_not_fail_cost_nothing() -> None:
    limit = LoginLimit(1, Seconds())
    for _ in range(5):
        with limit.attempt("ann"):
            pass
        with pytest.raises(StoreBusy), limit.attempt("ann"):
            raise StoreBusy
    fail(limit, "ann")


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
