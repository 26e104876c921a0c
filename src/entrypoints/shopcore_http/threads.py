"""Worker threads for the shop's blocking calls, with a bounded queue in front of them."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from shopcore.errors import StoreBusy

P = ParamSpec("P")
T = TypeVar("T")


class Crew:
    """`size` threads that work off at most `queue` waiting calls; past that a caller is sent away.

    Logins get a crew of their own, so that slow password hashing cannot keep shoppers from their carts.
    """

    def __init__(self, name: str, *, size: int, queue: int) -> None:
        self._threads = ThreadPoolExecutor(max_workers=size, thread_name_prefix=name)
        self._most = size + queue
        self._busy = 0

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `call` in a thread, in the caller's context. Raises StoreBusy when the queue is full."""
        if self._busy >= self._most:
            raise StoreBusy
        self._busy += 1
        try:
            context = contextvars.copy_context()
            work = partial(context.run, call, *args, **kwargs)
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._busy -= 1

    def soon(self, call: Callable[[], object]) -> None:
        """Have something cleared up, whoever else waits; nobody learns how it went."""
        self._threads.submit(call)

    def close(self) -> None:
        """Let running calls finish and take no more."""
        self._threads.shutdown(wait=True, cancel_futures=True)
