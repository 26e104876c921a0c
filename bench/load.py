"""A closed-loop HTTP client that costs little, as it shares the machine with what it measures.

Each connection plays a script: a generator that yields whole requests as bytes and is sent the status of each answer
before it yields the next. So a script can count what was accepted. One thread, `epoll` where there is one; answers
are counted by their status and thrown away.
"""

from __future__ import annotations

import gc
import re
import selectors
import socket
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import chain

Script = Generator[bytes, int, None]
"""Yields requests, is sent statuses; 0 where the connection broke before the answer came."""

LOST = 0
PATIENCE = 30.0
"""Seconds after the end in which answers that are still on their way are waited for."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Measured:
    """`times`, in seconds and by status, are of the `seconds` after the warm-up; `statuses` counts every answer."""

    seconds: float = 0.0
    times: defaultdict[int, array[float]] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def latencies(self) -> list[float]:
        return list(chain(*self.times.values()))

    def rate_of(self, status: int) -> float:
        return len(self.times[status]) / self.seconds if self.seconds else 0.0

    @property
    def errors(self) -> int:
        """Answers that are no success, and requests that got none."""
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)

    def percentile(self, share: float, status: int | None = None) -> float:
        """Seconds within which that share of the requests was answered, or of those answered with `status`."""
        ordered = sorted(self.latencies if status is None else self.times[status])
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class BadAnswer(Exception):
    """Not HTTP/1.1 with a Content-Length, which is all that this client reads."""


class Line:
    """One connection at work on its script."""

    def __init__(self, address: tuple[str, int], script: Script) -> None:
        self.address = address
        self.script = script
        self.request = next(script)
        self.sent_at = 0.0
        self.missing = 0
        self.head = b""
        self.status = 0
        self.connection = self._connect()

    def send(self, now: float) -> None:
        self.missing, self.head, self.sent_at = 0, b"", now
        if self.connection.send(self.request) != len(self.request):
            raise BadAnswer("a request does not fit into the socket's buffer")

    def read(self) -> bool:
        """Take in what has come; whether the answer is complete. Raises OSError where the connection is gone."""
        data = self.connection.recv(262_144)
        if not data:
            raise ConnectionResetError
        if self.missing:
            self.missing -= len(data)
            return self.missing <= 0
        data = self.head + data if self.head else data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self.head = data
            return False
        self.status = int(data[9:12])
        length = _LENGTH.search(data, 0, end)
        if length is None:
            raise BadAnswer(data[:end].decode("latin-1"))
        self.missing = end + 4 + int(length[1]) - len(data)
        return self.missing <= 0

    def reconnect(self) -> None:
        self.connection.close()
        self.connection = self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(self.address, timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        return connection


def drive(
    address: tuple[str, int],
    scripts: Sequence[Script],
    *,
    seconds: float,
    warm_up: float = 0.0,
    clock: Callable[[], float] = time.perf_counter,
) -> Measured:
    """Play each script on a connection of its own, until `seconds` after the warm-up have passed or one script ends.

    Requests that were sent by then are waited for, so that nothing is accepted that no script hears of.
    """
    lines = [Line(address, script) for script in scripts]
    was_enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        return _play(lines, seconds, warm_up, clock)
    finally:
        for line in lines:
            line.connection.close()
            line.script.close()
        if was_enabled:
            gc.enable()


def _play(lines: list[Line], seconds: float, warm_up: float, clock: Callable[[], float]) -> Measured:
    measured = Measured()
    times, statuses = measured.times, measured.statuses
    selector = selectors.DefaultSelector()
    begin = clock() + warm_up
    end = begin + seconds
    for line in lines:
        selector.register(line.connection, selectors.EVENT_READ, line)
        line.send(clock())
    working = len(lines)
    while working:
        ready = selector.select(timeout=1.0)
        if not ready and clock() > end + PATIENCE:
            statuses[LOST] += working
            break
        for key, _ in ready:
            line = key.data
            try:
                if not line.read():
                    continue
                status = line.status
            except OSError:
                status = LOST
                selector.unregister(line.connection)
                line.reconnect()
                selector.register(line.connection, selectors.EVENT_READ, line)
            now = clock()
            statuses[status] += 1
            if begin <= now < end and status:
                times[status].append(now - line.sent_at)
            try:
                line.request = line.script.send(status)
            except StopIteration:
                end = min(end, now)
            if now >= end:
                selector.unregister(line.connection)
                working -= 1
            else:
                line.send(now)
    measured.seconds = max(0.0, end - begin)
    selector.close()
    return measured
