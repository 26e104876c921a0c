"""What a process remembers of rows that it has read, and how it knows that they are still so.

Nothing here decides anything: the database says which version is in force, in the transaction that needs to know, and
only what is of that version is taken from memory. So any number of processes may remember, and none must be told.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from shopcore.carts.model import Cart
from shopcore.catalog.model import Sellable

MOST_ITEMS, MOST_CARTS = 10_000, 2_000
V = TypeVar("V")


class Recent(Generic[V]):
    """The `most` values that were put here last, by key. May be used by many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, V] = OrderedDict()
        self._lock = Lock()

    def some(self, keys: Iterable[str]) -> dict[str, V]:
        """Those of `keys` that are remembered."""
        values = self._values
        return {key: value for key in keys if (value := values.get(key)) is not None}

    def put(self, values: Mapping[str, V]) -> None:
        with self._lock:
            for key, value in values.items():
                self._values.pop(key, None)
                self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)


class Items:
    """Items of one version of the catalog, which is another random number after each change of any item."""

    def __init__(self) -> None:
        self._of: tuple[int, Recent[Sellable]] = (-1, Recent(MOST_ITEMS))

    def of(self, version: int) -> Recent[Sellable]:
        """What is remembered of that version; of any other it is forgotten."""
        known, items = self._of
        if known != version:
            items = Recent(MOST_ITEMS)
            self._of = (version, items)
        return items


class Memory:
    """What a store remembers."""

    def __init__(self) -> None:
        self.items = Items()
        self.carts: Recent[Cart] = Recent(MOST_CARTS)
