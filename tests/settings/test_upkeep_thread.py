"""Upkeep goes on by itself, through outages, and ends when it is told to."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

import pytest

from shopcore.errors import StoreUnavailable
from shopcore.shop import Shop
from shopcore.upkeep import Tidied, Upkeep
from shopcore_memory import MemoryStore
from shopcore_settings.upkeep_thread import UpkeepThread, keep_up


@dataclass
class Rounds(Upkeep):
    """Upkeep whose rounds end as they are told to; after the last one it is stopped."""

    stop: threading.Event
    ends: list[Tidied | Exception] = field(default_factory=list)

    def run_once(self) -> Tidied:
        end = self.ends.pop(0)
        if not self.ends:
            self.stop.set()
        if isinstance(end, Exception):
            raise end
        return end


def test_an_outage_is_logged_once_waited_for_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "shopcore.upkeep")
    stop = threading.Event()
    gone = StoreUnavailable("no route to host")

    keep_up(Rounds(stop, [Tidied(carts=2), gone, gone, gone, Tidied(), Tidied()]), stop, interval=0.001)

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "took back 2 carts' holds, forgot 0 keys, 0 sessions, 0 tallies"),
        ("WARNING", "the store is out of reach: no route to host: waiting for it"),
        ("INFO", "the store is back"),
    ]


def test_a_round_that_fails_for_any_other_reason_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()

    keep_up(Rounds(stop, [ValueError("a bug"), Tidied()]), stop, interval=0.001)

    assert "a bug" in caplog.text


def test_a_thread_ends_when_it_is_told_to() -> None:
    thread = UpkeepThread(Shop(MemoryStore()).upkeep, interval=0.001)

    thread.start()
    thread.stop()

    assert "upkeep" not in {running.name for running in threading.enumerate()}


def test_a_thread_that_was_never_started_can_be_stopped() -> None:
    UpkeepThread(Shop(MemoryStore()).upkeep).stop()
