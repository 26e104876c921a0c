"""Totals that were counted already: people search for the same words again and again, and turn pages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

MOST = 2_000


class Totals:
    """Remembers totals, and forgets those that were not asked for lately. May be used by many threads.

    A total must be named by all that it depends on, the version of the catalog among it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[Hashable, int] = OrderedDict()

    def get(self, name: Hashable, count: Callable[[], int]) -> int:
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
                return self._known[name]
        total = count()
        with self._lock:
            self._known[name] = total
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return total
