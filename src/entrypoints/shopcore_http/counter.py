"""Where handlers are served: the shop, and the threads that its blocking calls run in."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from inspect import GEN_CLOSED, getgeneratorstate
from typing import Any, ParamSpec, TypeVar
from weakref import WeakSet

from shopcore.carts.commands import CartCommand
from shopcore.carts.desk import Outcome
from shopcore.carts.view import CartView
from shopcore.errors import InProgress, StoreBusy
from shopcore.idempotency import Key
from shopcore.ids import Uuid7
from shopcore.shop import Shop
from shopcore_http.coalesce import Coalesced
from shopcore_http.limits import LoginLimit
from shopcore_http.threads import Crew

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 5
"""Calls of the shop that run at the same time. With the exports, and those who look up callers and carts, they are as
many as a SQL store has connections to read with."""

CHECKING = min(8, os.cpu_count() or 1)
LOGINS = 64
"""Logins that are looked at at the same time, and those that may wait for it with them."""

EXPORTS = 3
"""Exports that are sent at the same time."""


class Counter:
    """One for each app."""

    def __init__(self, shop: Shop, logins: LoginLimit) -> None:
        self.shop = shop
        self.logins = logins
        self.make_id = Uuid7()
        self.crew = Crew("shop", size=THREADS, queue=512)
        self.doorkeepers = Crew("callers", size=1, queue=1)  # whoever only looks at pages keeps nobody at the door
        self._lookers = Crew("looks", size=1, queue=1)
        self._hashing = Crew("passwords", size=CHECKING, queue=LOGINS - CHECKING)
        self._tills = Crew("carts", size=1, queue=1)
        self._keys: set[tuple[str, str, str]] = set()
        self._exports: WeakSet[Generator[Any]] = WeakSet()
        self._carts: Coalesced[CartCommand, Outcome] = Coalesced(shop.carts.handle, self._tills)
        self._looks: Coalesced[str, CartView] = Coalesced(shop.carts.get_all, self._lookers)

    async def do(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call of the shop in a thread. Raises StoreBusy where too many wait."""
        return await self.crew.run(call, *args, **kwargs)

    async def do_with_password(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that hashes a password: these wait for each other, and nobody else waits for them."""
        return await self._hashing.run(call, *args, **kwargs)

    async def guess(self, username: str, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that tells whether a password of `username` is right. Raises TooManyRequests; see LoginLimit."""

        def guarded() -> T:
            with self.logins.attempt(username):
                return call(*args, **kwargs)

        return await self.do_with_password(guarded)

    async def cart(self, command: CartCommand) -> Outcome:
        """Run a cart command or a checkout, together with all that came while others were running."""
        return await self._carts.ask(command)

    @property
    def is_full(self) -> bool:
        """Whether a command on a cart would be sent away now."""
        return self._carts.is_full

    async def show_cart(self, owner: str) -> CartView:
        """The owner's cart, looked up together with all that were asked for while others were."""
        return await self._looks.ask(owner)

    def begin_export(self, rows: Generator[Any]) -> None:
        """Raises StoreBusy where `rows` would be one export too many.

        Each keeps a connection to the store for as long as its client likes: shoppers need the others. An export is
        over once its rows are read or dropped, whatever became of its client.
        """
        if sum(getgeneratorstate(export) != GEN_CLOSED for export in self._exports) >= EXPORTS:
            raise StoreBusy
        self._exports.add(rows)

    def answering(self, key: Key | None) -> AbstractContextManager[None]:
        """Around the work behind an idempotency key. Raises InProgress while the same key is being worked on."""
        return nullcontext() if key is None else self._at_work_on(key)

    @contextmanager
    def _at_work_on(self, key: Key) -> Iterator[None]:
        if key.scope in self._keys:
            raise InProgress
        self._keys.add(key.scope)
        try:
            yield
        finally:
            self._keys.discard(key.scope)

    def close(self) -> None:
        """Let what is running finish."""
        for crew in (self._tills, self._hashing, self._lookers, self.doorkeepers, self.crew):
            crew.close()
