"""Questions that come while others are answered go to the shop together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

import pytest

from shopcore.errors import StoreBusy, StoreUnavailable
from shopcore_http.coalesce import Coalesced
from shopcore_http.threads import Crew

Ask = Callable[[int], Coroutine[Any, Any, int]]


class Desk:
    """Answers with ten times the question, and notes who came together."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.fails: Callable[[Sequence[int]], Exception | None] = lambda _: None
        self.open = threading.Event()
        self.open.set()

    def answer_all(self, questions: Sequence[int]) -> list[int]:
        assert self.open.wait(10)
        self.batches.append(list(questions))
        if error := self.fails(questions):
            raise error
        return [question * 10 for question in questions]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def crew() -> Iterator[Crew]:
    crew = Crew("test", size=1, queue=10)
    yield crew
    crew.close()


def together(desk: Desk, crew: Crew, questions: Sequence[int], **bounds: int) -> list[int | BaseException]:
    """Ask 0, and all of `questions` while 0 is being answered."""

    async def main() -> list[int | BaseException]:
        coalesced: Coalesced[int, int] = Coalesced(desk.answer_all, crew, **bounds)
        desk.open.clear()
        first = asyncio.create_task(coalesced.ask(0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        rest = [asyncio.create_task(coalesced.ask(question)) for question in questions]
        await asyncio.sleep(0)
        desk.open.set()
        return (await asyncio.gather(first, *rest, return_exceptions=True))[1:]

    return asyncio.run(main())


def test_one_question_waits_for_nobody(desk: Desk, crew: Crew) -> None:
    coalesced: Coalesced[int, int] = Coalesced(desk.answer_all, crew)

    assert asyncio.run(coalesced.ask(4)) == 40


def test_each_gets_his_own_answer_in_the_order_of_coming(desk: Desk, crew: Crew) -> None:
    answers = together(desk, crew, [1, 2, 3])

    assert answers == [10, 20, 30]
    assert desk.batches == [[0], [1, 2, 3]]


def test_a_batch_is_bounded(desk: Desk, crew: Crew) -> None:
    together(desk, crew, [1, 2, 3, 4, 5], batch=2)

    assert desk.batches == [[0], [1, 2], [3, 4], [5]]


def test_past_the_queue_one_is_sent_away(desk: Desk, crew: Crew) -> None:
    answers = together(desk, crew, [1, 2, 3], queue=2)

    assert answers[:2] == [10, 20]
    assert isinstance(answers[2], StoreBusy)


def test_one_bad_question_does_not_spoil_its_neighbours(desk: Desk, crew: Crew) -> None:
    desk.fails = lambda questions: ValueError("two") if 2 in questions else None

    answers = together(desk, crew, [1, 2, 3])

    assert (answers[0], answers[2]) == (10, 30)
    assert isinstance(answers[1], ValueError)
    assert desk.batches == [[0], [1, 2, 3], [1], [2], [3]]


def test_an_answer_that_is_an_error_is_raised_where_it_was_asked_for(crew: Crew) -> None:
    coalesced: Coalesced[int, int] = Coalesced(lambda questions: [KeyError(each) for each in questions], crew)

    with pytest.raises(KeyError):
        asyncio.run(coalesced.ask(1))


def test_a_store_that_may_have_done_it_is_not_asked_again(desk: Desk, crew: Crew) -> None:
    desk.fails = lambda questions: StoreUnavailable("gone") if len(questions) > 1 else None

    answers = together(desk, crew, [1, 2])

    assert [type(answer) for answer in answers] == [StoreUnavailable, StoreUnavailable]
    assert desk.batches == [[0], [1, 2]]


def test_whoever_waited_too_long_is_sent_away_and_never_asked(desk: Desk, crew: Crew) -> None:
    async def main() -> list[int | BaseException]:
        coalesced: Coalesced[int, int] = Coalesced(desk.answer_all, crew, batch=1, patience=0.05)
        desk.open.clear()
        asked = [asyncio.create_task(coalesced.ask(number)) for number in range(3)]
        await asyncio.sleep(0.2)
        assert [task.done() for task in asked] == [False, True, True], "told while the batch before is still running"
        desk.open.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run(main())

    assert answers[0] == 0
    assert [type(answer) for answer in answers[1:]] == [StoreBusy, StoreBusy]
    assert desk.batches == [[0]]


def test_while_the_shop_is_too_slow_whoever_comes_is_sent_away_at_once(desk: Desk, crew: Crew) -> None:
    async def main() -> None:
        coalesced: Coalesced[int, int] = Coalesced(desk.answer_all, crew, patience=0.05)
        desk.open.clear()
        slow = asyncio.create_task(coalesced.ask(0))
        await asyncio.sleep(0.1)
        desk.open.set()
        await slow

        desk.open.clear()
        tried = asyncio.create_task(coalesced.ask(1))
        await asyncio.sleep(0)
        with pytest.raises(StoreBusy):
            await coalesced.ask(2)
        desk.open.set()

        assert await tried == 10
        assert list(await asyncio.gather(coalesced.ask(3), coalesced.ask(4))) == [30, 40]

    asyncio.run(main())

    assert [1] in desk.batches
    assert not any(2 in batch for batch in desk.batches)


def test_whoever_left_is_not_answered_and_spoils_nothing(desk: Desk, crew: Crew) -> None:
    async def main() -> int:
        coalesced: Coalesced[int, int] = Coalesced(desk.answer_all, crew)
        desk.open.clear()
        first = asyncio.create_task(coalesced.ask(0))
        await asyncio.sleep(0)
        gone, stays = asyncio.create_task(coalesced.ask(1)), asyncio.create_task(coalesced.ask(2))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        desk.open.set()
        await first
        return await stays

    assert asyncio.run(main()) == 20
    assert desk.batches == [[0], [2]]


def test_a_crew_with_a_full_queue_sends_away(desk: Desk) -> None:
    small = Crew("small", size=1, queue=1)

    async def main() -> list[object]:
        desk.open.clear()
        asked = [asyncio.create_task(small.run(desk.answer_all, [number])) for number in range(3)]
        await asyncio.sleep(0)
        desk.open.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run(main())
    small.close()

    assert answers[:2] == [[0], [10]]
    assert isinstance(answers[2], StoreBusy)
