"""Calls that arrive while one is running are gathered, and go to the shop together: one transaction for all."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from shopcore.errors import StoreBusy, Unavailable
from shopcore_http.threads import Crew

PATIENCE = 3.0
"""Seconds after which the rest of a batch that failed is sent away rather than tried one by one."""

Q = TypeVar("Q")
A = TypeVar("A")


class Coalesced(Generic[Q, A]):
    """`answer_all` takes many questions at once and gives each its answer, in order; an error is an answer too.

    A question waits only while a batch is running; there is no timer. First come, first served. Past `queue` waiting
    questions the caller is sent away with StoreBusy.
    """

    def __init__(
        self,
        answer_all: Callable[[Sequence[Q]], Sequence[A | Exception]],
        crew: Crew,
        *,
        batch: int = 128,
        queue: int = 1024,
    ) -> None:
        self._answer_all = answer_all
        self._crew = crew
        self._batch = batch
        self._queue = queue
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """The answer to `question`, raised where it is an error; or what went wrong with all of its batch."""
        if len(self._waiting) >= self._queue:
            raise StoreBusy
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._work_off(), context=contextvars.Context())
        return await answer

    async def _work_off(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._batch], self._waiting[self._batch :]
            wanted = [(question, answer) for question, answer in batch if not answer.done()]
            if len(wanted) > 1 and await self._together(wanted):
                continue
            until = asyncio.get_running_loop().time() + PATIENCE
            for question, answer in wanted:
                late = asyncio.get_running_loop().time() > until
                _settle(answer, StoreBusy() if late else await self._alone(question))

    async def _together(self, batch: Sequence[tuple[Q, asyncio.Future[A]]]) -> bool:
        """Answer all at once, unless the batch failed in a way that leaves each its own chance."""
        outcomes: Sequence[A | Exception]
        try:
            outcomes = await self._crew.run(self._answer_all, [question for question, _ in batch])
        except Exception as error:
            if isinstance(error, StoreBusy) or not isinstance(error, Unavailable):
                return False
            # The store is out of reach and may have done it all: to ask again could do it twice.
            outcomes = [error] * len(batch)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            _settle(future, outcome)
        return True

    async def _alone(self, question: Q) -> A | Exception:
        try:
            [answer] = await self._crew.run(self._answer_all, [question])
        except Exception as error:  # whatever it is, it belongs to whoever asked
            return error
        return answer


def _settle(future: asyncio.Future[A], outcome: A | Exception) -> None:
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
