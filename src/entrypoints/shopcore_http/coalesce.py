"""Calls that arrive while one is running are gathered, and go to the shop together: one transaction for all."""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shopcore.errors import StoreBusy, Unavailable
from shopcore_http.threads import Crew

PATIENCE = 3.0
"""Seconds in which a question is taken up, or sent away: by then whoever asked has most likely gone."""

Q = TypeVar("Q")
A = TypeVar("A")


class Coalesced(Generic[Q, A]):
    """`answer_all` takes many questions at once and gives each its answer, in order; an error is an answer too.

    A question waits only while a batch is running, never for others to come. First come, first served. One that would
    have to wait for longer than `patience` is sent away with StoreBusy at once, and so is one past `queue` waiting
    ones; one that has waited so long all the same is sent away undone.
    """

    def __init__(
        self,
        answer_all: Callable[[Sequence[Q]], Sequence[A | Exception]],
        crew: Crew,
        *,
        batch: int = 128,
        queue: int = 1024,
        patience: float = PATIENCE,
    ) -> None:
        self._answer_all = answer_all
        self._crew = crew
        self._batch = batch
        self._queue = queue
        self._patience = patience
        self._waiting: deque[_Asked[Q, A]] = deque()
        self._runner: asyncio.Task[None] | None = None
        self._last_took = 0.0
        self._alarm: asyncio.TimerHandle | None = None

    async def ask(self, question: Q) -> A:
        """The answer to `question`, raised where it is an error; or what went wrong with all of its batch."""
        if self.is_full:
            raise StoreBusy
        loop = asyncio.get_running_loop()
        asked: _Asked[Q, A] = _Asked(question, loop.create_future(), loop.time())
        self._waiting.append(asked)
        if self._alarm is None:
            self._alarm = loop.call_later(self._patience, self._send_away)
        if self._idle:
            self._runner = asyncio.create_task(self._work_off(), context=contextvars.Context())
        return await asked.answer

    @property
    def is_full(self) -> bool:
        """Whether a question that came now would be sent away."""
        # The batch that is running, those before it in the queue and its own, if all take as long as the last did.
        wait = self._last_took * (2 + len(self._waiting) // self._batch)
        return not self._idle and (len(self._waiting) >= self._queue or wait > self._patience)

    @property
    def _idle(self) -> bool:
        return self._runner is None or self._runner.done()

    async def _work_off(self) -> None:
        while self._waiting:
            began = _now()
            batch = [self._waiting.popleft() for _ in range(min(self._batch, len(self._waiting)))]
            wanted = [asked for asked in batch if not asked.over(began - self._patience)]
            if len(wanted) < 2 or not await self._together(wanted):
                for asked in wanted:
                    if not asked.over(_now() - self._patience):
                        asked.settle(await self._alone(asked.question))
            self._last_took = _now() - began

    def _send_away(self) -> None:
        """Answer those who have waited too long, although the batch before them has not come back."""
        while self._waiting and self._waiting[0].over(_now() - self._patience):
            self._waiting.popleft()
        self._alarm = None
        if self._waiting:
            left = self._waiting[0].since + self._patience - _now()
            self._alarm = asyncio.get_running_loop().call_later(max(0.0, left), self._send_away)

    async def _together(self, batch: Sequence[_Asked[Q, A]]) -> bool:
        """Answer all at once, unless the batch failed in a way that leaves each its own chance."""
        outcomes: Sequence[A | Exception]
        try:
            outcomes = await self._crew.run(self._answer_all, [asked.question for asked in batch])
        except Exception as error:
            if isinstance(error, StoreBusy) or not isinstance(error, Unavailable):
                return False
            # The store is out of reach and may have done it all: to ask again could do it twice.
            outcomes = [error] * len(batch)
        for asked, outcome in zip(batch, outcomes, strict=True):
            asked.settle(outcome)
        return True

    async def _alone(self, question: Q) -> A | Exception:
        try:
            [answer] = await self._crew.run(self._answer_all, [question])
        except Exception as error:  # whatever it is, it belongs to whoever asked
            return error
        return answer


def _now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(eq=False, slots=True)
class _Asked(Generic[Q, A]):
    question: Q
    answer: asyncio.Future[A]
    since: float

    def over(self, long_ago: float) -> bool:
        """Whether nobody waits for the answer any more; who has waited since `long_ago` is sent away."""
        if self.since <= long_ago:
            self.settle(StoreBusy())
        return self.answer.done()

    def settle(self, outcome: A | Exception) -> None:
        if self.answer.done():
            return
        if isinstance(outcome, Exception):
            self.answer.set_exception(outcome)
        else:
            self.answer.set_result(outcome)
