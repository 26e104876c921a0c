"""When log lines are written: together where many come at once, and never later than what follows from them."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from shopcore_settings.logs import Gathered, configure, say

log = logging.getLogger("shopcore.test.gathered")


class Written(StringIO):
    """What is written, each time."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[str] = []

    def write(self, text: str) -> int:
        self.times.append(text)
        return len(text)


@pytest.fixture
def written() -> Iterator[Written]:
    stream, handler = Written(), Gathered()
    handler.setStream(stream)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    yield stream
    log.removeHandler(handler)
    log.propagate = True


def in_a_turn(*logged: tuple[Any, ...]) -> None:
    async def turn() -> None:
        for call, text in logged:
            call(text)

    asyncio.run(turn())


def test_the_lines_of_a_turn_are_written_together(written: Written) -> None:
    in_a_turn((log.info, "one"), (log.info, "two"))

    assert written.times == ["one\ntwo\n"]


def test_each_turn_is_written_when_it_is_over(written: Written) -> None:
    async def turns() -> None:
        log.info("one")
        await asyncio.sleep(0)
        assert written.times == ["one\n"]
        log.info("two")

    asyncio.run(turns())

    assert written.times == ["one\n", "two\n"]


def test_a_warning_is_written_at_once_and_what_came_before_it_first(written: Written) -> None:
    in_a_turn((log.info, "one"), (log.warning, "two"), (lambda _: written.times.append("-"), ""), (log.info, "three"))

    assert written.times == ["one\ntwo\n", "-", "three\n"]


def test_outside_of_an_event_loop_each_line_is_written_at_once(written: Written) -> None:
    log.info("one")
    log.info("two")

    assert written.times == ["one\n", "two\n"]


def test_a_thread_writes_at_once_and_what_came_before_it_first(written: Written) -> None:
    async def turn() -> None:
        log.info("of the loop")
        loop.run_in_executor(None, log.info, "of a thread").add_done_callback(lambda _: None)
        while len(written.times) < 1:  # without giving the loop its turn
            pass

    loop = asyncio.new_event_loop()
    loop.run_until_complete(turn())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()

    assert written.times == ["of the loop\nof a thread\n"]


def test_what_a_loop_left_is_written_with_the_next_line(written: Written) -> None:
    gone = asyncio.new_event_loop()
    gone.call_soon(gone.stop)
    gone.call_soon(log.info, "left")
    gone.run_forever()
    gone.close()

    in_a_turn((log.info, "next"))

    assert written.times == ["left\nnext\n"]


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_is_said_at_once_is_what_a_record_says(style: str) -> None:
    facts = {"method": "GET", "path": "/käse\n", "status": 200, "ms": 1.5}
    root, said = logging.getLogger(), []
    kept = root.handlers[:], root.level
    try:
        configure("info", style)
        [ours] = root.handlers
        assert isinstance(ours, Gathered)
        for call in (say, lambda *_: log.info("request", extra={"facts": facts})):
            stream = Written()
            ours.setStream(stream)
            call(log, logging.INFO, "request", facts)
            said.append(TIME.sub("<time>", "".join(stream.times)))
    finally:
        root.handlers[:], root.level = kept

    assert said[0] == said[1]
    assert "<time>" in said[0]


def test_whoever_else_listens_hears_what_is_said_at_once_too(written: Written) -> None:
    say(log, logging.INFO, "request", {"status": 200})

    assert written.times == ["request\n"]


TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
