"""The promise that every store keeps: transactions over the repositories of all departments.

A store is an adapter (`shopcore_memory`, `shopcore_sql`, or your own) and passes one contract suite.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from shopcore.accounts.ports import SessionRepository, UserRepository
from shopcore.audit.ports import AuditRepository
from shopcore.carts.ports import CartRepository
from shopcore.catalog.ports import ItemRepository
from shopcore.inventory.ports import StockRepository
from shopcore.journal.ports import JournalRepository, KeyRepository
from shopcore.limits.ports import TallyRepository
from shopcore.orders.ports import OrderRepository
from shopcore.removals.ports import RemovalRepository

T = TypeVar("T")


class Transaction(Protocol):
    """One transaction's view of everything. All of it happens, or none."""

    @property
    def users(self) -> UserRepository: ...
    @property
    def sessions(self) -> SessionRepository: ...
    @property
    def items(self) -> ItemRepository: ...
    @property
    def stock(self) -> StockRepository: ...
    @property
    def carts(self) -> CartRepository: ...
    @property
    def removals(self) -> RemovalRepository: ...
    @property
    def orders(self) -> OrderRepository: ...
    @property
    def journal(self) -> JournalRepository: ...
    @property
    def keys(self) -> KeyRepository: ...
    @property
    def tallies(self) -> TallyRepository: ...
    @property
    def audit(self) -> AuditRepository: ...

    def together(self) -> AbstractContextManager[None]:
        """Around writes that need no answer one by one, so that a store may send them all at once.

        They happen in their order. What one of them raises may be raised at the end instead; nothing is read inside.
        """
        ...


class Store(Protocol):
    """Where a shop keeps everything.

    What competes is settled here, in one lock order: carts by owner, then items, then stock by item, then the
    rest.
    """

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        """Run `work` in a transaction, commit it, and give its result.

        An exception rolls everything back and is raised on. `work` runs again, at most three times, when the
        store had to break it off because of a competitor (a deadlock, a lock that took too long, a lost race), so
        it must have no effect but on its transaction. `repeatable` allows a rerun after a lost connection too: only
        for work that an idempotency key protects.

        Raises StoreBusy when competitors do not let go, and StoreUnavailable when the store cannot be reached or
        cannot write.
        """
        ...

    def read(self, *, once: bool = False) -> AbstractContextManager[Transaction]:
        """A transaction that only reads; all its reads see one state of the shop.

        `once`: the caller promises to look by ids, and once only. A store may save itself the transaction then.
        """
        ...

    def ping(self) -> None:
        """Raise StoreUnavailable or StoreOutdated unless the store can serve requests now."""
        ...

    def close(self) -> None:
        """Give back connections and files; the store is of no use afterwards."""
        ...
