"""The store itself: one writer at a time, readers on a state that does not move."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from shopcore.errors import LostRace, StoreBusy, StoreUnavailable
from shopcore.store import Transaction
from shopcore_memory.accounts import MemorySessions, MemoryUsers
from shopcore_memory.audit import MemoryAudit
from shopcore_memory.carts import MemoryCarts
from shopcore_memory.catalog import MemoryItems
from shopcore_memory.inventory import MemoryStock
from shopcore_memory.journal import MemoryJournal, MemoryKeys
from shopcore_memory.orders import MemoryOrders
from shopcore_memory.removals import MemoryRemovals
from shopcore_memory.state import State
from shopcore_memory.tallies import MemoryTallies

T = TypeVar("T")
ATTEMPTS = 4


class MemoryTransaction:
    def __init__(self, state: State) -> None:
        self.users = MemoryUsers(state)
        self.sessions = MemorySessions(state)
        self.items = MemoryItems(state)
        self.stock = MemoryStock(state)
        self.carts = MemoryCarts(state)
        self.removals = MemoryRemovals(state)
        self.orders = MemoryOrders(state)
        self.journal = MemoryJournal(state)
        self.keys = MemoryKeys(state)
        self.tallies = MemoryTallies(state)
        self.audit = MemoryAudit(state)

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()


class MemoryStore:
    """Keeps the promises of `shopcore.store.Store` for the threads of one process, until it ends.

    `before_commit` is called inside each write when its work is done: what it raises rolls the write back.
    """

    def __init__(self, *, before_commit: Callable[[], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._state = State()
        self._before_commit = before_commit
        self._closed = False

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        for _ in range(ATTEMPTS):
            try:
                return self._write(work)
            except LostRace:
                continue
        raise StoreBusy

    def _write(self, work: Callable[[Transaction], T]) -> T:
        with self._lock:
            self.ping()
            if self._state.readers:
                self._state = self._state.copy()
            state = self._state
            try:
                result = work(MemoryTransaction(state))
                if self._before_commit:
                    self._before_commit()
            except BaseException:
                state.roll_back()
                raise
            state.undo.clear()
            return result

    @contextmanager
    def read(self, *, once: bool = False) -> Iterator[Transaction]:
        with self._lock:
            self.ping()
            state = self._state
            state.readers += 1
        try:
            yield MemoryTransaction(state)
        finally:
            with self._lock:
                state.readers -= 1

    def ping(self) -> None:
        if self._closed:
            raise StoreUnavailable("it was closed")

    def close(self) -> None:
        self._closed = True
