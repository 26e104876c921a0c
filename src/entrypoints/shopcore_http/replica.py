"""Where a handler looks things up that may be some moments old: pages and reports, nothing that decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from shopcore.shop import Shop
from shopcore_http.counter import Counter

T = TypeVar("T")


class Replica:
    """A handler reads here if it takes `replica`, and cannot otherwise; see `Endpoint.may_lag`."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def do(self, look: Callable[[Shop], T]) -> T:
        """What `look` sees at the shop's replica, if it has one; see `Shop.at_replica`."""
        return await self._counter.do(self._counter.shop.at_replica, look)
