"""A dry run that proves something: everything is really done, and then none of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import TypeVar

from shopcore.store import Store, Transaction

T = TypeVar("T")


class Rehearsal:
    """A store that rolls back each write when its work is done, and gives its result all the same.

    Rules, guards and constraints are those of the store behind it, so what would be refused is refused. A use case
    of several writes does not see its own earlier ones.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        results: list[T] = []

        def rehearsed(tx: Transaction) -> None:
            results.append(work(tx))
            raise _Enough

        with suppress(_Enough):
            self._store.write(rehearsed, repeatable=repeatable)
        return results[-1]

    def read(self, *, once: bool = False) -> AbstractContextManager[Transaction]:
        return self._store.read(once=once)

    def ping(self) -> None:
        self._store.ping()

    def close(self) -> None:
        self._store.close()


class _Enough(Exception):
    """All was done; nothing of it is to be kept."""
