"""A deadline for many waits at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


class Waits:
    """Ends waits that began `seconds` ago, or up to half as much later.

    One timer looks after all of them: a timer for each request was a tenth of what the server did.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._began: dict[asyncio.Task[Any], float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def bounded(self, work: Awaitable[T], *, since: float) -> T:
        """The result of `work`. Raises TimeoutError once `since` is too long ago."""
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        assert task is not None  # noqa: S101 (a coroutine runs in one)
        self._began[task] = since
        if self._timer is None:
            self._look_later(loop)
        try:
            return await work
        except asyncio.CancelledError:
            if task in self._began:  # it was somebody else who ended it
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            self._began.pop(task, None)

    def _look_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(self._seconds / 2, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        long_ago = loop.time() - self._seconds
        for task in [task for task, since in self._began.items() if since <= long_ago]:
            del self._began[task]
            task.cancel()
        if self._began:
            self._look_later(loop)
