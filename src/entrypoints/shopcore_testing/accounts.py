"""A shop with accounts and a clock that tests set, and short questions about sessions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from shopcore.accounts.model import Caller, Login
from shopcore.accounts.ports import Passwords
from shopcore.errors import InvalidToken, ShopError
from shopcore.idempotency import Key
from shopcore.policy import Policy
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.security import PlainPasswords, PlainTokens

T = TypeVar("T")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PASSWORD, OTHER = "correct horse", "battery staple"


@dataclass
class Watch:
    """A clock that a test sets."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def on(self, **step: float) -> None:
        self.now += timedelta(**step)


def shop_over(store: Store, watch: Watch, *, passwords: Passwords | None = None, policy: Policy | None = None) -> Shop:
    """A shop that lets people sign up and log in."""
    return Shop(store, clock=watch, policy=policy, passwords=passwords or PlainPasswords(), tokens=PlainTokens(watch))


def key(value: str = "k1") -> Key:
    return Key(caller="", operation="accounts", value=value, fingerprint="of the whole body")


def raised(act: Callable[[], object]) -> ShopError | None:
    try:
        act()
    except ShopError as error:
        return error
    return None


def at_once(times: int, act: Callable[[int], T]) -> list[T | ShopError]:
    """What `act` gives to that many threads, which all begin together."""
    line = threading.Barrier(times)

    def run(number: int) -> T | ShopError:
        line.wait()
        try:
            return act(number)
        except ShopError as error:
            return error

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))


def dead(shop: Shop, login: Login) -> bool:
    """Neither of the login's tokens works. Asking with the refresh token is an attempt to use it."""
    access = raised(lambda: shop.accounts.authenticate(login.tokens.access_token))
    refresh = raised(lambda: shop.accounts.refresh(login.tokens.refresh_token))
    return isinstance(access, InvalidToken) and isinstance(refresh, InvalidToken)


def alive(shop: Shop, login: Login) -> bool:
    return raised(lambda: shop.accounts.authenticate(login.tokens.access_token)) is None


def ended(shop: Shop, caller: Caller) -> bool:
    """The caller's session itself is over, whatever else may keep him out."""
    with shop.store.read() as tx:
        [(session, _)] = tx.sessions.callers([caller.session_id]).values()
    return session.ended_at is not None
