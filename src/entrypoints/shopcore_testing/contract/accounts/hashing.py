"""When passwords are hashed, and how often."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from shopcore.errors import BadCredentials
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import OTHER, PASSWORD, Watch, key, raised, shop_over
from shopcore_testing.security import PlainPasswords

T = TypeVar("T")


class Open(threading.local):
    """Whether this thread is inside a transaction."""

    transaction = False


class Marking:
    """A store that says when its transactions are open."""

    def __init__(self, store: Store, mark: Open) -> None:
        self._store = store
        self._mark = mark
        self.ping, self.close = store.ping, store.close

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        with self._marked():
            return self._store.write(work, repeatable=repeatable)

    @contextmanager
    def read(self, *, once: bool = False) -> Iterator[Transaction]:
        with self._marked(), self._store.read(once=once) as tx:
            yield tx

    @contextmanager
    def _marked(self) -> Iterator[None]:
        self._mark.transaction = True
        try:
            yield
        finally:
            self._mark.transaction = False


class Counting(PlainPasswords):
    """Counts checks and hashes, and refuses those inside a transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.checks = self.hashes = 0
        self.open = Open()

    def verify(self, password_hash: str | None, password: str) -> bool:
        assert not self.open.transaction
        self.checks += 1
        return super().verify(password_hash, password)

    def hash(self, password: str) -> str:
        assert not self.open.transaction
        self.hashes += 1
        return super().hash(password)


def test_hashing_happens_outside_of_transactions(store: Store, watch: Watch) -> None:
    passwords = Counting()
    accounts = shop_over(Marking(store, passwords.open), watch, passwords=passwords).accounts

    accounts.sign_up("ann", PASSWORD, key=key())
    accounts.sign_up("ann", PASSWORD, key=key())
    caller = accounts.authenticate(accounts.log_in("ann", PASSWORD).tokens.access_token)
    accounts.change_password(caller, PASSWORD, OTHER, key=key("k2"))
    accounts.change_password(caller, PASSWORD, OTHER, key=key("k2"))

    assert (passwords.hashes, passwords.checks) == (3, 4)


def test_all_who_are_refused_cost_one_check(store: Store, watch: Watch) -> None:
    passwords = Counting()
    shop = shop_over(store, watch, passwords=passwords)
    shop.accounts.sign_up("ann", PASSWORD)
    shop.accounts.disable(shop.accounts.sign_up("bob", PASSWORD).value.id, actor="root")

    for name, password in (("ann", OTHER), ("bob", PASSWORD), ("eve", PASSWORD), ("", ""), ("ann", "p" * 999)):
        before = passwords.checks
        assert isinstance(raised(lambda n=name, p=password: shop.accounts.log_in(n, p)), BadCredentials)  # type: ignore[misc]
        assert passwords.checks == before + 1
